"""Whether IPS has jobs that the ledger knows nothing of, looked up before anything is sent."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from s7spec.apply.crew import Crew
from s7spec.apply.flight import LOOK_FAILED, NO_ACCESS, Flight
from s7spec.apply.stopping import StopSign
from s7spec.apply.tower import Tower
from s7spec.model.plan import ReasonCode
from s7spec.model.sight import Listing

_SLICE = 1.0


def look_for_unknown(
    flights: Iterable[Flight], tower: Tower, crew: Crew, stop: StopSign, *, is_cold: bool
) -> None:
    """Marks the flights whose attempt may have been sent before: the ledger was lost, or is an
    older copy that somebody restored. One listing for all (semantics: section 4, row G).

    With a cold ledger first waits out the quarantine, for a submit of the lost one may still be on
    its way. When IPS cannot be asked, the flights are left: nothing is sent unseen.
    """
    launched = list(flights)
    if not launched:
        return
    if is_cold and tower.options.cold_wait_seconds:
        seconds = tower.options.cold_wait_seconds
        tower.observer.waits(_COLD.format(seconds), seconds=seconds)
        _wait(tower.options.cold_wait_seconds, tower, crew, stop)
    try:
        listing = _listing(tower, crew, stop)
    except NO_ACCESS as error:
        for flight in launched:
            flight.shut_out(error)
        return
    except LOOK_FAILED as error:
        for flight in launched:
            flight.leave(f"not started, IPS could not be asked whether it has it already: {error}")
        return
    for flight in launched:
        _compare(flight, listing)


_COLD = (
    "the ledger is empty: waits {} s for jobs that a lost ledger may have sent "
    "(--first-run: there never was one)"
)


def _compare(flight: Flight, listing: Listing) -> None:
    name, generation = flight.item.attempt_name, flight.item.generation
    listed = listing.last_generation(name)
    codes = {reason.code for reason in flight.item.reasons}
    if listed > generation and flight.item.action.sends:
        flight.leave(
            f"IPS has generation {listed} of it, of which the ledger knows nothing: plan again"
        )
    # What IPS refused may have been taken after all.
    flight.in_doubt = bool(listing.copies(name)) or ReasonCode.REFUSED in codes


def _listing(tower: Tower, crew: Crew, stop: StopSign) -> Listing:
    since = tower.watch.wall() - timedelta(days=tower.options.lookback_days)
    end = tower.watch.seconds() + tower.options.patience_seconds
    while True:
        try:
            return Listing(() if stop.asked else tower.gateway.known_jobs(since))
        except LOOK_FAILED:
            if tower.watch.seconds() >= end:
                raise
            _wait(tower.options.last_poll_seconds, tower, crew, stop)


def _wait(seconds: float, tower: Tower, crew: Crew, stop: StopSign) -> None:
    end = tower.watch.seconds() + seconds
    while not stop.asked and (left := end - tower.watch.seconds()) > 0:
        tower.books.keep_lease()
        try:
            for _ in crew.answers(min(left, _SLICE)):
                pass
        except KeyboardInterrupt:
            stop.ask()
