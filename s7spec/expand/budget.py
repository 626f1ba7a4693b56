"""What templates may cost: one leaf in one job, and all of a manifest together.

Costs are counted in steps, never measured with a clock: what is refused on one machine is refused
on every other. A step is worth some fifty nanoseconds of an ordinary computer, so the dearest
manifest ends after some seconds. What goes into an operation counts as well as what comes out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from s7spec.expand.bounds import MAX_BITS, MAX_TEXT, BoundsError, check_items, printed

LEAF_TEXT = 16 * MAX_TEXT
"""Characters that all texts made by one leaf for one job may have together."""
LEAF_STEPS = 20_000_000
"""Steps of one leaf for one job."""
MANIFEST_STEPS = 200_000_000
"""Steps of all that one manifest expands, its templates included."""
MAX_JOBS = 1_000_000
"""Jobs of one manifest."""
FAILURE = 20_000
"""Steps for finding the words for something that is wrong."""
_MOST_LEVELS = 50
_CHARACTERS = 16
"""Of a text that count for one step."""


class WorkExceeded(Exception):
    """A manifest wants more than it may have. ``str()`` says of what."""


class Work:
    """What is left for one manifest."""

    __slots__ = ("_jobs", "_limit", "_steps")

    def __init__(self, steps: int = MANIFEST_STEPS) -> None:
        self._steps = self._limit = steps
        self._jobs = MAX_JOBS

    def spend(self, steps: int) -> None:
        """Raises WorkExceeded."""
        self._steps -= steps
        if self._steps < 0:
            raise WorkExceeded(f"more than {self._limit:,} steps")

    def spend_jobs(self, count: int) -> None:
        """Raises WorkExceeded."""
        self._jobs -= count
        if self._jobs < 0:
            raise WorkExceeded(f"more than {MAX_JOBS:,} jobs")


class Budget:
    """What is left for one leaf; ``work`` is what is left for the manifest."""

    __slots__ = ("_levels", "_steps", "_text", "work")

    def __init__(self, work: Work) -> None:
        self.work = work
        self._steps = LEAF_STEPS
        self.renew()

    def renew(self) -> None:
        """Starts the next leaf: the manifest pays for the last one. Raises WorkExceeded."""
        spent = LEAF_STEPS - self._steps
        self._text = LEAF_TEXT
        self._steps = LEAF_STEPS
        self._levels = 0
        if spent:
            self.work.spend(spent)

    def spend_text(self, length: int) -> None:
        """Accounts for a text that is made. Raises BoundsError."""
        self._text -= length
        if length > MAX_TEXT or self._text < 0:
            raise BoundsError(f"makes a text of more than {MAX_TEXT // 1024} KiB")
        self.spend_steps(1 + length // _CHARACTERS)

    def spend_steps(self, count: int) -> None:
        """Raises BoundsError."""
        self._steps -= count
        if self._steps < 0:
            raise BoundsError(f"takes more than {LEAF_STEPS:,} steps")

    def enter(self) -> None:
        """Into a macro. Raises BoundsError."""
        self._levels += 1
        if self._levels > _MOST_LEVELS:
            raise BoundsError(
                f"calls macros more than {_MOST_LEVELS} levels deep: does one call itself?"
            )

    def leave(self) -> None:
        """Out of it again."""
        self._levels -= 1

    def steps(self, items: Iterable[Any], weight: int = 1) -> Iterator[Any]:
        """``items``, each one accounted for as it is taken."""
        for item in items:
            self.spend_steps(weight)
            yield item

    def look_at(self, value: Any, weight: int = 1) -> None:
        """Accounts for reading ``value``, not what lies in its entries. Raises BoundsError."""
        if isinstance(value, str):
            self.spend_steps(1 + weight * len(value) // _CHARACTERS)
        elif isinstance(value, list | tuple | dict):
            self.spend_steps(1 + weight * len(value))

    def look_through(self, value: Any) -> None:
        """Accounts for reading ``value`` and everything in it. Raises BoundsError."""
        self.look_at(value, 5)
        if isinstance(value, dict):
            value = value.values()
        elif not isinstance(value, list | tuple):
            return
        for below in value:
            if isinstance(below, str | list | tuple | dict):
                self.look_through(below)

    def taken(self, value: Any) -> Any:
        """Accounts for what a filter, an operator or a method returned."""
        if isinstance(value, str):
            self.spend_text(len(value))
        elif isinstance(value, bool):
            pass
        elif isinstance(value, int):
            if value.bit_length() > MAX_BITS:
                raise BoundsError("makes a number that is too large")
        elif isinstance(value, list | tuple):
            check_items(len(value))
            self.spend_steps(1 + len(value))
        elif isinstance(value, Iterator):
            # What a filter has only promised is worked out at once: read a second time, it would
            # be empty without a word.
            value = [*self.steps(value)]
            check_items(len(value))
        return value

    def text(self, parts: Iterable[Any]) -> str:
        """Prints and joins. Raises Unprintable and BoundsError."""
        printed_parts = [part if type(part) is str else printed(part) for part in parts]
        self.spend_text(sum(map(len, printed_parts)))
        return "".join(printed_parts)


def size_of(value: Any) -> int:
    """Steps that going through ``value`` takes: its entries at every depth, and its texts."""
    if isinstance(value, str):
        return 1 + len(value) // _CHARACTERS
    if isinstance(value, Mapping):
        return 1 + sum(1 + size_of(below) for below in value.values())
    if isinstance(value, list | tuple):
        return 1 + sum(map(size_of, value))
    return 1
