"""Values that stand in a page once, however often they are used."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Generic, TypeVar

T = TypeVar("T", bound=Hashable)


class Numbered(Generic[T]):
    """Gives each value a number, counted from 0; equal values have the same one."""

    def __init__(self) -> None:
        self._numbers: dict[T, int] = {}

    def number(self, value: T) -> int:
        return self._numbers.setdefault(value, len(self._numbers))

    def forget_last(self) -> None:
        """Takes back the number that was given last."""
        self._numbers.popitem()

    @property
    def values(self) -> tuple[T, ...]:
        return tuple(self._numbers)

    def __len__(self) -> int:
        return len(self._numbers)


def bytes_of(text: str) -> int:
    """What it takes in a page."""
    return len(text) if text.isascii() else len(text.encode())


class Room:
    """Bytes that may still be written. What finds no room is left out; the page says so."""

    def __init__(self, most: int) -> None:
        self._left = most

    def take(self, size: int) -> bool:
        if size > self._left:
            return False
        self._left -= size
        return True
