"""The diff table for declared jobs: wanted, ledger and server give one action, with reasons."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from s7spec.model.fingerprint import FINGERPRINT_VERSION
from s7spec.model.job import ResolvedJob, attempt_name
from s7spec.model.ledger import AttemptState, JobHead
from s7spec.model.plan import BY_OPTION, Action, PlanItem, Reason, ReasonCode
from s7spec.plan.adopted import decide_adopted
from s7spec.plan.at_work import decide_at_work
from s7spec.plan.ended import decide_ended
from s7spec.plan.evidence import Evidence, has_new_token
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
    return _unless_ips_has_it(decide_ended(job, latest, evidence), job, head.rerun, evidence)


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
    former = evidence.former.get(job.key)
    if former and evidence.observed.listing is None:
        detail = f"it was {former[0].short}, of which the ledger knows nothing; IPS was not asked"
        reason = Reason(code=ReasonCode.CANNOT_OBSERVE, detail=detail)
        return replace(item, action=Action.BLOCKED, reasons=(reason,))
    return _unless_ips_has_it(item, job, None, evidence)


def _unless_ips_has_it(
    item: PlanItem, job: ResolvedJob, rerun: str | None, evidence: Evidence
) -> PlanItem:
    """``item``, or else the adoption of what it would send: IPS lists a job of this content that
    the ledger knows nothing of, since it was lost or is an older copy. ``rerun`` is the token that
    the ledger knows."""
    sent = item.sent_fingerprint
    if not item.action.sends or sent is None:
        return item
    unknown = evidence.unknown_attempt(item.key, sent)
    if unknown is None:
        return item
    owner, generation = unknown
    name = attempt_name(owner, sent, generation)
    copies = evidence.copies(name)
    code, action = ReasonCode.FOUND_ON_SERVER, Action.ADOPT
    detail = f"IPS has {name}, of which the ledger knows nothing: it is not sent again"
    if is_doubled(item.timing, copies):
        code, action = ReasonCode.DOUBLED, Action.CONFLICT
        detail = f"{name}: IPS has {copies} jobs of this name; the oldest is followed"
    item = replace(
        item,
        action=action,
        reasons=(Reason(code=code, detail=detail), *_once_more(job, rerun, evidence)),
        attempt_name=name,
        generation=generation,
    )
    if owner == item.key or item.prior is not None:
        return item
    moved = Reason(code=ReasonCode.MOVED, detail=f"IPS has it from when it was {owner.short}")
    return replace(item, moved_from=owner, reasons=(*item.reasons, moved))


def _once_more(job: ResolvedJob, rerun: str | None, evidence: Evidence) -> Iterator[Reason]:
    """What was found may be the very run that is asked for: nobody knows, so it is not run beside
    it, and never without a word."""
    if evidence.is_asked_for(job.key):
        detail = f"{BY_OPTION}: what IPS has is taken over first; ask again after that"
        yield Reason(code=ReasonCode.FORCED, detail=detail)
    if has_new_token(job, rerun):
        detail = (
            f"rerun is `{job.policy.rerun}`, and nobody knows whether IPS has it from that: it "
            "counts as that; --rerun runs it once more"
        )
        yield Reason(code=ReasonCode.FORCED, detail=detail)


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
