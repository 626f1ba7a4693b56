"""Values that stand in a page once, however often they are used."""

from __future__ import annotations

from collections.abc import Hashable
from itertools import islice
from typing import Generic, TypeVar

T = TypeVar("T", bound=Hashable)


class Numbered(Generic[T]):
    """Gives each value a number, counted from 0; equal values have the same one."""

    def __init__(self) -> None:
        self._numbers: dict[T, int] = {}

    def number(self, value: T) -> int:
        return self._numbers.setdefault(value, len(self._numbers))

    def since(self, number: int) -> tuple[T, ...]:
        """Those that have got a number from this one on."""
        latest = islice(reversed(self._numbers), len(self._numbers) - number)
        return tuple(latest)[::-1]

    def forget_since(self, number: int) -> None:
        """Takes back the numbers from this one on."""
        for _ in range(len(self._numbers) - number):
            self._numbers.popitem()

    @property
    def values(self) -> tuple[T, ...]:
        return tuple(self._numbers)

    def __len__(self) -> int:
        return len(self._numbers)
