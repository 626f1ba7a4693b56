"""Past attempts, for programs (schemas/history.schema.json)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from s7spec.model.ledger import Attempt, AttemptEvent
from s7spec.report.figures import iso, iso_or_none
from s7spec.report.json_document import (
    asset_fields,
    document,
    export_job_fields,
    fingerprint_fields,
    key_fields,
    outcome_fields,
)


def history_json(attempts: Sequence[Attempt], events: Mapping[str, Sequence[AttemptEvent]]) -> str:
    """Attempts in the order given, each with its payload and its events by attempt name."""
    return document(
        {
            "attempts": [
                attempt_with_events(attempt, events.get(attempt.name, ())) for attempt in attempts
            ]
        }
    )


def attempt_with_events(attempt: Attempt, events: Sequence[AttemptEvent]) -> dict[str, object]:
    """All that is known of an attempt, its payload and its history among it."""
    return {
        **attempt_fields(attempt),
        "export_job": export_job_fields(attempt.export_job),
        "events": [_event(event) for event in events],
    }


def attempt_fields(attempt: Attempt) -> dict[str, object]:
    return {
        "name": attempt.name,
        "job": str(attempt.key),
        **key_fields(attempt.key),
        "generation": attempt.generation,
        "state": attempt.state.value,
        "fingerprint": fingerprint_fields(attempt.fingerprint),
        "wanted": fingerprint_fields(attempt.wanted),
        "intended_at": iso(attempt.intended_at),
        "updated_at": iso(attempt.updated_at),
        "ended_at": iso_or_none(attempt.ended_at),
        "version": attempt.version,
        "handle": attempt.handle,
        "run_handle": attempt.run_handle,
        "message": attempt.message,
        "failure": None if attempt.failure is None else attempt.failure.value,
        "tries": attempt.tries,
        "rerun": attempt.rerun,
        "timing": None if attempt.timing is None else str(attempt.timing),
        "only": None if attempt.only is None else [asset_fields(asset) for asset in attempt.only],
        "forgotten": attempt.forgotten,
        "zip_urls": list(attempt.zip_urls),
        "outcomes": [outcome_fields(outcome) for outcome in attempt.outcomes],
    }


def _event(event: AttemptEvent) -> dict[str, object]:
    return {
        "version": event.version,
        "state": event.state.value,
        "at": iso(event.at),
        "message": event.message,
    }
