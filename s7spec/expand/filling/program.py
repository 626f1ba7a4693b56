"""An export's jobs the short way: each value is looked up and converted once for each value of the
dimension it depends on, and a job's texts are joined of what is ready.

A hundred jobs of ten sizes in ten locales look up and print ten sizes and ten locales; what needs
Jinja is evaluated as seldom.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from s7spec.expand.bounds import MAX_TEXT
from s7spec.expand.combinations import EACH, MATRIX, Combinations, Dimension, Indices, Needed
from s7spec.expand.dependencies import needed_dimensions
from s7spec.expand.engine import Engine
from s7spec.expand.filling.layout import Cell, Layout, Part, Segment, filler, lay_out
from s7spec.expand.filling.pieces import Pattern, Piece
from s7spec.expand.problems import Irregular, LeafFailure
from s7spec.expand.simple import Path, value_of

if TYPE_CHECKING:
    from s7spec.expand.jinja.templates import Leaves

_SEPARATOR = "\x1f"
"""Between a job's texts: no value can hold it, control characters are refused everywhere."""
_PIECE = 3
"""Steps of filling in a value."""
_CHARACTERS = 16
"""Of a text that count for one step."""
_MOST_DUE = 2**18
"""Characters that may be accounted for later."""


class Program:
    """``patterns`` are the texts of a job. Raises Irregular when the short way is closed."""

    def __init__(
        self,
        patterns: Sequence[Pattern],
        engine: Engine,
        combinations: Combinations,
        base: Mapping[str, Any],
    ) -> None:
        # A piece that stands in several places is converted once.
        pieces: dict[Needed, dict[Piece, int]] = defaultdict(dict)
        self._parts: list[Part] = []
        literal = ""
        for number, pattern in enumerate(patterns):
            if number:
                literal += _SEPARATOR
            for piece in pattern:
                if isinstance(piece, str):
                    literal += piece
                    continue
                if literal:
                    self._parts.append(literal)
                    literal = ""
                needed = needed_dimensions(piece.source, engine, combinations)
                same = pieces[needed]
                self._parts.append((needed, same.setdefault(piece, len(same))))
        self._parts.append(literal)
        self._groups = {
            needed: _Group(needed, [*each], engine, combinations, base)
            for needed, each in pieces.items()
        }
        self._work = engine.work
        self._weight = _CHARACTERS * (20 + _PIECE * sum(map(len, pieces.values())))
        self.texts: Callable[[Indices], list[str]] = self._first_texts
        """The texts of one combination, in the order of the patterns. It raises Irregular."""

    def _first_texts(self, indices: Indices) -> list[str]:
        """Works out what depends on no dimension: it becomes fixed text. Raises Irregular."""
        constants = self._groups[()].values(indices) if () in self._groups else []
        layout = lay_out(
            [
                constants[part[1]] if not isinstance(part, str) and part[0] == () else part
                for part in self._parts
            ]
        )
        self.texts = self._texts_of(layout)
        return self.texts(indices)

    def _texts_of(self, layout: Layout) -> Callable[[Indices], list[str]]:
        fixed, pick, weight = layout.fixed, layout.pick, self._weight
        groups = [self._groups[needed].cells(each) for needed, each in layout.segments.items()]
        work, due = self._work, 0

        def texts(indices: Indices) -> list[str]:
            nonlocal due
            cells = fixed
            for group in groups:
                cells += group(indices)
            text = "".join(cells if pick is None else pick(cells))
            # Accounted for in portions: each text by itself would take as long as making it.
            due += weight + len(text)
            if due > _MOST_DUE:
                work.spend(due // _CHARACTERS)
                due = 0
            if len(text) > MAX_TEXT:
                raise Irregular  # one of the texts may be too long
            return text.split(_SEPARATOR)

        return texts


class Once:
    """The texts of a job that is its export's only one."""

    def __init__(
        self, patterns: Sequence[Pattern], base: Mapping[str, Any], engine: Engine
    ) -> None:
        self._work = engine.work
        self._patterns = patterns
        self._base = base
        self.texts: Callable[[Indices], list[str]] = self._texts

    def _texts(self, indices: Indices) -> list[str]:
        """Raises Irregular, also for what takes Jinja."""
        try:
            texts = ["".join(map(self._text, pattern)) for pattern in self._patterns]
        except LookupError as error:
            raise Irregular from error
        length = sum(map(len, texts))
        if length > MAX_TEXT:
            self._work.spend(length // _CHARACTERS)
            raise Irregular  # one of the texts may be too long
        return texts

    def _text(self, piece: str | Piece) -> str:
        if isinstance(piece, str):
            return piece
        if isinstance(piece.source, str):
            raise Irregular
        return piece.convert(value_of(piece.source, self._base))


class _Group:
    """The pieces that depend on the same dimensions."""

    def __init__(
        self,
        needed: Needed,
        pieces: Sequence[Piece],
        engine: Engine,
        combinations: Combinations,
        base: Mapping[str, Any],
    ) -> None:
        self._needed = needed
        self._dimensions = [combinations.dimensions[at] for at in needed]
        self._is_repeated = len(needed) < len(combinations.dimensions)
        self._base = base
        self._engine = engine
        self._converts = [piece.convert for piece in pieces]
        self._paths = [piece.source for piece in pieces if isinstance(piece.source, Path)]
        self._texts = tuple(piece.source for piece in pieces if isinstance(piece.source, str))
        self._order = _order([isinstance(piece.source, Path) for piece in pieces])
        self._leaves: Leaves | None = None
        self.values = self._values
        if len(needed) == 1 and not self._texts:
            self._steps = [_steps_below(path, self._dimensions[0]) for path in self._paths]
            self.values = self._values_below

    def cells(self, segments: Sequence[Segment]) -> Callable[[Indices], Cell]:
        """Gives the texts of ``segments`` for a combination; kept where other combinations have
        the same. It raises Irregular."""
        values, needed, filled = self.values, self._needed, filler(segments)
        kept: dict[Any, Cell] = {}

        def made(indices: Indices) -> Cell:
            return filled(values(indices))

        def kept_by_one(indices: Indices) -> Cell:
            cell = kept.get(indices[at])
            if cell is None:
                cell = kept[indices[at]] = filled(values(indices))
            return cell

        def kept_by_several(indices: Indices) -> Cell:
            key = tuple([indices[at] for at in needed])
            cell = kept.get(key)
            if cell is None:
                cell = kept[key] = filled(values(indices))
            return cell

        if not self._is_repeated:
            return made
        at = needed[0]
        return kept_by_one if len(needed) == 1 else kept_by_several

    def _values_below(self, indices: Indices) -> list[str]:
        """Paths into one value."""
        top = self._dimensions[0].values[indices[self._needed[0]]]
        values: list[str] = []
        try:
            for steps, convert in zip(self._steps, self._converts, strict=True):
                value = top
                for step in steps:
                    kind = type(value)
                    if not (kind is dict or (kind is list and type(step) is int)):
                        raise Irregular
                    value = value[step]
                values.append(convert(value))
        except LookupError as error:
            raise Irregular from error
        return values

    def _values(self, indices: Indices) -> list[str]:
        scope = {**self._base, MATRIX: {}}
        for at, dimension in zip(self._needed, self._dimensions, strict=True):
            _enter(scope, dimension, dimension.values[indices[at]])
        try:
            values = [value_of(path, scope) for path in self._paths]
        except LookupError as error:
            raise Irregular from error
        values += self._evaluated(scope) if self._texts else ()
        return [
            convert(values[at]) for convert, at in zip(self._converts, self._order, strict=True)
        ]

    def _evaluated(self, scope: dict[str, Any]) -> list[Any]:
        if self._leaves is None:
            self._leaves = self._engine.leaves(self._texts)
        if self._leaves is None:
            raise Irregular
        try:
            return self._leaves.evaluate(self._engine.scope(scope))
        except LeafFailure as error:
            raise Irregular from error


def _enter(scope: dict[str, Any], dimension: Dimension, value: Any) -> None:
    if dimension.name == EACH:
        scope[EACH] = value
    elif dimension.axis is None:
        scope[MATRIX] = value
    else:
        scope[MATRIX][dimension.axis] = value


def _steps_below(path: Path, dimension: Dimension) -> tuple[str | int, ...]:
    """The steps from the dimension's own value on."""
    if dimension.axis is None:
        return path.steps
    if not path.steps:
        raise Irregular
    return path.steps[1:]


def _order(are_paths: Sequence[bool]) -> list[int]:
    """Where each piece's value is when those of paths come first."""
    paths, others = 0, sum(are_paths)
    order: list[int] = []
    for is_path in are_paths:
        order.append(paths if is_path else others)
        paths += is_path
        others += not is_path
    return order
