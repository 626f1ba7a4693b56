"""The texts of a job as patterns: what is fixed, and pieces to fill in, each with its own way from
a value to a text.

A pattern covers what is usual. What it does not cover raises Irregular, and the long way (see
``expand.slowly``) says what comes out, or what is wrong. Both ways must agree: a test holds it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias

from s7spec.expand.bounds import MAX_TEXT, Unprintable, printed
from s7spec.expand.problems import Irregular
from s7spec.expand.simple import Path, is_template, simple_pieces
from s7spec.expand.values import BadValueError, modifier
from s7spec.model.manifest import Export
from s7spec.modifiers import compose_modifier, encoded_value, normalise_piece

Convert: TypeAlias = Callable[[Any], str]


@dataclass(frozen=True, slots=True)
class Piece:
    """A value to fill in: a path, or the text of a leaf that takes Jinja to read."""

    source: Path | str
    convert: Convert


Pattern: TypeAlias = tuple[str | Piece, ...]

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_PLAIN_MODIFIER = re.compile(r"[!-$&-z|~]+").fullmatch
"""Printable ASCII without ``%``, ``{`` and ``}``: stands for itself in a modifier."""
_PLAIN_VALUE = re.compile(r"[A-Za-z0-9_.,!*'-]+").fullmatch
"""Stands for itself as the value of a command."""


@lru_cache(maxsize=4096)
def plain_pattern(text: str) -> Pattern:
    """Values are printed as they are. Raises Irregular."""
    return tuple(
        _literal(piece) if isinstance(piece, str) else Piece(piece.source, _plain)
        for piece in _split(text)
    )


def modifier_pattern(export: Export) -> Pattern | None:
    """``is_modifier`` as Image Serving reads it; None when there is none. Raises Irregular."""
    stated = export.is_modifier
    if stated is None:
        return None
    if isinstance(stated, str):
        return _text_pattern(stated)
    pattern: list[str | Piece] = []
    for command, value in stated.values.items():
        if pattern:
            pattern.append("&")
        kind = repr(value) if type(value) is float else type(value).__name__
        pattern += _field_pattern(command, value, kind)
    return tuple(pattern)


@lru_cache(maxsize=4096)
def _text_pattern(text: str) -> Pattern:
    split = _split(text)
    if len(split) == 1:
        piece = split[0]
        return (
            _checked(modifier, text) if isinstance(piece, str) else Piece(piece.source, _whole),
        )
    literals = "".join(piece for piece in split if isinstance(piece, str))
    if literals.count("{") or literals.count("}") or text[:1] in "&?":
        raise Irregular
    return tuple(
        _checked(normalise_piece, piece)
        if isinstance(piece, str)
        else Piece(piece.source, _in_modifier)
        for piece in split
    )


@lru_cache(maxsize=4096)
def _field_pattern(name: str, value: str | int | float | bool, kind: str) -> Pattern:
    """``kind`` tells apart what is equal and written differently: 1 and true, 0.0 and -0.0."""
    if not isinstance(value, str) or not is_template(value):
        return (_checked(lambda each: compose_modifier([(name, each)]), value),)
    split = _split(value)
    begin = _checked(lambda each: compose_modifier([(name, each)]), 0)[:-1]
    if len(split) == 1:
        return (begin, Piece(_source(split[0]), _value))
    literals = [piece for piece in split if isinstance(piece, str)]
    if any("$" in literal for literal in literals) or value != value.strip():
        raise Irregular
    pieces = (
        encoded_value(_literal(piece)) if isinstance(piece, str) else Piece(piece.source, _in_value)
        for piece in split
    )
    return (begin, *pieces)


@dataclass(frozen=True, slots=True)
class _Expression:
    source: Path | str


def _split(text: str) -> list[str | _Expression]:
    """Texts and expressions in order; a leaf that takes Jinja is one expression."""
    if not is_template(text):
        return [text]
    pieces = simple_pieces(text)
    if pieces is None:
        return [_Expression(text)]
    return [piece if isinstance(piece, str) else _Expression(piece) for piece in pieces]


def _source(piece: str | _Expression) -> Path | str:
    return piece if isinstance(piece, str) else piece.source


def _checked(convert: Callable[[Any], str], value: Any) -> str:
    try:
        return convert(value)
    except (ValueError, BadValueError) as error:
        raise Irregular from error


def _literal(text: str) -> str:
    if _CONTROL.search(text):
        raise Irregular
    return text


def _plain(value: Any) -> str:
    if type(value) is int:
        return str(value)
    text = value if type(value) is str else _printed(value)
    if len(text) > MAX_TEXT or not (text.isprintable() or _CONTROL.search(text) is None):
        raise Irregular
    return text


def _printed(value: Any) -> str:
    try:
        return printed(value)
    except Unprintable as error:
        raise Irregular from error


def _whole(value: Any) -> str:
    return _checked(modifier, value)


def _in_modifier(value: Any) -> str:
    text = _plain(value)
    if _PLAIN_MODIFIER(text) is None:
        raise Irregular
    return text


def _value(value: Any) -> str:
    """The whole value of a command, encoded."""
    kind = type(value)
    if kind is int or (kind is str and _PLAIN_VALUE(value)):
        return str(value)
    if not isinstance(value, str | int | float):
        raise Irregular
    return _checked(lambda each: compose_modifier([("wid", each)]), value).removeprefix("wid=")


def _in_value(value: Any) -> str:
    text = value if type(value) is str else _plain(value)
    if _PLAIN_VALUE(text):
        return text
    text = _plain(text)
    if not text or "$" in text or text != text.strip():
        raise Irregular
    return encoded_value(text)
