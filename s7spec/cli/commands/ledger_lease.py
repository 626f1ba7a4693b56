"""``s7spec ledger lease``."""

from __future__ import annotations

import click

from s7spec.adapters.clock import SystemClock
from s7spec.cli import terminal
from s7spec.cli.connection import open_ledger
from s7spec.cli.exit_codes import ExitCode
from s7spec.cli.holders import is_gone
from s7spec.cli.options import Invocation, common_options, examples, format_option
from s7spec.cli.workplace import open_workplace


@click.command(
    name="lease",
    epilog=examples("s7spec ledger lease", "s7spec ledger lease --env production --format json"),
)
@format_option("human", "json")
@common_options
def command(invocation: Invocation, output_format: str) -> int:
    """Who holds the lease of an environment: the right to apply there, one at a time.

    A lease is renewed while its holder lives and runs out soon after it died.
    """
    workplace = open_workplace(invocation)
    here = workplace.environment
    with open_ledger(workplace, create=False) as ledger:
        lease = ledger.lease(here.company, here.name)
    now = SystemClock().now()
    if output_format == "json":
        from s7spec.report.json_ledger import lease_json

        has_run_out = lease is not None and lease.expires_at <= now
        terminal.write(lease_json(here.company, here.name, lease, has_run_out=has_run_out))
    else:
        from s7spec.report.human_ledger import lease_text

        where = f"{here.company}/{here.name}"
        gone = lease is not None and is_gone(lease.holder)
        terminal.show(lease_text(lease, where, now, terminal.view(), holder_is_gone=gone))
    return ExitCode.OK
