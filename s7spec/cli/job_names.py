"""Jobs of the ledger, as people write them on the command line."""

from __future__ import annotations

from s7spec.cli.stop import Stop, stop
from s7spec.cli.workplace import Workplace
from s7spec.model.job import JobKey
from s7spec.model.rules import Rule
from s7spec.report.visible import visible


def job_named(workplace: Workplace, text: str) -> JobKey:
    """Raises Stop for what is no name of a job."""
    parts = text.split("/")
    if not _is_unicode(text):
        parts = []  # bytes of a terminal that are no text: no ledger could hold them
    if len(parts) == 4:
        company, environment, manifest, export = parts
        return JobKey(company=company, environment=environment, manifest=manifest, export=export)
    if len(parts) != 2:
        raise stop(
            Rule.USAGE,
            f"`{visible(text)}` is not the name of a job",
            hint="write it as manifest/export, as `s7spec ledger list` shows it",
        )
    here = workplace.environment
    return JobKey(company=here.company, environment=here.name, manifest=parts[0], export=parts[1])


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def unknown_job(workplace: Workplace, key: JobKey) -> Stop:
    where = workplace.ledger_place()
    return stop(
        Rule.UNKNOWN_JOB,
        f"the ledger has no attempt of {key.short} in environment `{key.environment}`",
        hint="`s7spec ledger list` shows the jobs it knows; --env names another environment",
        where=where,
        snippet=workplace.snippet(where),
    )
