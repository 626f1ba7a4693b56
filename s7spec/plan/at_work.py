"""The diff table where the last attempt may still be at work, or may yet turn up."""

from __future__ import annotations

from s7spec.model.ips import JobPhase, JobSnapshot
from s7spec.model.job import ResolvedJob
from s7spec.model.ledger import Attempt, AttemptState
from s7spec.model.plan import Action, PlanItem, Reason, ReasonCode
from s7spec.model.policy import Mode, Supersede
from s7spec.model.schedule import start_words
from s7spec.model.sight import Unobserved, echo_difference
from s7spec.plan.delivered import as_they_are_now, brings_all, is_same_but_touched, still_to_send
from s7spec.plan.difference import change_reasons, meta_reasons
from s7spec.plan.evidence import Evidence
from s7spec.plan.items import about, new_attempt
from s7spec.plan.seen import is_doubled, is_scheduled, was_taken, whereabouts

_SENT_AGAIN = (
    "; if IPS still does not show it when the quarantine is over, it is sent again under the same "
    "name"
)
"""Whether the quarantine is over is for apply to see: a plan stays the same while time passes."""


def decide_at_work(job: ResolvedJob, latest: Attempt, evidence: Evidence) -> PlanItem:
    """What to do about a declared job whose latest attempt is open: never a second one
    beside it."""
    seen = evidence.sight(latest.name)
    if isinstance(seen, Unobserved):
        detail = f"{latest.name}: IPS could not be asked about it ({seen.why})"
        return _about(job, latest, Action.BLOCKED, ReasonCode.CANNOT_OBSERVE, detail)
    if seen is not None and is_doubled(latest.timing, seen.copies):
        detail = f"{whereabouts(latest, seen)}; the oldest is followed, nothing is sent"
        return _about(job, latest, Action.CONFLICT, ReasonCode.DOUBLED, detail)
    difference = None if seen is None else echo_difference(latest, seen.echo)
    if difference is not None:
        detail = f"{latest.name}: the job of this name on IPS is another one: {difference}"
        return _about(job, latest, Action.CONFLICT, ReasonCode.PAYLOAD_DIFFERS, detail)
    forced = evidence.forcing(job, latest.rerun)
    if forced or not _is_what_is_wanted(job, latest, seen):
        return _something_else(job, latest, seen, evidence, forced)
    if is_scheduled(latest, seen):
        again = _schedule_change(job, latest, evidence)
        if again is not None:
            return again
    return _same(job, latest, seen, evidence)


def _is_what_is_wanted(job: ResolvedJob, latest: Attempt, seen: JobSnapshot | None) -> bool:
    if latest.wanted.data == job.export_job.fingerprint.data or is_same_but_touched(job, latest):
        return True
    # With `mode: delta` it may well end first: what it delivers is not delivered again.
    is_at_work = seen is not None and not is_scheduled(latest, seen)
    return is_at_work and job.policy.mode is Mode.DELTA and brings_all(job, latest)


def _same(
    job: ResolvedJob, latest: Attempt, seen: JobSnapshot | None, evidence: Evidence
) -> PlanItem:
    detail = whereabouts(latest, seen)
    action, code = Action.WAIT, ReasonCode.IN_FLIGHT
    if latest.state is AttemptState.SCHEDULED and is_scheduled(latest, seen):
        return _stays_scheduled(job, latest)
    if latest.state.is_in_doubt and seen is not None:
        action, code = Action.ADOPT, ReasonCode.RECONCILED
    elif latest.state.is_in_doubt and was_taken(latest):
        code = ReasonCode.HELD
        detail += "; to send it again could double it: look on IPS, or force it with --rerun"
    elif latest.state.is_in_doubt and evidence.hold:
        code = ReasonCode.HELD
        detail += "; `on_ambiguous: hold`: it is not sent again unless forced"
    elif latest.state.is_in_doubt:
        code = ReasonCode.AMBIGUOUS
        detail += _SENT_AGAIN
    # What was sent, and would be sent again; of an attempt that brings more than is wanted now, it
    # may be nothing.
    only = as_they_are_now(job, latest.only) or None
    return about(job, latest, action, (Reason(code=code, detail=detail),), only=only)


def _something_else(
    job: ResolvedJob,
    latest: Attempt,
    seen: JobSnapshot | None,
    evidence: Evidence,
    forced: tuple[Reason, ...],
) -> PlanItem:
    """Other content, or the same once more: when the older one is out of the way."""
    differs = latest.wanted.data != job.export_job.fingerprint.data
    changes = change_reasons(latest.export_job, job.export_job) if differs else ()
    only = None
    if job.policy.mode is Mode.DELTA and not forced:
        # As if the older one delivered nothing: it may be stopped, or fail.
        only = still_to_send(job, latest) or None
    if is_scheduled(latest, seen):
        action, reasons = Action.RESCHEDULE, changes + forced
    elif _stands_in_the_way(job, seen):
        detail = f"{whereabouts(latest, seen)}; `supersede: fail`: nothing is sent before it ends"
        return _about(job, latest, Action.BLOCKED, ReasonCode.OLDER_IN_FLIGHT, detail)
    else:
        action, reasons = Action.SUPERSEDE, (_older(job, latest, seen), *changes, *forced)
    item = new_attempt(job, latest, evidence, reasons, action=action, only=only)
    return _older_one_first(item, job, latest, evidence)


def _stands_in_the_way(job: ResolvedJob, seen: JobSnapshot | None) -> bool:
    """Only while IPS shows it at work: who else would ever record the end of one that is not?"""
    is_at_work = seen is not None and seen.phase is not JobPhase.ENDED
    return is_at_work and job.policy.supersede is Supersede.FAIL


def _older(job: ResolvedJob, latest: Attempt, seen: JobSnapshot | None) -> Reason:
    detail = whereabouts(latest, seen)
    code = ReasonCode.OLDER_IN_FLIGHT
    if latest.state.is_in_doubt and seen is None:
        code = ReasonCode.AMBIGUOUS
        detail += "; what is wanted now is sent when it cannot turn up any more"
    elif job.policy.supersede is Supersede.STOP_AND_SUBMIT:
        detail += "; it is stopped, then what is wanted now is sent"
    else:
        detail += "; what is wanted now is sent when it has ended"
    return Reason(code=code, detail=detail)


def _older_one_first(
    item: PlanItem, job: ResolvedJob, latest: Attempt, evidence: Evidence
) -> PlanItem:
    """A ledger that is an older copy knows nothing of what came after: the older attempt is
    brought to its end here first, and what follows it is found by the next plan."""
    sent = item.sent_fingerprint
    if sent is None or not evidence.unknown_attempt(job.key, sent):
        return item
    detail = f"{latest.name}: IPS has what follows it already, of which the ledger knows nothing"
    return _about(job, latest, Action.WAIT, ReasonCode.FOUND_ON_SERVER, detail)


def _schedule_change(job: ResolvedJob, latest: Attempt, evidence: Evidence) -> PlanItem | None:
    """The same at another time; or with another emailSetting, where that counts."""
    reasons: tuple[Reason, ...] = ()
    if job.policy.timing != latest.timing:
        detail = (
            f"{latest.name} is to start {start_words(latest.timing)}, "
            f"wanted now: {start_words(job.policy.timing)}"
        )
        reasons = (Reason(code=ReasonCode.SCHEDULE_CHANGED, detail=detail),)
    if reasons or job.policy.rerun_on_email:
        reasons += meta_reasons(job, latest)
    if not reasons:
        return None
    only = as_they_are_now(job, latest.only)
    item = new_attempt(
        job, latest, evidence, reasons, action=Action.RESCHEDULE, only=only, tries=latest.tries
    )
    return _older_one_first(item, job, latest, evidence)


def _stays_scheduled(job: ResolvedJob, latest: Attempt) -> PlanItem:
    detail = f"{latest.name}: IPS starts it by itself, {start_words(latest.timing)}"
    reason = Reason(code=ReasonCode.SCHEDULED, detail=detail)
    return about(job, latest, Action.SKIP, (reason, *meta_reasons(job, latest)))


def _about(
    job: ResolvedJob, latest: Attempt, action: Action, code: ReasonCode, detail: str
) -> PlanItem:
    return about(job, latest, action, (Reason(code=code, detail=detail),))
