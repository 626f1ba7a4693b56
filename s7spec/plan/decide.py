"""The diff table for declared jobs: wanted, ledger and server give one action, with reasons."""

from __future__ import annotations

from s7spec.model.fingerprint import FINGERPRINT_VERSION
from s7spec.model.job import ResolvedJob, attempt_name
from s7spec.model.ledger import AttemptState, JobHead, Prior
from s7spec.model.plan import Action, PlanItem, Reason, ReasonCode
from s7spec.plan.at_work import decide_at_work
from s7spec.plan.ended import decide_ended
from s7spec.plan.evidence import Evidence
from s7spec.plan.items import about, item_of


def decide(job: ResolvedJob, head: JobHead | None, evidence: Evidence) -> PlanItem:
    """What to do about a declared job. ``head`` is the one whose history it has."""
    declared = evidence.surgery.adopted.get(job.key)
    if declared is not None and not _has_had(head, declared, evidence):
        return _adopt_declared(job, head, declared, evidence)
    if head is None:
        return _first(job, evidence)
    if _is_plainly_done(job, head, evidence):
        detail = f"{head.attempt_name} delivered exactly this"
        return about(job, head, Action.SKIP, (Reason(code=ReasonCode.UNCHANGED, detail=detail),))
    latest = evidence.latest(head)
    if latest.state.is_open:
        return decide_at_work(job, latest, evidence)
    return _found_or(decide_ended(job, latest, evidence), job, evidence)


def _first(job: ResolvedJob, evidence: Evidence) -> PlanItem:
    reason = Reason(code=ReasonCode.NEW, detail="the ledger has no attempt of this job")
    item = item_of(
        job,
        Action.SUBMIT,
        (reason,),
        attempt_name=attempt_name(job.key, job.export_job.fingerprint, 1),
        generation=1,
        prior=None,
    )
    return _found_or(item, job, evidence)


def _found_or(item: PlanItem, job: ResolvedJob, evidence: Evidence) -> PlanItem:
    """``item``, or else the adoption of what it would send: IPS lists a job of this content that
    the ledger knows nothing of, since it was lost or is an older copy."""
    sent = item.sent_fingerprint
    if not item.action.sends or sent is None:
        return item
    generation = evidence.unknown_generation(job.key, sent)
    if not generation:
        return item
    name = attempt_name(job.key, sent, generation)
    copies = evidence.copies(name)
    code, action = ReasonCode.FOUND_ON_SERVER, Action.ADOPT
    detail = f"IPS has {name}, of which the ledger knows nothing: it is not sent again"
    if copies > 1:
        code, action = ReasonCode.DOUBLED, Action.CONFLICT
        detail = f"{name}: IPS has {copies} jobs of this name; the oldest is followed"
    return item_of(
        job,
        action,
        (Reason(code=code, detail=detail),),
        attempt_name=name,
        generation=generation,
        prior=item.prior,
        only=item.only,
    )


def _adopt_declared(
    job: ResolvedJob, head: JobHead | None, name: str, evidence: Evidence
) -> PlanItem:
    detail = f"the manifest declares {name} on IPS to be its attempt"
    return item_of(
        job,
        Action.ADOPT,
        (Reason(code=ReasonCode.DECLARED, detail=detail),),
        attempt_name=name,
        generation=evidence.next_generation(job.key, job.export_job.fingerprint),
        prior=None if head is None else Prior(attempt_name=head.attempt_name, version=head.version),
    )


def _has_had(head: JobHead | None, name: str, evidence: Evidence) -> bool:
    """Whether a declared adoption lies behind us, whatever came after it."""
    return head is not None and (head.attempt_name == name or evidence.view.knows(name))


def _is_plainly_done(job: ResolvedJob, head: JobHead, evidence: Evidence) -> bool:
    """Most jobs of most plans: told without reading the payload of the last attempt."""
    return (
        head.state is AttemptState.OK
        and not head.forgotten
        and head.fingerprint_version == FINGERPRINT_VERSION
        and head.wanted == job.export_job.fingerprint
        and job.policy.max_age is None
        and job.policy.rerun in (None, head.rerun)
        and job.key not in evidence.forced
    )
