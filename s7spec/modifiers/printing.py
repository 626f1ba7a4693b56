"""A modifier as text, in canonical spelling."""

from __future__ import annotations

from typing import assert_never

from s7spec.modifiers.syntax import Command, Comment, Macro, Modifier, Piece, Request, Variable

CLOSING = {"{": "}", "(": ")"}


def print_modifier(modifier: Modifier) -> str:
    """The text that ``parse_modifier`` reads as ``modifier``, the same for all that are equal."""
    return "&".join(map(_piece, modifier.pieces))


def _piece(piece: Piece) -> str:
    match piece:
        case Command(name=name, value=value):
            return name if value is None else f"{name}={_value(value)}"
        case Variable(name=name, value=value):
            return f"${name}={_value(value)}"
        case Macro(name=name):
            return f"${name}$"
        case Comment(text=text):
            return f".{text}"
        case _:
            assert_never(piece)


def _value(value: str | Request) -> str:
    if isinstance(value, str):
        return value
    asked = "" if value.modifier is None else f"?{print_modifier(value.modifier)}"
    return f"{value.server}{value.bracket}{value.target}{asked}{CLOSING[value.bracket]}"
