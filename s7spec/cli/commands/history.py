"""``s7spec history``."""

from __future__ import annotations

import click

from s7spec.cli import terminal
from s7spec.cli.connection import open_ledger
from s7spec.cli.exit_codes import ExitCode
from s7spec.cli.job_names import record_of
from s7spec.cli.options import Invocation, common_options, examples, format_option
from s7spec.cli.workplace import open_workplace


@click.command(
    name="history",
    epilog=examples(
        "s7spec history zalando/zalando-main",
        "s7spec history zalando/zalando-main --format json",
    ),
)
@click.argument("job", metavar="JOB")
@format_option("human", "json")
@common_options
def command(invocation: Invocation, job: str, output_format: str) -> int:
    """All attempts of one job, oldest first, with every state they went through.

    JOB is `manifest/export`, or the export alone where only one manifest has it.
    """
    workplace = open_workplace(invocation)
    with open_ledger(workplace, create=False) as ledger:
        kept = record_of(job, workplace, ledger)
    if output_format == "json":
        from s7spec.report.json_history import history_json

        terminal.write(history_json(kept.attempts, kept.events))
    else:
        from s7spec.report.human_run import history_text

        terminal.show(history_text(kept.attempts, kept.events, terminal.view()))
    return ExitCode.OK
