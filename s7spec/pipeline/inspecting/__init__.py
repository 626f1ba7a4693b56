"""One modifier looked at from all sides: what it says, what is wrong with it, what comes of it."""

from s7spec.pipeline.inspecting.inspect import LONGEST, inspect_modifier
from s7spec.pipeline.inspecting.nouns import (
    Inspected,
    InspectedPiece,
    PictureSource,
    PieceKind,
    Published,
    Surroundings,
    Tried,
)

__all__ = [
    "LONGEST",
    "Inspected",
    "InspectedPiece",
    "PictureSource",
    "PieceKind",
    "Published",
    "Surroundings",
    "Tried",
    "inspect_modifier",
]
