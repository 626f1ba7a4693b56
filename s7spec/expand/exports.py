"""One export: its templates compiled, then expanded for each combination of its matrix."""

from __future__ import annotations

import itertools
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from s7spec.expand.language import is_template
from s7spec.expand.parts import BadValueError, Part
from s7spec.expand.problems import Problem
from s7spec.expand.sandbox import TemplateSandbox
from s7spec.expand.templates import (
    COMPILATION_ERRORS,
    EVALUATION_ERRORS,
    Leaves,
    check,
    explained,
    thawed,
    uncompilable,
)
from s7spec.model.manifest import Export, MatrixAxis
from s7spec.model.rules import Rule
from s7spec.model.source import Pointer

MAX_FAILURES = 20
"""After so many combinations that fail, the rest of an export is not tried."""

_LONGEST_VALUE = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class LeafProblem:
    """A problem and the leaf of the manifest that has it."""

    pointer: Pointer
    problem: Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Expanded:
    """The finished parts of one combination, by name; ``combination`` has words for each axis."""

    combination: tuple[str, ...]
    parts: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Slot:
    """A leaf with a template: its part, its place in that part, its text."""

    part: int
    leaf: int
    text: str
    pointer: Pointer


_Values = list[list[Any]]


def expand_export(
    export: Export, parts: Sequence[Part], sandbox: TemplateSandbox, base: Mapping[str, Any]
) -> Iterator[Expanded | LeafProblem]:
    """Every combination in order, the last axis changing fastest; or what is wrong.

    Parts without ``matrix`` in their templates are made once and shared by all combinations.
    """
    slots = [*_slots(parts)]
    problems = [_at(slot, problem) for slot in slots for problem in check(slot.text).problems]
    if problems:
        yield from problems
        return
    varying = [slot for slot in slots if "matrix" in check(slot.text).names]
    first = _Batch([slot for slot in slots if slot not in varying], sandbox)
    each = _Batch(varying, sandbox)
    changing = {slot.part for slot in varying}
    lasting = [index for index in range(len(parts)) if index not in changing]
    values: _Values = [list(part.leaves) for part in parts]
    problems = [*first.problems, *each.problems] or first.fill(values, {**base, "matrix": {}})
    made = _made(parts, lasting, values, problems)
    yield from problems
    is_whole = not problems
    failures = 0
    for words, combination in combinations(export.matrix):
        problems = each.fill(values, {**base, "matrix": combination})
        changed = _made(parts, sorted(changing), values, problems)
        yield from (_for_combination(found, words) for found in problems)
        failures += bool(problems)
        if failures >= MAX_FAILURES or not is_whole:
            return
        if not problems:
            yield Expanded(combination=words, parts={**made, **changed})


class _Batch:
    """Leaves that are compiled and expanded together."""

    def __init__(self, slots: Sequence[_Slot], sandbox: TemplateSandbox) -> None:
        self._slots = slots
        self._leaves: Leaves | None = None
        self.problems: list[LeafProblem] = []
        try:
            self._leaves = Leaves(sandbox, tuple(slot.text for slot in slots)) if slots else None
        except COMPILATION_ERRORS:
            found = ((slot, uncompilable(slot.text)) for slot in slots)
            self.problems = [_at(slot, problem) for slot, problem in found if problem is not None]

    def fill(self, values: _Values, scope: dict[str, Any]) -> list[LeafProblem]:
        """Puts the expanded leaves into ``values``, or says which ones fail, all of them."""
        leaves = self._leaves
        if leaves is None:
            return []
        try:
            expanded = leaves.evaluate(scope)
        except EVALUATION_ERRORS as error:
            return self._fill_singly(leaves, values, scope) or [
                _at(self._slots[0], explained(error, scope))
            ]
        for slot, value in zip(self._slots, expanded, strict=True):
            values[slot.part][slot.leaf] = value
        return []

    def _fill_singly(
        self, leaves: Leaves, values: _Values, scope: dict[str, Any]
    ) -> list[LeafProblem]:
        failed: list[LeafProblem] = []
        for slot, (value, error) in zip(self._slots, leaves.each(scope), strict=True):
            values[slot.part][slot.leaf] = value
            if error is not None:
                failed.append(_at(slot, explained(error, scope)))
        return failed


def combinations(
    matrix: Sequence[MatrixAxis],
) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    """Every combination with words for it; one empty combination without a matrix."""
    names = [axis.name for axis in matrix]
    axes = [list(zip(_axis_words(axis), map(thawed, axis.values), strict=True)) for axis in matrix]
    for chosen in itertools.product(*axes):
        values = (value for _, value in chosen)
        yield tuple(words for words, _ in chosen), dict(zip(names, values, strict=True))


def _slots(parts: Sequence[Part]) -> Iterator[_Slot]:
    for number, part in enumerate(parts):
        for index, (leaf, pointer) in enumerate(zip(part.leaves, part.pointers, strict=True)):
            if isinstance(leaf, str) and is_template(leaf):
                yield _Slot(part=number, leaf=index, text=leaf, pointer=pointer)


def _made(
    parts: Sequence[Part], which: Iterable[int], values: _Values, problems: list[LeafProblem]
) -> dict[str, Any]:
    """The finished parts; what is wrong with others is added to ``problems``."""
    failed = {problem.pointer for problem in problems}
    made: dict[str, Any] = {}
    for index in which:
        part = parts[index]
        if not failed.isdisjoint(part.pointers):
            continue
        try:
            made[part.name] = part.convert(values[index])
        except BadValueError as error:
            problem = Problem(rule=Rule.BAD_EXPANSION, summary=str(error), hint=error.hint)
            problems.append(LeafProblem(pointer=part.pointers[error.leaf], problem=problem))
    return made


def _at(slot: _Slot, problem: Problem) -> LeafProblem:
    return LeafProblem(pointer=slot.pointer, problem=problem)


def _for_combination(found: LeafProblem, combination: tuple[str, ...]) -> LeafProblem:
    if not combination:
        return found
    hint = f"{found.problem.hint} (with {', '.join(combination)})"
    return replace(found, problem=replace(found.problem, hint=hint))


def _axis_words(axis: MatrixAxis) -> list[str]:
    """``size=main`` for each value; ``size[2]=main`` where another value is called the same."""
    words = [_words(value) for value in axis.values]
    count = Counter(words)
    return [
        f"{axis.name}[{index}]={word}" if count[word] > 1 else f"{axis.name}={word}"
        for index, word in enumerate(words)
    ]


def _words(value: Any) -> str:
    """How a matrix value is called in messages: short, and by its id if it has one."""
    if isinstance(value, Mapping):
        named = next((value[key] for key in ("id", "name") if key in value), None)
        if isinstance(named, str):
            return named
    text = value if isinstance(value, str) else json.dumps(thawed(value), ensure_ascii=False)
    return text if len(text) <= _LONGEST_VALUE else f"{text[: _LONGEST_VALUE - 3]}..."
