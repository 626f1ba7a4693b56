"""The diff table for declared jobs: wanted, ledger and server give one action, with reasons."""

from __future__ import annotations

from dataclasses import replace

from s7spec.model.fingerprint import FINGERPRINT_VERSION
from s7spec.model.job import ResolvedJob, attempt_name
from s7spec.model.ledger import AttemptState, JobHead
from s7spec.model.plan import Action, PlanItem, Reason, ReasonCode
from s7spec.plan.adopted import decide_adopted
from s7spec.plan.at_work import decide_at_work
from s7spec.plan.ended import decide_ended
from s7spec.plan.evidence import Evidence
from s7spec.plan.items import about, item_of
from s7spec.plan.seen import is_doubled


def decide(job: ResolvedJob, head: JobHead | None, evidence: Evidence) -> PlanItem:
    """What to do about a declared job. ``head`` is the one whose history it has."""
    adopted = decide_adopted(job, head, evidence)
    if adopted is not None:
        return adopted
    if head is None:
        return _first(job, evidence)
    if _is_plainly_done(job, head, evidence):
        detail = f"{head.attempt_name} delivered exactly this"
        return about(job, head, Action.SKIP, (Reason(code=ReasonCode.UNCHANGED, detail=detail),))
    latest = evidence.latest(head)
    if latest.state.is_open:
        return decide_at_work(job, latest, evidence)
    return _unless_ips_has_it(decide_ended(job, latest, evidence), evidence)


def _first(job: ResolvedJob, evidence: Evidence) -> PlanItem:
    sent = job.export_job.fingerprint
    generation = evidence.next_generation(job.key, sent)
    item = item_of(
        job,
        Action.SUBMIT,
        (Reason(code=ReasonCode.NEW, detail="the ledger has no attempt of this job"),),
        attempt_name=attempt_name(job.key, sent, generation),
        generation=generation,
        latest=None,
    )
    return _unless_ips_has_it(item, evidence)


def _unless_ips_has_it(item: PlanItem, evidence: Evidence) -> PlanItem:
    """``item``, or else the adoption of what it would send: IPS lists a job of this content that
    the ledger knows nothing of, since it was lost or is an older copy."""
    sent = item.sent_fingerprint
    if not item.action.sends or sent is None:
        return item
    generation = evidence.unknown_generation(item.key, sent)
    if not generation:
        return item
    name = attempt_name(item.key, sent, generation)
    copies = evidence.copies(name)
    code, action = ReasonCode.FOUND_ON_SERVER, Action.ADOPT
    detail = f"IPS has {name}, of which the ledger knows nothing: it is not sent again"
    if is_doubled(item.timing, copies):
        code, action = ReasonCode.DOUBLED, Action.CONFLICT
        detail = f"{name}: IPS has {copies} jobs of this name; the oldest is followed"
    return replace(
        item,
        action=action,
        reasons=(Reason(code=code, detail=detail),),
        attempt_name=name,
        generation=generation,
    )


def _is_plainly_done(job: ResolvedJob, head: JobHead, evidence: Evidence) -> bool:
    """Most jobs of most plans: told without reading the payload of the last attempt."""
    return (
        head.state is AttemptState.OK
        and not head.forgotten
        and not job.policy.recurs
        and head.fingerprint_version == FINGERPRINT_VERSION
        and head.wanted == job.export_job.fingerprint
        and not evidence.forcing(job, head.rerun)
        and _is_young(job, head, evidence)
    )


def _is_young(job: ResolvedJob, head: JobHead, evidence: Evidence) -> bool:
    age = job.policy.max_age
    return age is None or (head.ended_at is not None and evidence.now - head.ended_at < age)
