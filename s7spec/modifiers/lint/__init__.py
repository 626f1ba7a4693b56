"""What is wrong with modifiers, or doubtful: the 27 warnings and 10 of the 12 errors of the facts
(Image Serving section 7; the other two are about a manifest), and commands that need leave."""

from s7spec.modifiers.lint.finding import ModifierFinding, Spot
from s7spec.modifiers.lint.linting import NEEDS_PRESETS, lint_modifier
from s7spec.modifiers.lint.reading import Reading, read, shown
from s7spec.modifiers.lint.unsafe import OBJECT, PROFILE_PATH, UNSAFE_COMMANDS, unsafe_names

__all__ = [
    "NEEDS_PRESETS",
    "OBJECT",
    "PROFILE_PATH",
    "UNSAFE_COMMANDS",
    "ModifierFinding",
    "Reading",
    "Spot",
    "lint_modifier",
    "read",
    "shown",
    "unsafe_names",
]
