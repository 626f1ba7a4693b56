"""Names of files in a ZIP that are single, harmless names wherever the ZIP is unpacked."""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePosixPath

_PLACEHOLDER = "_"
# Separators and drives of any system, and characters that turn the direction of what is shown.
_UNSAFE = re.compile("[/\\\\:\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_UNSAFE_CATEGORIES = ("Cc", "Cs", "Zl", "Zp")
_DEVICES = frozenset(
    {"con", "prn", "aux", "nul", "conin$", "conout$"}
    | {f"{device}{digit}" for device in ("com", "lpt") for digit in "0123456789¹²³"}
)


def safe_name(name: str) -> str:
    """One name without path, never empty; a good name comes back unchanged.

    Separators, colons and control characters become ``_``, so do leading dots and blanks and
    trailing ones, which Windows drops; names of Windows devices get one in front.
    """
    plain = "".join(
        _PLACEHOLDER if unicodedata.category(c) in _UNSAFE_CATEGORIES else c
        for c in _UNSAFE.sub(_PLACEHOLDER, name)
    )
    body = plain.lstrip(". ")
    plain = _PLACEHOLDER * (len(plain) - len(body)) + body
    body = plain.rstrip(". ")
    plain = body + _PLACEHOLDER * (len(plain) - len(body))
    if plain.partition(".")[0].rstrip().casefold() in _DEVICES:
        plain = _PLACEHOLDER + plain
    return plain or _PLACEHOLDER


class EntryNames:
    """Hands out each name once: upper and lower case and ways to write accents count as equal, as
    file systems have it. A taken name gets ``_1``."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def take(self, name: str) -> str:
        path = PurePosixPath(safe_name(name))
        candidate, count = path.name, 0
        while _folded(candidate) in self._taken:
            count += 1
            candidate = f"{path.stem}_{count}{path.suffix}"
        self._taken.add(_folded(candidate))
        return candidate


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
