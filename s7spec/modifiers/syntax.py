"""What an Image Serving modifier is made of (facts: Image Serving section 2)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias
from urllib.parse import unquote


@dataclass(frozen=True, slots=True)
class Command:
    """``name=value``, or ``name`` alone. Two commands are equal when they say the same, however
    they were escaped: ``value`` is percent-encoded where it must be and nowhere else."""

    name: str
    value: str | Request | None

    @property
    def fields(self) -> tuple[str, ...]:
        """The value between commas, decoded; none of a nested request or without a value."""
        return _fields(self.value)


@dataclass(frozen=True, slots=True)
class Variable:
    """``$name=value``: defines what ``$name$`` means in the values after it."""

    name: str
    value: str | Request

    @property
    def fields(self) -> tuple[str, ...]:
        """The value between commas, decoded; none of a nested request."""
        return _fields(self.value)


@dataclass(frozen=True, slots=True)
class Macro:
    """``$name$``: an image preset, expanded where it stands."""

    name: str


@dataclass(frozen=True, slots=True)
class Comment:
    """``.text``: the server passes over it. ``text`` is in canonical spelling, without the dot."""

    text: str


Piece: TypeAlias = Command | Variable | Macro | Comment


@dataclass(frozen=True, slots=True)
class Modifier:
    """The pieces between the ``&``, in order. Empty ones say nothing and are not kept."""

    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Request:
    """A source that is a request of its own: ``is{Acme/shoe?wid=300}``.

    ``server`` is ``is``, ``ir``, ``fxg`` or nothing; ``bracket`` is ``{`` or ``(``. ``modifier`` is
    None when the request has none, and of other servers and URLs, whose language is not this one:
    there ``target`` is all that stands between the brackets.
    """

    server: str
    bracket: str
    target: str
    modifier: Modifier | None

    @property
    def is_foreign(self) -> bool:
        """Whether it names a URL of any server."""
        return is_url(self.target)


def is_url(target: str) -> bool:
    """Whether the target of a request is a URL."""
    return target[:8].lower().startswith(("http://", "https://"))


# One letter is a drive.
_ELSEWHERE = re.compile(r"(?:is|ir|fxg)?[\s{(]*(?:[a-z][a-z0-9+.-]+:|//|\\\\)", re.IGNORECASE).match


def leads_elsewhere(target: str) -> bool:
    """Whether a source may be anything but an asset or a file of the server: it has a scheme, of
    whatever kind, or begins with ``//``. ``is_url`` are those that are known to be another language
    than modifiers."""
    decoded = unquote(target)
    return _ELSEWHERE(decoded) is not None or _ELSEWHERE(unquote(decoded)) is not None


class Span(NamedTuple):
    """Where a piece stands in the parsed text, counted in characters from 0; ``inside`` are those
    of the request that is its value."""

    start: int
    end: int
    inside: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SyntaxProblem:
    """What no server can read as it is meant (facts: Image Serving section 7, E7).

    ``start`` and ``end`` are characters of the parsed text, counted from 0.
    """

    start: int
    end: int
    summary: str
    hint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """A modifier as far as it can be read, where its pieces stand, and what is wrong with it."""

    modifier: Modifier
    spans: tuple[Span, ...]
    problems: tuple[SyntaxProblem, ...]


def _fields(value: str | Request | None) -> tuple[str, ...]:
    if not isinstance(value, str):
        return ()
    if "%" not in value:
        return tuple(value.split(","))
    return tuple(unquote(each) for each in value.split(","))
