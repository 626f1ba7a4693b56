"""Signs that no modifier can hold (facts: Image Serving sections 2 and 7, E7)."""

from __future__ import annotations

import re

from s7spec.modifiers.syntax import SyntaxProblem

# Blanks and controls, broken escapes, halves of surrogate pairs. One search finds that there is
# nothing of the kind, as there usually is not.
_UNREADABLE = re.compile(r"[\x00-\x20\x7f-\xa0]|%(?![0-9A-Fa-f]{2}).{0,2}|[\ud800-\udfff]")
_BLANKS = {" ": "a blank", "\t": "a tab", "\n": "a line break", "\r": "a line break"}


def find_unreadable(text: str) -> list[SyntaxProblem]:
    """Blanks, control characters and broken percent escapes, in order."""
    return [_told(found) for found in _UNREADABLE.finditer(text)]


def _told(found: re.Match[str]) -> SyntaxProblem:
    sign = found[0][0]
    if sign == "%":
        summary = f"`{found[0]}` is not a percent escape"
        hint = "write a literal percent sign as %25"
    else:
        summary = f"{named_sign(sign)} in a modifier: it can hold none"
        hint = "write a blank as %20" if sign == " " else "leave it out"
        if _is_beside_separator(found):
            hint = "write one line, or a mapping: YAML joins the lines of a text with blanks"
    return SyntaxProblem(start=found.start(), end=found.end(), summary=summary, hint=hint)


def _is_beside_separator(found: re.Match[str]) -> bool:
    text = found.string
    return "&" in text[max(found.start() - 1, 0) : found.end() + 1]


def named_sign(sign: str) -> str:
    """A sign that does not show, as a person would name it."""
    return _BLANKS.get(sign, f"U+{ord(sign):04X}")
