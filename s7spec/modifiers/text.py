"""One spelling for each ``is_modifier`` string, without changing what it says."""

from __future__ import annotations

import re
from urllib.parse import quote

from s7spec.modifiers.unreadable import named_sign

_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})?")
_FORBIDDEN = re.compile(r"[\x00-\x20\x7f-\xa0]")


def normalise_modifier(text: str) -> str:
    """Drops leading ``&``, writes percent escapes with capital letters and encodes non-ASCII.

    The order of commands, their repetitions and their case stay: they can matter. Raises
    ValueError for blanks and control characters, broken escapes, unbalanced braces, and when
    nothing is left (facts: Image Serving section 2).
    """
    if text != text.strip():
        raise ValueError("blanks or line breaks around an Image Serving modifier")
    forbidden = _FORBIDDEN.search(text)
    if forbidden is not None:
        raise ValueError(
            f"Image Serving modifiers hold no blanks and no control characters: "
            f"{named_sign(forbidden[0])} at character {forbidden.start() + 1}; write a blank as %20"
        )
    text = text.lstrip("&")
    if not text:
        raise ValueError("the modifier is empty")
    if text.startswith("?"):
        raise ValueError("a modifier begins with a command, not with `?`")
    _check_braces(text)
    return quote(_ESCAPE.sub(_capital, text), safe=_ASCII)


def normalise_piece(text: str) -> str:
    """A part of a modifier that begins and ends outside of escapes, as ``normalise_modifier``
    writes it; braces are the whole's matter. Raises ValueError as that does."""
    forbidden = _FORBIDDEN.search(text)
    if forbidden is not None:
        raise ValueError(f"{named_sign(forbidden[0])} in a modifier")
    return quote(_ESCAPE.sub(_capital, text), safe=_ASCII)


_ASCII = "".join(map(chr, range(0x21, 0x7F)))


def _capital(escape: re.Match[str]) -> str:
    if escape[1] is None:
        raise ValueError(
            f"`{escape.string[escape.start() : escape.start() + 3]}` is not a percent escape: "
            "write a literal percent sign as %25"
        )
    return escape[0].upper()


def _check_braces(text: str) -> None:
    """Nested requests stand in braces; a missing one swallows the commands after it."""
    depth = 0
    for character in text:
        depth += (character == "{") - (character == "}")
        if depth < 0:
            break
    if depth:
        raise ValueError("braces are not balanced: write literal ones as %7B and %7D")
