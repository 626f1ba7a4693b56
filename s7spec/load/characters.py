"""Which characters may stand in a file, which in a text, and where they stand."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from functools import cache

from s7spec.model.source import SourceRange

LINE_BREAK = re.compile(r"\r\n|\r|\n")

_READABLE_ASCII = bytes((*b"\t\n\r", *range(0x20, 0x7F)))

CONTROL_SUMMARY = "the text holds a control character"
CONTROL_HINT = r"remove escapes such as \0 and \x07: nothing after YAML can carry them"


def find_unreadable(text: str) -> int | None:
    """The offset of the first character that may not stand in a file."""
    if text.isascii() and not text.encode().translate(None, _READABLE_ASCII):
        return None  # most texts, and five times faster
    found = _unreadable().search(text)
    return None if found is None else found.start()


def has_control(text: str) -> bool:
    """Whether ``text`` holds a character that may not stand in a file, or in XML.

    A text in double quotes can spell them out. Tabs and line breaks are none.
    """
    return not text.isprintable() and _control().search(text) is not None


def why_unreadable(character: str) -> tuple[str, str]:
    """Summary and hint about a character that ``find_unreadable`` found."""
    code = f"U+{ord(character):04X}"
    if character == "\0":
        hint = "the file is no text, or UTF-16 without a byte order mark: save it as UTF-8"
    else:
        hint = "remove it, or write it as an escape in double quotes"
    return f"a control or unassigned character ({code})", hint


class Lines:
    """From offsets in a text to lines and columns."""

    def __init__(self, path: str, text: str) -> None:
        self._path = path
        self._starts = array("I", [0])
        self._starts.extend(match.end() for match in LINE_BREAK.finditer(text))

    def point(self, offset: int) -> tuple[int, int]:
        """Line and column, both from 0."""
        line = bisect_right(self._starts, offset) - 1
        return line, offset - self._starts[line]

    def start(self, line: int) -> int:
        """The offset where ``line``, from 0, begins."""
        return self._starts[line]

    def place(self, start: int, end: int) -> SourceRange:
        """From ``start`` to ``end``, exclusive."""
        (line, column), (end_line, end_column) = self.point(start), self.point(end)
        return SourceRange(
            path=self._path,
            line=line + 1,
            column=column + 1,
            end_line=end_line + 1,
            end_column=end_column + 1,
        )


# Compiled when needed: their sets of characters take milliseconds, which most runs can spare.
@cache
def _unreadable() -> re.Pattern[str]:
    """What YAML does not let stand in a file, and the line breaks that only YAML 1.1 knew.

    Those are invisible, and editors count lines without them.
    """
    return re.compile(
        "[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
    )


@cache
def _control() -> re.Pattern[str]:
    return re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
