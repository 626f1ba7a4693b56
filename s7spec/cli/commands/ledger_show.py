"""``s7spec ledger show``."""

from __future__ import annotations

import click

from s7spec.cli import terminal
from s7spec.cli.connection import open_ledger
from s7spec.cli.exit_codes import ExitCode
from s7spec.cli.job_names import record_of
from s7spec.cli.options import Invocation, common_options, examples, format_option
from s7spec.cli.workplace import open_workplace


@click.command(
    name="show",
    epilog=examples(
        "s7spec ledger show zalando/zalando-main",
        "s7spec ledger show zalando/zalando-main --format json",
    ),
)
@click.argument("job", metavar="JOB")
@format_option("human", "json")
@common_options
def command(invocation: Invocation, job: str, output_format: str) -> int:
    """Everything the ledger keeps about a job: all attempts with all their fields, what became of
    each asset, and every event. `s7spec history` tells the same in short.

    JOB is `manifest/export`, or the export alone where only one manifest has it.
    """
    workplace = open_workplace(invocation)
    with open_ledger(workplace, create=False) as ledger:
        kept = record_of(job, workplace, ledger)
        key = kept.key
        digests = ledger.spec_digests(key.company, key.environment, key.manifest)
        digest = digests.get(key.export)
    if output_format == "json":
        from s7spec.report.json_ledger import ledger_job_json

        terminal.write(ledger_job_json(key, kept.attempts, kept.events, digest))
    else:
        from s7spec.report.human_ledger import ledger_job_text

        terminal.show(ledger_job_text(key, kept.attempts, kept.events, digest, terminal.view()))
    return ExitCode.OK
