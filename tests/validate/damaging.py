"""Damage to a text, as a slip of the hand would do it, with the lines where people would look.

A node is a key with its value, or an item of a list. The places come from the loader itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from s7spec.load import load_text
from s7spec.model.source import Pointer, SourceDocument, SourceFile, SourceRange
from s7spec.validate.mistakes import value_at

RETYPED = ["5", "true", "null", "text", '"a text"', "[x]", "{a: 1}", "[]", "{}", "1.5", "[[1]]"]


@dataclass(frozen=True, kw_only=True)
class Damaged:
    """``lines`` (from 1) is where the node, or what it was taken from, stands in ``text``."""

    text: str
    what: str
    pointer: Pointer
    lines: frozenset[int]


def damaged(text: str, random: Random, count: int) -> Iterator[Damaged]:
    """``count`` texts, each damaged in one node of one document."""
    documents = load_text(SourceFile(path="test.yaml", text=text)).documents
    nodes = [(doc, p) for doc in documents for p in _pointers(doc.value, ())]
    made = 0
    while made < count:
        node = _Node(text, *random.choice(nodes))
        way = random.choice([_drop, _duplicate, _retype, _misspell])
        result = way(node, random)
        if result is not None and result.text != text:
            made += 1
            yield result


def _pointers(value: object, pointer: Pointer) -> Iterator[Pointer]:
    if pointer:
        yield pointer
    members = value.items() if isinstance(value, dict) else ()
    for step, below in enumerate(value) if isinstance(value, list) else members:
        yield from _pointers(below, (*pointer, step))


class _Node:
    """Offsets into ``text``: where the node begins, where its value does, and where both end."""

    def __init__(self, text: str, document: SourceDocument, pointer: Pointer) -> None:
        self.text = text
        self.pointer = pointer
        self._document = document
        self._offsets = [0]
        for line in text.splitlines(keepends=True):
            self._offsets.append(self._offsets[-1] + len(line))
        self.key = document.locate(pointer, key=True)
        value = document.locate(pointer)
        self.begin = self._offset(self.key.line, self.key.column)
        self.key_end = self._offset(self.key.end_line, self.key.end_column)
        self.value_begin = self._offset(value.line, value.column)
        self.end = max(self._offset(value.end_line, value.end_column), self.key_end)
        self.is_key = isinstance(pointer[-1], str)

    @property
    def value(self) -> object:
        return value_at(self._document.value, self.pointer)

    def sibling(self, distance: int) -> _Node | None:
        parent = value_at(self._document.value, self.pointer[:-1])
        steps: list[str | int] = list(parent if isinstance(parent, dict) else [])
        if isinstance(parent, list):
            steps = list(range(len(parent)))
        at = steps.index(self.pointer[-1]) + distance
        if not 0 <= at < len(steps):
            return None
        return _Node(self.text, self._document, (*self.pointer[:-1], steps[at]))

    def heads(self) -> set[int]:
        """Lines of the node that this one stands in: of its key, and where its value begins."""
        if len(self.pointer) == 1:
            first = self._document.locate((next(iter(self._document.value)),), key=True)  # type: ignore[call-overload]
            return {first.line}
        above = self.pointer[:-1]
        places: list[SourceRange] = [self._document.locate(above, key=key) for key in (True, False)]
        return {place.line for place in places}

    def line_of(self, offset: int) -> int:
        return self.text.count("\n", 0, offset) + 1

    def replaced(self, begin: int, end: int, new: str, what: str, lines: set[int]) -> Damaged:
        text = self.text[:begin] + new + self.text[end:]
        return Damaged(text=text, what=what, pointer=self.pointer, lines=frozenset(lines))

    def is_aliased(self) -> bool:
        """True below an alias, where the text stands elsewhere."""
        return self.text[self.value_begin : self.value_begin + 1] == "*" or self.end < self.begin

    def _offset(self, line: int, column: int) -> int:
        return self._offsets[line - 1] + column - 1


def _drop(node: _Node, random: Random) -> Damaged | None:
    following, before = node.sibling(1), node.sibling(-1)
    begin, end = node.begin, node.end
    if following is not None:
        end = following.begin
    elif before is not None:
        begin = before.end
    # What is gone is missing where it stood, or in what it was taken from.
    return node.replaced(begin, end, "", "drop", {node.line_of(begin), *node.heads()})


def _duplicate(node: _Node, random: Random) -> Damaged | None:
    copy = node.text[node.begin : node.end]
    following, before = node.sibling(1), node.sibling(-1)
    if following is not None:
        between = node.text[node.end : following.begin]
    elif before is not None:
        between = node.text[before.end : node.begin]
    else:
        return None
    if "#" in between:
        between = between[between.rindex("\n") :]
    at = node.line_of(node.end) + between.count("\n")
    lines = {at, node.line_of(node.begin), node.line_of(node.value_begin) - node.key.line + at}
    return node.replaced(node.end, node.end, between + copy, "duplicate", lines)


def _retype(node: _Node, random: Random) -> Damaged | None:
    new = random.choice(RETYPED)
    lines = {node.line_of(node.begin), node.line_of(node.value_begin)}
    return node.replaced(node.value_begin, node.end, new, "retype", lines)


def _misspell(node: _Node, random: Random) -> Damaged | None:
    begin, end = (node.begin, node.key_end) if node.is_key else (node.value_begin, node.end)
    word = node.text[begin:end]
    letters = [index for index, letter in enumerate(word) if letter.isalpha()]
    if not letters or (not node.is_key and not isinstance(node.value, str)):
        return None
    at = random.choice(letters)
    new = random.choice(["", word[at] * 2, random.choice("aeinorst"), word[at].swapcase()])
    lines = {node.line_of(begin + at), node.line_of(begin)}
    return node.replaced(begin + at, begin + at + 1, new, "misspell", lines)
