"""What a look at a job on IPS means for its attempt."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from s7spec.apply.flight import Flight
from s7spec.apply.joblog import read_ending
from s7spec.apply.requests import Request, Steps
from s7spec.apply.wording import ADOPTED, OTHER_JOB, ZIP_IS_LATE
from s7spec.model.ips import JobPhase, JobSnapshot
from s7spec.model.ledger import Attempt, AttemptState
from s7spec.model.schedule import Timing
from s7spec.model.sight import echo_difference

_SAME_TIME = timedelta(minutes=1)

Seen: TypeAlias = JobSnapshot | None


def disagreement(attempt: Attempt, seen: JobSnapshot) -> str | None:
    """A job of our name that is not ours is never adopted (semantics: section 4, step 6)."""
    difference = echo_difference(attempt, seen.echo) or _other_time(attempt, seen)
    return None if difference is None else f"{OTHER_JOB}: {difference}"


def _other_time(attempt: Attempt, seen: JobSnapshot) -> str | None:
    """Its name does not tell when it starts. Of a cron expression only the next time is shown."""
    ours = None if attempt.timing is None else attempt.timing.at
    theirs = seen.startDate
    if seen.phase is not JobPhase.SCHEDULED or ours is None or theirs is None:
        return None
    if abs(theirs - ours) <= _SAME_TIME:
        return None
    return f"it starts at {theirs:%Y-%m-%d %H:%M} UTC, ours at {ours:%Y-%m-%d %H:%M} UTC"


def look(flight: Flight, name: str, timing: Timing | None) -> Generator[Request, Any, Seen]:
    """Of what starts again and again the schedule comes first: a run of it, at work or ended, does
    not tell whether there will be another."""
    gateway = flight.tower.gateway
    if timing is not None and timing.recurs:
        scheduled = yield from flight.ask(gateway.scheduled, name)
        if scheduled is not None:
            return scheduled
    return (yield from flight.ask(gateway.find, name))


def is_only_logged(attempt: Attempt, seen: JobSnapshot) -> bool:
    """True when all that is left of what was to start again and again is the log of a run: it is
    neither scheduled nor at work."""
    return attempt.recurs and seen.phase is JobPhase.ENDED


def may_have_fired(flight: Flight, fires_at: datetime | None) -> bool:
    """Whether a scheduled job that IPS does not show may be at work unseen. Clocks differ and lists
    lag: by less than the quarantine, or nothing here holds."""
    if fires_at is None:
        return True
    lag = timedelta(seconds=flight.tower.options.quarantine_seconds)
    return flight.tower.watch.wall() + lag >= fires_at


def saw(flight: Flight, seen: JobSnapshot) -> Steps:
    """Writes down what is news, and rests until the next look is due."""
    attempt = flight.known
    if is_only_logged(attempt, seen):
        yield from _ran_once(flight, seen)
        return
    flight.last_seen = flight.seconds()
    copies = _copies(attempt, seen)
    more_copies = copies > flight.copies
    flight.copies = max(flight.copies, copies)
    if seen.phase is JobPhase.ENDED:
        yield from _ended(flight, seen)
        return
    flight.is_at_work()
    found = ADOPTED if attempt.state.is_in_doubt else attempt.message
    taken = replace(attempt, run_handle=seen.jobHandle)
    if seen.phase is JobPhase.SCHEDULED and attempt.timing is not None:
        if attempt.state is not AttemptState.SCHEDULED or more_copies:
            yield from flight.record(taken, AttemptState.SCHEDULED, message=found)
        flight.is_over = True  # IPS starts it by itself: days may pass until then
        return
    if seen.phase is JobPhase.ACTIVE and attempt.state is not AttemptState.ACTIVE:
        yield from flight.record(taken, AttemptState.ACTIVE, message=found)
    elif attempt.state.is_in_doubt:
        yield from flight.record(taken, AttemptState.ACCEPTED, message=found)
    elif more_copies:
        yield from flight.record(attempt, attempt.state, message=attempt.message)
    flight.tell_progress(seen.progress, seen.progressMessage)


def _copies(attempt: Attempt, seen: JobSnapshot) -> int:
    """The runs of one schedule have one name: only schedules tell whether there are two."""
    return 1 if attempt.recurs and seen.phase is not JobPhase.SCHEDULED else seen.copies


def _ran_once(flight: Flight, seen: JobSnapshot) -> Steps:
    """A log of one of its runs: IPS took it, but that is not its end."""
    attempt = flight.known
    if attempt.state.is_in_doubt or attempt.run_handle is None:
        taken = replace(attempt, run_handle=seen.jobHandle)
        message = ADOPTED if attempt.state.is_in_doubt else attempt.message
        yield from flight.record(taken, AttemptState.ACCEPTED, message=message)


def _ended(flight: Flight, seen: JobSnapshot) -> Steps:
    attempt = flight.known
    assets = () if flight.job is None else flight.job.assets
    ending = read_ending(seen, attempt.sent, assets)
    if ending.awaits_zip and flight.has_zip_grace():
        # Patiently: no later run knows that this one has seen the end.
        if attempt.state is not AttemptState.ACTIVE:
            running = replace(attempt, run_handle=seen.jobHandle)
            yield from flight.record(running, AttemptState.ACTIVE, message=ZIP_IS_LATE)
        yield from flight.rest()
        return
    ended = replace(
        attempt, run_handle=seen.jobHandle, zip_urls=seen.zip_urls, outcomes=ending.outcomes
    )
    # IPS never answered our submit with a handle: it was found by its name.
    found = ADOPTED if attempt.handle is None else ""
    message = "; ".join(part for part in (found, ending.message) if part)
    yield from flight.land(ended, ending.state, message, ending.failure, ended=seen.endDate)
