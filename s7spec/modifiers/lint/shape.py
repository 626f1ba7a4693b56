"""The shape of a modifier: all that the rules about several commands look at.

Modifiers of one shape differ in numbers only. When nothing was found in one of them, nothing is
found in the others: they need not be looked at again.
"""

from __future__ import annotations

from typing import TypeAlias

from s7spec.modifiers.lint.single import is_beyond_remark, remarks_on
from s7spec.modifiers.lint.size import PREVIEW_PIXELS
from s7spec.modifiers.syntax import Command, Modifier

Shape: TypeAlias = tuple[str, ...]

_VALUE_COUNTS = frozenset(
    {"fmt", "fit", "icc", "iccEmbed", "xmpEmbed", "pathEmbed", "op_sharpen", "jpegSize"}
)
_ZERO_COUNTS = frozenset({"op_usm", "op_usmR", "pscan", "quantize"})
_ODD = frozenset({"fmt", "resMode", "scl"})
"""Commands of which there may be something to say by themselves, and seldom is."""


def shape_of(modifier: Modifier) -> Shape | None:
    """None when there may be something to say of a single piece, when a command stands twice, and
    for all but plain commands of one layer: then every rule has to look."""
    shape: list[str] = []
    names: set[str] = set()
    for piece in modifier.pieces:
        if piece.__class__ is not Command:
            return None
        name = piece.name
        if not is_beyond_remark(piece) and (name not in _ODD or remarks_on(piece)):
            return None
        names.add(name)
        shape.append(name)
        if name in _VALUE_COUNTS:
            shape.append(f"={piece.value}")
        elif name in _ZERO_COUNTS and piece.fields[0] in ("", "0"):
            shape.append("=0")
    if len(names) < len(modifier.pieces):
        return None
    if "wid" in names and "hei" in names and _is_large(modifier):
        return None
    return tuple(shape)


def _is_large(modifier: Modifier) -> bool:
    pixels = 1
    for piece in modifier.pieces:
        if isinstance(piece, Command) and piece.name in ("wid", "hei"):
            pixels *= int(piece.fields[0])
    return pixels > PREVIEW_PIXELS
