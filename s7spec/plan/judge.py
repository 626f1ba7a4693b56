"""A plan with the guardrails' verdicts, and who approved what they refuse."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from s7spec.model.guardrails import Approval, Guardrails
from s7spec.model.plan import Plan, Verdict, VerdictLevel
from s7spec.plan.guard import Circumstances, guard
from s7spec.plan.write import plan_digest

_SHOWN = len("sha256:") + 12


def judged(
    plan: Plan, rails: Guardrails, circumstances: Circumstances, *, left: Plan | None = None
) -> Plan:
    """The plan with the verdicts of today's settings, whatever it had before; on ``left``, where
    only a part of it is still to be done. An approval counts for the guardrail and the digest of
    the whole plan that it names, and for nothing else."""
    verdicts = guard(left or plan, rails, circumstances)
    if rails.approve and any(verdict.refused for verdict in verdicts):
        digest = plan_digest(plan)
        verdicts = tuple(_heeded(verdict, rails.approve, digest) for verdict in verdicts)
    return replace(plan, verdicts=verdicts)


def _heeded(verdict: Verdict, approvals: Iterable[Approval], digest: str) -> Verdict:
    """An approval of another plan is said: whoever wrote it thinks that it counts."""
    if not verdict.refused:
        return verdict
    meant = [each for each in approvals if each.guard == verdict.guard]
    for approval in meant:
        if approval.digest == digest:
            return replace(verdict, level=VerdictLevel.APPROVED, approval=approval)
    if not meant:
        return verdict
    other = f"what {meant[-1].by} approved is another plan ({meant[-1].digest[:_SHOWN]}...)"
    return replace(verdict, detail=f"{verdict.detail}; {other}")
