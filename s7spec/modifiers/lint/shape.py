"""The shape of a modifier: all that the rules about several commands look at.

Modifiers of one shape differ in numbers only. When nothing was found in one of them, nothing is
found in the others: they need not be looked at again.
"""

from __future__ import annotations

import re
from typing import NamedTuple, TypeAlias

from s7spec.modifiers.lint.regions import ABOVE_ZERO
from s7spec.modifiers.lint.single import is_beyond_remark, remarks_on
from s7spec.modifiers.lint.unsafe import OBJECT
from s7spec.modifiers.parsing import parse_modifier
from s7spec.modifiers.prediction.image import PREVIEW_PIXELS
from s7spec.modifiers.syntax import Command, Comment, Piece, Variable

Shape: TypeAlias = tuple[str, ...]

_VALUE_COUNTS = frozenset(
    {"quantize", "fmt", "fit", "icc", "iccEmbed", "xmpEmbed", "pathEmbed", "op_sharpen", "jpegSize"}
)
_ZERO_COUNTS = frozenset({"op_usm", "op_usmR", "pscan"})
_ODD = frozenset({"fmt", "resMode", "scl", "quantize", *ABOVE_ZERO})
"""Commands of which there may be something to say by themselves, and seldom is."""
_BRACKETS = re.compile(r"[({]").search

_PIECES = 16_384
_pieces: dict[str, _Part | None] = {}


class _Part(NamedTuple):
    """What a piece adds to the shape. ``side`` is that of ``wid`` and ``hei``, 0 of others."""

    shape: str
    side: int


_NOTHING = _Part("", 0)


def shape_of(text: str) -> Shape | None:
    """None when there may be something to say of a single piece, of requests and presets, and of
    pictures too large to preview: then every rule has to look."""
    if _BRACKETS(text):
        return None
    shape: list[str] = []
    pixels = 1
    for written in text.split("&"):
        part = _pieces.get(written, _NOTHING)
        if part is _NOTHING:
            part = _part_of(written)
        if part is None:
            return None
        shape.append(part.shape)
        if part.side:
            pixels *= part.side
    return None if pixels > PREVIEW_PIXELS else tuple(shape)


def _part_of(written: str) -> _Part | None:
    """What one piece adds, remembered: modifiers of one manifest repeat most of theirs."""
    if len(_pieces) >= _PIECES:
        _pieces.clear()
    parsed = parse_modifier(written)
    part: _Part | None = _Part("", 0)
    if parsed.problems:
        part = None
    elif parsed.modifier.pieces:
        part = _part(parsed.modifier.pieces[0])
    _pieces[written] = part
    return part


def _part(piece: Piece) -> _Part | None:
    if isinstance(piece, Comment):
        return _Part(".", 0)
    if isinstance(piece, Variable):
        # A command that uses it has no shape, and every rule looks.
        return None if piece.name.lower() == OBJECT[1:] else _Part("$", 0)
    if not isinstance(piece, Command):
        return None
    name = piece.name
    if isinstance(piece.value, str) and ("$" in piece.value or "%24" in piece.value):
        return None  # what it comes to depends on others
    if not is_beyond_remark(piece) and (name not in _ODD or remarks_on(piece)):
        return None
    if name in ("wid", "hei"):
        return _Part(name, int(piece.fields[0]))
    if name in _VALUE_COUNTS:
        return _Part(f"{name}={piece.value}", 0)
    if name in _ZERO_COUNTS and piece.fields[0] in ("", "0"):
        return _Part(f"{name}=0", 0)
    return _Part(name, 0)
