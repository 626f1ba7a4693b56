"""Leaves that only fill in values by their names: most of all leaves, read without Jinja.

``"{{ vars.season }}-{{ matrix.size.wid }}"`` needs no template engine. What is said here in a few
lookups means exactly what Jinja would make of it; where a name is missing, or anything else is
out of the ordinary, Jinja is asked and says why.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias

MAPPING_METHODS = frozenset({"get", "items", "keys", "values"})
"""What templates may call on a mapping, where no key of that name hides it."""

_NAME = "[A-Za-z_][A-Za-z0-9_]*"
_STEP = rf"\.{_NAME}|\[ *(?:'[^'\\\n]*'|\"[^\"\\\n]*\"|(?:0|[1-9][0-9]{{0,5}})) *\]"
_EXPRESSION = re.compile(
    rf"\{{\{{ *(vars|matrix|each|env|params|data|manifest)((?:{_STEP})*) *\}}\}}", re.ASCII
)
_EACH_STEP = re.compile(_STEP, re.ASCII)
_MARKS = re.compile(r"\{[{%#]")


@dataclass(frozen=True, slots=True)
class Path:
    """A name templates see, and the steps from its value to the one that is meant. ``key`` is the
    first of them when it is a key; None when that can be anything."""

    name: str
    steps: tuple[str | int, ...]

    @property
    def key(self) -> str | None:
        first = self.steps[0] if self.steps else None
        return first if isinstance(first, str) else None


Pieces: TypeAlias = tuple[str | Path, ...]
"""What a leaf is made of, in order: plain texts and values to fill in."""


def is_template(text: str) -> bool:
    """True when Jinja would do anything to ``text``."""
    return "{" in text and _MARKS.search(text) is not None


@lru_cache(maxsize=4096)
def simple_pieces(text: str) -> Pieces | None:
    """The pieces of a leaf, or None when it takes Jinja to read it."""
    pieces: list[str | Path] = []
    end = 0
    for found in _EXPRESSION.finditer(text):
        if _is_torn(text, found.start(), found.end()):
            return None
        if found.start() > end:
            pieces.append(text[end : found.start()])
        pieces.append(Path(found[1], _steps(found[2])))
        end = found.end()
    if end < len(text):
        pieces.append(text[end:])
    if any(isinstance(piece, str) and _MARKS.search(piece) for piece in pieces):
        return None
    return tuple(pieces)


def _is_torn(text: str, start: int, end: int) -> bool:
    """Braces that touch an expression's own are for Jinja to read: ``{{{ vars.a }}}``."""
    return text[start - 1 : start] == "{" or text[end : end + 1] == "}"


def value_of(path: Path, scope: Any) -> Any:
    """The value at ``path``. Raises LookupError where there is none, or where Jinja might find
    something that is no plain entry of a mapping or list."""
    value = scope[path.name]
    for step in path.steps:
        kind = type(value)
        if not (kind is dict or (kind is list and type(step) is int)):
            raise LookupError(step)
        value = value[step]
    return value


def _steps(text: str) -> tuple[str | int, ...]:
    return tuple(_step(found[0]) for found in _EACH_STEP.finditer(text))


def _step(text: str) -> str | int:
    if text.startswith("."):
        return text[1:]
    inner = text[1:-1].strip()
    return int(inner) if inner.isdigit() else inner[1:-1]
