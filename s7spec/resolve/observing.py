"""A look at the server for every attempt that may still be at work."""

from __future__ import annotations

from datetime import datetime

from s7spec.model.ledger import Attempt
from s7spec.model.sight import RECENT, THE_BEGINNING, Listing, Observed, Sight, Unobserved
from s7spec.model.wishes import Refresh
from s7spec.ports import IpsAnswerUnreadable, IpsFault, IpsGateway, IpsUnreachable, LedgerView


def observe(
    view: LedgerView,
    gateway: IpsGateway,
    *,
    now: datetime,
    refresh: Refresh = Refresh.AUTO,
    first_run: bool = False,
    misses_history: bool = False,
) -> Observed:
    """Each open attempt as the server shows it. A failed look is never taken for "not there": it is
    Unobserved. Errors that concern every look (no access) pass through, and those of the lists.

    ``first_run``: a ledger that is empty was not lost. ``misses_history``: of some job the ledger
    does not know what was sent.
    """
    attempts = view.open_attempts()
    if refresh is Refresh.NONE:
        unasked = Unobserved(why="--refresh none")
        return Observed(attempts={attempt.name: unasked for attempt in attempts})
    is_full, is_cold = refresh is Refresh.FULL, view.is_cold()
    listing: Listing | None = None
    if is_full or is_cold or misses_history:
        # All that IPS still lists, at a call for hundreds of logs: to look up names takes a call
        # for each job, and tells neither of later generations nor of doubles.
        was_never_lost = first_run and is_cold and not is_full
        listing = Listing(gateway.known_jobs(now - RECENT if was_never_lost else THE_BEGINNING))
    return Observed(
        attempts={attempt.name: _sight(attempt, gateway) for attempt in attempts},
        listing=listing,
    )


def _sight(attempt: Attempt, gateway: IpsGateway) -> Sight:
    """Of what starts again and again the schedule comes first: a run of it, at work or ended, does
    not tell whether there will be another."""
    try:
        seen = gateway.scheduled(attempt.name) if attempt.recurs else None
        return seen or gateway.find(attempt.name)
    except (IpsUnreachable, IpsFault, IpsAnswerUnreadable) as error:
        return Unobserved(why=str(error))
