"""What is told of jobs together, whatever the form: how it looks is each form's own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from s7spec.model.plan import PlanItem, ReasonCode
from s7spec.report.asked import Asked, asked_by
from s7spec.report.figures import count, start_text
from s7spec.report.plan_outline import details_of

_KINDS = 3


def asked_together(items: Iterable[PlanItem]) -> tuple[tuple[tuple[str, Asked], ...], int]:
    """What new jobs ask for, the kinds that most of them are of, each behind ``240 jobs: `` (which
    is empty where all are of one kind); and how many jobs are of others."""
    kinds = asked_by(items)
    of = [f"{count(kind.jobs, 'job')}: " if len(kinds) > 1 else "" for kind in kinds]
    rest = sum(kind.jobs for kind in kinds[_KINDS:])
    return tuple(zip(of, kinds, strict=True))[:_KINDS], rest


def messages(items: Iterable[PlanItem]) -> tuple[tuple[ReasonCode, str, str], ...]:
    """Of each reason the first words, and `` (and 39 other messages)`` where other jobs differ."""
    said: dict[ReasonCode, dict[str, None]] = {}
    for item in items:
        for reason, detail in details_of(item, together=True):
            if detail:
                said.setdefault(reason, {})[detail] = None
    return tuple(
        (reason, next(iter(texts)), _others(len(texts) - 1, "other message"))
        for reason, texts in said.items()
    )


def starts(items: Iterable[PlanItem], made: datetime) -> tuple[str, str] | None:
    """When IPS starts what is sent, and `` (and 2 other times)``; None where all start at once.
    ``made`` is when the plan was: what lies before it has passed."""
    timings = {item.timing: None for item in items if item.action.sends and item.timing}
    if not timings:
        return None
    return start_text(next(iter(timings)), made), _others(len(timings) - 1, "other time")


def unsafe_users(items: Sequence[PlanItem]) -> Mapping[str, list[str]]:
    """Commands that a reviewer has to agree to, and the jobs that use them; of a job alone it goes
    without saying."""
    users: dict[str, list[str]] = {}
    for item in items:
        for name in item.unsafe_modifiers:
            users.setdefault(name, []).append(item.key.short)
    return users if len(items) > 1 else {name: [] for name in users}


def _others(number: int, noun: str) -> str:
    return f" (and {count(number, noun)})" if number else ""
