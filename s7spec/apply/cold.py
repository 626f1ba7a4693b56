"""Whether IPS has jobs that the ledger knows nothing of, looked up before anything is sent."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from s7spec.apply.crew import Crew
from s7spec.apply.flight import Flight
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
    its way. Raises as ``IpsGateway.known_jobs`` does.
    """
    launched = list(flights)
    if not launched:
        return
    if is_cold and tower.options.cold_wait_seconds:
        _wait(tower, crew, stop)
    if stop.asked:
        return
    since = tower.watch.wall() - timedelta(days=tower.options.lookback_days)
    listing = Listing(tower.gateway.known_jobs(since))
    for flight in launched:
        name, generation = flight.item.attempt_name, flight.item.generation
        listed = listing.last_generation(name)
        codes = {reason.code for reason in flight.item.reasons}
        if listed > generation:
            flight.leave(
                f"IPS has generation {listed} of it, of which the ledger knows nothing: plan again"
            )
        # What IPS refused may have been taken after all.
        flight.in_doubt = bool(listing.copies(name)) or ReasonCode.REFUSED in codes


def _wait(tower: Tower, crew: Crew, stop: StopSign) -> None:
    seconds = tower.options.cold_wait_seconds
    tower.observer.said(
        f"the ledger is empty: waits {seconds} s for jobs that a lost ledger may have sent "
        "(--first-run: there never was one)"
    )
    end = tower.watch.seconds() + seconds
    while not stop.asked and (left := end - tower.watch.seconds()) > 0:
        tower.books.keep_lease()
        try:
            for _ in crew.answers(min(left, _SLICE)):
                pass
        except KeyboardInterrupt:
            stop.ask()
