"""The diff table: one job, its latest attempt, the server's word -> one action, with reasons."""

from __future__ import annotations

from s7spec.model.ips import JobSnapshot
from s7spec.model.job import ResolvedJob, attempt_name
from s7spec.model.ledger import Attempt, AttemptState
from s7spec.model.plan import Action, PlanItem, Prior, Reason, ReasonCode
from s7spec.plan.difference import change_reasons, meta_reasons
from s7spec.plan.reasons import whereabouts

_RETRIED = {
    AttemptState.FAILED: ReasonCode.FAILED,
    AttemptState.PARTIAL: ReasonCode.PARTIAL,
    AttemptState.STOPPED: ReasonCode.STOPPED,
    AttemptState.REFUSED: ReasonCode.REFUSED,
}


def decide(
    job: ResolvedJob, latest: Attempt | None, seen: JobSnapshot | None, *, generation: int
) -> PlanItem:
    """What to do about a declared job. ``generation`` is that of a new run of its payload."""
    if latest is None:
        reason = Reason(code=ReasonCode.NEW, detail="the ledger has no attempt of this job")
        return _send(job, None, Action.SUBMIT, generation, (reason,))
    if latest.state.is_open:
        return _wait(job, latest, seen)
    if latest.forgotten:
        return _send(job, latest, Action.SUBMIT, generation, (_returned(latest),))
    before, after = latest.export_job, job.export_job
    meta = meta_reasons(before, after)
    # Both are computed now: a new fingerprint algorithm alone runs nothing again.
    if before.fingerprint.data != after.fingerprint.data:
        reasons = change_reasons(before, after) + meta
        return _send(job, latest, Action.SUBMIT, generation, reasons)
    if latest.state is AttemptState.OK:
        return _skip(job, latest, meta)
    return _retry(job, latest, meta, generation)


def decide_undeclared(latest: Attempt, seen: JobSnapshot | None) -> PlanItem | None:
    """What to do about a job the ledger knows and no manifest declares; None: it is settled.

    Nothing is undone and history stays. A job that may still run is followed to its end first:
    forgetting it now would lose what it delivers.
    """
    if latest.state.is_open:
        detail = f"no manifest declares it any more; {whereabouts(latest, seen)}"
        return PlanItem(
            key=latest.key,
            action=Action.WAIT,
            reasons=(Reason(code=ReasonCode.NOT_DECLARED, detail=detail),),
            attempt_name=latest.name,
            generation=latest.generation,
            fingerprint=None,
            export_job=None,
            prior=_prior(latest),
        )
    if latest.forgotten:
        return None
    detail = f"no manifest declares it any more; {latest.name} ended {latest.state}"
    return PlanItem(
        key=latest.key,
        action=Action.FORGET,
        reasons=(Reason(code=ReasonCode.NOT_DECLARED, detail=detail),),
        attempt_name="",
        generation=0,
        fingerprint=None,
        export_job=None,
        prior=_prior(latest),
    )


def _wait(job: ResolvedJob, latest: Attempt, seen: JobSnapshot | None) -> PlanItem:
    detail = whereabouts(latest, seen)
    same = latest.export_job.fingerprint.data == job.export_job.fingerprint.data
    if latest.state.is_in_doubt and seen is None:
        code = ReasonCode.AMBIGUOUS
        if not same:
            detail += "; it is not sent again, since something else is wanted now"
    elif same:
        code = ReasonCode.IN_FLIGHT
    else:
        code = ReasonCode.OLDER_IN_FLIGHT
        detail += "; what is wanted now is submitted by the next plan"
    return _about(job, latest, Action.WAIT, (Reason(code=code, detail=detail),))


def _skip(job: ResolvedJob, latest: Attempt, meta: tuple[Reason, ...]) -> PlanItem:
    done = Reason(code=ReasonCode.UNCHANGED, detail=f"{latest.name} delivered exactly this")
    return _about(job, latest, Action.SKIP, meta or (done,))


def _retry(
    job: ResolvedJob, latest: Attempt, meta: tuple[Reason, ...], generation: int
) -> PlanItem:
    code = _RETRIED[latest.state]
    why = f": {latest.message}" if latest.message else ""
    if code is ReasonCode.REFUSED:
        # IPS took nothing, so this is no new run. The same name also guards against a refusal
        # that was a mistake: apply looks for the name before it sends it again.
        detail = f"IPS did not take {latest.name}{why}"
        return _about(job, latest, Action.RETRY, (Reason(code=code, detail=detail), *meta))
    detail = f"{latest.name} ended {latest.state}{why}"
    reasons = (Reason(code=code, detail=detail), *meta)
    return _send(job, latest, Action.RETRY, generation, reasons)


def _returned(latest: Attempt) -> Reason:
    detail = f"declared again; {latest.name} ended {latest.state} and was forgotten"
    return Reason(code=ReasonCode.RETURNED, detail=detail)


def _send(
    job: ResolvedJob,
    latest: Attempt | None,
    action: Action,
    generation: int,
    reasons: tuple[Reason, ...],
) -> PlanItem:
    fingerprint = job.export_job.fingerprint
    return PlanItem(
        key=job.key,
        action=action,
        reasons=reasons,
        attempt_name=attempt_name(job.key, fingerprint, generation),
        generation=generation,
        fingerprint=fingerprint,
        export_job=job.export_job,
        prior=None if latest is None else _prior(latest),
        origin=job.origin,
        excluded=job.excluded,
        unsafe_modifiers=job.unsafe_modifiers,
        predicted=job.predicted,
        spec_digest=job.spec_digest,
    )


def _about(
    job: ResolvedJob, latest: Attempt, action: Action, reasons: tuple[Reason, ...]
) -> PlanItem:
    return PlanItem(
        key=job.key,
        action=action,
        reasons=reasons,
        attempt_name=latest.name,
        generation=latest.generation,
        fingerprint=job.export_job.fingerprint,
        export_job=job.export_job,
        prior=_prior(latest),
        origin=job.origin,
        excluded=job.excluded,
        unsafe_modifiers=job.unsafe_modifiers,
        predicted=job.predicted,
        spec_digest=job.spec_digest,
    )


def _prior(latest: Attempt) -> Prior:
    return Prior(attempt_name=latest.name, version=latest.version)
