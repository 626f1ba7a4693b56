"""Places of values, worked out only when somebody asks: the text is streamed a second time."""

from __future__ import annotations

import itertools
from array import array
from collections.abc import Iterator

import yaml
from yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    Event,
    MappingStartEvent,
    ScalarEvent,
    StreamEndEvent,
)

from s7spec.load.events import MAX_DEPTH, OpenEvents, Point, end_of, start_of
from s7spec.model.source import Pointer, SourceFile, SourceRange


class FileLocator:
    """The places of all documents of a file; built at the first question, then kept."""

    def __init__(self, file: SourceFile, open_events: OpenEvents) -> None:
        self._file = file
        self._open_events = open_events
        self._tables: list[_Table] | None = None

    def locate(self, document: int, pointer: Pointer, *, key: bool) -> SourceRange:
        """See ``SourceDocument.locate``."""
        if self._tables is None:
            self._tables = _read_tables(self._file.text, self._open_events)
        if document >= len(self._tables) or not self._tables[document].sizes:
            return SourceRange(path=self._file.path)
        table = self._tables[document]
        entry = table.find(pointer, key=key)
        return SourceRange(
            path=self._file.path,
            line=table.lines[entry] + 1,
            column=table.columns[entry] + 1,
            end_line=table.end_lines[entry] + 1,
            end_column=table.end_columns[entry] + 1,
        )


class DocumentLocator:
    """One document's part of a ``FileLocator``."""

    __slots__ = ("_document", "_file")

    def __init__(self, file: FileLocator, document: int) -> None:
        self._file = file
        self._document = document

    def __call__(self, pointer: Pointer, *, key: bool = False) -> SourceRange:
        return self._file.locate(self._document, pointer, key=key)


class _Table:
    """Marks of one document in the order of the text, keys and values alike.

    ``sizes`` counts an entry and everything below it: the next sibling of ``entry`` is
    ``entry + sizes[entry]``. Numbers are packed: a large manifest has millions of entries.
    """

    def __init__(self) -> None:
        self.lines = array("I")
        self.columns = array("I")
        self.end_lines = array("I")
        self.end_columns = array("I")
        self.sizes = array("I")
        self.texts: list[str | None] = []
        self.kinds = bytearray()
        self.aliased: dict[int, int] = {}
        self._cursors: dict[int, tuple[int, int]] = {}

    def add(self, event: Event, end: Point, kind: int, text: str | None) -> int:
        line, column = start_of(event)
        self.lines.append(line)
        self.columns.append(column)
        self.end_lines.append(end[0])
        self.end_columns.append(end[1])
        self.sizes.append(1)
        self.texts.append(text)
        self.kinds.append(kind)
        return len(self.sizes) - 1

    def find(self, pointer: Pointer, *, key: bool) -> int:
        """The entry at ``pointer``, or at the longest part of it that exists."""
        entry = key_entry = 0
        found = 0
        for step in pointer:
            below = self._child(self.aliased.get(entry, entry), step)
            if below is None:
                break
            key_entry, entry = below
            found += 1
        return key_entry if key and found == len(pointer) else entry

    def _child(self, entry: int, step: str | int) -> tuple[int, int] | None:
        if self.kinds[entry] == _SEQUENCE and isinstance(step, int):
            return self._item(entry, step)
        if self.kinds[entry] == _MAPPING and isinstance(step, str):
            return self._member(entry, step)
        return None

    def _item(self, entry: int, index: int) -> tuple[int, int] | None:
        # Questions come in the order of the text: going on from the last answer is O(1).
        at, child = self._cursors.get(entry, (0, entry + 1))
        if index < at:
            at, child = 0, entry + 1
        end = entry + self.sizes[entry]
        while child < end and at < index:
            child += self.sizes[child]
            at += 1
        if child >= end:
            return None
        self._cursors[entry] = (at, child)
        return child, child

    def _member(self, entry: int, name: str) -> tuple[int, int] | None:
        _, start = self._cursors.get(entry, (0, entry + 1))
        end = entry + self.sizes[entry]
        for key in itertools.chain(self._keys(start, end), self._keys(entry + 1, start)):
            if self.texts[key] == name:
                self._cursors[entry] = (0, key)
                value = key + self.sizes[key]
                return (key, value) if value < end else (key, key)
        return None

    def _keys(self, key: int, end: int) -> Iterator[int]:
        """Every second sibling; a syntax error may have cut off the last value."""
        while key < end:
            yield key
            value = key + self.sizes[key]
            key = value + self.sizes[value] if value < len(self.sizes) else end


_SCALAR, _SEQUENCE, _MAPPING = 0, 1, 2


class _TableBuilder:
    """Feeds one document's events into a table."""

    def __init__(self, lines: list[str]) -> None:
        self.table = _Table()
        self._lines = lines
        self._open: list[tuple[int, bool]] = []
        self._anchors: dict[str, int] = {}
        self._last_end = (0, 0)

    def feed(self, event: Event) -> None:
        if isinstance(event, ScalarEvent):
            self._leaf(event, _scalar_end(event, self._lines))
        elif isinstance(event, AliasEvent):
            entry = self._leaf(event, end_of(event))
            if event.anchor in self._anchors:
                self.table.aliased[entry] = self._anchors[event.anchor]
        elif isinstance(event, CollectionStartEvent):
            kind = _MAPPING if isinstance(event, MappingStartEvent) else _SEQUENCE
            entry = self.table.add(event, end_of(event), kind, None)
            self._name(event.anchor, entry)
            self._open.append((entry, bool(event.flow_style)))
        elif isinstance(event, CollectionEndEvent):
            self._close(end_of(event))

    @property
    def too_deep(self) -> bool:
        """True where loading has refused the document; libyaml gets slow below."""
        return len(self._open) > MAX_DEPTH

    def finish(self) -> _Table:
        """Closes what a syntax error left open."""
        while self._open:
            self._close(self._last_end)
        return self.table

    def _leaf(self, event: ScalarEvent | AliasEvent, end: Point) -> int:
        text = event.value if isinstance(event, ScalarEvent) else None
        entry = self.table.add(event, end, _SCALAR, text)
        if isinstance(event, ScalarEvent):
            self._name(event.anchor, entry)
        self._last_end = end
        return entry

    def _close(self, end: Point) -> None:
        entry, is_flow = self._open.pop()
        table = self.table
        # A block collection ends where its last child does, not at the token after it.
        self._last_end = end if is_flow else max(self._last_end, _start(table, entry))
        table.end_lines[entry], table.end_columns[entry] = self._last_end
        table.sizes[entry] = len(table.sizes) - entry

    def _name(self, anchor: str | None, entry: int) -> None:
        if anchor is not None:
            self._anchors[anchor] = entry


def _read_tables(text: str, open_events: OpenEvents) -> list[_Table]:
    lines = text.splitlines()
    tables: list[_Table] = []
    builder: _TableBuilder | None = None
    events = open_events(text)
    try:
        while not isinstance(event := events.get_event(), StreamEndEvent):
            if isinstance(event, DocumentStartEvent):
                builder = _TableBuilder(lines)
            elif isinstance(event, DocumentEndEvent) and builder is not None:
                tables.append(builder.finish())
                builder = None
            elif builder is not None:
                builder.feed(event)
                if builder.too_deep:
                    break
    except yaml.YAMLError:
        pass  # said when the file was loaded; places before the error are good
    if builder is not None:
        tables.append(builder.finish())
    return tables


def _scalar_end(event: ScalarEvent, lines: list[str]) -> Point:
    """libyaml ends a block scalar after the blank lines that follow it: go back to its text."""
    end = end_of(event)
    if event.style not in ("|", ">"):
        return end
    start = start_of(event)[0]
    last = min(end[0] if end[1] else end[0] - 1, len(lines) - 1)
    while last > start and not lines[last].strip():
        last -= 1
    return (last, len(lines[last])) if last >= start else end


def _start(table: _Table, entry: int) -> Point:
    return (table.lines[entry], table.columns[entry])
