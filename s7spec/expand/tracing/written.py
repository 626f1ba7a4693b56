"""Names whose values may be templates themselves: params, and what an entry is repeated for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from s7spec.expand.combinations import EACH, Combinations, Indices, agrees
from s7spec.expand.repeating import combinations_of
from s7spec.expand.simple import Path, is_template, simple_pieces
from s7spec.expand.single import thawed
from s7spec.expand.tracing.paths import MISSING, dotted, paths_in, value_at, value_below
from s7spec.expand.tracing.sight import Sight, frozen
from s7spec.model.manifest import ExportTemplate, Matrix, Repetition, TemplateUse
from s7spec.model.source import JsonValue, Place
from s7spec.model.trace import VariableOrigin, VariableTrace

Steps = tuple[str | int, ...]


class ParamsRoot:
    """``params``: what ``with`` says, or the defaults. ``sight`` is the manifest's, at the use."""

    def __init__(
        self, entry: TemplateUse, template: ExportTemplate, params: Mapping[str, Any], sight: Sight
    ) -> None:
        self._entry = entry
        self._template = template
        self._params = params
        self._sight = sight

    def trace(self, path: Path) -> VariableTrace:
        if not path.steps:
            return _together(self, path, self._params)
        name, *rest = path.steps
        value = self._params[str(name)]
        if name in self._entry.arguments:
            place = self._entry.place.below("with", name)
            follow = _Follow(path, VariableOrigin.ARGUMENT, self._sight)
            return follow.trace(self._entry.arguments[str(name)], place, tuple(rest), value)
        (param,) = [each for each in self._template.params if each.name == name]
        follow = _Follow(path, VariableOrigin.DEFAULT, None)
        return follow.trace(param.default, param.place.below("default"), tuple(rest), value)


class RowRoot:
    """``each``: a row of ``for_each``."""

    def __init__(
        self, repetition: Repetition, combinations: Combinations, indices: Indices, sight: Sight
    ) -> None:
        self._place = repetition.place.below("for_each")
        self._stated = repetition.for_each
        at = [each.name for each in combinations.dimensions].index(EACH)
        self._rows = combinations.dimensions[at].values
        self._index = indices[at]
        self._sight = sight

    def trace(self, path: Path) -> VariableTrace:
        follow = _Follow(path, VariableOrigin.ROW, self._sight)
        return follow.trace(self._stated, self._place, (self._index, *path.steps), self._rows)


class MatrixRoot:
    """``matrix``: the value of each axis, and what ``include`` adds to them."""

    def __init__(
        self, repetition: Repetition, combinations: Combinations, indices: Indices, sight: Sight
    ) -> None:
        assert repetition.matrix is not None
        self._matrix: Matrix = repetition.matrix
        self._values = combinations.scope(indices)["matrix"]
        self._sight = sight
        self._chosen: dict[str, int] = {}
        self._included: dict[str, int] = {}
        for dimension, index in zip(combinations.dimensions, indices, strict=True):
            if dimension.name == EACH:
                continue
            if dimension.axis is None:
                self._take_apart(repetition, index)
            else:
                self._chosen[dimension.axis] = index

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(self._values)

    def trace(self, path: Path) -> VariableTrace:
        if not path.steps:
            return _together(self, path, self._values)
        key, rest = str(path.steps[0]), path.steps[1:]
        if key in self._included:
            number = self._included[key]
            place = self._matrix.place.below("include", number, key)
            follow = _Follow(path, VariableOrigin.INCLUDE, None)
            stated = self._matrix.include[number][key]
            return follow.trace(stated, place, rest, self._values[key])
        (axis,) = [each for each in self._matrix.axes if each.name == key]
        follow = _Follow(path, VariableOrigin.AXIS, self._sight)
        steps = (self._chosen[key], *rest)
        known = {self._chosen[key]: self._values[key]}
        return follow.trace(axis.values, self._matrix.place.below(key), steps, known)

    def _take_apart(self, repetition: Repetition, index: int) -> None:
        """Which keys of a whole combination are an axis's, and which come from ``include``."""
        matrix = self._matrix
        bare = replace(repetition, for_each=None, matrix=replace(matrix, include=()))
        axes = combinations_of(bare, self._sight.engine, self._sight.values)
        kept = list(axes) if matrix.axes else []
        originals = [axes.scope(each)["matrix"] for each in kept]
        entries = [thawed(entry) for entry in matrix.include]
        names = {axis.name for axis in matrix.axes}
        fitting = [[_fits(entry, each, names) for each in originals] for entry in entries]
        if index >= len(kept):
            added = [number for number, fits in enumerate(fitting) if not any(fits)]
            number = added[index - len(kept)]
            self._included = dict.fromkeys(entries[number], number)
            return
        for dimension, chosen in zip(axes.dimensions, kept[index], strict=True):
            self._chosen[str(dimension.axis)] = chosen
        for number, entry in enumerate(entries):
            if fitting[number][index]:
                self._included |= dict.fromkeys([k for k in entry if k not in names], number)


class _Follow:
    """From what somebody wrote down to one value in it, through a template if one stands there.

    ``sight`` is what templates see at that place; None where there are none.
    """

    def __init__(self, path: Path, origin: VariableOrigin, sight: Sight | None) -> None:
        self._path = dotted(path.name, *path.steps)
        self._origin = origin
        self._sight = sight

    def trace(self, stated: JsonValue, place: Place, steps: Steps, made: Any) -> VariableTrace:
        """``stated`` stands at ``place`` and became ``made``; ``steps`` lead on from there."""
        value = value_below(made, steps)
        while steps and not isinstance(stated, str):
            stated = value_below(stated, steps[:1])
            place, made, steps = place.below(steps[0]), value_below(made, steps[:1]), steps[1:]
        found = self._variables(stated, steps, made)
        is_text = isinstance(stated, str) and self._sight is not None and is_template(stated)
        return VariableTrace(
            path=self._path,
            value=None if value is MISSING else frozen(value),
            origin=self._origin,
            where=place.locate(),
            label=_label(place),
            written=str(stated) if is_text else None,
            variables=tuple({each.path: each for each in found}.values()),
        )

    def _variables(self, stated: JsonValue, steps: Steps, made: Any) -> Iterator[VariableTrace]:
        if self._sight is None:
            return
        if isinstance(stated, Mapping | tuple):
            for below in stated.values() if isinstance(stated, Mapping) else stated:
                yield from self._variables(below, (), None)
        elif isinstance(stated, str):
            yield from _narrowed(stated, steps, made, self._sight)


def _narrowed(text: str, steps: Steps, made: Any, sight: Sight) -> Iterator[VariableTrace]:
    """The variables of an expression, as far as only one part of its value is looked at."""
    pieces = simple_pieces(text)
    if pieces is not None and len(pieces) == 1 and isinstance(pieces[0], Path):
        yield sight.trace(Path(pieces[0].name, (*pieces[0].steps, *steps)))
        return
    item = value_below(made, steps[:1]) if steps else MISSING
    for path in paths_in(text, sight.values, sight.libraries):
        key = _key_of(item, value_at(path, sight.values))
        further = () if key is None else (key, *steps[1:])
        yield sight.trace(Path(path.name, (*path.steps, *further)))


def _key_of(item: Any, container: Any) -> str | int | None:
    """Where ``item`` itself, not one like it, stands in a list or mapping: filters pass on what
    they choose."""
    if not isinstance(item, dict | list) or not isinstance(container, dict | list):
        return None
    pairs = container.items() if isinstance(container, dict) else enumerate(container)
    return next((key for key, value in pairs if value is item), None)


def _fits(entry: Mapping[str, Any], original: Mapping[str, Any], axes: set[str]) -> bool:
    return agrees(original, {key: value for key, value in entry.items() if key in axes})


def _label(place: Place) -> str:
    """The place in words, as seen from its entry of ``exports``."""
    pointer = place.pointer
    return dotted(*(pointer[2:] if pointer[:1] == ("exports",) else pointer))


def _together(
    root: ParamsRoot | MatrixRoot, path: Path, values: Mapping[str, Any]
) -> VariableTrace:
    """A name used as a whole: each of its keys comes from somewhere else."""
    return VariableTrace(
        path=path.name,
        value=frozen(values),
        origin=VariableOrigin.MERGED,
        where=None,
        label="",
        variables=tuple(root.trace(Path(path.name, (key,))) for key in values),
    )
