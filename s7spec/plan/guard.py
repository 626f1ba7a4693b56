"""The guardrails: how much one plan may start at once. A step of its own, with numbers."""

from __future__ import annotations

from collections.abc import Iterable

from s7spec.model.plan import PlanItem, Verdict
from s7spec.model.project import Limits


def guard(items: Iterable[PlanItem], limits: Limits) -> tuple[Verdict, ...]:
    """One verdict for each limit that is set, over the jobs that would be sent."""
    starting = [item for item in items if item.action.sends]
    assets = sum(len(item.sent_assets) for item in starting)
    counted = (("jobs", limits.jobs, len(starting)), ("assets", limits.assets, assets))
    return tuple(
        Verdict(limit=limit, allowed=allowed, found=found)
        for limit, allowed, found in counted
        if allowed is not None
    )
