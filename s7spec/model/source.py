"""Source text and places in it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
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
        lines = _lines(self.text)
        return lines[number - 1] if 0 < number <= len(lines) else None

    def snippet(self, number: int) -> str | None:
        """``line``, fit to be shown to anybody: what looks like a credential is masked.

        A line of a longer value is masked when the key that opens it looks like a credential's.
        """
        lines = _lines(self.text)
        if not 0 < number <= len(lines):
            return None
        line = lines[number - 1]
        return MASK if _is_inside_a_secret(lines, number - 1) else masked(line)


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


MASK = "********"

_SECRET_WORDS = frozenset(
    {
        *("password", "passwd", "passwort", "passphrase", "pwd", "secret", "token", "credential"),
        *("user", "username", "login", "authorization"),
        *("apikey", "accesskey", "secretkey", "privatekey"),
    }
)
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_KEY = re.compile(r"""(?<![\w.-])["']?(?P<name>[A-Za-z][\w.-]*)["']?\s*[:=]""")
_OPENING_KEY = re.compile(r"""\s*(?:- +)*["']?(?P<name>[A-Za-z][\w.-]*)["']?\s*:""")
_USER_INFORMATION = re.compile(r"""(?<=://)[^\s"']{0,2000}@""")


@lru_cache(maxsize=4096)
def is_secret_name(name: str) -> bool:
    """True for names that credentials go by: ``password``, ``ipsUser``, ``S7SPEC_TOKEN``.

    The last word counts: ``password_file`` and ``user_photos`` are not credentials themselves.
    """
    words = [word.lower() for word in _WORD.findall(name)]
    if not words:
        return False
    return any(word.removesuffix("s") in _SECRET_WORDS for word in (words[-1], "".join(words[-2:])))


def masked(text: str) -> str:
    """``text`` with everything after a credential's name, and who is named in URLs, masked."""
    text = _USER_INFORMATION.sub(f"{MASK}@", text)
    for match in _KEY.finditer(text):
        if is_secret_name(match["name"]) and text[match.end() :].strip():
            return f"{text[: match.end()]} {MASK}"
    return text


@lru_cache(maxsize=1)
def _lines(text: str) -> tuple[str, ...]:
    """Findings come in bunches about one file: it is split once, and only if there are any."""
    return tuple(text.splitlines())


def _is_inside_a_secret(lines: tuple[str, ...], index: int) -> bool:
    """Looks upward for the keys that enclose line ``index``, nearest first."""
    limit = _indent(lines[index])
    for line in reversed(lines[:index]):
        if limit == 0:
            return False
        if line.strip() and _indent(line) < limit:
            limit = _indent(line)
            opening = _OPENING_KEY.match(line)
            if opening and is_secret_name(opening["name"]):
                return True
    return False


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
