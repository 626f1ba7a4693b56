"""``s7spec ledger check``."""

from __future__ import annotations

import click

from s7spec.cli import terminal
from s7spec.cli.connection import open_ledger
from s7spec.cli.exit_codes import ExitCode
from s7spec.cli.options import Invocation, common_options, examples, format_option
from s7spec.cli.stop import Stop
from s7spec.cli.workplace import open_workplace
from s7spec.model.rules import Rule


@click.command(
    name="check",
    epilog=examples("s7spec ledger check", "s7spec ledger check --format json"),
)
@format_option("human", "json")
@common_options
def command(invocation: Invocation, output_format: str) -> int:
    """Look at everything in the ledger, of all environments, and say what is wrong with it.

    Reads only. Exits with 1 when something is.
    """
    workplace = open_workplace(invocation)
    is_empty = False
    try:
        with open_ledger(workplace, create=False) as ledger:
            problems = ledger.check()
            is_empty = not problems and next(ledger.records(), None) is None
    except Stop as ending:
        # What is so damaged that it cannot be opened is a finding like any other.
        if any(finding.rule is not Rule.LEDGER_CORRUPT for finding in ending.findings):
            raise
        problems = tuple(finding.summary for finding in ending.findings)
    if output_format == "json":
        from s7spec.report.json_ledger import ledger_check_json

        terminal.write(ledger_check_json(problems))
    else:
        from s7spec.report.human_ledger import ledger_check_text

        terminal.show(ledger_check_text(problems, terminal.view(), is_empty=is_empty))
    return ExitCode.ERROR if problems else ExitCode.OK
