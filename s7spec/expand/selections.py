"""Selections of assets: their leaves, and what comes of them."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeAlias

from s7spec.expand.problems import Irregular
from s7spec.expand.simple import is_template
from s7spec.expand.values import BadValueError, checked_text
from s7spec.model.manifest import Export
from s7spec.model.selection import Selection
from s7spec.model.source import Place

FindSelection: TypeAlias = Callable[[Export, Mapping[str, Any]], Selection]
"""The selection that an export takes, in a scope. Raises SingleFailure."""

Spot: TypeAlias = tuple[str] | tuple[str, int]
"""A leaf of a selection, below it."""

_IDLE_STEPS = frozenset({"", ".", ".."})
_LISTS = ("names", "types", "exclude")
_MOST_SHARED = 10_000
"""Distinct selections of one export that are kept to be shared by jobs."""


class SelectionTexts:
    """The short way: only leaves with templates are filled in, and jobs with the same texts share
    one selection. Raises Irregular when the selection as it is written is wrong."""

    def __init__(self, selection: Selection) -> None:
        leaves, self._spots = selection_leaves(selection)
        self._leaves = leaves
        self._selection = selection
        self._varying = [at for at, leaf in enumerate(leaves) if is_template(leaf)]
        self.varying = [leaves[at] for at in self._varying]
        self._known: dict[tuple[str, ...], Selection] = {}
        if not (self._varying or _is_plainly_right(selection)):
            self._checked(leaves)

    def filled(self, texts: Sequence[str], start: int) -> Selection:
        """``texts`` from ``start`` on are the values of ``varying``. Raises Irregular."""
        if not self._varying:
            return self._selection
        key = tuple(texts[start:])
        selection = self._known.get(key)
        if selection is None:
            values = list(self._leaves)
            for at, text in zip(self._varying, key, strict=True):
                values[at] = text
            selection = self._checked(values)
            if len(self._known) < _MOST_SHARED:
                self._known[key] = selection
        return selection

    def _checked(self, values: Sequence[str]) -> Selection:
        try:
            return filled_selection(self._selection, self._leaves, values, self._spots)
        except BadValueError as error:
            raise Irregular from error


def _is_plainly_right(selection: Selection) -> bool:
    """True for most lists of names and most folders; False when it takes a closer look."""
    names, folder = selection.names, selection.folder
    return bool(
        (folder is None or _plain_folder(folder))
        and all(map(_plain_word, (*names, *selection.types, *selection.exclude)))
        and len(frozenset(names)) == len(names)
        and not selection.where
    )


_plain_word = re.compile(r"[!-~]+").fullmatch
_plain_folder = re.compile(r"(?:[A-Za-z0-9_-][A-Za-z0-9_ -]*/)+").fullmatch


def size_of_selection(selection: Selection) -> int:
    """How many leaves it has, those without templates too."""
    return 1 + len(selection.where) + sum(len(getattr(selection, name)) for name in _LISTS)


def selection_leaves(selection: Selection) -> tuple[tuple[str, ...], list[Spot]]:
    """The texts of a selection that may hold templates, and where each stands below it."""
    conditions = [
        (index, str(condition.value))
        for index, condition in enumerate(selection.where)
        if isinstance(condition.value, str)
    ]
    folder = [] if selection.folder is None else [selection.folder]
    spots: list[Spot] = [("folder",)] if folder else []
    for name in _LISTS:
        spots += [(name, index) for index in range(len(getattr(selection, name)))]
    spots += [("where", index) for index, _ in conditions]
    texts = (*folder, *selection.names, *selection.types, *selection.exclude)
    return (*texts, *(value for _, value in conditions)), spots


def filled_selection(
    selection: Selection, leaves: Sequence[str], values: Sequence[Any], spots: Sequence[Spot]
) -> Selection:
    """``selection`` with its ``leaves`` expanded to ``values``; itself when nothing changes.
    Raises BadValueError."""
    texts = _check_selection(values, spots)
    if all(value is leaf for value, leaf in zip(values, leaves, strict=True)):
        return selection
    rest = iter(texts)
    folder = next(rest) if selection.folder is not None else None
    names, types, exclude = (
        tuple(itertools.islice(rest, len(getattr(selection, name)))) for name in _LISTS
    )
    where = tuple(
        replace(condition, value=next(rest)) if isinstance(condition.value, str) else condition
        for condition in selection.where
    )
    return replace(selection, folder=folder, names=names, types=types, exclude=exclude, where=where)


def leaf_place(selection: Selection, spot: Spot) -> Place:
    place = selection.place.below(*spot)
    return place.below("value") if spot[0] == "where" else place


def _check_selection(values: Sequence[Any], spots: Sequence[Spot]) -> list[str]:
    texts: list[str] = []
    seen: set[str] = set()
    for index, (value, place) in enumerate(zip(values, spots, strict=True)):
        text = checked_text(value, index)
        if not text or text != text.strip():
            raise BadValueError(
                f"the {_NOUNS[place[0]]} is empty, or begins or ends with a blank",
                "write it without blanks around; in a template, |trim cuts them off",
                index,
            )
        if place == ("folder",) and (text.startswith("/") or "\\" in text):
            raise BadValueError(
                f"`{text[:120]}` is no folder of the company",
                "begin with the company's root folder, and separate folders with /",
                index,
            )
        if place == ("folder",) and not _IDLE_STEPS.isdisjoint(text.rstrip("/").split("/")):
            raise BadValueError(
                f"`{text[:120]}` leads through an empty step, `.` or `..`",
                "IPS takes folders by their plain names: Acme/Products/",
                index,
            )
        if place[0] == "names" and text in seen:
            raise BadValueError(f"the asset `{text[:120]}` is named twice", "name it once", index)
        if place[0] == "names":
            seen.add(text)
        texts.append(text)
    return texts


_NOUNS = {
    "folder": "folder",
    "names": "asset name",
    "types": "type",
    "exclude": "pattern",
    "where": "value to compare with",
}
