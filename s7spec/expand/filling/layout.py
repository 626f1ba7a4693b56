"""How the texts of a job are put together of as few segments as possible."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import TypeAlias

from s7spec.expand.combinations import Needed

Part: TypeAlias = str | tuple[Needed, int]
"""A fixed text, or the number of a piece among those that depend on the same dimensions."""

Segment: TypeAlias = tuple[str | int, ...]
"""Fixed texts and numbers of pieces that stand side by side and change together."""

Cell: TypeAlias = tuple[str, ...]
"""Texts that change together."""


@dataclass(frozen=True, slots=True)
class Layout:
    """``segments`` by the dimensions they depend on; ``fixed`` is the whole text when it depends
    on none. ``pick`` puts the segments of all dimensions, one after the other, into the order of
    the text; None when they stand in it already."""

    segments: Mapping[Needed, Sequence[Segment]]
    fixed: Cell
    pick: Callable[[Cell], Cell] | None


def lay_out(parts: Sequence[Part]) -> Layout:
    """Parts in the order of the text into segments: a fixed text joins the segment before it, the
    first one that after it."""
    ordered: list[tuple[Needed, list[str | int]]] = []
    here: Needed = ()
    items: list[str | int] = []
    for part in parts:
        if isinstance(part, str):
            items.append(part)
            continue
        needed, number = part
        if here and here != needed:
            ordered.append((here, items))
            items = []
        here = needed
        items.append(number)
    if not here:
        return Layout({}, ("".join(map(str, items)),), None)
    ordered.append((here, items))
    segments: dict[Needed, list[Segment]] = defaultdict(list)
    places: list[tuple[Needed, int]] = []
    for needed, items in ordered:
        places.append((needed, len(segments[needed])))
        segments[needed].append(tuple(items))
    return Layout(segments, (), _picker(places, segments))


def filler(segments: Sequence[Segment]) -> Callable[[Sequence[str]], Cell]:
    """Gives the texts of the segments for the values of their pieces."""
    patterns = [
        (
            "".join(item.replace("%", "%%") if isinstance(item, str) else "%s" for item in segment),
            [item for item in segment if isinstance(item, int)],
        )
        for segment in segments
    ]

    def filled(values: Sequence[str]) -> Cell:
        return tuple([text % tuple([values[at] for at in places]) for text, places in patterns])

    return filled


def _picker(
    places: Sequence[tuple[Needed, int]], segments: Mapping[Needed, Sequence[Segment]]
) -> Callable[[Cell], Cell] | None:
    starts: dict[Needed, int] = {}
    count = 0
    for needed, each in segments.items():
        starts[needed] = count
        count += len(each)
    order = [starts[needed] + index for needed, index in places]
    return None if order == list(range(count)) else itemgetter(*order)
