"""How much an expression takes at most, reckoned before it is evaluated.

CEL counts the rounds of loops, but what is made in them may double with each: a line of text asks
for gigabytes. So the size of every value is bounded from the tree and the facts, and what all of
it takes is added up, with what is read of it and what regular expressions unfold to. More than
``MOST_BYTES`` is not begun: a second or two of work.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from typing import NamedTuple, assert_never

from s7spec.policies.patterns import MOST_REPEATS, classes_in, repeats_in
from s7spec.policies.tree import Call, Collection, Constant, Field, Loop, Name, Node

MOST_BYTES = 32 * 1024 * 1024
"""Of all values that an evaluation makes and reads, each as often as it does."""

_VALUE = 40
"""Bytes of any value beside its text."""

_WIDEST = 4
"""Bytes of a character."""

_REFERENCE = 16
"""Bytes of an element in a list that is copied."""

_PATTERN = 16
"""A text is held against that much of a pattern at once."""

_COMPILED = 64
"""Compiling a byte of a pattern, which is done each time, takes as long as reading that many."""

_CLASS = 32 * 1024
"""And a class of Unicode (``\\pL``), with its hundreds of ranges, as that many."""


class Size(NamedTuple):
    """Bytes of a value with all that is in it, as if nothing were shared; how many elements it has,
    and the bytes of the largest of them. ``repeats`` and ``classes``: a pattern made of its texts
    may have such parts, for there are braces or backslashes in them."""

    total: int
    length: int
    each: int
    repeats: bool = False
    classes: bool = False

    @property
    def element(self) -> Size:
        return self._replace(total=self.each, length=self.each // _VALUE)

    def times(self, number: int) -> Size:
        return self._replace(total=self.total * number, length=self.length * number)


_SCALAR = Size(_VALUE, 0, _VALUE)

_SCALARS = frozenset(
    {
        *("!_", "-_", "_-_", "_*_", "_/_", "_%_", "_&&_", "_||_", "_==_", "_!=_"),
        *("_<_", "_<=_", "_>_", "_>=_", "@in", "@not_strictly_false"),
        *("size", "contains", "startsWith", "endsWith", "matches", "int", "uint", "double", "bool"),
    }
)
"""Functions whose values are numbers or truth."""


_LOOK_INTO = frozenset({"_[_]"})
"""Functions that do not read the whole of their first argument. ``size`` does: characters of a text
are counted one by one."""


def size_of_fact(value: object) -> Size:
    match value:
        case str():
            return _of_text(_WIDEST * len(value), value)
        case list() | tuple():
            return _together([size_of_fact(each) for each in value], len(value))
        case Mapping():
            parts = [size_of_fact(each) for pair in value.items() for each in pair]
            return _together(parts, len(value))
        case _:
            return _SCALAR


def effort_of(tree: Node, facts: Mapping[str, Size]) -> int:
    """Bytes, at most. A bound, often far above what it is."""
    return _effort(tree, facts).work


def is_cheap(tree: Node) -> bool:
    """Without loops nothing is made more than once: a text of 2,000 characters does no harm, unless
    regular expressions stand in it."""
    match tree:
        case Loop():
            return False
        case Constant() | Name():
            return True
        case Field():
            return is_cheap(tree.operand)
        case Call():
            return tree.function != "matches" and all(map(is_cheap, tree.arguments))
        case Collection():
            return all(map(is_cheap, tree.elements))
        case _:
            assert_never(tree)


@dataclass(frozen=True, slots=True)
class _Effort:
    """What a part comes to, and what is done for it."""

    size: Size
    work: int


def _effort(node: Node, known: Mapping[str, Size]) -> _Effort:
    match node:
        case Constant():
            size = _of_constant(node)
            return _Effort(size, size.total)
        case Name():
            return _Effort(known.get(node.name, _SCALAR), _VALUE)
        case Field():
            operand = _effort(node.operand, known)
            return _Effort(_SCALAR if node.is_test else operand.size.element, operand.work + _VALUE)
        case Collection():
            parts = [_effort(each, known) for each in node.elements]
            size = _together([each.size for each in parts], node.count)
            return _Effort(size, size.total + sum(each.work for each in parts))
        case Call():
            return _of_call(node, known)
        case Loop():
            return _of_loop(node, known)
        case _:
            assert_never(node)


def _of_call(call: Call, known: Mapping[str, Size]) -> _Effort:
    parts = [_effort(each, known) for each in call.arguments]
    sizes = [each.size for each in parts]
    size = _result(call.function, sizes)
    read = sum(each.total for each in sizes[call.function in _LOOK_INTO :])
    if call.function == "matches":
        read += _of_match(sizes[0], sizes[-1], call.arguments[-1])
    elif call.function == "@in":
        read += sizes[0].total * sizes[-1].length
    return _Effort(size, sum(each.work for each in parts) + read + size.total)


def _of_match(text: Size, pattern: Size, written: Node) -> int:
    """A pattern that stands there is unfolded as it says, any other one as far as it may."""
    if isinstance(written, Constant) and written.text is not None:
        repeats, classes = repeats_in(written.text), classes_in(written.text)
    else:
        repeats = MOST_REPEATS if pattern.repeats else 1
        classes = pattern.total // len("\\p") if pattern.classes else 0
    unfolded = pattern.total * repeats
    compiled = unfolded * _COMPILED + classes * repeats * _CLASS
    return compiled + text.total * unfolded // _PATTERN


def _result(function: str, sizes: list[Size]) -> Size:
    if function in _SCALARS:
        return _SCALAR
    match function, sizes:
        case "_[_]", [container, _]:
            return container.element
        case "_?_:_", [_, one, other]:
            return _greater(one, other)
        case _:  # sums, conversions
            return reduce(_sum, sizes, _SCALAR)


def _of_loop(loop: Loop, known: Mapping[str, Size]) -> _Effort:
    over, start = _effort(loop.over, known), _effort(loop.start, known)
    rounds = over.size.length
    inside = {**known, loop.variable: over.size.element, loop.accumulator: _SCALAR}
    condition, step = _effort(loop.condition, inside), _effort(loop.step, inside)
    # A step makes of the accumulator what it was and something more, of which this is the size.
    accumulated = _sum(start.size, step.size.times(rounds))
    result = _effort(loop.result, {**known, loop.accumulator: accumulated})
    # A list that grows is copied in each.
    each_round = condition.work + step.work + accumulated.length * _REFERENCE
    work = over.work + start.work + result.work + accumulated.total + rounds * each_round
    return _Effort(result.size, work)


def _of_constant(constant: Constant) -> Size:
    if constant.text is None and constant.size:  # bytes
        return Size(_VALUE + constant.size, 0, _VALUE, repeats=True, classes=True)
    return _of_text(constant.size, constant.text or "")


def _of_text(size: int, text: str) -> Size:
    return Size(_VALUE + size, 0, _VALUE, repeats="{" in text, classes="\\" in text)


def _together(parts: list[Size], length: int) -> Size:
    """A list of these, or a map."""
    each = max((part.total for part in parts), default=0)
    return Size(
        _VALUE * (1 + len(parts)) + sum(part.total for part in parts),
        length,
        each,
        repeats=any(part.repeats for part in parts),
        classes=any(part.classes for part in parts),
    )


def _sum(one: Size, other: Size) -> Size:
    greater = _greater(one, other)
    return greater._replace(total=one.total + other.total, length=one.length + other.length)


def _greater(one: Size, other: Size) -> Size:
    return Size(
        max(one.total, other.total),
        max(one.length, other.length),
        max(one.each, other.each),
        repeats=one.repeats or other.repeats,
        classes=one.classes or other.classes,
    )
