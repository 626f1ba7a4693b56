"""What happens while a command runs, for programs that listen (schemas/event.schema.json)."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from s7spec.model.diagnostics import Diagnostic
from s7spec.model.job import JobKey, split_attempt_name
from s7spec.model.ledger import AttemptState, OutcomeKind
from s7spec.model.plan import Action, Plan
from s7spec.model.receipt import RunItem, RunReport
from s7spec.plan import plan_digest
from s7spec.report.figures import iso
from s7spec.report.json_document import key_fields

EVENT_VERSION = "1.0"
"""Grows in its last part when keys or events are added, in its first when readers must change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """What all events have: the number of the event within its run, when, and which run."""

    number: int
    at: datetime
    run: str


def event_line(event: str, stamp: Stamp, fields: Mapping[str, object]) -> str:
    """One line without its line break. Everything beyond ASCII is escaped."""
    return json.dumps(
        {
            "format_version": EVENT_VERSION,
            "event": event,
            "number": stamp.number,
            "at": iso(stamp.at),
            "run": stamp.run,
            **fields,
        }
    )


def planned_fields(plan: Plan) -> dict[str, object]:
    actions = Counter(item.action for item in plan.items)
    sending = [item for item in plan.items if item.action.sends]
    return {
        "company": plan.header.company,
        "environment": plan.header.environment,
        "ips": plan.header.ips,
        "digest": plan_digest(plan),
        "jobs": len(plan.items),
        "actions": {action.value: actions[action] for action in Action},
        "to_send": {
            "jobs": len(sending),
            "assets": sum(len(item.sent_assets) for item in sending),
        },
        "refused_by": [verdict.guard for verdict in plan.verdicts if verdict.refused],
        "warnings": len(plan.warnings),
    }


def item_fields(item: RunItem, assets: int) -> dict[str, object]:
    """``generation`` is what the attempt's name says; null for a name that is not one of ours."""
    return {
        **_job(item.key),
        "action": item.action.value,
        "state": None if item.state is None else item.state.value,
        "attempt_name": item.attempt_name,
        "generation": split_attempt_name(item.attempt_name)[1] or None,
        "assets": assets,
        "message": item.message,
    }


def progress_fields(key: JobKey, percent: int | None, message: str) -> dict[str, object]:
    return {**_job(key), "percent": percent, "message": message}


def waiting_fields(message: str, seconds: float, key: JobKey | None) -> dict[str, object]:
    """``seconds`` are what is left at most."""
    return {
        "job": None if key is None else str(key),
        "message": message,
        "seconds": round(max(seconds, 0.0)),
    }


def summary_fields(
    outcome: str,
    exit_code: int,
    *,
    seconds: float,
    findings: Sequence[Diagnostic],
    message: str,
    report: RunReport | None,
) -> dict[str, object]:
    return {
        "outcome": outcome,
        "exit_code": exit_code,
        "message": message,
        "seconds": round(seconds, 3),
        "findings": [
            {
                "rule": finding.rule.id,
                "severity": finding.severity.value,
                "summary": finding.summary,
            }
            for finding in findings
        ],
        "totals": None if report is None else _totals(report),
    }


def _totals(report: RunReport) -> dict[str, object]:
    states = Counter(item.state for item in report.items if not item.is_stale)
    files = Counter(outcome.kind for item in report.items for outcome in item.outcomes)
    return {
        "items": len(report.items),
        "states": {state.value: states[state] for state in AttemptState},
        "files": {kind.value: files[kind] for kind in OutcomeKind},
    }


def _job(key: JobKey) -> dict[str, object]:
    return {"job": str(key), **key_fields(key)}
