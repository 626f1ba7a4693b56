"""A plan with the guardrails' verdicts, and who approved what they refuse."""

from __future__ import annotations

from dataclasses import replace

from s7spec.model.guardrails import Approval, Guardrails
from s7spec.model.plan import Plan, Verdict, VerdictLevel
from s7spec.plan.guard import Circumstances, guard
from s7spec.plan.write import plan_digest


def judged(plan: Plan, rails: Guardrails, circumstances: Circumstances) -> Plan:
    """The plan with the verdicts of today's settings, whatever it had before. An approval counts
    for the guardrail and the digest it names, and for nothing else."""
    verdicts = guard(plan, rails, circumstances)
    if rails.approve and any(verdict.refused for verdict in verdicts):
        digest = plan_digest(plan)
        given = {each.guard: each for each in rails.approve if each.digest == digest}
        verdicts = tuple(_approved(verdict, given.get(verdict.guard)) for verdict in verdicts)
    return replace(plan, verdicts=verdicts)


def _approved(verdict: Verdict, approval: Approval | None) -> Verdict:
    if approval is None or not verdict.refused:
        return verdict
    return replace(verdict, level=VerdictLevel.APPROVED, approval=approval)
