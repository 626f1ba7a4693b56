"""How a guardrail puts its word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from s7spec.model.guardrails import Gate
from s7spec.model.plan import PlanItem, Verdict, VerdictLevel

MOST_JOBS = 20
"""Named in one verdict; there is always a count."""

MOST_NOTES = 1_000
"""Likewise."""

LEVELS = {Gate.WARN: VerdictLevel.WARN, Gate.DENY: VerdictLevel.DENY}


def passed(guard: str, detail: str) -> Verdict:
    return Verdict(guard=guard, level=VerdictLevel.PASS, detail=detail)


def about(guard: str, level: VerdictLevel, detail: str, items: Sequence[PlanItem]) -> Verdict:
    """Something that was found in these jobs."""
    return Verdict(
        guard=guard,
        level=level,
        detail=detail,
        jobs=names_of(items),
        job_count=len(items),
    )


def noted(verdict: Verdict, notes: Sequence[str]) -> Verdict:
    """With what was found one by one: people approve only what they can read."""
    return replace(verdict, notes=tuple(notes[:MOST_NOTES]), note_count=len(notes))


def names_of(items: Sequence[PlanItem]) -> tuple[str, ...]:
    return tuple(item.key.short for item in items[:MOST_JOBS])


def counted(number: int, singular: str, plural: str | None = None) -> str:
    """``1 job``, ``1,204 jobs``."""
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"
