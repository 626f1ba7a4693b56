"""What is wrong with modifiers, or doubtful: the 27 warnings and 10 of the 12 errors of the facts
(Image Serving section 7; the other two are about a manifest), and commands that need leave.

``pictures`` adds what can only be said of a modifier and a picture together.
"""

from s7spec.modifiers.lint.finding import ModifierFinding, Spot
from s7spec.modifiers.lint.linting import NEEDS_PRESETS, lint_modifier, lint_reading
from s7spec.modifiers.lint.pictures import PICTURE_RULES, lint_picture, picture_spot
from s7spec.modifiers.lint.reading import Reading, read, shown
from s7spec.modifiers.lint.unsafe import (
    FOREIGN_URL,
    OBJECT,
    PROFILE_PATH,
    UNSAFE_COMMANDS,
    unsafe_names,
    unsafe_uses,
)

__all__ = [
    "FOREIGN_URL",
    "NEEDS_PRESETS",
    "OBJECT",
    "PICTURE_RULES",
    "PROFILE_PATH",
    "UNSAFE_COMMANDS",
    "ModifierFinding",
    "Reading",
    "Spot",
    "lint_modifier",
    "lint_picture",
    "lint_reading",
    "picture_spot",
    "read",
    "shown",
    "unsafe_names",
    "unsafe_uses",
]
