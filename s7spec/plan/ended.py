"""The diff table where the last attempt has ended: again, in part, or not at all."""

from __future__ import annotations

from dataclasses import replace

from s7spec.model.asset import AssetVersion
from s7spec.model.job import ResolvedJob
from s7spec.model.ledger import Attempt, AttemptState, FailureClass
from s7spec.model.plan import Action, PlanItem, Reason, ReasonCode
from s7spec.model.policy import Mode, OnPartial
from s7spec.model.schedule import start_words
from s7spec.plan.delivered import as_they_are_now, is_same_but_touched, still_to_send, undelivered
from s7spec.plan.difference import change_reasons, meta_reasons
from s7spec.plan.evidence import Evidence
from s7spec.plan.items import about, item_of, new_attempt
from s7spec.plan.seen import is_doubled

_RETRIED = {
    AttemptState.FAILED: ReasonCode.FAILED,
    AttemptState.PARTIAL: ReasonCode.PARTIAL,
    AttemptState.STOPPED: ReasonCode.STOPPED,
    AttemptState.CANCELLED: ReasonCode.CANCELLED,
    AttemptState.REFUSED: ReasonCode.REFUSED,
}
_DELIVERED = (AttemptState.OK, AttemptState.PARTIAL)
_OUT_OF_SIGHT = (FailureClass.NEVER_ARRIVED, FailureClass.DISAPPEARED)


def decide_ended(job: ResolvedJob, latest: Attempt, evidence: Evidence) -> PlanItem:
    """What to do about a declared job whose latest attempt is over."""
    if latest.forgotten:
        detail = f"declared again; {latest.name} ended {latest.state} and was forgotten"
        reason = Reason(code=ReasonCode.RETURNED, detail=detail)
        return new_attempt(job, latest, evidence, (reason,), action=Action.SUBMIT)
    forced, meta = evidence.forcing(job, latest.rerun), meta_reasons(job, latest)
    if not forced and _is_there_after_all(latest, evidence):
        return _there_after_all(job, latest, evidence)
    touched = is_same_but_touched(job, latest)
    # Both are computed now: a new fingerprint algorithm alone runs nothing again.
    if not touched and latest.wanted.data != job.export_job.fingerprint.data:
        return _changed(job, latest, evidence, forced, meta)
    if forced:
        return new_attempt(job, latest, evidence, forced + meta, action=Action.SUBMIT)
    if latest.state is not AttemptState.OK:
        return _retry(job, latest, evidence, meta)
    if job.policy.recurs:
        detail = f"{latest.name} ran and is over, wanted now: {start_words(job.policy.timing)}"
        reason = Reason(code=ReasonCode.SCHEDULE_CHANGED, detail=detail)
        return new_attempt(job, latest, evidence, (reason, *meta), action=Action.SUBMIT)
    again = _expired(job, latest, evidence)
    if again or (meta and job.policy.rerun_on_email):
        return new_attempt(job, latest, evidence, again + meta, action=Action.SUBMIT)
    if touched:
        changes = change_reasons(latest.export_job, job.export_job)
        return about(job, latest, Action.SKIP, _with_word(changes, "`on_touch: skip`") + meta)
    if meta:
        return about(job, latest, Action.UPDATE_META, meta)
    done = Reason(code=ReasonCode.UNCHANGED, detail=f"{latest.name} delivered exactly this")
    return about(job, latest, Action.SKIP, (done,))


def _changed(
    job: ResolvedJob,
    latest: Attempt,
    evidence: Evidence,
    forced: tuple[Reason, ...],
    meta: tuple[Reason, ...],
) -> PlanItem:
    changes = change_reasons(latest.export_job, job.export_job)
    is_delta = job.policy.mode is Mode.DELTA
    expired = _expired(job, latest, evidence) if is_delta else ()
    is_all_wanted = forced or expired or (meta and job.policy.rerun_on_email)
    only = still_to_send(job, latest) if is_delta and not is_all_wanted else None
    if only == ():
        # Assets are gone, or were touched only.
        return about(
            job, latest, Action.SKIP, _with_word(changes, "nothing is left to deliver") + meta
        )
    reasons = changes + meta + expired + forced
    return new_attempt(job, latest, evidence, reasons, action=Action.SUBMIT, only=only)


def _retry(
    job: ResolvedJob, latest: Attempt, evidence: Evidence, meta: tuple[Reason, ...]
) -> PlanItem:
    """The same content after a bad end."""
    why = f": {latest.message}" if latest.message else ""
    if latest.failure is not None and latest.failure.is_permanent:
        detail = f"IPS will say no again{why}; change the export, or force it with --rerun"
        return _blocked(job, latest, ReasonCode.PERMANENT, detail)
    is_refused = latest.state is AttemptState.REFUSED
    if latest.tries >= job.policy.max_attempts and not is_refused:
        times = "once" if latest.tries == 1 else f"{latest.tries} times in a row"
        detail = f"tried {times}, the last one ended {latest.state}{why}; --rerun tries it again"
        return _blocked(job, latest, ReasonCode.TRIED_ENOUGH, detail)
    if is_refused:
        detail = f"IPS did not take {latest.name}{why}"
        reason = Reason(code=ReasonCode.REFUSED, detail=detail)
        return _resend(job, latest, evidence, (reason, *meta))
    detail = f"{latest.name} ended {latest.state}{why}"
    reason = Reason(code=_RETRIED[latest.state], detail=detail)
    missing = _to_send_again(job, latest)
    return new_attempt(
        job,
        latest,
        evidence,
        (reason, *meta),
        action=Action.REPAIR if len(missing) < len(latest.sent) else Action.RETRY,
        only=as_they_are_now(job, missing),
        tries=latest.tries + 1,
    )


def _to_send_again(job: ResolvedJob, latest: Attempt) -> tuple[AssetVersion, ...]:
    is_partial = latest.state is AttemptState.PARTIAL
    if is_partial and job.policy.on_partial is OnPartial.FULL:
        return latest.sent if job.policy.mode is Mode.DELTA else latest.export_job.assets
    return undelivered(latest)


def _resend(
    job: ResolvedJob, latest: Attempt, evidence: Evidence, reasons: tuple[Reason, ...]
) -> PlanItem:
    """IPS took nothing, so this is no new run, and no other try. The same name also guards against
    a refusal that was a mistake: apply looks for the name before it sends it again."""
    only, tries = as_they_are_now(job, latest.only), latest.tries
    if job.export_job.narrowed(only).fingerprint.data != latest.fingerprint.data:
        # Touched since, or named by an older algorithm: the name would not say what is sent.
        return new_attempt(
            job, latest, evidence, reasons, action=Action.RETRY, only=only, tries=tries
        )
    return item_of(
        job,
        Action.RETRY,
        reasons,
        attempt_name=latest.name,
        generation=latest.generation,
        latest=latest,
        only=only,
        tries=tries,
    )


def _is_there_after_all(latest: Attempt, evidence: Evidence) -> bool:
    """Given up as never taken, or as gone; and IPS lists it."""
    was_given_up = latest.state is AttemptState.REFUSED or latest.failure in _OUT_OF_SIGHT
    return was_given_up and evidence.copies(latest.name) > 0


def _there_after_all(job: ResolvedJob, latest: Attempt, evidence: Evidence) -> PlanItem:
    """It may be at work, so nothing is sent beside it."""
    copies = evidence.copies(latest.name)
    if is_doubled(latest.timing, copies):
        detail = f"{latest.name}: IPS has {copies} jobs of this name; the oldest is followed"
        reason = Reason(code=ReasonCode.DOUBLED, detail=detail)
        return about(job, latest, Action.CONFLICT, (reason,))
    detail = f"{latest.name} ended {latest.state} here, but IPS has it after all"
    reason = Reason(code=ReasonCode.RECONCILED, detail=detail)
    return about(job, latest, Action.ADOPT, (reason,))


def _blocked(job: ResolvedJob, latest: Attempt, code: ReasonCode, detail: str) -> PlanItem:
    return about(job, latest, Action.BLOCKED, (Reason(code=code, detail=detail),))


def _expired(job: ResolvedJob, latest: Attempt, evidence: Evidence) -> tuple[Reason, ...]:
    age = job.policy.max_age
    since = latest.ended_at or latest.updated_at
    if age is None or evidence.now - since < age or latest.state not in _DELIVERED:
        return ()
    detail = f"{latest.name} delivered it at {since:%Y-%m-%d %H:%M} UTC, more than {age} ago"
    return (Reason(code=ReasonCode.EXPIRED, detail=detail.replace(", 0:00:00", "")),)


def _with_word(reasons: tuple[Reason, ...], word: str) -> tuple[Reason, ...]:
    """Why nothing is done about them."""
    return tuple(replace(reason, detail=f"{reason.detail}; {word}") for reason in reasons)
