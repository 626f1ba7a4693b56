"""What IPS shows of an attempt, and what that says about it."""

from __future__ import annotations

from s7spec.model.ips import JobPhase, JobSnapshot
from s7spec.model.ledger import Attempt, AttemptState
from s7spec.model.schedule import Timing


def is_scheduled(attempt: Attempt, seen: JobSnapshot | None) -> bool:
    """True when IPS will start it by itself, so that it can be taken back."""
    has_timing = attempt.state is AttemptState.SCHEDULED or attempt.timing is not None
    return has_timing and seen is not None and seen.phase is JobPhase.SCHEDULED


def is_doubled(timing: Timing | None, copies: int) -> bool:
    """True when there are more jobs of one name than one submit makes: all the runs of a schedule
    have its name."""
    return copies > 1 and not (timing is not None and timing.recurs)


def was_taken(attempt: Attempt) -> bool:
    """True when IPS answered its submit, or showed it once."""
    return attempt.handle is not None or attempt.run_handle is not None


def whereabouts(attempt: Attempt, seen: JobSnapshot | None) -> str:
    """One sentence: where an open attempt stands."""
    if seen is None:
        if was_taken(attempt) or not attempt.state.is_in_doubt:
            return f"{attempt.name}: IPS took it, but does not show it now"
        return f"{attempt.name}: the answer to its submit was lost; IPS does not show it"
    if is_doubled(attempt.timing, seen.copies):
        return f"{attempt.name}: IPS has {seen.copies} jobs of this name"
    lost = (
        "the answer to its submit was lost, but IPS has it: " if attempt.state.is_in_doubt else ""
    )
    if attempt.recurs and seen.phase is not JobPhase.SCHEDULED:
        return f"{attempt.name}: {lost}{_last_run(seen)}, and IPS does not show its schedule now"
    return f"{attempt.name}: {lost}{_phase(seen)}"


def _last_run(seen: JobSnapshot) -> str:
    return "its last run has ended" if seen.phase is JobPhase.ENDED else _phase(seen)


def _phase(seen: JobSnapshot) -> str:
    match seen.phase:
        case JobPhase.SCHEDULED:
            return "waiting on IPS"
        case JobPhase.ACTIVE:
            return "running"  # how far it is would be another plan, and digest, each second
        case JobPhase.ENDED:
            return "ended on IPS, result not recorded yet"
