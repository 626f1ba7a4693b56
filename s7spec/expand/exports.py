"""One export: a job's finished parts for each of its combinations, or what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from s7spec.expand.combinations import Combinations, Indices
from s7spec.expand.engine import Engine
from s7spec.expand.parts import parts_of
from s7spec.expand.pieces import Pattern, modifier_pattern, plain_pattern
from s7spec.expand.problems import Irregular, LeafProblem
from s7spec.expand.program import Program
from s7spec.expand.repeating import When, combinations_of, with_words
from s7spec.expand.selections import FindSelection, SelectionTexts
from s7spec.expand.simple import is_template
from s7spec.expand.single import SingleFailure
from s7spec.expand.slowly import Slowly
from s7spec.expand.values import (
    FURTHER,
    BadValueError,
    finished_macro,
    is_job_key,
)
from s7spec.model.manifest import Export
from s7spec.model.selection import Selection

MAX_FAILURES = 20
"""After so many combinations that fail, the rest of an export is not tried."""
AT_ONCE = 256
"""Jobs that are made together."""


Filled: TypeAlias = tuple[Indices, str, str | None, str | None, Selection, Mapping[str, str] | None]
"""A job's combination and its finished parts: id, is_modifier, macro, selection, and those of
FURTHER that the export has, by name. A plain tuple: there are as many as jobs."""


class ExportExpansion:
    """``base`` is what templates see apart from ``matrix`` and ``each``; ``find_selection`` looks a
    named selection up, or raises SingleFailure."""

    def __init__(
        self,
        export: Export,
        engine: Engine,
        base: Mapping[str, Any],
        find_selection: FindSelection,
    ) -> None:
        self._export = export
        self._engine = engine
        self._base = base
        self._find = find_selection
        self.combinations: Combinations = Combinations()
        self._ways: dict[int, _Ways] = {}

    def batches(self) -> Iterator[list[Filled | LeafProblem]]:
        """Some combinations at a time, in their order: a step of its own for each job would cost
        as much as making it."""
        batch: list[Filled | LeafProblem] = []
        try:
            self.combinations = combinations_of(self._export.repetition, self._engine, self._base)
            when = When(self._export.repetition, self._engine, self.combinations, self._base)
            fixed = self._fixed_selection()
        except SingleFailure as failure:
            yield [*failure.problems]
            return
        failures = 0
        is_always = when.is_always
        shortly = None if fixed is None else fixed.shortly
        for indices in self.combinations:
            try:
                if not (is_always or when.holds(indices)):
                    continue
                if shortly is not None:
                    try:
                        batch.append(shortly(indices))
                        if len(batch) >= AT_ONCE:
                            yield batch
                            batch = []
                        continue
                    except Irregular:
                        pass  # the long way knows what to say
                ways = fixed or self._ways_of(self._selection(indices))
                filled: Filled | list[LeafProblem] = ways.filled(indices)
            except SingleFailure as failure:
                words = self.combinations.words(indices)
                filled = [with_words(found, words) for found in failure.problems]
            if isinstance(filled, tuple):
                batch.append(filled)
                continue
            batch += filled
            failures += 1
            if failures >= MAX_FAILURES:
                break
        yield batch

    def _fixed_selection(self) -> _Ways | None:
        """The ways of the one selection that all jobs take; None when a template names it."""
        assets = self._export.assets
        if isinstance(assets, str) and is_template(assets):
            return None
        return self._ways_of(self._find(self._export, self._base))

    def _selection(self, indices: Indices) -> Selection:
        return self._find(self._export, {**self._base, **self.combinations.scope(indices)})

    def _ways_of(self, selection: Selection) -> _Ways:
        ways = self._ways.get(id(selection))
        if ways is None:
            ways = _Ways(self._export, selection, self._engine, self.combinations, self._base)
            self._ways[id(selection)] = ways
        return ways


class _Ways:
    """The short and the long way for one export with one selection."""

    def __init__(
        self,
        export: Export,
        selection: Selection,
        engine: Engine,
        combinations: Combinations,
        base: Mapping[str, Any],
    ) -> None:
        self._export = export
        self._selection = selection
        self._engine = engine
        self._combinations = combinations
        self._base = base
        self._slowly: Slowly | None = None
        self.shortly: Callable[[Indices], Filled] | None
        try:
            self.shortly = _Shortly(export, selection, engine, combinations, base).filled
        except Irregular:
            self.shortly = None

    def filled(self, indices: Indices) -> Filled | list[LeafProblem]:
        if self.shortly is not None:
            try:
                return self.shortly(indices)
            except Irregular:
                pass
        return self._filled_slowly(indices)

    def _filled_slowly(self, indices: Indices) -> Filled | list[LeafProblem]:
        if self._slowly is None:
            self._slowly = Slowly(parts_of(self._export, self._selection), self._engine)
        if self._slowly.problems:
            return self._slowly.problems
        scope = {**self._base, **self._combinations.scope(indices)}
        parts = self._slowly.parts(scope, self._combinations.words(indices))
        if isinstance(parts, list):
            return parts
        return (
            indices,
            parts["id"],
            parts.get("is_modifier"),
            parts.get("macro"),
            parts["selection"],
            {name: parts[name] for name in FURTHER if name in parts} or None,
        )


class _Shortly:
    """The short way: one Program makes all texts of a job. Raises Irregular."""

    def __init__(
        self,
        export: Export,
        selection: Selection,
        engine: Engine,
        combinations: Combinations,
        base: Mapping[str, Any],
    ) -> None:
        self._selection = selection
        self._selections = SelectionTexts(selection)
        modifier = modifier_pattern(export)
        self._has_macro = export.macro is not None
        further = _further(export)
        self._further = list(further)
        patterns: list[Pattern] = [plain_pattern(export.id)]
        patterns += [modifier] if modifier is not None else []
        patterns += [plain_pattern(export.macro)] if export.macro is not None else []
        patterns += [plain_pattern(text) for text in further.values()]
        patterns += [plain_pattern(text) for text in self._selections.varying]
        self._has_modifier = modifier is not None
        self._is_usual = not (self._further or self._selections.varying)
        self._texts = Program(patterns, engine, combinations, base).texts

    def filled(self, indices: Indices) -> Filled:
        """Raises Irregular."""
        texts = self._texts(indices)
        key = texts[0]
        if is_job_key(key) is None:
            raise Irregular
        at = 1
        modifier = macro = None
        if self._has_modifier:
            modifier = texts[1]
            at = 2
            if not modifier or modifier[0] in "&?":
                raise Irregular
        if self._has_macro:
            macro = finished_macro(texts[at])
            at += 1
        if self._is_usual:
            return (indices, key, modifier, macro, self._selection, None)
        further = self._finished_further(texts[at:]) if self._further else None
        selection = self._selections.filled(texts, at + len(self._further))
        return (indices, key, modifier, macro, selection, further)

    def _finished_further(self, texts: Sequence[str]) -> dict[str, str]:
        try:
            return {
                name: FURTHER[name](text) for name, text in zip(self._further, texts, strict=False)
            }
        except BadValueError as error:
            raise Irregular from error


def _further(export: Export) -> dict[str, str]:
    schedule = export.schedule
    stated = {
        "at": None if schedule is None else schedule.at,
        "cron": None if schedule is None else schedule.cron,
        "rerun": export.rerun,
    }
    return {name: text for name, text in stated.items() if text is not None}
