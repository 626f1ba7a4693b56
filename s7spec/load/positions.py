"""Places of values, worked out only when somebody asks: the text is streamed a second time."""

from __future__ import annotations

from typing import Any

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from s7spec.load.characters import LINE_BREAK
from s7spec.load.events import MAX_DEPTH, OpenEvents, Point, end_of, start_of
from s7spec.load.table import MAPPING, SCALAR, SEQUENCE, PlaceTable
from s7spec.model.source import Pointer, SourceFile, SourceRange

LARGE = 256 * 1024
"""From so many characters on, only the upper levels of a text get their places at once."""

_UPPER_LEVELS = 2
"""A manifest and its ``exports``: each export is read when somebody asks about it."""

_ENDS = (MappingEndEvent, SequenceEndEvent)


class FileLocator:
    """The places of all documents of a file; built at the first question, then kept."""

    def __init__(self, file: SourceFile, open_events: OpenEvents, *, large: int = LARGE) -> None:
        self._file = file
        self._open_events = open_events
        self._large = large
        self._tables: list[PlaceTable] | None = None

    def locate(self, document: int, pointer: Pointer, *, key: bool) -> SourceRange:
        """See ``SourceDocument.locate``."""
        if self._tables is None:
            self._tables = self._read()
        if document >= len(self._tables):
            return SourceRange(path=self._file.path)
        return self._tables[document].place(self._file.path, pointer, key=key)

    def _read(self) -> list[PlaceTable]:
        text = self._file.text
        if len(text) >= self._large:
            try:
                return _read_tables(text, self._open_events, levels=_UPPER_LEVELS)
            except _AliasFoundError:
                pass  # its anchor may stand in what was left out
        return _read_tables(text, self._open_events, levels=MAX_DEPTH)


class DocumentLocator:
    """One document's part of a ``FileLocator``."""

    __slots__ = ("_document", "_file")

    def __init__(self, file: FileLocator, document: int) -> None:
        self._file = file
        self._document = document

    def __call__(self, pointer: Pointer, *, key: bool = False) -> SourceRange:
        return self._file.locate(self._document, pointer, key=key)


class _AliasFoundError(Exception):
    """An alias in a text of which only the upper levels are read."""


class _TooDeepError(Exception):
    """Loading has refused the document here; libyaml gets slow below."""


def _read_tables(
    text: str, open_events: OpenEvents, *, levels: int, origin: Point = (0, 0)
) -> list[PlaceTable]:
    """A table for each document. Raises _AliasFoundError where ``levels`` leaves anything out."""
    tables: list[PlaceTable] = []
    next_event = open_events(text).get_event
    try:
        while type(event := next_event()) is not StreamEndEvent:
            if type(event) is DocumentStartEvent:
                reader = _Reader(text, open_events, next_event, levels, origin)
                tables.append(reader.table)
                reader.read(next_event())
    except (yaml.YAMLError, _TooDeepError):
        pass  # said when the file was loaded; places before the error are good
    return tables


class _Reader:
    """Feeds one document's events into a table. A syntax error closes what it left open."""

    def __init__(
        self, text: str, open_events: OpenEvents, next_event: Any, levels: int, origin: Point
    ) -> None:
        self.table = PlaceTable(origin)
        self._text = text
        self._open_events = open_events
        self._next = next_event
        self._levels = levels
        self._depth = 0
        self._anchors: dict[str, int] = {}
        self._last_end = (0, 0)

    def read(self, event: Any, *, is_key: bool = False) -> None:
        """Reads the node that begins with ``event``."""
        if type(event) is ScalarEvent:
            self._last_end = self._scalar_end(event)
            key = event.value if is_key else None
            entry = self.table.add(start_of(event), self._last_end, SCALAR, key)
        elif type(event) is AliasEvent:
            if self._levels < MAX_DEPTH:
                raise _AliasFoundError
            self._last_end = end_of(event)
            entry = self.table.add(start_of(event), self._last_end, SCALAR)
            if event.anchor in self._anchors:
                self.table.repeat(entry, self._anchors[event.anchor])
            return
        else:
            kind = MAPPING if type(event) is MappingStartEvent else SEQUENCE
            entry = self.table.add(start_of(event), end_of(event), kind)
            self._collection(event, entry)
        if event.anchor is not None:
            self._anchors[event.anchor] = entry

    def _collection(self, event: Any, entry: int) -> None:
        if self._depth >= MAX_DEPTH:
            raise _TooDeepError
        is_flow = bool(event.flow_style)
        # A block collection ends where its last child does, not at the token after it.
        self._last_end = max(self._last_end, start_of(event))
        self._depth += 1
        try:
            if self._depth > self._levels:
                last = self._skip(event)
                self._leave(event, last.end_mark.index, entry)
            else:
                last = self._children(is_mapping=type(event) is MappingStartEvent)
            if is_flow:
                self._last_end = end_of(last)
        except yaml.YAMLError:
            if self._depth > self._levels:
                self._leave(event, len(self._text), entry)
            raise
        finally:
            self._depth -= 1
            self.table.close(entry, self._last_end)

    def _children(self, *, is_mapping: bool) -> Any:
        next_event = self._next
        is_key = is_mapping
        while type(event := next_event()) not in _ENDS:
            self.read(event, is_key=is_key)
            is_key = is_mapping and not is_key
        return event

    def _skip(self, begin: Any) -> Any:
        """Goes to the end of a collection that is read when somebody asks about it."""
        next_event = self._next
        open_flows: list[bool] = [bool(begin.flow_style)]
        last: Any = begin
        try:
            while open_flows:
                event = next_event()
                kind = type(event)
                if kind is ScalarEvent:
                    last = event
                elif kind is MappingStartEvent or kind is SequenceStartEvent:
                    last = event
                    open_flows.append(bool(event.flow_style))
                    if len(open_flows) + self._depth > MAX_DEPTH + 1:
                        raise _TooDeepError
                elif kind is AliasEvent:
                    raise _AliasFoundError
                elif open_flows.pop():
                    last = event
        finally:
            if type(last) is ScalarEvent:
                self._last_end = self._scalar_end(last)
            else:
                # A start is the last event only where a syntax error cut off the rest.
                self._last_end = (end_of if type(last) in _ENDS else start_of)(last)
        return event

    def _leave(self, begin: Any, stop: int, entry: int) -> None:
        text, start = self._text, begin.start_mark.index
        line, column = start_of(begin)
        is_flow = bool(begin.flow_style)

        def below() -> PlaceTable:
            # Blocks keep their columns: the lines of one have to be indented alike.
            part = text[start:stop] if is_flow else " " * column + text[start:stop]
            origin = (line, column if is_flow else 0)
            tables = _read_tables(part, self._open_events, levels=MAX_DEPTH, origin=origin)
            return tables[0] if tables else PlaceTable(origin)

        self.table.leave(entry, below)

    def _scalar_end(self, event: Any) -> Point:
        """libyaml ends a block scalar after the blank lines that follow it: go back to its text."""
        if event.style not in ("|", ">"):
            return end_of(event)
        written = self._text[event.start_mark.index : event.end_mark.index]
        kept = LINE_BREAK.split(written[: len(written.rstrip())])
        rest = LINE_BREAK.split(written[len(written.rstrip()) :], maxsplit=1)[0]
        line, column = start_of(event)
        length = len(kept[-1]) + len(rest)
        return (line + len(kept) - 1, length if len(kept) > 1 else column + length)
