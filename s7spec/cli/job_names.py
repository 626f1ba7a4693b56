"""Jobs of the ledger, as people write them on the command line, and what it keeps of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from s7spec.cli.stop import Stop, stop
from s7spec.cli.workplace import Workplace
from s7spec.model.job import JobKey
from s7spec.model.ledger import Attempt, AttemptEvent
from s7spec.model.rules import Rule
from s7spec.ports import Ledger
from s7spec.report.visible import visible

_SHOWN = 5
_WHERE_JOBS_ARE = "`s7spec ledger list` shows the jobs it knows; --env names another environment"


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


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRecord:
    """A job's attempts, oldest first, each with its events by its name."""

    key: JobKey
    attempts: tuple[Attempt, ...]
    events: Mapping[str, tuple[AttemptEvent, ...]]


def record_of(text: str, workplace: Workplace, ledger: Ledger) -> JobRecord:
    """Raises Stop for what is no name of a job, and for a job that the ledger does not know."""
    is_export = text and "/" not in text and _is_unicode(text)
    key = _only_job(workplace, text, ledger) if is_export else job_named(workplace, text)
    attempts = ledger.attempts(key)
    if not attempts:
        raise _unknown_job(workplace, key)
    events = {attempt.name: ledger.events(attempt.name) for attempt in attempts}
    return JobRecord(key=key, attempts=attempts, events=events)


def _only_job(workplace: Workplace, export: str, ledger: Ledger) -> JobKey:
    """The job of the ledger that goes by the export alone. Raises Stop when there is not one."""
    here = workplace.environment
    with ledger.reading(here.company, here.name) as view:
        keys = [head.key for head in view.heads() if head.key.export == export]
    if len(keys) == 1:
        return keys[0]
    found = "no job" if not keys else f"{len(keys)} jobs"
    names = ", ".join(visible(key.short) for key in keys[:_SHOWN])
    raise stop(
        Rule.UNKNOWN_JOB if not keys else Rule.USAGE,
        f"the ledger has {found} of the export `{visible(export)}` in environment `{here.name}`",
        hint=f"write one of them: {names}" if keys else _WHERE_JOBS_ARE,
    )


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _unknown_job(workplace: Workplace, key: JobKey) -> Stop:
    where = workplace.ledger_place()
    return stop(
        Rule.UNKNOWN_JOB,
        f"the ledger has no attempt of {key.short} in environment `{key.environment}`",
        hint=_WHERE_JOBS_ARE,
        where=where,
        snippet=workplace.snippet(where),
    )
