"""How often an entry of ``exports`` counts: its combinations, and ``when``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from math import prod
from typing import Any

from s7spec.expand.budget import size_of
from s7spec.expand.combinations import Combinations, Indices
from s7spec.expand.dependencies import needed_dimensions
from s7spec.expand.engine import Engine
from s7spec.expand.problems import Irregular, LeafProblem
from s7spec.expand.single import bad_value, evaluate, thawed
from s7spec.model.manifest import MAX_COMBINATIONS, Matrix, Repetition
from s7spec.model.source import Place


def combinations_of(
    repetition: Repetition, engine: Engine, base: Mapping[str, Any]
) -> Combinations:
    """The combinations of an entry. ``base`` is what templates see outside of them. Raises
    SingleFailure."""
    rows = _rows(repetition, engine, base)
    matrix = repetition.matrix
    if matrix is None:
        return Combinations(rows=rows)
    axes = {
        axis.name: _values(matrix, axis.name, axis.values, engine, base) for axis in matrix.axes
    }
    count = prod(map(len, axes.values())) * (1 if rows is None else len(rows))
    _check_count(count, repetition)
    exclude = [thawed(entry) for entry in matrix.exclude]
    include = [thawed(entry) for entry in matrix.include]
    # Every entry is held against every value, and most against every combination as well.
    held_against = count + sum(map(len, axes.values()))
    engine.work.spend(5 * held_against * (size_of(exclude) + size_of(include)))
    combinations = Combinations(rows=rows, axes=axes, exclude=exclude, include=include)
    _check_count(len(combinations), repetition)
    return combinations


def _check_count(count: int, repetition: Repetition) -> None:
    if count > MAX_COMBINATIONS:
        raise bad_value(
            repetition.place.below("matrix"),
            f"`matrix` and `for_each` make {count:,} jobs",
            f"one export makes at most {MAX_COMBINATIONS:,} jobs: shorten a list",
        )


def _rows(repetition: Repetition, engine: Engine, base: Mapping[str, Any]) -> Sequence[Any] | None:
    stated = repetition.for_each
    if stated is None:
        return None
    place = repetition.place.below("for_each")
    return _list(stated, place, "for_each", engine, base)


def _values(
    matrix: Matrix, name: str, stated: Any, engine: Engine, base: Mapping[str, Any]
) -> Sequence[Any]:
    place = matrix.place.below(name)
    values = _list(stated, place, f"matrix.{name}", engine, base)
    for value in values:
        if not isinstance(value, str | int | float | dict):
            raise bad_value(
                place,
                f"`matrix.{name}` holds a list or nothing (null)",
                "its values are texts, numbers, truth values and mappings",
            )
    if not values:
        raise bad_value(place, f"`matrix.{name}` is empty", "give it at least one value")
    return values


def _list(
    stated: Any, place: Place, name: str, engine: Engine, base: Mapping[str, Any]
) -> Sequence[Any]:
    if not isinstance(stated, str):
        engine.work.spend(4 * len(stated))
        values: Any = thawed(stated)
    else:
        values = evaluate(stated, place, engine, base)
    if isinstance(values, range | tuple):
        values = list(values)
    if not isinstance(values, list):
        raise bad_value(
            place,
            f"`{name}` must be a list, not {_kind(values)}",
            "name a list: {{ data.rows }}; |list makes one of what a filter gives, |items of a "
            "mapping",
        )
    if len(values) > MAX_COMBINATIONS:
        raise bad_value(
            place,
            f"`{name}` has {len(values):,} entries",
            f"one export makes at most {MAX_COMBINATIONS:,} jobs: shorten the list",
        )
    return values


class When:
    """``when`` of an entry: evaluated once for each value of what it depends on."""

    def __init__(
        self,
        repetition: Repetition,
        engine: Engine,
        combinations: Combinations,
        base: Mapping[str, Any],
    ) -> None:
        self._stated = repetition.when
        self._place = repetition.place.below("when")
        self._engine = engine
        self._combinations = combinations
        self._base = base
        self._known: dict[Indices, bool] = {}
        self._needed: Indices = tuple(range(len(combinations.dimensions)))
        self.is_always = repetition.when is True
        if isinstance(repetition.when, str):
            with suppress(Irregular):  # evaluating it says what is wrong
                self._needed = needed_dimensions(repetition.when, engine, combinations)

    def holds(self, indices: Indices) -> bool:
        """Whether this combination counts. Raises SingleFailure."""
        if not isinstance(self._stated, str):
            return self._stated
        key = tuple(indices[at] for at in self._needed)
        if key not in self._known:
            scope = {**self._base, **self._combinations.scope(indices)}
            self._known[key] = self._value(self._stated, scope)
        return self._known[key]

    def _value(self, text: str, scope: Mapping[str, Any]) -> bool:
        value = evaluate(text, self._place, self._engine, scope)
        if isinstance(value, bool):
            return value
        raise bad_value(
            self._place,
            f"`when` must be true or false, not {_kind(value)}",
            "compare, as in {{ env.name == 'production' }}; |length > 0 tells whether there is "
            "anything",
        )


def with_words(problem: LeafProblem, words: Sequence[str]) -> LeafProblem:
    """The problem, said of one combination."""
    if not words:
        return problem
    hint = f"{problem.problem.hint} (with {', '.join(words)})"
    return replace(problem, problem=replace(problem.problem, hint=hint))


def _kind(value: Any) -> str:
    if value is None:
        return "nothing (null)"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, str):
        shown = value if len(value) <= 40 else f"{value[:37]}..."
        return f"the text `{shown}`"
    if isinstance(value, int | float):
        return f"the number {value}"
    return "a mapping" if isinstance(value, Mapping) else "a list"
