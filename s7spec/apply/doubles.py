"""Jobs that IPS has twice although nobody saw it when they were sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from s7spec.apply.tower import Tower
from s7spec.apply.wording import with_double
from s7spec.model.ledger import Attempt
from s7spec.model.sight import Listing
from s7spec.ports import LedgerView, LedgerWriter

_FEW = 3


def unsaid_doubles(listing: Listing, view: LedgerView) -> Iterator[Attempt]:
    """The ledger's attempts of which IPS lists several jobs, with the message that says so; those
    that say it already are left out.

    With a quarantine that is too short the first of two submits may surface when the second has
    long ended: only a later look can tell (semantics: section 4, safety)."""
    for name in listing.doubled():
        if not view.knows(name):
            continue
        attempt = view.attempt(name)
        message = with_double(attempt.message, listing.copies(name))
        if message != attempt.message and not attempt.state.is_open and not attempt.recurs:
            yield replace(attempt, message=message)


def write_down(doubles: list[Attempt], tower: Tower) -> str:
    """What the run has to say about them, once they are in the ledger; empty when there are
    none."""
    if not doubles:
        return ""
    at = tower.watch.wall()
    tower.books.write(_recording(replace(attempt, updated_at=at)) for attempt in doubles)
    names = ", ".join(attempt.name for attempt in doubles[:_FEW])
    more = f" and {len(doubles) - _FEW} more" if len(doubles) > _FEW else ""
    return f"IPS has several jobs of one name, sent by an earlier run: {names}{more}"


def _recording(attempt: Attempt) -> Callable[[LedgerWriter], Attempt]:
    return lambda writer: writer.record(attempt)
