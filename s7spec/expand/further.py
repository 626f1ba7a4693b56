"""What few exports have and may be templates: a schedule, and words that their authors choose."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from s7spec.expand.values import cron, moment, short_text
from s7spec.model.manifest import Export
from s7spec.model.source import Place

INPUT = "inputs."
"""What the names of leaves of ``inputs`` begin with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FurtherLeaf:
    """``finish`` gets the leaf's value, its template expanded; it raises BadValueError."""

    name: str
    stated: str | int
    place: Place
    finish: Callable[[Any], str]


def further_leaves(export: Export) -> Iterator[FurtherLeaf]:
    """``at`` or ``cron``, ``rerun``, ``code_version``, and ``inputs.NAME`` for each name."""
    schedule = export.schedule
    if schedule is not None:
        place = schedule.place
        for name, text, finish in (("at", schedule.at, moment), ("cron", schedule.cron, cron)):
            if text is not None:
                yield FurtherLeaf(name=name, stated=text, place=place.below(name), finish=finish)
    for name, text in (("rerun", export.rerun), ("code_version", export.code_version)):
        if text is not None:
            yield _word(name, text, export.place_of(name))
    if export.inputs:
        place = export.place_of("inputs")
        for name, value in export.inputs.items():
            yield _word(f"{INPUT}{name}", value, place.below(name))


def _word(name: str, stated: str | int, place: Place) -> FurtherLeaf:
    return FurtherLeaf(name=name, stated=stated, place=place, finish=partial(short_text, name))
