"""The line a finding points at, and the carets below it."""

from __future__ import annotations

from dataclasses import dataclass

from s7spec.model.source import SourceRange
from s7spec.report.terminal import cells
from s7spec.report.view import View
from s7spec.report.visible import visible

_TAB = 4
_LEAST_ROOM = 20
_NEAR = 1_000
"""Characters to each side of the place: what is further away is not looked at at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Excerpt:
    """``code`` is the line as shown, ``indent`` and ``carets`` are counted in terminal cells."""

    code: str
    indent: int
    carets: int


def excerpt(text: str, where: SourceRange, view: View, *, room: int) -> Excerpt:
    """Shows ``text`` in ``room`` cells, cut around the start of ``where`` when it is longer.

    Tabs become blanks, what cannot be seen becomes visible; wide characters get two carets and
    an accent on its own gets one. A range over several lines is marked to the end of the first.
    """
    column = min(max(where.column - 1, 0), len(text))
    cut = max(column - _NEAR, 0)
    near = text[cut : column + _NEAR]
    is_cut_after = cut + len(near) < len(text)
    pieces = _pieces(near, view)
    widths = [cells(piece) for piece in pieces]
    start = column - cut
    end = where.end_column - 1 - cut if where.end_line == where.line else len(near.rstrip())
    end = min(max(end, start), len(pieces))
    mark = cells(view.ellipsis)
    left = max(room, _LEAST_ROOM) - mark * ((cut > 0) + is_cut_after)
    first, last = _window(widths, start, left, mark)
    before = view.ellipsis if first or cut else ""
    after = view.ellipsis if last < len(pieces) or is_cut_after else ""
    return Excerpt(
        code=before + "".join(pieces[first:last]) + after,
        indent=cells(before) + sum(widths[first:start]),
        carets=max(sum(widths[start : min(end, last)]), 1),
    )


def _pieces(text: str, view: View) -> list[str]:
    pieces = []
    column = 0
    for character in text:
        if character == "\t":
            piece = " " * (_TAB - column % _TAB)
        else:
            piece = visible(character, unicode=view.unicode)
        pieces.append(piece)
        column += cells(piece)
    return pieces


def _window(widths: list[int], start: int, room: int, mark: int) -> tuple[int, int]:
    """The stretch ``first:last`` of pieces to show: all of them, or as much as fits with ``start``
    in its first third and room for the marks of what was cut."""
    if sum(widths) <= room:
        return 0, len(widths)
    first, left = start, 0
    while first > 0 and left + widths[first - 1] <= room // 3:
        first -= 1
        left += widths[first]
    last, used = first, mark if first else 0
    while last < len(widths) and used + widths[last] <= room - mark:
        used += widths[last]
        last += 1
    while last == len(widths) and first > 0 and used + widths[first - 1] <= room:
        first -= 1
        used += widths[first]
    return first, last
