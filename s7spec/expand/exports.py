"""One export: a job's finished parts for each of its combinations, or what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import islice
from typing import Any, Protocol, TypeAlias

from s7spec.expand.combinations import Combinations, Indices
from s7spec.expand.engine import Engine
from s7spec.expand.filling.pieces import Pattern, modifier_pattern, plain_pattern
from s7spec.expand.filling.program import Once, Program
from s7spec.expand.further import FurtherLeaf, further_leaves
from s7spec.expand.parts import parts_of
from s7spec.expand.problems import Irregular, LeafProblem, Problem
from s7spec.expand.repeating import When, combinations_of, with_words
from s7spec.expand.selections import FindSelection, SelectionTexts, size_of_selection
from s7spec.expand.simple import is_template
from s7spec.expand.single import SingleFailure
from s7spec.expand.slowly import Slowly
from s7spec.expand.values import (
    BadValueError,
    finished_macro,
    is_job_key,
)
from s7spec.model.manifest import Export
from s7spec.model.rules import Rule
from s7spec.model.selection import Selection

MAX_FAILURES = 100
"""After so many combinations that fail, the rest of an export is not tried."""
AT_ONCE = 256
"""Jobs that are made together."""
_ODD_BEGINS = frozenset({"", "&", "?"})
"""Of a modifier; the long way says what is wrong with it."""
_COMBINATION = 4
"""Steps of looking at one, whether it makes a job or not."""


Filled: TypeAlias = tuple[Indices, str, str | None, str | None, Selection, Mapping[str, str] | None]
"""A job's combination and its finished parts: id, is_modifier, macro, selection, and its
``further_leaves`` by name. A plain tuple: there are as many as jobs."""


class ExportExpansion:
    """``base`` is what templates see apart from ``matrix`` and ``each``; ``find_selection`` looks a
    named selection up, or raises SingleFailure."""

    def __init__(
        self,
        export: Export,
        engine: Engine,
        base: Mapping[str, Any],
        find_selection: FindSelection,
        all_slowly: bool = False,
    ) -> None:
        self._export = export
        self._engine = engine
        self._base = base
        self._find = find_selection
        self._all_slowly = all_slowly
        self.combinations: Combinations = Combinations()
        self._ways: dict[int, _Ways] = {}

    def batches(self) -> Iterator[list[Filled | LeafProblem]]:
        """Some combinations at a time, in their order: a step of its own for each job would cost
        as much as making it."""
        try:
            self.combinations = combinations_of(self._export.repetition, self._engine, self._base)
            when = When(self._export.repetition, self._engine, self.combinations, self._base)
            fixed = self._fixed_selection()
        except SingleFailure as failure:
            yield [*failure.problems]
            return
        self._engine.work.spend(_COMBINATION * len(self.combinations))
        indices = iter(self.combinations)
        shortly = fixed.shortly if fixed is not None and when.is_always else None
        failures = 0
        while chunk := list(islice(indices, AT_ONCE)):
            if shortly is not None:
                with suppress(Irregular):  # then each is looked at by itself
                    yield [*map(shortly, chunk)]
                    continue
            batch: list[Filled | LeafProblem] = []
            for each in chunk:
                filled = self._filled(each, when, fixed)
                batch += [filled] if isinstance(filled, tuple) else filled
                failures += isinstance(filled, list) and bool(filled)
                if failures >= MAX_FAILURES and (each is not chunk[-1] or next(indices, None)):
                    yield [*batch, self._not_tried()]
                    return
            yield batch

    def _not_tried(self) -> LeafProblem:
        problem = Problem(
            rule=Rule.TEMPLATE_FAILED,
            summary=f"{MAX_FAILURES:,} combinations of this export fail: the others were not tried",
            hint="correct what they have in common; there may be more to find",
        )
        return LeafProblem(place=self._export.place_of("id"), problem=problem)

    def _filled(
        self, indices: Indices, when: When, fixed: _Ways | None
    ) -> Filled | list[LeafProblem]:
        """A job's parts, or what is wrong with it; nothing where ``when`` does not hold."""
        try:
            if not when.holds(indices):
                return []
            ways = fixed or self._ways_of(self._selection(indices))
            return ways.filled(indices)
        except SingleFailure as failure:
            words = self.combinations.words(indices)
            return [with_words(found, words) for found in failure.problems]

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
            self._engine.work.spend(20 * size_of_selection(selection))
            ways = _Ways(self._export, selection, self._engine, self.combinations, self._base)
            if self._all_slowly:
                ways.shortly = None
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
        self._further = tuple(further_leaves(export))
        self._slowly: Slowly | None = None
        self.shortly: Callable[[Indices], Filled] | None
        try:
            short = _Shortly(export, self._further, selection, engine, combinations, base)
            self.shortly = short.filled
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
            {leaf.name: parts[leaf.name] for leaf in self._further} or None,
        )


class _Texts(Protocol):
    texts: Callable[[Indices], list[str]]


class _Shortly:
    """The short way: one Program makes all texts of a job. Raises Irregular."""

    def __init__(
        self,
        export: Export,
        further: Sequence[FurtherLeaf],
        selection: Selection,
        engine: Engine,
        combinations: Combinations,
        base: Mapping[str, Any],
    ) -> None:
        self._selection = selection
        self._selections = SelectionTexts(selection)
        modifier = modifier_pattern(export)
        self._has_macro = export.macro is not None
        self._further = further
        patterns: list[Pattern] = [plain_pattern(export.id)]
        patterns += [modifier] if modifier is not None else []
        patterns += [plain_pattern(export.macro)] if export.macro is not None else []
        patterns += [plain_pattern(str(leaf.stated)) for leaf in self._further]
        patterns += [plain_pattern(text) for text in self._selections.varying]
        self._has_modifier = modifier is not None
        self._source: _Texts
        if combinations.dimensions:
            self._source = Program(patterns, engine, combinations, base)
        else:
            self._source = Once(patterns, base, engine)

        is_usual = not (self._further or self._selections.varying)
        self.filled = self._usual() if is_usual else self._filled

    def _usual(self) -> Callable[[Indices], Filled]:
        """Makes jobs that have one selection, and nothing but an id, a modifier and a macro."""
        source, selection = self._source, self._selection
        has_modifier, has_macro = self._has_modifier, self._has_macro
        macro_at = 1 + has_modifier

        def filled(indices: Indices) -> Filled:
            texts = source.texts(indices)
            modifier = texts[1] if has_modifier else None
            if is_job_key(texts[0]) is None or (has_modifier and texts[1][:1] in _ODD_BEGINS):
                raise Irregular
            macro = finished_macro(texts[macro_at]) if has_macro else None
            return (indices, texts[0], modifier, macro, selection, None)

        return filled

    def _filled(self, indices: Indices) -> Filled:
        """Raises Irregular."""
        texts = self._source.texts(indices)
        at = 1 + self._has_modifier + self._has_macro
        modifier = texts[1] if self._has_modifier else None
        if is_job_key(texts[0]) is None or (modifier is not None and modifier[:1] in _ODD_BEGINS):
            raise Irregular
        macro = finished_macro(texts[at - 1]) if self._has_macro else None
        further = self._finished_further(texts[at:]) if self._further else None
        selection = self._selections.filled(texts, at + len(self._further))
        return (indices, texts[0], modifier, macro, selection, further)

    def _finished_further(self, texts: Sequence[str]) -> dict[str, str]:
        try:
            pairs = zip(self._further, texts, strict=False)
            return {leaf.name: leaf.finish(text) for leaf, text in pairs}
        except BadValueError as error:
            raise Irregular from error
