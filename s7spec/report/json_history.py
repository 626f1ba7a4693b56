"""Past and present attempts, for programs (schemas/history.schema.json, status.schema.json)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from s7spec.model.ips import ActiveJob
from s7spec.model.ledger import Attempt, AttemptEvent
from s7spec.report.figures import iso
from s7spec.report.json_document import (
    asset_fields,
    document,
    export_job_fields,
    fingerprint_fields,
    key_fields,
    outcome_fields,
)

_FORMAT_VERSION = "1.1"


def history_json(attempts: Sequence[Attempt], events: Mapping[str, Sequence[AttemptEvent]]) -> str:
    """Attempts in the order given, each with its payload and its events by attempt name."""
    return document(
        {
            "format_version": _FORMAT_VERSION,
            "attempts": [
                {
                    **_attempt(attempt),
                    "export_job": export_job_fields(attempt.export_job),
                    "events": [_event(event) for event in events.get(attempt.name, ())],
                }
                for attempt in attempts
            ],
        }
    )


def status_json(attempts: Sequence[Attempt], running: Sequence[ActiveJob] | None) -> str:
    """The latest attempt of each job, and what runs now; ``job`` says which is ours.

    ``running`` is None (null) when IPS could not be asked.
    """
    ours = {attempt.name: str(attempt.key) for attempt in attempts}
    return document(
        {
            "format_version": _FORMAT_VERSION,
            "attempts": [_attempt(attempt) for attempt in attempts],
            "running": None
            if running is None
            else [_running(job, ours.get(job.originalName)) for job in running],
        }
    )


def _attempt(attempt: Attempt) -> dict[str, object]:
    return {
        "name": attempt.name,
        "job": str(attempt.key),
        **key_fields(attempt.key),
        "generation": attempt.generation,
        "state": attempt.state.value,
        "fingerprint": fingerprint_fields(attempt.fingerprint),
        "intended_at": iso(attempt.intended_at),
        "updated_at": iso(attempt.updated_at),
        "version": attempt.version,
        "handle": attempt.handle,
        "run_handle": attempt.run_handle,
        "message": attempt.message,
        "forgotten": attempt.forgotten,
        "zip_urls": list(attempt.zip_urls),
        "outcomes": [outcome_fields(outcome) for outcome in attempt.outcomes],
        "only": None if attempt.only is None else [asset_fields(each) for each in attempt.only],
        "timing": None if attempt.timing is None else str(attempt.timing),
        "rerun": attempt.rerun,
        "tries": attempt.tries,
        "ended_at": None if attempt.ended_at is None else iso(attempt.ended_at),
        "failure": None if attempt.failure is None else attempt.failure.value,
    }


def _event(event: AttemptEvent) -> dict[str, object]:
    return {
        "version": event.version,
        "state": event.state.value,
        "at": iso(event.at),
        "message": event.message,
    }


def _running(job: ActiveJob, ours: str | None) -> dict[str, object]:
    return {
        "originalName": job.originalName,
        "jobHandle": job.jobHandle,
        "state": job.state,
        "submitUserEmail": job.submitUserEmail,
        "description": job.description,
        "progress": job.progress,
        "startDate": None if job.startDate is None else iso(job.startDate),
        "job": ours,
    }
