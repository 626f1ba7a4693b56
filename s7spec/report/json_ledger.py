"""The ledger for programs (schemas/ledger-*.schema.json)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from s7spec.model.job import JobKey
from s7spec.model.ledger import Attempt, AttemptEvent, Lease
from s7spec.model.rebuilt import FoundName, Rebuilt, Recovered
from s7spec.pipeline.ledger_list import ListedJob
from s7spec.report.figures import iso, iso_or_none
from s7spec.report.json_document import (
    document,
    fingerprint_fields,
    key_fields,
    lease_fields,
    streamed,
)
from s7spec.report.json_history import attempt_with_events


def ledger_list_json(company: str, environment: str, jobs: Iterable[ListedJob]) -> Iterator[str]:
    """One document in pieces, a job on each line."""
    where = {"company": company, "environment": environment}
    return streamed(where, "jobs", map(_listed, jobs))


def ledger_job_json(
    key: JobKey,
    attempts: Sequence[Attempt],
    events: Mapping[str, Sequence[AttemptEvent]],
    spec_digest: bytes | None,
) -> str:
    """Everything about one job. ``attempts`` are its own, the oldest first."""
    return document(
        {
            "job": str(key),
            **key_fields(key),
            "spec_digest": None if spec_digest is None else spec_digest.hex(),
            "attempts": [
                attempt_with_events(attempt, events.get(attempt.name, ())) for attempt in attempts
            ],
        }
    )


def lease_json(company: str, environment: str, lease: Lease | None, *, has_run_out: bool) -> str:
    return document(
        {
            "company": company,
            "environment": environment,
            "lease": lease_fields(lease),
            "has_run_out": has_run_out,
        }
    )


def ledger_check_json(problems: Sequence[str]) -> str:
    return document({"ok": not problems, "problems": list(problems)})


def rebuilt_json(rebuilt: Rebuilt) -> str:
    return document(
        {
            "company": rebuilt.company,
            "environment": rebuilt.environment,
            "since": iso(rebuilt.since),
            "trial": rebuilt.is_trial,
            "interrupted": rebuilt.interrupted,
            "listed": rebuilt.listed,
            "recovered": [_recovered(each) for each in rebuilt.recovered],
            "left": [_recovered(each) for each in rebuilt.left],
            "known": [_found(each) for each in rebuilt.known],
            "doubled": rebuilt.doubled,
            "history": [_found(each) for each in rebuilt.history],
            "undeclared": [_found(each) for each in rebuilt.undeclared],
            "foreign": rebuilt.foreign,
            "without": [str(key) for key in rebuilt.without],
            "unresolved": [str(key) for key in rebuilt.unresolved],
        }
    )


def _recovered(each: Recovered) -> dict[str, object]:
    overtaken_by = each.overtaken_by
    return {
        "job": str(each.key),
        **key_fields(each.key),
        "attempt_name": each.attempt_name,
        "generation": each.generation,
        "state": None if each.state is None else each.state.value,
        "assets": each.assets,
        "doubled": each.is_doubled,
        "message": each.message,
        "overtaken_by": None if overtaken_by is None else _found(overtaken_by),
    }


def _found(found: FoundName) -> dict[str, object]:
    return {
        "name": found.name,
        "job": None if found.key is None else str(found.key),
        "phase": found.phase.value,
        "startDate": iso_or_none(found.startDate),
        "copies": found.copies,
    }


def _listed(job: ListedJob) -> dict[str, object]:
    head = job.head
    return {
        "job": str(head.key),
        **key_fields(head.key),
        "attempt_name": head.attempt_name,
        "generation": head.generation,
        "state": head.state.value,
        "forgotten": head.forgotten,
        "at": iso_or_none(job.at),
        "wanted": fingerprint_fields(head.wanted),
        "rerun": head.rerun,
        "version": head.version,
    }
