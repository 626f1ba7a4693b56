"""The Image Serving language: modifiers and macros read and written down.

Nothing here knows commands or their ranges yet: what IPS does with a modifier is its own affair
(facts: Image Serving sections 1 and 2).
"""

from s7spec.modifiers.macros import normalise_macro
from s7spec.modifiers.mapping import compose_modifier, encoded_value, percent_encoded
from s7spec.modifiers.parsing import parse_modifier
from s7spec.modifiers.printing import print_modifier
from s7spec.modifiers.text import normalise_modifier, normalise_piece

__all__ = [
    "compose_modifier",
    "encoded_value",
    "normalise_macro",
    "normalise_modifier",
    "normalise_piece",
    "parse_modifier",
    "percent_encoded",
    "print_modifier",
]
