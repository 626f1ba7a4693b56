"""How much of a plan a page may hold: what finds no room is shortened, then left out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from s7spec.report.html.markup import brief, data

_SEPARATOR = len(",\n")


def bytes_of(text: str) -> int:
    """What it takes in a page."""
    return len(text) if text.isascii() else len(text.encode())


class Room:
    """Bytes that may still be written.

    Only ``in_full`` of them go to things of more than ``short`` bytes that could be said shorter:
    so a few long ones do not push out all that come after. ``shortened`` tells whether any was.
    """

    def __init__(self, most: int, *, in_full: int | None = None, short: int = 0) -> None:
        self.left = self._most = most
        self._short = short
        self.shortened = False
        self._in_full = most if in_full is None else in_full

    @property
    def taken(self) -> int:
        return self._most - self.left

    def take(self, size: int) -> bool:
        if size > self.left:
            return False
        self.left -= size
        return True

    def fit(self, text: str, shorter: Callable[[], str]) -> str | None:
        """The text while there is room for it in full, else the shorter one; None without room for
        that either."""
        size = bytes_of(text) + _SEPARATOR
        if size <= self._short and self.take(size):
            return text
        if size <= self._in_full and self.take(size):
            self._in_full -= size
            return text
        short = shorter()
        self.shortened = self.shortened or short != text
        return short if self.take(bytes_of(short) + _SEPARATOR) else None


class SharedTexts:
    """Numbers for texts that many jobs share. Those that find no room share an ellipsis.

    ``values`` are the texts as they stand in the data of a page.
    """

    def __init__(self, room: Room) -> None:
        self._room = room
        self._numbers: dict[str, int] = {}
        self._left_out: int | None = None
        self.values: list[str] = []

    def number(self, text: str) -> int:
        known = self._numbers.get(text)
        if known is None:
            known = self._numbers[text] = self._number(text)
        return known

    def _number(self, text: str) -> int:
        fitting = self._room.fit(data(text), lambda: data(brief(text)))
        if fitting is None:
            self._room.shortened = True
            if self._left_out is not None:
                return self._left_out
            fitting, self._left_out = data("…"), len(self.values)
        self.values.append(fitting)
        return len(self.values) - 1


class Written:
    """Counts the bytes of the parts that pass through."""

    def __init__(self) -> None:
        self.size = 0

    def through(self, parts: Iterable[str]) -> Iterator[str]:
        for part in parts:
            self.size += bytes_of(part)
            yield part
