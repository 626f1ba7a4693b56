"""Lists of a page, which never take more than their room."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import TypeAlias

from s7spec.report.html.markup import BRIEF, LONGEST
from s7spec.report.html.room import Room

MOST = 200
"""Entries of one list. What is beyond is counted, and stands in the table of jobs."""
LIST, LIST_IN_FULL = 100_000, 60_000
"""Bytes of one list, and of those of its entries that could be said shorter."""

Entry: TypeAlias = Callable[[int], str]
"""An entry of a list as HTML, of which each text has so many characters at most."""


def entry_list(entries: Iterable[Entry]) -> Iterator[str]:
    yield "<ul>\n"
    room, rest = Room(LIST, in_full=LIST_IN_FULL), 0
    for place, entry in enumerate(entries):
        text = None
        if place < MOST:
            text = room.fit(entry(LONGEST), partial(entry, 2 * BRIEF))
        if text is None:
            rest += 1
        else:
            yield f"<li>{text}</li>\n"
    if rest:
        yield f"<li>… and {rest:,} more</li>\n"
    yield "</ul>\n"
    if room.shortened:
        yield elsewhere("Long entries are shortened.")


def elsewhere(said: str) -> str:
    return (
        f"<p class=elsewhere>{said} <code>s7spec show plan.json --detail full</code> tells all, as "
        "does the plan's JSON.</p>\n"
    )
