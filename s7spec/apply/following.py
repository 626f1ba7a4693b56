"""A job that may be on IPS, followed to its end."""

from __future__ import annotations

from datetime import UTC, datetime

from s7spec.apply.flight import LOOK_FAILED, Flight
from s7spec.apply.requests import CalledOff, Steps, Watch
from s7spec.apply.seeing import disagreement, is_only_logged, look, may_have_fired, saw
from s7spec.apply.sending import send_again
from s7spec.apply.wording import (
    GONE,
    HELD,
    HELD_UNSENT,
    IN_DOUBT,
    LEFT_BEHIND,
    NEVER_ARRIVED,
    TAKEN_BACK_BY_OTHERS,
    UNSCHEDULED,
)
from s7spec.model.ips import ActiveJob, JobPhase, JobSnapshot
from s7spec.model.ledger import Attempt, AttemptState, FailureClass

_DONE = "Done"
_LAST = datetime.max.replace(tzinfo=UTC)


def follow(flight: Flight) -> Steps:
    """Until it ended, or is left. A detached run looks once at what was sent before it, and leaves
    what it sent itself."""
    detach, most = flight.tower.options.detach, flight.tower.options.follow_seconds
    end = flight.followed_until = None if most is None else flight.seconds() + most
    if detach and flight.sends and not flight.known.state.is_in_doubt:
        flight.is_over = True
    while not flight.is_over:
        if flight.known.state.is_in_doubt:
            yield from _reconcile(flight)
        else:
            yield from (_wait(flight) if flight.known.recurs else _watch(flight))
        if detach and flight.has_looked and not flight.waits_for_zip:
            flight.is_over = True
        if end is not None and not flight.is_over and flight.seconds() >= end:
            flight.leave(LEFT_BEHIND.format(most))


def _watch(flight: Flight) -> Steps:
    """The list of what runs tells of all jobs at once; only what is not in it is asked for."""
    attempt = flight.known
    try:
        listed: tuple[ActiveJob, ...] = yield Watch(name=attempt.name)
    except LOOK_FAILED as error:
        yield from flight.bear(error)
        return
    flight.looked_well()
    flight.has_looked = True
    running = [job for job in listed if job.state != _DONE]
    if running:
        yield from saw(flight, _snapshot(running))
        return
    gateway = flight.tower.gateway
    seen: JobSnapshot | None = yield from flight.ask(gateway.logged, attempt.name)
    if seen is None or seen.phase is not JobPhase.ENDED:
        seen = yield from flight.ask(gateway.find, attempt.name)
    if seen is None:
        yield from _out_of_sight(flight)
    else:
        yield from saw(flight, seen)
        if not flight.is_over:
            yield from _rest(flight)


def _wait(flight: Flight) -> Steps:
    """Until IPS shows the schedule of what starts again and again: its runs decide nothing. Also a
    detached run waits for a schedule that does not show: no later one knows for how long."""
    seen = yield from look(flight, flight.known.name, flight.known.timing)
    if seen is not None:
        yield from saw(flight, seen)
    if seen is None or is_only_logged(flight.known, seen):
        yield from _out_of_sight(flight)
        return
    flight.has_looked = True
    if not flight.is_over:
        yield from _rest(flight)


def _rest(flight: Flight, *, until: float | None = None) -> Steps:
    """A detached run has looked, and that is all."""
    if not flight.tower.options.detach or flight.waits_for_zip:
        yield from flight.rest(until=until)


def _snapshot(running: list[ActiveJob]) -> JobSnapshot:
    """The oldest of its name is the one that is followed."""
    first = min(running, key=lambda job: job.startDate or _LAST)
    return JobSnapshot(
        originalName=first.originalName,
        jobHandle=first.jobHandle,
        phase=JobPhase.ACTIVE,
        copies=len({job.jobHandle for job in running}),
        progress=first.progress,
        progressMessage=first.progressMessage,
        startDate=first.startDate,
    )


def _reconcile(flight: Flight) -> Steps:
    """Whether IPS has what may or may not have reached it."""
    attempt = flight.known
    # Read before looking: only a look after the quarantine can end it.
    waited_out = flight.seconds() >= flight.doubt_until
    seen = yield from look(flight, attempt.name, attempt.timing)
    flight.has_looked = True
    if seen is not None:
        difference = disagreement(attempt, seen)
        if difference is None:
            yield from saw(flight, seen)
        else:
            flight.leave(difference)
    elif waited_out:
        yield from _never_arrived(flight, attempt)
    else:
        flight.tell_wait(IN_DOUBT, until=flight.doubt_until)
        yield from _rest(flight, until=flight.doubt_until)


def _out_of_sight(flight: Flight) -> Steps:
    """IPS took it and does not show it: lookups lag, so that is no news for a while."""
    silence = flight.seconds() - flight.last_seen
    attempt = flight.known
    quarantine = flight.tower.options.quarantine_seconds
    if silence >= quarantine:
        if _was_taken_back(flight):
            yield from flight.land(attempt, AttemptState.CANCELLED, TAKEN_BACK_BY_OTHERS)
        else:
            yield from _hold(flight)
    elif attempt.recurs:
        flight.tell_wait(UNSCHEDULED, until=flight.last_seen + quarantine)
        yield from flight.rest()
    else:
        yield from _rest(flight)


def _was_taken_back(flight: Flight) -> bool:
    """Of what starts again and again it does not matter what ran: there will be no other run."""
    attempt = flight.known
    if attempt.recurs:
        return attempt.run_handle is not None
    if attempt.state is not AttemptState.SCHEDULED or attempt.timing is None:
        return False
    return not may_have_fired(flight, attempt.timing.at)


def _hold(flight: Flight) -> Steps:
    """It was taken once: to send it again could double it, so that is for people to decide. It
    stands in the way of nothing else, though."""
    attempt = flight.known
    gone = FailureClass.DISAPPEARED
    if not flight.is_wanted:
        yield from flight.land(attempt, AttemptState.FAILED, GONE, gone)
    elif attempt.state is AttemptState.UNKNOWN:
        flight.leave(HELD)
    else:
        yield from flight.land(attempt, AttemptState.UNKNOWN, HELD)


def _never_arrived(flight: Flight, attempt: Attempt) -> Steps:
    """The quarantine is over and IPS does not have the job."""
    options = flight.tower.options
    if attempt.handle is not None or attempt.run_handle is not None:
        yield from _hold(flight)
    elif not flight.is_wanted:
        kind = FailureClass.NEVER_ARRIVED
        yield from flight.land(attempt, AttemptState.REFUSED, NEVER_ARRIVED, kind)
    elif options.hold:
        flight.leave(HELD_UNSENT)
    elif flight.job is None:
        flight.leave("never arrived at IPS; plan again to have it sent again")
    elif flight.sends >= options.max_sends:
        flight.leave(f"sent {flight.sends} times, and IPS never showed it: {attempt.message}")
    else:
        try:
            yield from send_again(flight, flight.job)
        except CalledOff as reason:
            flight.leave(str(reason))
