"""Makes the invisible visible: what others wrote must not steer a terminal or hide from a reader.

Asset names, server messages and manifests are untrusted (facts: Image Serving section 9). Escape
sequences, line breaks, bidirectional overrides and blank characters come out as signs or escapes.
"""

from __future__ import annotations

import re
from functools import lru_cache

_BLANK_LETTERS = frozenset("\u115f\u1160\u3164\uffa0\u2800\u034f")
"""Characters that count as printable and yet show nothing."""

_COMMAND_LINE = re.compile(r"(^[^\S\n]*)::", re.MULTILINE)
_COMMAND_SIGN = re.compile(r"##(?=(?:vso)?\[)", re.IGNORECASE)
_CONTROL_PICTURES = 0x2400
_DELETE = 0x7F


def visible(text: str, *, unicode: bool = True) -> str:
    """``text`` with nothing in it that could act or hide; applying it twice changes nothing.

    ASCII control characters become their pictures (``␛``), everything else that does not show
    becomes an escape (``\\u202e``). Without ``unicode`` all that is not ASCII is escaped.
    """
    if text.isprintable() and (text.isascii() or (unicode and _BLANK_LETTERS.isdisjoint(text))):
        return text
    return "".join(map(_shown if unicode else _shown_in_ascii, text))


def inert(text: str) -> str:
    """Lines without commands to a build server that reads them in its log.

    GitHub's runner obeys lines that begin, after blanks, with ``::``, and what follows ``##[``
    anywhere; Azure Pipelines what follows ``##vso[``. A blank between the signs takes the meaning.
    """
    return _COMMAND_SIGN.sub("# #", _COMMAND_LINE.sub(r"\1: :", text))


def named(text: str) -> str:
    """A name, for use inside a sentence: blanks at its ends are written out, emptiness is shown."""
    if not text:
        return '""'
    if not text.startswith(" ") and not text.endswith(" "):
        return text
    core = text.strip(" ")
    lead = len(text) - len(text.lstrip(" "))
    trail = len(text) - lead - len(core)
    return "\\x20" * lead + core + "\\x20" * trail


@lru_cache(maxsize=4096)
def _shown(character: str) -> str:
    code = ord(character)
    if character.isprintable() and character not in _BLANK_LETTERS:
        return character
    if code < 0x20:
        return chr(_CONTROL_PICTURES + code)
    return "␡" if code == _DELETE else _escape(code)


@lru_cache(maxsize=4096)
def _shown_in_ascii(character: str) -> str:
    code = ord(character)
    return character if character.isprintable() and code < _DELETE else _escape(code)


def _escape(code: int) -> str:
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
