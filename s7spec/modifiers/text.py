"""One spelling for each ``is_modifier`` string, without changing what it says."""

from __future__ import annotations

import re
from urllib.parse import quote

from s7spec.modifiers.syntax import SyntaxProblem
from s7spec.modifiers.unreadable import find_unreadable

_ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}")
_ASCII = "".join(map(chr, range(0x21, 0x7F)))


class UnreadableModifierError(ValueError):
    """A text that no modifier can be; ``problem`` says what is in the way, and where."""

    def __init__(self, problem: SyntaxProblem) -> None:
        super().__init__(problem.summary)
        self.problem = problem


def normalise_modifier(text: str) -> str:
    """Drops leading ``&``, writes percent escapes with capital letters and encodes non-ASCII.

    The order of commands, their repetitions and their case stay: they can matter. Raises
    UnreadableModifierError for blanks and control characters, broken escapes, a leading ``?``, and
    when nothing is left (facts: Image Serving section 2). What else is wrong with a modifier is
    for the lints to say.
    """
    said = text.lstrip("&")
    if not said:
        raise _unreadable(0, len(text), "the modifier is empty", "write commands: wid=800&fmt=png")
    if said.startswith("?"):
        start = len(text) - len(said)
        hint = "leave the `?` out"
        raise _unreadable(start, start + 1, "a modifier begins with a command, not with `?`", hint)
    _check_signs(text)
    return _spelt(said)


def normalise_piece(text: str) -> str:
    """A part of a modifier that begins and ends outside of escapes, as ``normalise_modifier``
    writes it. Raises UnreadableModifierError as that does."""
    _check_signs(text)
    return _spelt(text)


def _check_signs(text: str) -> None:
    for problem in find_unreadable(text):
        raise UnreadableModifierError(problem)


def _spelt(text: str) -> str:
    return quote(_ESCAPE.sub(lambda escape: escape[0].upper(), text), safe=_ASCII)


def _unreadable(start: int, end: int, summary: str, hint: str) -> UnreadableModifierError:
    return UnreadableModifierError(SyntaxProblem(start=start, end=end, summary=summary, hint=hint))
