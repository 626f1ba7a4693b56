"""Whether IPS has jobs that the ledger knows nothing of, looked up before anything is sent."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from s7spec.apply.crew import Answer, Crew
from s7spec.apply.flight import LOOK_FAILED, NO_ACCESS, Flight
from s7spec.apply.stopping import StopSign
from s7spec.apply.tower import Tower
from s7spec.model.plan import ReasonCode
from s7spec.model.sight import RECENT, Listing

_EMPTY = "the ledger is empty"
_OLD = "IPS has jobs that the ledger does not know"
_WAITS = (
    "{}: waits {} s for what a lost ledger may have sent (--first-run: there never was another)"
)


class ColdStart:
    """One listing for all that is to be sent (semantics: section 4, row G): what runs, what waits,
    and what began of late. What is older each flight asks for by its name, before it is sent.

    The ledger may have been lost, or be an older copy that somebody restored. Then a submit of the
    lost one may still be on its way: with an empty ledger, and when the listing shows that it is
    an older copy, the quarantine is waited out before anything is sent.
    """

    def __init__(self, tower: Tower, crew: Crew, stop: StopSign) -> None:
        self._tower = tower
        self._crew = crew
        self._stop = stop

    def look(self, flights: Iterable[Flight], *, is_cold: bool) -> Listing | None:
        """Marks the flights whose attempt may have been sent before. When IPS cannot be asked, they
        are left: nothing is sent unseen, and None is returned. So it is when the run was asked to
        end, or when there is nothing to send."""
        launching = [flight for flight in flights if _may_launch(flight)]
        if not launching:
            return None
        if is_cold:
            self._wait_for_the_lost(_EMPTY)
        try:
            listing = self._listing()
            if listing and not is_cold and any(_is_unknown(each, listing) for each in launching):
                self._wait_for_the_lost(_OLD)
                listing = self._listing()
        except NO_ACCESS as error:
            for flight in launching:
                flight.shut_out(error)
            return None
        except LOOK_FAILED as error:
            why = f"not started, IPS could not be asked whether it has it already: {error}"
            for flight in launching:
                flight.leave(why)
            return None
        is_first = is_cold and self._tower.options.first_run
        if listing is not None:
            for flight in launching:
                flight.asks_log = not is_first
                _compare(flight, listing)
        return listing

    def _wait_for_the_lost(self, why: str) -> None:
        seconds = self._tower.options.cold_wait_seconds
        if seconds:
            self._tower.observer.waits(_WAITS.format(why, seconds), seconds=seconds)
            self._wait(seconds)

    def _listing(self) -> Listing | None:
        """None: the run was asked to end. Raises what ``known_jobs`` raises, after patience."""
        since = self._tower.watch.wall() - RECENT
        end = self._tower.watch.seconds() + self._tower.options.patience_seconds
        while not self._stop.asked:
            try:
                return self._asked(partial(self._tower.gateway.known_jobs, since))
            except LOOK_FAILED as error:
                self._tower.contact.failed(error)
                if self._tower.watch.seconds() >= end:
                    raise
                self._wait(self._tower.options.last_poll_seconds)
        return None

    def _asked(self, call: Callable[[], object]) -> Listing | None:
        """Beside us: it may take longer than a lease lasts."""
        self._crew.start(call, self)
        while not self._stop.asked:
            for answer in self._answers(self._tower.books.renewal_seconds):
                if answer.error is not None:
                    raise answer.error
                assert isinstance(answer.value, tuple)
                self._tower.contact.answered()
                return Listing(answer.value)
        return None

    def _wait(self, seconds: float) -> None:
        end = self._tower.watch.seconds() + seconds
        while not self._stop.asked and (left := end - self._tower.watch.seconds()) > 0:
            self._answers(min(left, self._tower.books.renewal_seconds))

    def _answers(self, seconds: float) -> list[Answer]:
        self._tower.books.keep_lease()
        return list(self._crew.answers(seconds))


def _may_launch(flight: Flight) -> bool:
    return flight.attempt is None or flight.replaces


def _codes(flight: Flight) -> set[ReasonCode]:
    return {reason.code for reason in flight.item.reasons}


def _is_unknown(flight: Flight, listing: Listing) -> bool:
    """Whether IPS lists something of it although this ledger has not sent it."""
    item, codes = flight.item, _codes(flight)
    if not item.action.sends:
        return ReasonCode.FOUND_ON_SERVER in codes
    spent = item.generation if ReasonCode.REFUSED in codes else item.generation - 1
    return listing.last_generation(item.attempt_name) > spent


def _compare(flight: Flight, listing: Listing) -> None:
    name, generation = flight.item.attempt_name, flight.item.generation
    listed = listing.last_generation(name)
    if listed > generation and flight.item.action.sends:
        flight.leave(
            f"not started: IPS has generation {listed} of it, of which the ledger knows nothing: "
            "plan again with --refresh full"
        )
    flight.is_listed = bool(listing.copies(name))
    # What IPS refused may have been taken after all.
    flight.in_doubt = flight.is_listed or ReasonCode.REFUSED in _codes(flight)
