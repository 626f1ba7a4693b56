"""What stands in the way of a new attempt goes first: an older one at work, or a scheduled one."""

from __future__ import annotations

from collections.abc import Generator
from functools import partial
from typing import Any

from s7spec.apply.flight import Flight
from s7spec.apply.following import follow
from s7spec.apply.requests import Ask, Clearance, Request, Rest, Steps
from s7spec.apply.seeing import saw
from s7spec.apply.sending import launch
from s7spec.apply.wording import STARTED, STAYS, TAKEN_BACK
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
        flight.leave(f"{STARTED}: plan again")


def cancel(flight: Flight) -> Steps:
    """The scheduled one is taken back, and its job forgotten. One that has started is followed."""
    if not (yield from _take_back(flight)):
        if not flight.is_over:
            yield from follow(flight)
        return
    yield flight.forgetting("no manifest declares it any more")
    flight.is_over = True


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
    if seen is None:
        return
    yield from saw(flight, seen)
    if not flight.is_over and seen.phase is JobPhase.ACTIVE:
        yield Ask(call=partial(gateway.stop, seen.jobHandle))


def _take_back(flight: Flight) -> Generator[Request, Any, bool]:
    """True when IPS does not have it any more, and the ledger says so. False: it has started, and
    was written down as far as it has come; or it is left, with a note."""
    gateway, attempt = flight.tower.gateway, flight.known
    yield Clearance()
    asked_at: float | None = None
    unseen = 0
    while True:
        seen = yield from flight.ask(gateway.find, attempt.name)
        if seen is None:
            unseen += 1
            if unseen > 1:
                yield from flight.land(attempt, AttemptState.CANCELLED, TAKEN_BACK)
                return True
            yield Rest(until=flight.seconds() + _SURE_SECONDS)
            continue
        unseen = 0
        if seen.phase is not JobPhase.SCHEDULED:
            yield from saw(flight, seen)
            return False
        if asked_at is None:
            asked_at = flight.seconds()
            yield Ask(call=partial(gateway.delete, seen.jobHandle))
        elif flight.seconds() - asked_at >= flight.tower.options.patience_seconds:
            flight.leave(STAYS)
            return False
        yield from flight.rest()
