"""What an apply did, for programs (schemas/run.schema.json)."""

from __future__ import annotations

from collections import Counter

from s7spec.model.ledger import AttemptState, OutcomeKind
from s7spec.model.plan import Verdict
from s7spec.model.receipt import RunItem, RunReport
from s7spec.report.figures import iso
from s7spec.report.json_document import document, key_fields, outcome_fields


def run_json(report: RunReport) -> str:
    """Every item with every file's outcome, and totals over all items.

    Stale items have no state: that of the ledger is an earlier run's.
    """
    files = Counter(outcome.kind for item in report.items for outcome in item.outcomes)
    states = Counter(map(_state, report.items))
    return document(
        {
            "company": report.company,
            "environment": report.environment,
            "started_at": iso(report.started_at),
            "ended_at": iso(report.ended_at),
            "outcome": report.outcome.value,
            "message": report.message,
            "verdicts": [_verdict(verdict) for verdict in report.verdicts],
            "totals": {
                "items": len(report.items),
                "states": {state.value: states[state] for state in AttemptState},
                "files": {kind.value: files[kind] for kind in OutcomeKind},
            },
            "items": [_item(item) for item in report.items],
        }
    )


def _verdict(verdict: Verdict) -> dict[str, object]:
    """As a plan file has it."""
    given = verdict.approval
    return {
        "guard": verdict.guard,
        "level": verdict.level.value,
        "detail": verdict.detail,
        "allowed": verdict.allowed,
        "found": verdict.found,
        "jobs": list(verdict.jobs),
        "job_count": verdict.job_count,
        "notes": list(verdict.notes),
        "note_count": verdict.note_count,
        "approval": None
        if given is None
        else {
            "guard": given.guard,
            "digest": given.digest,
            "by": given.by,
            "reason": given.reason,
        },
    }


def _state(item: RunItem) -> AttemptState | None:
    return None if item.is_stale else item.state


def _item(item: RunItem) -> dict[str, object]:
    state = _state(item)
    return {
        "job": str(item.key),
        **key_fields(item.key),
        "action": item.action.value,
        "attempt_name": item.attempt_name,
        "state": None if state is None else state.value,
        "stale": item.is_stale,
        "message": item.message,
        "zip_urls": list(item.zip_urls),
        "outcomes": [outcome_fields(outcome) for outcome in item.outcomes],
    }
