"""Lines of toned text -> what a terminal shows: folded to its width, coloured if wanted.

Everything passes through ``visible`` here, once and for all lines. rich knows how wide characters
are and what a colour is in ANSI; it is imported when the first line is painted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from operator import itemgetter
from typing import TypeAlias

from s7spec.report.view import View
from s7spec.report.visible import named, visible

_LEAST_WIDTH = 40
_LEAST_ROOM = 16


class Tone(StrEnum):
    """What a stretch of text means. Values are rich styles."""

    PLAIN = ""
    STRONG = "bold"
    QUIET = "dim"
    GOOD = "green"
    CAUTION = "yellow"
    BAD = "bold red"
    GONE = "red"
    NOTE = "cyan"


Span: TypeAlias = tuple[str, Tone]


@dataclass(frozen=True, slots=True)
class Line:
    """``body`` is folded between words to stay right of ``head``; a ``whole`` line never is.

    Whole lines are for what people copy off the screen: commands, URLs and paths with blanks.
    """

    head: tuple[Span, ...] = ()
    body: tuple[Span, ...] = ()
    whole: bool = False


EMPTY = Line()


def line(text: str, tone: Tone = Tone.PLAIN, *, indent: int = 0, whole: bool = False) -> Line:
    """One stretch of text, its continuation lines indented like its first."""
    return Line(((" " * indent, Tone.PLAIN),), ((text, tone),), whole)


def labelled(label: str, *body: Span, indent: int = 0, room: int = 14, whole: bool = False) -> Line:
    """``label`` in a column of ``room`` cells, then the body."""
    head = " " * indent + label.ljust(room - 1) + " "
    return Line(((head, Tone.QUIET),), body, whole)


def paint(lines: Iterable[Line], view: View) -> str:
    """The finished text; every line ends with a line break, none with a blank."""
    return "".join(f"{row}\n" for each in lines for row in _rows(each, view))


def cells(text: str) -> int:
    """How many terminal cells ``text`` takes: two for a wide character, none for an accent."""
    from rich.cells import cell_len

    return cell_len(text)


def column_width(names: Iterable[str], view: View, *, most: int) -> int:
    """How wide a column of these names is, at most ``most`` cells."""
    return min(max((cells(in_column(name, 0, view)) for name in names), default=0), most)


def in_column(name: str, width: int, view: View) -> str:
    """The name as it will be shown, filled with blanks to ``width`` cells."""
    text = visible(named(name), unicode=view.unicode)
    return text + " " * (width - cells(text))


def cut(text: str, room: int, view: View) -> str:
    """``text`` as it will be shown, in at most ``room`` cells: its end gives way to an ellipsis."""
    shown = visible(text, unicode=view.unicode)
    if cells(shown) <= room:
        return shown
    left = room - cells(view.ellipsis)
    kept = 0
    for character in shown:
        left -= cells(character)
        if left < 0:
            break
        kept += 1
    return shown[:kept].rstrip(" ") + view.ellipsis


def _rows(each: Line, view: View) -> Iterator[str]:
    head, body = _shown(each.head, view), _shown(each.body, view)
    indent = sum(cells(text) for text, _ in head)
    room = max(view.width, _LEAST_WIDTH) - indent
    if each.whole or sum(cells(text) for text, _ in body) <= room:
        yield _row((*head, *body), view)
        return
    margin: tuple[Span, ...] = ((" " * indent, Tone.PLAIN),)
    for part in _folded(body, max(room, _LEAST_ROOM)):
        yield _row((*head, *part), view)
        head = margin


def _shown(spans: Iterable[Span], view: View) -> tuple[Span, ...]:
    return tuple((visible(text, unicode=view.unicode), tone) for text, tone in spans if text)


def _row(spans: tuple[Span, ...], view: View) -> str:
    kept = list(spans)
    while kept and not kept[-1][0].rstrip(" "):
        kept.pop()
    if kept:
        kept[-1] = (kept[-1][0].rstrip(" "), kept[-1][1])
    if not view.colour:
        return "".join(text for text, _ in kept)
    return "".join(_coloured(text, tone) for text, tone in kept)


def _coloured(text: str, tone: Tone) -> str:
    from rich.color import ColorSystem
    from rich.style import Style

    if tone is Tone.PLAIN or not text.strip(" "):
        return text
    return Style.parse(tone).render(text, color_system=ColorSystem.STANDARD)


def _folded(body: tuple[Span, ...], room: int) -> Iterator[tuple[Span, ...]]:
    """Folds between words only: a digest, URL or path that was cut in two is good for nothing.
    What is longer than the room gets a row of its own and sticks out."""
    row: list[Span] = []
    used = 0
    for word in _words(body):
        text = "".join(piece for piece, _ in word)
        if row and used + cells(text.rstrip(" ")) > room:
            yield _joined(row)
            row, used = [], 0
        row += word
        used += cells(text)
    if row:
        yield _joined(row)


def _joined(row: list[Span]) -> tuple[Span, ...]:
    """Neighbours of one tone made one, so that each tone is switched on once."""
    return tuple(
        ("".join(text for text, _ in members), tone)
        for tone, members in groupby(row, key=itemgetter(1))
    )


def _words(body: tuple[Span, ...]) -> Iterator[list[Span]]:
    """Words with the blanks behind them; one may consist of stretches of several tones."""
    word: list[Span] = []
    for text, tone in body:
        for piece in re.findall(r"[^ ]+| +", text):
            if word and word[-1][0].endswith(" ") and not piece.startswith(" "):
                yield word
                word = []
            word.append((piece, tone))
    if word:
        yield word
