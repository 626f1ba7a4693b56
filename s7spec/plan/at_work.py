"""The diff table where the last attempt may still be at work, or may yet turn up."""

from __future__ import annotations

from s7spec.model.ips import JobPhase, JobSnapshot
from s7spec.model.job import ResolvedJob
from s7spec.model.ledger import Attempt, AttemptState
from s7spec.model.plan import Action, PlanItem, Reason, ReasonCode
from s7spec.model.policy import Supersede
from s7spec.model.sight import Unobserved, echo_difference
from s7spec.plan.difference import change_reasons
from s7spec.plan.ended import new_attempt
from s7spec.plan.evidence import Evidence
from s7spec.plan.items import about
from s7spec.plan.reasons import whereabouts


def decide_at_work(job: ResolvedJob, latest: Attempt, evidence: Evidence) -> PlanItem:
    """What to do about a declared job whose latest attempt is open: never a second one
    beside it."""
    seen = evidence.sight(latest)
    if isinstance(seen, Unobserved):
        detail = f"{latest.name}: IPS could not be asked about it ({seen.why})"
        return _about(job, latest, Action.BLOCKED, ReasonCode.CANNOT_OBSERVE, detail)
    if seen is not None and seen.copies > 1:
        detail = f"{whereabouts(latest, seen)}; the oldest is followed, nothing is sent"
        return _about(job, latest, Action.CONFLICT, ReasonCode.DOUBLED, detail)
    difference = None if seen is None else echo_difference(latest, seen.echo)
    if difference is not None:
        detail = f"{latest.name}: the job of this name on IPS is another one: {difference}"
        return _about(job, latest, Action.CONFLICT, ReasonCode.PAYLOAD_DIFFERS, detail)
    if latest.wanted.data != job.export_job.fingerprint.data:
        return _something_else(job, latest, seen, evidence)
    if job.key in evidence.forced:
        forced = Reason(code=ReasonCode.FORCED, detail="asked for with --rerun")
        return _superseded(job, latest, seen, evidence, (forced,))
    if latest.state is AttemptState.SCHEDULED and _waits(seen):
        return _scheduled(job, latest, evidence)
    return _same(job, latest, seen, evidence)


def _same(
    job: ResolvedJob, latest: Attempt, seen: JobSnapshot | None, evidence: Evidence
) -> PlanItem:
    detail = whereabouts(latest, seen)
    if not latest.state.is_in_doubt:
        return _about(job, latest, Action.WAIT, ReasonCode.IN_FLIGHT, detail)
    if seen is not None:
        return _about(job, latest, Action.ADOPT, ReasonCode.RECONCILED, detail)
    if evidence.hold:
        detail += "; `on_ambiguous: hold`: it is not sent again unless forced"
        return _about(job, latest, Action.WAIT, ReasonCode.HELD, detail)
    return _about(job, latest, Action.WAIT, ReasonCode.AMBIGUOUS, detail)


def _something_else(
    job: ResolvedJob, latest: Attempt, seen: JobSnapshot | None, evidence: Evidence
) -> PlanItem:
    changes = change_reasons(latest.export_job, job.export_job)
    if latest.state is AttemptState.SCHEDULED and _waits(seen):
        return new_attempt(job, latest, evidence, changes, action=Action.RESCHEDULE)
    return _superseded(job, latest, seen, evidence, changes)


def _superseded(
    job: ResolvedJob,
    latest: Attempt,
    seen: JobSnapshot | None,
    evidence: Evidence,
    changes: tuple[Reason, ...],
) -> PlanItem:
    detail = whereabouts(latest, seen)
    if job.policy.supersede is Supersede.FAIL:
        detail += "; `supersede: fail`: something else is sent only when it has ended"
        return _about(job, latest, Action.BLOCKED, ReasonCode.OLDER_IN_FLIGHT, detail)
    is_lost = latest.state.is_in_doubt and seen is None
    code = ReasonCode.AMBIGUOUS if is_lost else ReasonCode.OLDER_IN_FLIGHT
    if is_lost:
        detail += "; it is not sent again, since something else is wanted now"
    elif job.policy.supersede is Supersede.STOP_AND_SUBMIT:
        detail += "; it is stopped, then what is wanted now is sent"
    else:
        detail += "; what is wanted now is sent when it has ended"
    reasons = (Reason(code=code, detail=detail), *changes)
    return new_attempt(job, latest, evidence, reasons, action=Action.SUPERSEDE)


def _scheduled(job: ResolvedJob, latest: Attempt, evidence: Evidence) -> PlanItem:
    if job.policy.timing == latest.timing:
        detail = f"{latest.name}: IPS starts it by itself ({latest.timing})"
        return _about(job, latest, Action.SKIP, ReasonCode.SCHEDULED, detail)
    now = "at once" if job.policy.timing is None else str(job.policy.timing)
    detail = f"{latest.name} is to start {latest.timing}, wanted now: {now}"
    reason = Reason(code=ReasonCode.SCHEDULE_CHANGED, detail=detail)
    return new_attempt(job, latest, evidence, (reason,), action=Action.RESCHEDULE)


def _waits(seen: JobSnapshot | None) -> bool:
    return seen is not None and seen.phase is JobPhase.SCHEDULED


def _about(
    job: ResolvedJob, latest: Attempt, action: Action, code: ReasonCode, detail: str
) -> PlanItem:
    return about(job, latest, action, (Reason(code=code, detail=detail),))
