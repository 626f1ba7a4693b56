"""An export's jobs the long way: every leaf on its own, through Jinja, with words for whatever is
wrong. It decides what is right: the short way (``expand.filling``) only gives the same sooner.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from s7spec.expand.budget import FAILURE
from s7spec.expand.combinations import EACH, MATRIX
from s7spec.expand.engine import Engine
from s7spec.expand.parts import Part
from s7spec.expand.problems import LeafFailure, LeafProblem
from s7spec.expand.simple import is_template
from s7spec.expand.values import BadValueError
from s7spec.model.source import Place

if TYPE_CHECKING:
    from s7spec.expand.jinja.templates import Leaves

_LEAF = 20
"""Steps of checking one and writing it as a job takes it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Slot:
    """A leaf with a template: its part, its place in that part, its text."""

    part: int
    leaf: int
    text: str
    place: Place
    varies: bool


class Slowly:
    """The parts of one export. ``problems`` are those that no combination can mend."""

    def __init__(self, parts: Sequence[Part], engine: Engine) -> None:
        self._parts = parts
        self._engine = engine
        slots = [*_slots(parts, engine)]
        self.problems = [
            LeafProblem(place=slot.place, problem=problem)
            for slot in slots
            for problem in engine.check(slot.text).problems
        ]
        self._slots = slots
        self._weight = sum(
            _LEAF + len(leaf) // 16 if isinstance(leaf, str) else _LEAF
            for part in parts
            for leaf in part.leaves
        )
        self._leaves: Leaves | None = None
        if slots and not self.problems:
            self._leaves = engine.leaves(tuple(slot.text for slot in slots))
            if self._leaves is None:
                self.problems = [*_uncompilable(slots, engine)]

    def parts(
        self, scope: Mapping[str, Any], words: tuple[str, ...]
    ) -> dict[str, Any] | list[LeafProblem]:
        """The finished parts by name, or everything that is wrong with this combination, called
        ``words``."""
        self._engine.work.spend(self._weight)
        values: list[list[Any]] = [list(part.leaves) for part in self._parts]
        problems = self._fill(values, self._engine.scope(scope)) if self._leaves else []
        failed = {problem.place for problem in problems}
        made: dict[str, Any] = {}
        for part, each in zip(self._parts, values, strict=True):
            if not failed.isdisjoint(part.places):
                continue
            try:
                made[part.name] = part.convert(each)
            except BadValueError as error:
                place = part.places[error.leaf]
                problems.append(LeafProblem(place=place, problem=error.problem()))
        if not problems:
            return made
        self._engine.work.spend(FAILURE)
        return [self._with_words(found, words) for found in problems]

    def _fill(self, values: list[list[Any]], scope: dict[str, Any]) -> list[LeafProblem]:
        """Puts the expanded leaves into ``values``, or says which ones fail, all of them."""
        leaves = self._leaves
        assert leaves is not None
        try:
            expanded = leaves.evaluate(scope)
        except LeafFailure as error:
            return self._fill_singly(values, scope) or [
                LeafProblem(place=self._slots[0].place, problem=error.problem)
            ]
        for slot, value in zip(self._slots, expanded, strict=True):
            values[slot.part][slot.leaf] = value
        return []

    def _fill_singly(self, values: list[list[Any]], scope: dict[str, Any]) -> list[LeafProblem]:
        failed: list[LeafProblem] = []
        assert self._leaves is not None
        for slot, (value, problem) in zip(self._slots, self._leaves.each(scope), strict=True):
            values[slot.part][slot.leaf] = value
            if problem is not None:
                failed.append(LeafProblem(place=slot.place, problem=problem))
        return failed

    def _with_words(self, found: LeafProblem, words: tuple[str, ...]) -> LeafProblem:
        """Says for which combination, where that makes a difference."""
        varies = any(slot.varies and slot.place == found.place for slot in self._slots)
        if not words or not varies:
            return found
        hint = f"{found.problem.hint} (with {', '.join(words)})"
        return replace(found, problem=replace(found.problem, hint=hint))


def _slots(parts: Sequence[Part], engine: Engine) -> Iterator[_Slot]:
    for number, part in enumerate(parts):
        for index, (leaf, place) in enumerate(zip(part.leaves, part.places, strict=True)):
            if isinstance(leaf, str) and is_template(leaf):
                names = {name for name, _ in engine.check(leaf).uses}
                varies = not names.isdisjoint((MATRIX, EACH))
                yield _Slot(part=number, leaf=index, text=leaf, place=place, varies=varies)


def _uncompilable(slots: Sequence[_Slot], engine: Engine) -> Iterator[LeafProblem]:
    for slot in slots:
        problem = engine.uncompilable(slot.text)
        if problem is not None:
            yield LeafProblem(place=slot.place, problem=problem)
