"""Values that many jobs share, worked on once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

Shared = TypeVar("Shared")
Made = TypeVar("Made")


class OncePerObject(Generic[Shared, Made]):
    """Calls a function once for each of the last few objects it was asked about.

    Objects are told apart by identity: to compare, or to hash, the 500 assets that a thousand jobs
    share costs more than all the rest. They are kept, so an identity is never another object's;
    when there are ``most`` of them all are let go, for jobs come export by export.
    """

    def __init__(self, make: Callable[[Shared], Made], *, most: int) -> None:
        self._make = make
        self._most = most
        self._kept: dict[int, tuple[Shared, Made]] = {}

    def __call__(self, shared: Shared) -> Made:
        found = self._kept.get(id(shared))
        if found is not None:
            return found[1]
        made = self._make(shared)
        self.know(shared, made)
        return made

    def know(self, shared: Shared, made: Made) -> None:
        """What was made of it, perhaps elsewhere."""
        if len(self._kept) >= self._most and id(shared) not in self._kept:
            self._kept.clear()
        self._kept[id(shared)] = (shared, made)
