"""Source text and places in it."""

from __future__ import annotations

import re
from array import array
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

    @property
    def line_count(self) -> int:
        """How many lines there are; a line break at the very end begins no line."""
        return len(_layout(self.text))

    def line(self, number: int) -> str | None:
        """The text of 1-based line ``number``, without its line break; None past the end."""
        layout = _layout(self.text)
        return layout[number - 1] if 0 < number <= len(layout) else None

    def snippet(self, number: int) -> str | None:
        """``line``, fit to be shown to anybody: what looks like a credential is masked.

        A line of a longer value is masked when the key that opens it looks like a credential's.
        Of a line longer than ``LONGEST_SHOWN`` characters the beginning is given, with an ellipsis.
        """
        layout = _layout(self.text)
        return layout.shown(number - 1) if 0 < number <= len(layout) else None


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
    ``odd_numbers`` are those that would be printed otherwise than the text writes them.
    """

    file: SourceFile
    index: int
    value: object
    locator: Locator
    odd_numbers: frozenset[int | float] = frozenset()

    def locate(self, pointer: Pointer, *, key: bool = False) -> SourceRange:
        """Where the value (or, with ``key``, the key) at ``pointer`` stands.

        A pointer that leads nowhere gives its nearest parent that exists.
        """
        return self.locator(pointer, key=key)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a value was written: a document and the pointer to the value in it."""

    document: SourceDocument
    pointer: Pointer

    def locate(self, *, key: bool = False) -> SourceRange:
        """The stretch of text, of the value or of its key. Asked for only when it is shown."""
        return self.document.locate(self.pointer, key=key)

    def below(self, *steps: str | int) -> Place:
        """The place of a part of this value."""
        return Place(document=self.document, pointer=(*self.pointer, *steps))


MASK = "********"

LONGEST_SHOWN = 200_000
"""Characters of one line: a file may be a single line, and what is shown is read for secrets."""

_SECRET_WORDS = frozenset(
    {
        *("password", "passwd", "passwort", "passphrase", "pwd", "secret", "token", "credential"),
        *("user", "username", "login", "authorization"),
        *("sslpassword", "apikey", "accesskey", "secretkey", "privatekey"),
    }
)
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_KEY = re.compile(r"""(?<![\w.-])["']?(?P<name>[A-Za-z][\w.-]*)["']?\s*[:=]""")
_OPENING_KEY = re.compile(r"""\s*(?:- +)*["']?(?P<name>[A-Za-z][\w.-]*)["']?\s*:""")
_LINE_BREAK = re.compile(r"\r\n|\r|\n")
_USER_INFORMATION = re.compile(r"""(?<=://)[^\s"']{0,2000}@""")
_OPEN_URL = re.compile(r"""(?<=://)[^\s"']*\Z""")
_LONGEST_URL = 2100
_BLANKS = re.compile(r"\s*")


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


def text_in_comment(line: str) -> str | None:
    """``#fff`` of a line ``colour: #fff``, which is a key without a value to YAML."""
    match = _VALUE_IN_COMMENT.search(line)
    return None if match is None or is_secret_name(match["key"]) else match["text"]


_VALUE_IN_COMMENT = re.compile(r"""(?P<key>[\w.-]+)["']?:\s+(?P<text>#[^\s#]{1,40})\s*$""")


def _beginning(text: str) -> str:
    """``text`` cut to what may be shown. A URL that is cut in two is masked: the sign behind its
    user information may be in the part that was cut off."""
    head = _OPEN_URL.sub(MASK, text[-_LONGEST_URL:])
    return f"{text[:-_LONGEST_URL]}{head}"


class _Layout:
    """The lines of a text, counted from 0: only where they begin is kept, not the lines."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = array("I", [0])
        self._starts.extend(match.end() for match in _LINE_BREAK.finditer(text))
        if self._starts[-1] == len(text):
            self._starts.pop()
        self._secrets: dict[int, bool] = {}
        self._heads: dict[int, tuple[int | None, bool]] = {}
        self._shown: dict[int, str] = {}

    def __len__(self) -> int:
        return len(self._starts)

    def __getitem__(self, index: int) -> str:
        start, end = self._span(index)
        return self._text[start:end].rstrip("\r\n")

    def _span(self, index: int) -> tuple[int, int]:
        """Where the line stands in the text, its line break included."""
        last = index + 1 == len(self._starts)
        return self._starts[index], len(self._text) if last else self._starts[index + 1]

    def shown(self, index: int) -> str:
        """Line ``index``, masked: a file may be one long line that all findings point at."""
        known = self._shown.get(index)
        if known is None:
            known = self._shown[index] = (
                MASK if self._is_inside_a_secret(index) else self._masked(index)
            )
        return known

    def _masked(self, index: int) -> str:
        start, end = self._span(index)
        if end - start <= LONGEST_SHOWN:
            return masked(self[index])
        return masked(_beginning(self._text[start : start + LONGEST_SHOWN])) + "…"

    def _is_inside_a_secret(self, index: int) -> bool:
        """Looks upward for the keys that enclose line ``index``, nearest first.

        What was found for a line above is used again: findings come in bunches.
        """
        self._secrets[index] = found = self._search(index)
        return found

    def _search(self, index: int) -> bool:
        indent, _ = self._head(index)
        limit = self._length(index) if indent is None else indent
        for above in range(index - 1, -1, -1):
            if limit == 0:
                return False
            indent, opens_secret = self._head(above)
            if indent is None:
                continue
            if indent < limit:
                limit = indent
                if opens_secret:
                    return True
            if indent == limit and above in self._secrets:
                return self._secrets[above]
        return False

    def _head(self, index: int) -> tuple[int | None, bool]:
        """The indentation of a line, None for a blank one; whether it opens a secret's value.

        Read once, and where it stands: lines may be long.
        """
        known = self._heads.get(index)
        if known is None:
            start, end = self._span(index)
            blanks = _BLANKS.match(self._text, start, end)
            first = blanks.end() if blanks else start
            opening = _OPENING_KEY.match(self._text, start, end) if first < end else None
            known = self._heads[index] = (
                first - start if first < end else None,
                opening is not None and is_secret_name(opening["name"]),
            )
        return known

    def _length(self, index: int) -> int:
        return len(self[index])


@lru_cache(maxsize=4)
def _layout(text: str) -> _Layout:
    """Findings come in bunches about one file, or about one and what it uses: each is read once,
    and only if there are any."""
    return _Layout(text)
