"""The Image Serving language: modifiers and macros read and written down.

``commands`` and ``formats`` are tables of what is documented; ``lint`` holds modifiers against
them, ``effective`` merges them with presets, ``geometry`` says how large pictures become.
"""

from s7spec.modifiers.filling import Filled, Filling, pieces_in, plain_name, read_widely
from s7spec.modifiers.macros import MacroUse, macros_in, normalise_macro, preset_modifiers
from s7spec.modifiers.mapping import compose_modifier, encoded_value, percent_encoded
from s7spec.modifiers.parsing import parse_modifier
from s7spec.modifiers.printing import print_modifier
from s7spec.modifiers.syntax import (
    Command,
    Comment,
    Macro,
    Modifier,
    Parsed,
    Piece,
    Request,
    Span,
    SyntaxProblem,
    Variable,
)
from s7spec.modifiers.text import UnreadableModifierError, normalise_modifier, normalise_piece

__all__ = [
    "Command",
    "Comment",
    "Filled",
    "Filling",
    "Macro",
    "MacroUse",
    "Modifier",
    "Parsed",
    "Piece",
    "Request",
    "Span",
    "SyntaxProblem",
    "UnreadableModifierError",
    "Variable",
    "compose_modifier",
    "encoded_value",
    "macros_in",
    "normalise_macro",
    "normalise_modifier",
    "normalise_piece",
    "parse_modifier",
    "percent_encoded",
    "pieces_in",
    "plain_name",
    "preset_modifiers",
    "print_modifier",
    "read_widely",
]
