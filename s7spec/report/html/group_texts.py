"""The payload fields that change: in full, and where there is little room shorter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial

from s7spec.report.changes import Difference, FieldDifference, ValueChange
from s7spec.report.figures import count
from s7spec.report.html.markup import BRIEF, brief, data, in_turn, plain
from s7spec.report.html.room import Room
from s7spec.report.plan_outline import Group

_ARROW = "→"
_MOST_FIELDS, _MOST_VALUES = 3, 3
_LEAD = 12
"""Characters that are shown before the first one that differs."""


def change_texts(changes: Difference) -> list[str]:
    """``is_modifier wid 1000 → 1200``, a line for each field."""
    return [_change_text(change) for change in changes]


def brief_change_texts(changes: Difference) -> list[str]:
    """The same of a few fields and a few of their values, long ones without their middle."""
    texts = [brief(_brief_text(change), 4 * BRIEF) for change in changes[:_MOST_FIELDS]]
    rest = len(changes) - _MOST_FIELDS
    return [*texts, f"… and {count(rest, 'field')} more"] if rest > 0 else texts


def group_texts(groups: Iterable[Group], room: Room) -> Iterator[str]:
    """Those of each group in turn; those of the last ones are left out without room."""
    return in_turn(_fitting(groups, room))


def _fitting(groups: Iterable[Group], room: Room) -> Iterator[str]:
    for group in groups:
        text = room.fit(data(change_texts(group.changes)), partial(_brief_texts, group))
        if text is None:
            room.shortened = True
            return
        yield text


def _brief_texts(group: Group) -> str:
    return data(brief_change_texts(group.changes))


def _change_text(change: FieldDifference) -> str:
    return plain(f"{change.label} {change.text(_ARROW)}")


def _brief_text(change: FieldDifference) -> str:
    rest = len(change.values) - _MOST_VALUES
    shown = replace(change, values=tuple(map(_brief_value, change.values[:_MOST_VALUES])))
    return f"{_change_text(shown)}{f'; … and {rest:,} more' if rest > 0 else ''}"


def _brief_value(value: ValueChange) -> ValueChange:
    """The place where the values begin to differ stays."""
    start = max(_shared_start(value.before or "", value.after or "") - _LEAD, 0)
    before, after = _from(value.before, start), _from(value.after, start)
    return ValueChange(name=brief(value.name), before=before, after=after)


def _shared_start(one: str, other: str) -> int:
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (a, b) in pairs if a != b), min(len(one), len(other)))


def _from(text: str | None, start: int) -> str | None:
    if text is None or len(text) <= BRIEF:
        return text
    return brief(f"…{text[start:]}" if start else text)
