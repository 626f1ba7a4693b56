"""A look at the server for every attempt that may still be at work."""

from __future__ import annotations

from datetime import datetime, timedelta

from s7spec.model.ledger import Attempt
from s7spec.model.sight import Listing, Observed, Sight, Unobserved
from s7spec.model.wishes import Refresh
from s7spec.ports import IpsAnswerUnreadable, IpsFault, IpsGateway, IpsUnreachable, LedgerView

LOOKBACK = timedelta(days=30)
"""How far back job logs are looked through for jobs that the ledger does not know."""


def observe(
    view: LedgerView, gateway: IpsGateway, *, now: datetime, refresh: Refresh = Refresh.AUTO
) -> Observed:
    """Each open attempt as the server shows it. A failed look is never taken for "not there": it is
    Unobserved. Errors that concern every look (no access) pass through, and those of the lists."""
    attempts = view.open_attempts()
    if refresh is Refresh.NONE:
        unasked = Unobserved(why="--refresh none")
        return Observed(attempts={attempt.name: unasked for attempt in attempts})
    lists = refresh is Refresh.FULL or view.is_cold()
    listing = Listing(gateway.known_jobs(now - LOOKBACK)) if lists else None
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
