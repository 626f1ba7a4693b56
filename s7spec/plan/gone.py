"""The diff table for jobs that the ledger knows and no manifest declares."""

from __future__ import annotations

from s7spec.model.ledger import JobHead
from s7spec.model.plan import Action, PlanItem, Reason, ReasonCode
from s7spec.model.sight import Unobserved
from s7spec.plan.evidence import Evidence
from s7spec.plan.items import undeclared
from s7spec.plan.seen import is_scheduled, whereabouts


def decide_undeclared(head: JobHead, evidence: Evidence) -> PlanItem | None:
    """None: it is settled. Nothing that ran is undone and history stays. A job that may still run
    is followed to its end first: forgetting it now would lose what it delivers. One that IPS has
    not started yet is taken back."""
    if head.forgotten:
        return None
    if not head.state.is_open:
        return _forget(head)
    seen = evidence.sight(head.attempt_name)
    if isinstance(seen, Unobserved):
        detail = f"{head.attempt_name}: IPS could not be asked about it ({seen.why})"
        return _about(head, Action.BLOCKED, ReasonCode.CANNOT_OBSERVE, detail)
    latest = evidence.latest(head)
    detail = f"no manifest declares it any more; {whereabouts(latest, seen)}"
    if is_scheduled(latest, seen):
        return _about(head, Action.CANCEL, ReasonCode.NOT_DECLARED, f"{detail}; it is taken back")
    return _about(head, Action.WAIT, ReasonCode.NOT_DECLARED, detail)


def decide_forgotten(head: JobHead) -> PlanItem | None:
    """For a job that a manifest's ``forget`` names: closed whatever state it is in, so that one
    that is held for ever stands in nobody's way; None: it is closed already."""
    if head.forgotten:
        return None
    detail = f"the manifest says `forget`; {head.attempt_name} is {head.state}"
    if head.state.is_open:
        detail += ", and is not followed any more"
    return _closed(head, Reason(code=ReasonCode.DECLARED, detail=detail))


def _forget(head: JobHead) -> PlanItem:
    detail = f"no manifest declares it any more; {head.attempt_name} ended {head.state}"
    return _closed(head, Reason(code=ReasonCode.NOT_DECLARED, detail=detail))


def _closed(head: JobHead, reason: Reason) -> PlanItem:
    return undeclared(head.key, Action.FORGET, (reason,), prior=head.prior)


def _about(head: JobHead, action: Action, code: ReasonCode, detail: str) -> PlanItem:
    return undeclared(
        head.key,
        action,
        (Reason(code=code, detail=detail),),
        prior=head.prior,
        generation=head.generation,
    )
