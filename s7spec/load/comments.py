"""Where the comments of s7spec stand in a YAML file. A `#` inside a value is no comment."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

import yaml
from yaml.events import AliasEvent, ScalarEvent, StreamEndEvent

from s7spec.load.events import EventSource, OpenEvents, Point, end_of, open_events, start_of
from s7spec.model.source import SourceFile

_MARK = re.compile(r"#[ \t]*s7spec:")
_COMMENT = re.compile(r"(?:^|[ \t])#")
_BLOCK_INDICATOR = re.compile(r"[|>]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """``text`` is what follows ``s7spec:``; it begins at ``column``, 1-based.

    ``first_line`` to ``last_line`` is what the comment speaks about: its own line, or for a
    comment that has a line to itself the next line that is no comment; a value over several
    lines counts as a whole. Both are 0 when a blank line or the end of the file follows.
    """

    line: int
    column: int
    text: str
    first_line: int
    last_line: int


def find_comments(file: SourceFile, *, events: OpenEvents = open_events) -> tuple[Comment, ...]:
    """All comments that begin with ``# s7spec:``, in the order of the text.

    Costs one search of the text when there is none; otherwise the text is parsed once more, up
    to the last one. What follows a syntax error is left out.
    """
    text = file.text.removeprefix("\ufeff")
    if "s7spec:" not in text:
        return ()
    lines = text.splitlines()
    marks = [
        (number, match)
        for number, line in enumerate(lines)
        if "s7spec:" in line
        for match in _MARK.finditer(line)
    ]
    if not marks:
        return ()
    values = _Values(lines)
    values.read(events(text), _below(lines, marks[-1][0]))
    return tuple(_comments(lines, marks, values))


def _comments(
    lines: list[str], marks: list[tuple[int, re.Match[str]]], values: _Values
) -> Iterator[Comment]:
    below = 0
    for number, match in marks:
        line, start = lines[number], match.start()
        before = values.end_before(number, start)
        # Within a value, behind another comment's sign, or in the middle of a word.
        if before is None or _COMMENT.search(line, before, start):
            continue
        if start and line[start - 1] not in " \t":
            continue
        target = number
        if not line[:start].strip():
            # Comments that are stacked share their target: it is looked for once.
            below = below if number < below else _below(lines, number)
            target = below
        is_nothing = target == len(lines) or not lines[target].strip()
        first, last = (0, 0) if is_nothing else values.around(target)
        yield Comment(
            line=number + 1,
            column=match.end() + 1,
            text=line[match.end() :],
            first_line=first,
            last_line=last,
        )


def _below(lines: list[str], number: int) -> int:
    """The line that a comment on a line of its own speaks about: further comments may stand
    between."""
    while number < len(lines) and lines[number].lstrip().startswith("#"):
        number += 1
    return number


class _Values:
    """Where the scalars and aliases of a file stand, in its order; lines and columns from 0.

    ``texts`` is where the text itself begins: for a block scalar the line below its header, where
    a comment may stand.
    """

    def __init__(self, lines: list[str]) -> None:
        self._lines = lines
        self._starts: list[Point] = []
        self._texts: list[Point] = []
        self._ends: list[Point] = []

    def read(self, events: EventSource, last: int) -> None:
        """Reads up to line ``last``; what follows a syntax error counts as one value."""
        try:
            while not isinstance(event := events.get_event(), StreamEndEvent):
                if isinstance(event, ScalarEvent | AliasEvent):
                    self._add(event)
                    if start_of(event)[0] > last:
                        break
        except yaml.YAMLError:
            lost = self._ends[-1] if self._ends else (0, 0)
            self._append(lost, lost, (len(self._lines), 0))

    def end_before(self, number: int, column: int) -> int | None:
        """The column at which the last value before this place ends, 0 for none on this line;
        None within a value."""
        index = bisect_right(self._texts, (number, column)) - 1
        if index < 0:
            return 0
        end = self._ends[index]
        if end > (number, column):
            return None
        return end[1] if end[0] == number else 0

    def around(self, number: int) -> tuple[int, int]:
        """First and last line, from 1, of line ``number`` and the values that touch it."""
        first = last = number
        index = bisect_right(self._starts, (number, len(self._lines[number]))) - 1
        while index >= 0:
            start, end = self._starts[index], self._ends[index]
            end_line = end[0] if end[1] or end == start else end[0] - 1
            if end_line < number:
                break
            first, last = min(first, start[0]), max(last, end_line)
            index -= 1
        return first + 1, last + 1

    def _add(self, event: ScalarEvent | AliasEvent) -> None:
        start = text = start_of(event)
        if isinstance(event, ScalarEvent) and event.style in ("|", ">"):
            header, column = start
            while header < len(self._lines) - 1 and not _BLOCK_INDICATOR.search(
                self._lines[header], column
            ):
                header, column = header + 1, 0
            text = (header + 1, 0)
        self._append(start, text, max(end_of(event), text))

    def _append(self, start: Point, text: Point, end: Point) -> None:
        self._starts.append(start)
        self._texts.append(text)
        self._ends.append(end)
