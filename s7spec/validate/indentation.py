"""Keys that stand beside the one they belong below: one slip, several errors."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from s7spec.model.rules import Rule
from s7spec.model.source import Pointer
from s7spec.validate.mistakes import Mistake, spoken, value_at
from s7spec.validate.words import listed

_HOLDERS = frozenset(
    {
        *("metadata", "vars", "environments", "defaults", "data", "libraries", "assets", "params"),
        *("is_modifier", "matrix", "schedule", "with", "labels"),
    }
)
"""Keys whose values are, or can be, mappings."""


def gathered(found: Iterable[Mistake], value: object) -> Iterator[Mistake]:
    """``found`` in ``value``, with one mistake in place of those that say of a key that it is
    empty, and of the keys right after it that nobody knows them there."""
    mistakes = list(found)
    unknown = {each.pointer for each in mistakes if each.rule is Rule.UNKNOWN_KEY and each.on_key}
    empty = {
        each.pointer
        for each in mistakes
        if each.pointer and each.pointer[-1] in _HOLDERS and value_at(value, each.pointer) is None
    }
    slips: dict[Pointer, list[Pointer]] = {}
    for pointer in empty:
        below = _following(value_at(value, pointer[:-1]), pointer, unknown)
        if below:
            slips[pointer] = below
    slipped = {pointer for below in slips.values() for pointer in below}
    told: set[Pointer] = set()
    for mistake in mistakes:
        if mistake.pointer in slipped:
            continue
        if mistake.pointer not in slips:
            yield mistake
        elif mistake.pointer not in told:
            told.add(mistake.pointer)
            yield _slip(mistake.pointer, slips[mistake.pointer])


def _following(holder: Any, pointer: Pointer, unknown: set[Pointer]) -> list[Pointer]:
    """The unknown keys that come right after the one at ``pointer``."""
    keys = list(holder) if isinstance(holder, dict) else []
    if pointer[-1] not in keys:
        return []
    after = [(*pointer[:-1], key) for key in keys[keys.index(pointer[-1]) + 1 :]]
    known = next((at for at, each in enumerate(after) if each not in unknown), len(after))
    return after[:known]


def _slip(pointer: Pointer, below: list[Pointer]) -> Mistake:
    key = str(pointer[-1])
    names = listed([f"`{each[-1]}`" for each in below[:10]], last="and")
    verb = "stands" if len(below) == 1 else "stand"
    return Mistake(
        rule=Rule.WRONG_TYPE,
        pointer=pointer,
        summary=f"`{spoken(pointer)}` is empty: {names} {verb} beside it",
        hint=f"indent {names} below `{key}`",
    )
