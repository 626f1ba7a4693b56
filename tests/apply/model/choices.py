"""Depth-first enumeration of everything that can happen, by replay."""

from collections.abc import Sequence
from typing import TypeVar

Option = TypeVar("Option")


class Choices:
    """A path through the tree of choices. Whoever plays picks at each point; ``rewind`` goes on to
    the next path, which begins as the last one did. Each path comes once, and all of them do,
    provided that the same picks lead to the same points."""

    def __init__(self) -> None:
        self._path: list[tuple[int, int]] = []
        self._depth = 0
        self.labels: list[str] = []

    def pick(self, options: Sequence[Option]) -> Option:
        """One of ``options``; a point with a single one is no choice."""
        if len(options) == 1:
            return options[0]
        if self._depth == len(self._path):
            self._path.append((0, len(options)))
        index, size = self._path[self._depth]
        assert size == len(options), "the replay went another way"
        self._depth += 1
        self.labels.append(str(options[index]))
        return options[index]

    def rewind(self) -> bool:
        """False when there is no other path."""
        assert self._depth == len(self._path), "the path was not played to its end"
        while self._path and self._path[-1][0] + 1 == self._path[-1][1]:
            self._path.pop()
        self._depth = 0
        self.labels = []
        if not self._path:
            return False
        index, size = self._path[-1]
        self._path[-1] = (index + 1, size)
        return True
