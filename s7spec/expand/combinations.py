"""What an entry of ``exports`` is repeated for: rows of ``for_each`` x combinations of ``matrix``.

``include`` and ``exclude`` work as GitHub Actions' do: first ``exclude`` drops the combinations it
matches, then each ``include`` adds its keys to the combinations whose axes it agrees with, or, if
there are none, stands as a combination of its own.
"""

from __future__ import annotations

import itertools
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import Any, TypeAlias

from s7spec.model.source import masked

EACH = "each"
MATRIX = "matrix"

Indices: TypeAlias = tuple[int, ...]
"""Which value of each dimension: together they name one combination."""

Needed: TypeAlias = tuple[int, ...]
"""Positions among the dimensions."""

_LONGEST_VALUE = 40
_MOST_TOLD_APART = 1_000


@dataclass(frozen=True, kw_only=True)
class Dimension:
    """``axis`` is the key in ``matrix``; None for ``each``, and for a matrix with ``include``,
    whose ``values`` are whole combinations."""

    name: str
    axis: str | None
    values: Sequence[Any]

    def words(self, index: int) -> str:
        """``size=main``; ``size[2]=main`` where another value is called the same, or where there
        are too many to tell."""
        name, word = self.axis or self.name, _words(self.values[index])
        if len(self.values) > _MOST_TOLD_APART or self._count[word] > 1:
            return f"{name}[{index}]={word}"
        return f"{name}={word}"

    @cached_property
    def _count(self) -> Counter[str]:
        return Counter(map(_words, self.values))


class Combinations:
    """All combinations, the last dimension changing fastest.

    ``rows`` are those of ``for_each``, None without one; ``axes`` the matrix's, in their order.
    """

    def __init__(
        self,
        *,
        rows: Sequence[Any] | None = None,
        axes: Mapping[str, Sequence[Any]] | None = None,
        exclude: Sequence[Mapping[str, Any]] = (),
        include: Sequence[Mapping[str, Any]] = (),
    ) -> None:
        each = [] if rows is None else [Dimension(name=EACH, axis=None, values=rows)]
        axes = axes or {}
        self._excluded = [
            {axis: _matching(axes[axis], wanted) for axis, wanted in entry.items()}
            for entry in exclude
        ]
        matrix = [Dimension(name=MATRIX, axis=axis, values=axes[axis]) for axis in axes]
        if include:
            whole = _extended(axes, list(self._kept(matrix)), include)
            matrix = [Dimension(name=MATRIX, axis=None, values=whole)]
            self._excluded = []
        self.dimensions = (*each, *matrix)
        self._needed: dict[tuple[str, str | None], Needed] = {}

    def __len__(self) -> int:
        """How many there are before ``exclude``."""
        return prod(len(dimension.values) for dimension in self.dimensions)

    def __iter__(self) -> Iterator[Indices]:
        return self._kept(self.dimensions)

    def needed(self, name: str, key: str | None) -> Needed:
        """The dimensions that the use of a name depends on; ``key`` is what is taken from its
        value first, None when that can be anything."""
        needed = self._needed.get((name, key))
        if needed is None:
            needed = tuple(
                at
                for at, dimension in enumerate(self.dimensions)
                if name == dimension.name
                and (None in (dimension.axis, key) or key == dimension.axis)
            )
            self._needed[name, key] = needed
        return needed

    def scope(self, indices: Indices) -> dict[str, Any]:
        """``matrix`` and ``each`` as templates see them."""
        matrix: dict[str, Any] = {}
        scope: dict[str, Any] = {MATRIX: matrix}
        for dimension, index in zip(self.dimensions, indices, strict=True):
            value = dimension.values[index]
            if dimension.name == EACH:
                scope[EACH] = value
            elif dimension.axis is None:
                matrix.update(value)
            else:
                matrix[dimension.axis] = value
        return scope

    def words(self, indices: Indices) -> tuple[str, ...]:
        """The combination for people, a word for each dimension."""
        pairs = zip(self.dimensions, indices, strict=True)
        return tuple(dimension.words(index) for dimension, index in pairs)

    def _kept(self, dimensions: Sequence[Dimension]) -> Iterator[Indices]:
        every = itertools.product(*(range(len(each.values)) for each in dimensions))
        if not self._excluded:
            return every
        places = {each.axis: place for place, each in enumerate(dimensions)}
        excluded = [
            [(places[axis], matching) for axis, matching in entry.items()]
            for entry in self._excluded
        ]
        return (
            indices
            for indices in every
            if not any(all(indices[at] in those for at, those in entry) for entry in excluded)
        )


def agrees(value: Any, wanted: Any) -> bool:
    """True when ``value`` is what ``wanted`` says; of a mapping only what is said counts."""
    if isinstance(value, Mapping) and isinstance(wanted, Mapping):
        return all(key in value and agrees(value[key], wanted[key]) for key in wanted)
    return type(value) is type(wanted) and bool(value == wanted)


def _matching(values: Sequence[Any], wanted: Any) -> frozenset[int]:
    return frozenset(index for index, value in enumerate(values) if agrees(value, wanted))


def _extended(
    axes: Mapping[str, Sequence[Any]], kept: list[Indices], include: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """The combinations of ``axes`` that are left, with what ``include`` adds to them, and those
    that it adds."""
    originals = [
        {axis: axes[axis][index] for axis, index in zip(axes, indices, strict=True)}
        for indices in (kept if axes else [])
    ]
    combinations = [dict(original) for original in originals]
    added: list[dict[str, Any]] = []
    for entry in include:
        wanted = {axis: value for axis, value in entry.items() if axis in axes}
        further = {key: value for key, value in entry.items() if key not in axes}
        fitting = [
            combination
            for original, combination in zip(originals, combinations, strict=True)
            if agrees(original, wanted)
        ]
        for combination in fitting:
            combination.update(further)
        if not fitting:
            added.append(dict(entry))
    return [*combinations, *added]


def _words(value: Any) -> str:
    """How a value is called in messages: short, and by its id if it has one."""
    if isinstance(value, Mapping):
        named = next((value[key] for key in ("id", "name") if key in value), None)
        if isinstance(named, str):
            return named
    text = masked(value if isinstance(value, str) else _begin_of(value))
    return text if len(text) <= _LONGEST_VALUE else f"{text[: _LONGEST_VALUE - 3]}..."


def _begin_of(value: Any) -> str:
    """JSON, as far as it will be shown."""
    pieces = json.JSONEncoder(ensure_ascii=False).iterencode(value)
    return "".join(itertools.islice(pieces, _LONGEST_VALUE + 1))
