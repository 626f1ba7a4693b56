"""The diff table where the last attempt has ended: again, in part, or not at all."""

from __future__ import annotations

from s7spec.model.asset import AssetVersion
from s7spec.model.job import ResolvedJob, attempt_name
from s7spec.model.ledger import Attempt, AttemptState
from s7spec.model.plan import Action, PlanItem, Reason, ReasonCode
from s7spec.model.policy import Mode, OnPartial
from s7spec.plan.delivered import is_same_but_touched, still_to_send, undelivered
from s7spec.plan.difference import change_reasons, meta_reasons
from s7spec.plan.evidence import Evidence
from s7spec.plan.items import about, item_of

_RETRIED = {
    AttemptState.FAILED: ReasonCode.FAILED,
    AttemptState.PARTIAL: ReasonCode.PARTIAL,
    AttemptState.STOPPED: ReasonCode.STOPPED,
    AttemptState.CANCELLED: ReasonCode.CANCELLED,
    AttemptState.REFUSED: ReasonCode.REFUSED,
}


def decide_ended(job: ResolvedJob, latest: Attempt, evidence: Evidence) -> PlanItem:
    """What to do about a declared job whose latest attempt is over."""
    if latest.forgotten:
        detail = f"declared again; {latest.name} ended {latest.state} and was forgotten"
        return _send(job, latest, evidence, (Reason(code=ReasonCode.RETURNED, detail=detail),))
    meta = meta_reasons(latest.export_job, job.export_job)
    touched = is_same_but_touched(job, latest)
    # Both are computed now: a new fingerprint algorithm alone runs nothing again.
    if not touched and latest.wanted.data != job.export_job.fingerprint.data:
        return _changed(job, latest, evidence, meta)
    forced = _forced(job, latest, evidence)
    if forced:
        return _send(job, latest, evidence, forced + meta)
    if latest.state is not AttemptState.OK:
        return _retry(job, latest, evidence, meta)
    again = _expired(job, latest, evidence)
    if again or (meta and job.policy.rerun_on_email):
        return _send(job, latest, evidence, again + meta)
    if touched:
        return about(job, latest, Action.SKIP, _passed_over(job, latest))
    if meta:
        return about(job, latest, Action.UPDATE_META, meta)
    done = Reason(code=ReasonCode.UNCHANGED, detail=f"{latest.name} delivered exactly this")
    return about(job, latest, Action.SKIP, (done,))


def _changed(
    job: ResolvedJob, latest: Attempt, evidence: Evidence, meta: tuple[Reason, ...]
) -> PlanItem:
    reasons = change_reasons(latest.export_job, job.export_job) + meta
    forced = _forced(job, latest, evidence)
    only = None if forced or job.policy.mode is Mode.FULL else still_to_send(job, latest)
    if only == ():
        # Assets are gone, or were touched only: there is nothing to deliver.
        return about(job, latest, Action.SKIP, reasons)
    return _send(job, latest, evidence, reasons + forced, only=only)


def _retry(
    job: ResolvedJob, latest: Attempt, evidence: Evidence, meta: tuple[Reason, ...]
) -> PlanItem:
    """The same content after a bad end."""
    code = _RETRIED[latest.state]
    why = f": {latest.message}" if latest.message else ""
    reason = Reason(code=code, detail=f"{latest.name} ended {latest.state}{why}")
    if latest.failure is not None and latest.failure.is_permanent:
        detail = f"IPS will say no again{why}; change the export, or force it with --rerun"
        return about(
            job, latest, Action.BLOCKED, (Reason(code=ReasonCode.PERMANENT, detail=detail),)
        )
    if code is not ReasonCode.REFUSED and latest.tries >= job.policy.max_attempts:
        detail = f"tried {latest.tries} times in a row, the last one ended {latest.state}{why}"
        return about(
            job, latest, Action.BLOCKED, (Reason(code=ReasonCode.TRIED_ENOUGH, detail=detail),)
        )
    if code is ReasonCode.REFUSED:
        # IPS took nothing, so this is no new run. The same name also guards against a refusal
        # that was a mistake: apply looks for the name before it sends it again.
        detail = f"IPS did not take {latest.name}{why}"
        return _resend(job, latest, (Reason(code=code, detail=detail), *meta))
    missing = undelivered(latest)
    if latest.state is AttemptState.PARTIAL and job.policy.on_partial is OnPartial.FULL:
        missing = None
    only = None if missing is None else _by_path(job, missing)
    action = Action.REPAIR if latest.state is AttemptState.PARTIAL and only else Action.RETRY
    return _send(job, latest, evidence, (reason, *meta), action=action, only=only)


def _resend(job: ResolvedJob, latest: Attempt, reasons: tuple[Reason, ...]) -> PlanItem:
    return item_of(
        job,
        Action.RETRY,
        reasons,
        attempt_name=latest.name,
        generation=latest.generation,
        prior=latest.prior,
        only=latest.only,
        tries=latest.tries,
    )


def _by_path(
    job: ResolvedJob, missing: tuple[AssetVersion, ...]
) -> tuple[AssetVersion, ...] | None:
    """These assets as they are now; None when they are all."""
    places = {(asset.path, asset.type) for asset in missing}
    assets = job.export_job.assets
    only = tuple(asset for asset in assets if (asset.path, asset.type) in places)
    return None if len(only) == len(assets) else only


def _forced(job: ResolvedJob, latest: Attempt, evidence: Evidence) -> tuple[Reason, ...]:
    details = []
    if job.key in evidence.forced:
        details.append("asked for with --rerun")
    if job.policy.rerun is not None and job.policy.rerun != latest.rerun:
        before = "none" if latest.rerun is None else f"`{latest.rerun}`"
        details.append(f"rerun was {before}, is `{job.policy.rerun}`")
    return tuple(Reason(code=ReasonCode.FORCED, detail=detail) for detail in details)


def _expired(job: ResolvedJob, latest: Attempt, evidence: Evidence) -> tuple[Reason, ...]:
    age = job.policy.max_age
    since = latest.ended_at or latest.updated_at
    if age is None or evidence.now - since < age:
        return ()
    detail = f"{latest.name} delivered it at {since:%Y-%m-%d %H:%M} UTC, more than {age} ago"
    return (Reason(code=ReasonCode.EXPIRED, detail=detail.replace(", 0:00:00", "")),)


def _passed_over(job: ResolvedJob, latest: Attempt) -> tuple[Reason, ...]:
    reasons = change_reasons(latest.export_job, job.export_job)
    return tuple(
        Reason(code=reason.code, detail=f"{reason.detail}; `on_touch: skip`", assets=reason.assets)
        for reason in reasons
    )


def _send(
    job: ResolvedJob,
    latest: Attempt,
    evidence: Evidence,
    reasons: tuple[Reason, ...],
    *,
    action: Action = Action.SUBMIT,
    only: tuple[AssetVersion, ...] | None = None,
) -> PlanItem:
    is_same = latest.wanted.data == job.export_job.fingerprint.data
    return new_attempt(
        job,
        latest,
        evidence,
        reasons,
        action=action,
        only=only if only is None or len(only) < len(job.export_job.assets) else None,
        tries=latest.tries + 1 if is_same and action is not Action.SUBMIT else 1,
    )


def new_attempt(
    job: ResolvedJob,
    latest: Attempt,
    evidence: Evidence,
    reasons: tuple[Reason, ...],
    *,
    action: Action,
    only: tuple[AssetVersion, ...] | None = None,
    tries: int = 1,
) -> PlanItem:
    """A deliberate new run: the next generation of what is sent."""
    sent = job.export_job.narrowed(only).fingerprint
    generation = evidence.next_generation(job.key, sent)
    return item_of(
        job,
        action,
        reasons,
        attempt_name=attempt_name(job.key, sent, generation),
        generation=generation,
        prior=latest.prior,
        only=only,
        tries=tries,
    )
