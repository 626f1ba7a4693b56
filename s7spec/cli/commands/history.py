"""``s7spec history``."""

from __future__ import annotations

import click

from s7spec.cli import terminal
from s7spec.cli.connection import open_ledger
from s7spec.cli.exit_codes import ExitCode
from s7spec.cli.options import Invocation, common_options, examples, format_option
from s7spec.cli.stop import stop
from s7spec.cli.workplace import Workplace, open_workplace
from s7spec.model.job import JobKey
from s7spec.model.rules import Rule


@click.command(
    name="history",
    epilog=examples(
        "s7spec history zalando/zalando-main",
        "s7spec history zalando/zalando-main --format json",
    ),
)
@click.argument("job", metavar="MANIFEST/EXPORT")
@format_option("human", "json")
@common_options
def command(invocation: Invocation, job: str, output_format: str) -> int:
    """All attempts of one job, oldest first, with every state they went through."""
    workplace = open_workplace(invocation)
    key = _job_key(workplace, job)
    with open_ledger(workplace, create=False) as ledger:
        attempts = ledger.attempts(key)
        if not attempts:
            raise _unknown(workplace, key)
        events = {attempt.name: ledger.events(attempt.name) for attempt in attempts}
    if output_format == "json":
        from s7spec.report.json_history import history_json

        terminal.write(history_json(attempts, events))
    else:
        from s7spec.report.human_run import history_text

        terminal.show(history_text(attempts, events, terminal.view()))
    return ExitCode.OK


def _job_key(workplace: Workplace, job: str) -> JobKey:
    parts = job.split("/")
    if len(parts) == 4:
        company, environment, manifest, export = parts
        return JobKey(company=company, environment=environment, manifest=manifest, export=export)
    if len(parts) != 2:
        raise stop(
            Rule.USAGE,
            f"`{job}` is not the name of a job",
            hint="write it as manifest/export, as `s7spec status` shows it",
        )
    here = workplace.environment
    return JobKey(company=here.company, environment=here.name, manifest=parts[0], export=parts[1])


def _unknown(workplace: Workplace, key: JobKey) -> Exception:
    return stop(
        Rule.UNKNOWN_JOB,
        f"the ledger has no attempt of {key.short} in environment `{key.environment}`",
        hint="`s7spec status` lists the jobs it knows; --env names another environment",
        where=workplace.ledger_place(),
    )
