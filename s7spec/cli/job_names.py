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
    key = job_named(workplace, text)
    attempts = ledger.attempts(key)
    if not attempts:
        raise _unknown_job(workplace, key)
    events = {attempt.name: ledger.events(attempt.name) for attempt in attempts}
    return JobRecord(key=key, attempts=attempts, events=events)


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
        hint="`s7spec ledger list` shows the jobs it knows; --env names another environment",
        where=where,
        snippet=workplace.snippet(where),
    )
