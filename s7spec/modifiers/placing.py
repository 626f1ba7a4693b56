"""From a stretch of a modifier back to the manifest it was written in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
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
    leaf = place.locate()
    written = _leaf_value(place)
    if not isinstance(written, str) or leaf.line == 0:
        return leaf
    stretch = _written_stretch(_Became(text, is_value), written, start, end)
    if stretch is None:
        return leaf
    return _narrowed(place, leaf, written, stretch) or leaf


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


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of the written text and what it became: characters from ``start`` to ``end`` of the
    text are written from ``written_start`` on. A literal part goes sign by sign."""

    start: int
    end: int
    written_start: int
    written_end: int
    is_literal: bool


@dataclass(frozen=True, slots=True)
class _Became:
    """What a written text became. In a value, percent signs are encoded as well."""

    text: str
    is_value: bool

    def length(self, sign: str, place: int) -> int:
        """How many characters ``sign`` became, from ``place`` on."""
        if self.is_value and sign == "%":
            return len("%25")
        is_encoded = self.text[place : place + 1] == "%" != sign
        return len("%00") * len(sign.encode("utf-8", "surrogatepass")) if is_encoded else 1

    def find(self, literal: str, place: int, *, is_loose: bool) -> tuple[int, int] | None:
        """Where a literal stands: at ``place``, or after it when ``is_loose``."""
        pattern = re.compile("".join(map(self._pattern, literal)))
        search = pattern.search if is_loose else pattern.match
        found = search(self.text, place)
        return None if found is None else found.span()

    def _pattern(self, sign: str) -> str:
        if sign == "%":
            return "%25" if self.is_value else "%"
        if sign.isascii() and sign.isalnum():
            # The digits of escapes become capitals.
            return f"[{sign}{sign.upper()}]" if sign in "abcdef" else sign
        encoded = "".join(f"%{byte:02X}" for byte in sign.encode("utf-8", "surrogatepass"))
        return f"(?:{re.escape(sign)}|{encoded})"


def _written_stretch(became: _Became, written: str, start: int, end: int) -> tuple[int, int] | None:
    """Where the stretch stands in the leaf's own text."""
    if _STATEMENTS.search(written):
        return None
    parts = _parts(became, written)
    if parts is None:
        return None
    last = max(start, end - 1)
    begin = next((part for part in parts if part.start <= start < part.end), None)
    close = next((part for part in reversed(parts) if part.start <= last < part.end), None)
    if begin is None or close is None:
        return None
    first = _sign_at(became, written, begin, start) if begin.is_literal else begin.written_start
    if close.is_literal:
        return first, _sign_at(became, written, close, last) + 1
    return first, close.written_end


def _sign_at(became: _Became, written: str, part: _Part, wanted: int) -> int:
    """Which sign of a literal part became the one at ``wanted``."""
    place = part.start
    for index in range(part.written_start, part.written_end):
        after = place + became.length(written[index], place)
        if place <= wanted < after:
            return index
        place = after
    return part.written_end - 1


def _parts(became: _Became, written: str) -> list[_Part] | None:
    """The literal parts found in the text one after the other, and the templates between them."""
    parts: list[_Part] = []
    place = 0
    template: tuple[int, int] | None = None
    for begin, end, is_literal in _pieces(written, became.text):
        if not is_literal:
            template = (template[0] if template else begin, end)
            continue
        found = became.find(written[begin:end], place, is_loose=template is not None)
        if found is None:
            return None
        if template is not None:
            parts.append(_Part(place, found[0], *template, is_literal=False))
            template = None
        parts.append(_Part(found[0], found[1], begin, end, is_literal=True))
        place = found[1]
    if template is not None:
        parts.append(_Part(place, len(became.text), *template, is_literal=False))
    elif place != len(became.text):
        return None
    return parts


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


def _narrowed(
    place: Place, leaf: SourceRange, written: str, stretch: tuple[int, int]
) -> SourceRange | None:
    """The stretch of the leaf's value in the file: sign by sign, folds of YAML passed over."""
    file = place.document.file
    lines = [file.line(number) or "" for number in range(leaf.line, leaf.end_line + 1)]
    lines[-1] = lines[-1][: leaf.end_column - 1] if len(lines) > 1 else lines[-1]
    row, column = 0, leaf.column - 1
    opening = lines[0][column : column + 1]
    if opening in _QUOTES:
        column += 1
    elif opening in _BLOCKS:
        row, column = 1, 0
    first: tuple[int, int] | None = None
    for index, sign in enumerate(written[: stretch[1]]):
        at = _next_sign(lines, row, column, sign, opening)
        if at is None:
            return None
        row, column = at
        if index == stretch[0]:
            first = at
        column += 2 if sign == "'" and opening == "'" else 1
    if first is None:
        return None
    return SourceRange(
        path=leaf.path,
        line=leaf.line + first[0],
        column=first[1] + 1,
        end_line=leaf.line + row,
        end_column=column + 1,
    )


def _next_sign(
    lines: list[str], row: int, column: int, sign: str, opening: str
) -> tuple[int, int] | None:
    """Where the sign stands at or after a place, with nothing but blanks and line breaks, which
    YAML folds away, between; None where escapes are in the way."""
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
