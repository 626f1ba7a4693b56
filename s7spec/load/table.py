"""Places of everything in a document, in the order of its text."""

from __future__ import annotations

import itertools
from array import array
from collections.abc import Callable, Iterator

from s7spec.load.events import Point
from s7spec.model.source import Pointer, SourceRange

SCALAR, SEQUENCE, MAPPING = 0, 1, 2

_MOST_OPENED = 64


class PlaceTable:
    """Marks of one document in the order of the text, keys and values alike.

    ``sizes`` counts an entry and everything below it: the next sibling of ``entry`` is
    ``entry + sizes[entry]``. Numbers are packed: a large manifest has millions of entries.
    ``origin`` is where the text of the table begins in its file, as line and column from 0.
    """

    def __init__(self, origin: Point = (0, 0)) -> None:
        self._origin = origin
        self._lines = array("I")
        self._columns = array("I")
        self._end_lines = array("I")
        self._end_columns = array("I")
        self._sizes = array("I")
        self._keys: list[str | None] = []
        self._kinds = bytearray()
        self._aliased: dict[int, int] = {}
        self._cursors: dict[int, tuple[int, int]] = {}
        self._closed: dict[int, Callable[[], PlaceTable]] = {}
        self._opened: dict[int, PlaceTable] = {}

    def add(self, start: Point, end: Point, kind: int, key: str | None = None) -> int:
        """One more entry; ``key`` is its text where it is a key."""
        self._lines.append(start[0])
        self._columns.append(start[1])
        self._end_lines.append(end[0])
        self._end_columns.append(end[1])
        self._sizes.append(1)
        self._keys.append(key)
        self._kinds.append(kind)
        return len(self._kinds) - 1

    def close(self, entry: int, end: Point) -> None:
        """All that was added since ``entry`` stands in it, and it ends here."""
        self._end_lines[entry], self._end_columns[entry] = end
        self._sizes[entry] = len(self._kinds) - entry

    def repeat(self, entry: int, other: int) -> None:
        """``entry`` is an alias: what stands below it is what stands below ``other``."""
        self._aliased[entry] = other

    def leave(self, entry: int, read: Callable[[], PlaceTable]) -> None:
        """What stands below ``entry`` was not added: ``read`` gives a table of it when needed."""
        self._closed[entry] = read

    def start(self, entry: int) -> Point:
        return (self._lines[entry], self._columns[entry])

    def place(self, path: str, pointer: Pointer, *, key: bool) -> SourceRange:
        """The place of ``pointer``, or of the longest part of it that exists.

        That of the file as a whole where the table is empty.
        """
        if not self._kinds:
            return SourceRange(path=path)
        entry = key_entry = found = 0
        for step in pointer:
            inside = self._aliased.get(entry, entry)
            if inside in self._closed:
                return self._open(inside).place(path, pointer[found:], key=key)
            below = self._child(inside, step)
            if below is None:
                break
            key_entry, entry = below
            found += 1
        return self._range(path, key_entry if key and found == len(pointer) else entry)

    def _open(self, entry: int) -> PlaceTable:
        if entry not in self._opened:
            if len(self._opened) >= _MOST_OPENED:
                self._opened.clear()
            self._opened[entry] = self._closed[entry]()
        return self._opened[entry]

    def _range(self, path: str, entry: int) -> SourceRange:
        first, shift = self._origin
        line, column = self.start(entry)
        end_line, end_column = self._end_lines[entry], self._end_columns[entry]
        return SourceRange(
            path=path,
            line=first + line + 1,
            column=column + 1 + (0 if line else shift),
            end_line=first + end_line + 1,
            end_column=end_column + 1 + (0 if end_line else shift),
        )

    def _child(self, entry: int, step: str | int) -> tuple[int, int] | None:
        if self._kinds[entry] == SEQUENCE and isinstance(step, int):
            return self._item(entry, step)
        if self._kinds[entry] == MAPPING and isinstance(step, str):
            return self._member(entry, step)
        return None

    def _item(self, entry: int, index: int) -> tuple[int, int] | None:
        # Questions come in the order of the text: going on from the last answer is O(1).
        at, child = self._cursors.get(entry, (0, entry + 1))
        if index < at:
            at, child = 0, entry + 1
        end = entry + self._sizes[entry]
        while child < end and at < index:
            child += self._sizes[child]
            at += 1
        if child >= end:
            return None
        self._cursors[entry] = (at, child)
        return child, child

    def _member(self, entry: int, name: str) -> tuple[int, int] | None:
        _, start = self._cursors.get(entry, (0, entry + 1))
        end = entry + self._sizes[entry]
        for key in itertools.chain(self._members(start, end), self._members(entry + 1, start)):
            if self._keys[key] == name:
                self._cursors[entry] = (0, key)
                value = key + self._sizes[key]
                return (key, value) if value < end else (key, key)
        return None

    def _members(self, key: int, end: int) -> Iterator[int]:
        """Every second sibling; a syntax error may have cut off the last value."""
        while key < end:
            yield key
            value = key + self._sizes[key]
            key = value + self._sizes[value] if value < len(self._sizes) else end
