"""``s7spec ips check``."""

from __future__ import annotations

import os
from contextlib import ExitStack

import click

from s7spec.adapters.bundled import contract_folder
from s7spec.adapters.clock import SystemClock
from s7spec.adapters.ips_soap.limits import Timeouts
from s7spec.cli import terminal
from s7spec.cli.connection import credentials_of, endpoint_of, route_of
from s7spec.cli.exit_codes import ExitCode
from s7spec.cli.options import Invocation, common_options, examples, format_option
from s7spec.cli.port_findings import port_errors_as_findings
from s7spec.cli.workplace import open_workplace
from s7spec.model.check import CheckLine, CheckOutcome

_TIMEOUTS = Timeouts(connect=10, read=30, operation=60)


@click.command(
    name="check",
    epilog=examples(
        "s7spec ips check --env production",
        "s7spec ips check --env production --format json",
    ),
)
@format_option("human", "json")
@common_options
def check(invocation: Invocation, output_format: str) -> int:
    """Try the whole way to an environment's IPS: DNS, TLS, login, company, permissions, clock.

    Reads only. Each line is ok, failed or skipped, and what failed says what to do. Exits with 1
    when a line failed.
    """
    workplace = open_workplace(invocation)
    human = output_format == "human"
    with ExitStack() as stack:
        stack.enter_context(port_errors_as_findings(workplace))
        endpoint = endpoint_of(workplace, stack)
        from s7spec.adapters.ips_soap import IpsCheck

        look = IpsCheck(
            endpoint=endpoint,
            company=workplace.environment.company,
            credentials=lambda: credentials_of(workplace, os.environ),
            contract=contract_folder(),
            route=route_of(workplace),
            clock=SystemClock(),
            timeouts=_TIMEOUTS,
        )
        lines = tuple(_shown(line) if human else line for line in look.lines())
    if not human:
        from s7spec.report.json_check import check_json

        terminal.write(check_json(workplace.environment.name, endpoint, lines))
    failed = any(line.outcome is CheckOutcome.FAILED for line in lines)
    return ExitCode.ERROR if failed else ExitCode.OK


def _shown(line: CheckLine) -> CheckLine:
    """At once: a step may take its time."""
    from s7spec.report.human_check import check_line_text

    terminal.show(check_line_text(line, terminal.view()))
    return line
