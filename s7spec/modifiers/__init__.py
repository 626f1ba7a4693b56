"""The Image Serving language, as far as manifests need it: writing modifiers and macros down.

Nothing here knows commands or their ranges: what IPS does with a modifier is its own affair
(facts: Image Serving sections 1 and 2).
"""

from s7spec.modifiers.macros import normalise_macro
from s7spec.modifiers.mapping import compose_modifier, encoded_value, percent_encoded
from s7spec.modifiers.text import normalise_modifier, normalise_piece

__all__ = [
    "compose_modifier",
    "encoded_value",
    "normalise_macro",
    "normalise_modifier",
    "normalise_piece",
    "percent_encoded",
]
