"""From a stretch of a modifier back to the manifest it was written in."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from s7spec.model.source import Place, SourceRange

_TEMPLATES = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_STATEMENTS = re.compile(r"\{[%#]")
_QUOTES = ("'", '"')
_BLOCKS = ("|", ">")


def place_in_leaf(
    place: Place, text: str, start: int, end: int, *, is_value: bool = False
) -> SourceRange:
    """Where ``text[start:end]`` was written, ``text`` being what the leaf at ``place`` became:
    a modifier, its templates filled in, or with ``is_value`` the value of one of its commands,
    encoded (see ``compose_modifier``).

    What a template gave is the template. The whole leaf is the place when it cannot be told more
    exactly: where control structures of Jinja or escapes of YAML stand between.
    """
    way = _way_back(place, text, is_value)
    if way is None:
        return place.locate()
    return way.place(start, end)


def is_templated(place: Place) -> bool:
    """Whether what stands at ``place`` differs from job to job."""
    written = _leaf_value(place)
    return isinstance(written, str) and ("{{" in written or "{%" in written)


def _leaf_value(place: Place) -> Any:
    value: Any = place.document.value
    for step in place.pointer:
        try:
            value = value[step]
        except (LookupError, TypeError):
            return None
    return value


@dataclass(frozen=True, slots=True, kw_only=True)
class _WayBack:
    """For each character of a text the signs of the leaf that it came from, ``first`` to below
    ``last``; for each sign of the leaf its line and column in the file, counted from 0."""

    leaf: SourceRange
    first: array[int]
    last: array[int]
    lines: array[int]
    columns: array[int]
    widths: array[int]

    def place(self, start: int, end: int) -> SourceRange:
        """Empty stretches are that of the character they stand before."""
        if not start < len(self.first):
            return self.leaf
        final = min(max(start, end - 1), len(self.last) - 1)
        begin, close = self.first[start], self.last[final] - 1
        if not begin <= close < len(self.lines):
            return self.leaf
        return SourceRange(
            path=self.leaf.path,
            line=self.leaf.line + self.lines[begin],
            column=self.columns[begin] + 1,
            end_line=self.leaf.line + self.lines[close],
            end_column=self.columns[close] + self.widths[close] + 1,
        )


@lru_cache(maxsize=16)
def _way_back(place: Place, text: str, is_value: bool) -> _WayBack | None:
    """Findings come in bunches about one text: the way is found once. None where there is none."""
    leaf = place.locate()
    written = _leaf_value(place)
    if not isinstance(written, str) or leaf.line == 0 or _STATEMENTS.search(written):
        return None
    origins = _origins(written, text, is_value=is_value)
    signs = None if origins is None else _signs(place, leaf, written)
    if origins is None or signs is None:
        return None
    (first, last), (lines, columns, widths) = origins, signs
    return _WayBack(leaf=leaf, first=first, last=last, lines=lines, columns=columns, widths=widths)


def _origins(written: str, text: str, *, is_value: bool) -> tuple[array[int], array[int]] | None:
    """Where each character of the text came from: the literal parts are looked for one after the
    other, what lies between them is what the templates there gave."""
    first, last = array("i"), array("i")
    place = 0
    template: tuple[int, int] | None = None
    for begin, end, is_literal in _pieces(written, text):
        if not is_literal:
            template = (template[0] if template else begin, end)
            continue
        pattern = _pattern_of(written[begin:end], is_value=is_value)
        found = pattern.search(text, place) if template else pattern.match(text, place)
        if found is None:
            return None
        if template is not None:
            _extend(first, last, found.start() - place, *template)
            template = None
        at = found.start()
        for index in range(begin, end):
            length = _length(written[index], text, at, is_value=is_value)
            _extend(first, last, length, index, index + 1)
            at += length
        place = found.end()
    if template is not None:
        _extend(first, last, len(text) - place, *template)
        place = len(text)
    return (first, last) if place == len(text) == len(first) else None


def _extend(first: array[int], last: array[int], count: int, begin: int, end: int) -> None:
    first.extend([begin] * count)
    last.extend([end] * count)


def _pieces(written: str, text: str) -> Iterator[tuple[int, int, bool]]:
    """Start, end, and whether it is literal. Leading `&` say nothing and may have been dropped."""
    start = 0 if text.startswith("&") else len(written) - len(written.lstrip("&"))
    for template in _TEMPLATES.finditer(written):
        if start < template.start():
            yield start, template.start(), True
        yield template.start(), template.end(), False
        start = template.end()
    if start < len(written):
        yield start, len(written), True


def _length(sign: str, text: str, place: int, *, is_value: bool) -> int:
    """How many characters ``sign`` became, from ``place`` on."""
    if is_value and sign == "%":
        return len("%25")
    is_encoded = text[place : place + 1] == "%" != sign
    return len("%00") * len(sign.encode("utf-8", "surrogatepass")) if is_encoded else 1


@lru_cache(maxsize=16)
def _pattern_of(literal: str, *, is_value: bool) -> re.Pattern[str]:
    return re.compile("".join(_sign_pattern(sign, is_value=is_value) for sign in literal))


def _sign_pattern(sign: str, *, is_value: bool) -> str:
    if sign == "%":
        return "%25" if is_value else "%"
    if sign.isascii() and sign.isalnum():
        # The digits of escapes become capitals.
        return f"[{sign}{sign.upper()}]" if sign in "abcdef" else sign
    encoded = "".join(f"%{byte:02X}" for byte in sign.encode("utf-8", "surrogatepass"))
    return f"(?:{re.escape(sign)}|{encoded})"


def _signs(
    place: Place, leaf: SourceRange, written: str
) -> tuple[array[int], array[int], array[int]] | None:
    """The line, the column and the width of each sign of the leaf's value in the file, folds of
    YAML passed over; None where escapes are in the way."""
    file = place.document.file
    rows = [file.line(number) or "" for number in range(leaf.line, leaf.end_line + 1)]
    rows[-1] = rows[-1][: leaf.end_column - 1] if len(rows) > 1 else rows[-1]
    row, column = 0, leaf.column - 1
    opening = rows[0][column : column + 1]
    if opening in _QUOTES:
        column += 1
    elif opening in _BLOCKS:
        row, column = 1, 0
    lines, columns, widths = array("i"), array("i"), array("i")
    for sign in written:
        at = _next_sign(rows, row, column, sign, opening)
        if at is None:
            return None
        row, column = at
        width = 2 if sign == "'" and opening == "'" else 1
        lines.append(row)
        columns.append(column)
        widths.append(width)
        column += width
    return lines, columns, widths


def _next_sign(
    lines: list[str], row: int, column: int, sign: str, opening: str
) -> tuple[int, int] | None:
    """Where the sign stands at or after a place, with nothing but blanks and line breaks, which
    YAML folds away, between."""
    while row < len(lines):
        line = lines[row]
        if column >= len(line):
            row, column = row + 1, 0
            if sign in " \n":
                return (row - 1, len(line))
        elif line[column] == "\\" and opening == '"':
            return None
        elif line[column] == sign:
            return (row, column)
        elif line[column] in " \t":
            column += 1
        else:
            return None
    return None
