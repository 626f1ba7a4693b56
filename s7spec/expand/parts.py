"""The parts of an export that may hold templates, and how their values become payload."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from s7spec.expand.further import further_leaves
from s7spec.expand.selections import filled_selection, leaf_place, selection_leaves
from s7spec.expand.values import composed, job_key, macro, modifier
from s7spec.model.manifest import Export, ModifierMapping
from s7spec.model.selection import Selection
from s7spec.model.source import Place

Leaf = str | int | float | bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Leaves that make one thing together.

    ``convert`` gets the leaves' values, every template expanded, and returns the finished thing;
    it raises BadValueError (``expand.values``).
    """

    name: str
    leaves: tuple[Leaf, ...]
    places: tuple[Place, ...]
    convert: Callable[[Sequence[Any]], Any]


def parts_of(export: Export, selection: Selection) -> tuple[Part, ...]:
    """Everything of an export that becomes part of its jobs and may hold templates: ``id``,
    ``is_modifier``, ``macro``, ``selection``, and the ``further_leaves``."""
    parts = [_single("id", export.id, export.place_of("id"), job_key)]
    if isinstance(export.is_modifier, str):
        place = export.place_of("is_modifier")
        parts.append(_single("is_modifier", export.is_modifier, place, modifier))
    elif export.is_modifier is not None:
        parts.append(_modifier_mapping(export.is_modifier))
    if export.macro is not None:
        parts.append(_single("macro", export.macro, export.place_of("macro"), macro))
    parts.append(_selection(selection))
    parts += [
        _single(each.name, each.stated, each.place, each.finish) for each in further_leaves(export)
    ]
    return tuple(parts)


def _single(name: str, leaf: Leaf, place: Place, convert: Callable[[Any], Any]) -> Part:
    return Part(
        name=name, leaves=(leaf,), places=(place,), convert=lambda values: convert(values[0])
    )


def _modifier_mapping(stated: ModifierMapping) -> Part:
    names = list(stated.values)
    return Part(
        name="is_modifier",
        leaves=tuple(stated.values.values()),
        places=tuple(map(stated.place_of, names)),
        convert=lambda values: composed(names, values, lambda index: index),
    )


def _selection(selection: Selection) -> Part:
    leaves, spots = selection_leaves(selection)
    return Part(
        name="selection",
        leaves=leaves,
        places=tuple(leaf_place(selection, spot) for spot in spots),
        convert=lambda values: filled_selection(selection, leaves, values, spots),
    )
