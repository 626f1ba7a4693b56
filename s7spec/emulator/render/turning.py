"""Flips and quarter turns: exact, and the same before scaling as after it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PIL import Image

from s7spec.emulator.render.contract import Size
from s7spec.emulator.render.geometry import PixelBox

Turn = Image.Transpose

FLIPS = {
    "lr": Turn.FLIP_LEFT_RIGHT,
    "ud": Turn.FLIP_TOP_BOTTOM,
    "lrud": Turn.ROTATE_180,
}
"""``flip``'s values."""

# Pillow counts its turns anticlockwise, Image Serving its angles clockwise.
QUARTERS = {90.0: Turn.ROTATE_270, 180.0: Turn.ROTATE_180, 270.0: Turn.ROTATE_90}
"""``rotate``'s exact angles, degrees."""

_ACROSS = (Turn.ROTATE_90, Turn.ROTATE_270)


def turned(image: Image.Image, turns: Iterable[Turn]) -> Image.Image:
    """The image after all turns, in order."""
    for turn in turns:
        image = image.transpose(turn)
    return image


def turned_size(size: Size, turns: Iterable[Turn]) -> Size:
    """What ``size`` is after the turns, and, as a quarter undone is a quarter, before them."""
    sideways = sum(turn in _ACROSS for turn in turns) % 2
    return (size[1], size[0]) if sideways else size


def before_turns(window: PixelBox, size: Size, turns: Sequence[Turn]) -> PixelBox:
    """Where a window of the turned picture, of that size, lies in the picture before its turns."""
    for turn in reversed(turns):
        window, size = _before(window, size, turn)
    return window


def _before(window: PixelBox, size: Size, turn: Turn) -> tuple[PixelBox, Size]:
    x, y, width, height = window
    right, bottom = size[0] - x - width, size[1] - y - height
    if turn is Turn.FLIP_LEFT_RIGHT:
        return (right, y, width, height), size
    if turn is Turn.FLIP_TOP_BOTTOM:
        return (x, bottom, width, height), size
    if turn is Turn.ROTATE_180:
        return (right, bottom, width, height), size
    if turn is Turn.ROTATE_270:
        return (y, right, height, width), (size[1], size[0])
    return (bottom, x, height, width), (size[1], size[0])
