"""What stands in the way of a new attempt goes first: an older one at work, or a scheduled one."""

from __future__ import annotations

from collections.abc import Callable, Generator
from datetime import datetime
from functools import partial
from typing import Any

from s7spec.apply.flight import LOOK_FAILED, Flight
from s7spec.apply.following import follow
from s7spec.apply.requests import Ask, Clearance, Request, Steps
from s7spec.apply.seeing import disagreement, is_only_logged, look, may_have_fired, saw
from s7spec.apply.sending import launch
from s7spec.apply.wording import RUNS_ON, STARTED, STAYS, TAKEN_BACK
from s7spec.model.ips import JobPhase
from s7spec.model.ledger import AttemptState

_SURE_SECONDS = 1.0
"""A job that leaves the list of scheduled ones may be on its way to that of active ones."""


def supersede(flight: Flight) -> Steps:
    """The older one to its end, stopped or not; then what is wanted now."""
    if flight.item.stops_older:
        yield from _stop(flight)
    yield from follow(flight)
    if flight.note or flight.known.state.is_open:
        return  # left as it is: never a second one beside it
    yield from _begin_anew(flight)


def reschedule(flight: Flight) -> Steps:
    """The scheduled one is taken back, then sent anew."""
    if (yield from _take_back(flight)):
        yield from _begin_anew(flight)
    elif not flight.note:
        flight.leave(STARTED)


def cancel(flight: Flight) -> Steps:
    """The scheduled one is taken back, and its job forgotten. One that has started is followed: it
    was not taken back."""
    if (yield from _take_back(flight)):
        yield flight.forgetting("no manifest declares it any more")
        flight.is_over = True
        return
    yield from follow(flight)
    if not flight.note:
        flight.leave(STARTED)


def _begin_anew(flight: Flight) -> Steps:
    flight.begin_anew(flight.known.prior)
    yield from launch(flight)
    yield from follow(flight)


def _stop(flight: Flight) -> Steps:
    """Asks IPS once; that it has stopped is seen like any other end."""
    yield Clearance()
    attempt = flight.known
    gateway = flight.tower.gateway
    seen = yield from flight.ask(gateway.find, attempt.name)
    if seen is None or disagreement(attempt, seen) is not None:
        return
    yield from saw(flight, seen)
    if not flight.is_over and seen.phase is JobPhase.ACTIVE:
        yield from _tell(gateway.stop, seen.jobHandle)


def _tell(order: Callable[[str], None], jobHandle: str) -> Generator[Request, Any, bool]:
    """Whether IPS answered. A refusal may mean that the job has just ended, or has just begun, and
    even an answer promises nothing (semantics: F10): what came of it is seen by looking."""
    try:
        yield Ask(call=partial(order, jobHandle))
    except LOOK_FAILED:
        return False
    return True


def _take_back(flight: Flight) -> Generator[Request, Any, bool]:
    """True when IPS does not have it any more, and the ledger says so. False: it has started, and
    was written down as far as it has come; or it is left, with a note."""
    gateway, attempt = flight.tower.gateway, flight.known
    yield Clearance()
    fires_at: datetime | None = None
    if attempt.state is AttemptState.SCHEDULED and attempt.timing is not None:
        fires_at = attempt.timing.at
    told = False
    began = flight.seconds()
    unseen_since: float | None = None
    while True:
        seen = yield from look(flight, attempt.name, attempt.timing)
        if seen is None or is_only_logged(attempt, seen):
            unseen_since = flight.seconds() if unseen_since is None else unseen_since
            sure_at = unseen_since + _seconds_to_be_sure(flight, fires_at)
            if flight.seconds() >= sure_at:
                yield from flight.land(flight.known, AttemptState.CANCELLED, TAKEN_BACK)
                return True
            yield from flight.rest(until=sure_at)
            continue
        unseen_since = None
        if seen.phase is not JobPhase.SCHEDULED:
            yield from saw(flight, seen)
            if not attempt.recurs or _is_left(flight, began):
                return False
            yield from flight.rest()  # its last run
            continue
        fires_at = seen.startDate or fires_at
        if not told:
            told = yield from _tell(gateway.delete, seen.jobHandle)
        if flight.seconds() - began >= flight.tower.options.patience_seconds:
            flight.leave(STAYS)
            return False
        yield from flight.rest()


def _is_left(flight: Flight, began: float) -> bool:
    """Whether the last run of a schedule that is gone has been followed for long enough."""
    options = flight.tower.options
    most = 0 if options.detach else options.follow_seconds
    if most is not None and flight.seconds() - began >= most:
        flight.leave(RUNS_ON)
    return flight.is_over


def _seconds_to_be_sure(flight: Flight, fires_at: datetime | None) -> float:
    """How long a job must stay out of sight to be taken for gone."""
    if may_have_fired(flight, fires_at):
        return max(flight.tower.options.quarantine_seconds, _SURE_SECONDS)
    return _SURE_SECONDS
