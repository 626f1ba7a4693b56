"""Jobs on IPS that a manifest declares to be the attempts of its jobs."""

from __future__ import annotations

from s7spec.model.job import ResolvedJob
from s7spec.model.ledger import JobHead
from s7spec.model.plan import Action, PlanItem, Reason, ReasonCode
from s7spec.plan.evidence import Evidence
from s7spec.plan.items import item_of
from s7spec.plan.seen import is_doubled


def decide_adopted(job: ResolvedJob, head: JobHead | None, evidence: Evidence) -> PlanItem | None:
    """None: nothing is declared about the job, or it lies behind us, whatever came after it; or an
    attempt is at work, which is brought to its end first."""
    adopted = evidence.surgery.adopted
    name = adopted.get(job.key) if adopted else None
    if name is None or (head is not None and head.state.is_open and not head.forgotten):
        return None
    if name in evidence.surgery.adopted_twice():
        return _blocked(job, head, name, "another job declares that too", evidence)
    if evidence.view.knows(name):
        owner = evidence.view.attempt(name).key
        if owner in (job.key, None if head is None else head.key):
            return None
        return _blocked(job, head, name, f"it is one of {owner.short}", evidence)
    detail = f"the manifest declares {name} on IPS to be its attempt"
    copies = evidence.copies(name)
    if is_doubled(job.policy.timing, copies):
        detail += f"; IPS has {copies} jobs of this name; the oldest is followed"
        return _adopted(job, head, name, Action.CONFLICT, ReasonCode.DOUBLED, detail, evidence)
    return _adopted(job, head, name, Action.ADOPT, ReasonCode.DECLARED, detail, evidence)


def _blocked(
    job: ResolvedJob, head: JobHead | None, name: str, why: str, evidence: Evidence
) -> PlanItem:
    detail = f"`adopt` names {name}, and {why}: whose attempt it is, people have to say"
    return _adopted(job, head, name, Action.BLOCKED, ReasonCode.DECLARED, detail, evidence)


def _adopted(
    job: ResolvedJob,
    head: JobHead | None,
    name: str,
    action: Action,
    code: ReasonCode,
    detail: str,
    evidence: Evidence,
) -> PlanItem:
    return item_of(
        job,
        action,
        (Reason(code=code, detail=detail),),
        attempt_name=name,
        generation=evidence.next_generation(job.key, job.export_job.fingerprint),
        latest=head,
    )
