"""Source text and places in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, TypeAlias

JsonValue: TypeAlias = (
    "str | int | float | bool | tuple[JsonValue, ...] | Mapping[str, JsonValue] | None"
)
"""A value as YAML or JSON can say it, made unchangeable (arrays are tuples)."""

Pointer: TypeAlias = tuple[str | int, ...]
"""A path into a document: ``("exports", 0, "is_modifier", "wid")``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """A text file as people know it.

    ``path`` is what diagnostics print: relative to the project root, with forward slashes, or
    absolute when the file lies outside.
    """

    path: str
    text: str

    def line(self, number: int) -> str | None:
        """The text of 1-based line ``number``, without its line break; None past the end."""
        lines = self.text.splitlines()
        return lines[number - 1] if 0 < number <= len(lines) else None


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class SourceRange:
    """A stretch of a file: 1-based lines and 1-based columns counted in characters.

    The end is exclusive: a range of one character at line 3, column 5 ends at line 3, column 6.
    Line 0 says that the finding concerns the file as a whole.
    """

    path: str
    line: int = 0
    column: int = 0
    end_line: int = 0
    end_column: int = 0

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}" if self.line else self.path


class Locator(Protocol):
    """Finds where a pointer stands in the text. Kept lazy: positions cost nothing until asked."""

    def __call__(self, pointer: Pointer, *, key: bool = False) -> SourceRange: ...


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SourceDocument:
    """One YAML document of a file: plain JSON value and the way back to its text.

    ``value`` holds only dict, list, str, int, float, bool and None: what jsonschema reads.
    """

    file: SourceFile
    index: int
    value: object
    locator: Locator

    def locate(self, pointer: Pointer, *, key: bool = False) -> SourceRange:
        """Where the value (or, with ``key``, the key) at ``pointer`` stands.

        A pointer that leads nowhere gives its nearest parent that exists.
        """
        return self.locator(pointer, key=key)
