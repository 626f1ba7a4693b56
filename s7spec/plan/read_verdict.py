"""Reads a guardrail's verdict back from a plan file."""

from __future__ import annotations

from s7spec.model.guardrails import Approval
from s7spec.model.plan import Verdict, VerdictLevel
from s7spec.plan.parts import Part


def verdict_from(part: Part) -> Verdict:
    """Raises PlanFileError when a part is missing or of another kind."""
    approval = part.at("approval").or_none()
    allowed, found = part.at("allowed").or_none(), part.at("found").or_none()
    return Verdict(
        guard=part.at("guard").text(),
        level=part.at("level").choice(VerdictLevel),
        detail=part.at("detail").text(),
        allowed=None if allowed is None else allowed.whole(least=0),
        found=None if found is None else found.whole(least=0),
        jobs=tuple(job.text() for job in part.at("jobs").each()),
        job_count=part.at("job_count").whole(least=0),
        approval=None if approval is None else _approval(approval),
    )


def _approval(part: Part) -> Approval:
    return Approval(
        guard=part.at("guard").text(),
        digest=part.at("digest").text(),
        by=part.at("by").text(),
        reason=part.at("reason").text(),
    )
