"""The arithmetic of sizes and places; no pixels here (facts: Image Serving section 8).

Rounding is undocumented. Sizes and places are rounded half up, sizes are at least 1: a choice of
ours, to be compared with one pixel of tolerance.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

from s7spec.emulator.render.contract import MAX_OUTPUT_PIXELS, RenderError, Size

PixelBox = tuple[int, int, int, int]
"""x, y, width, height in pixels, or the four margins of ``extend``."""

# A virtual picture larger than this leaves no meaningful source pixels in any reply.
_MAX_VIRTUAL_SIDE = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Where the scaled picture lies in the view.

    ``image`` is the size of the whole scaled picture, ``out`` that of the view, ``offset`` the
    picture's top left corner in the view: negative where the view cuts it. ``scale`` is the
    factor on each axis before rounding.
    """

    image: Size
    out: Size
    offset: tuple[int, int]
    scale: tuple[float, float]

    @property
    def visible(self) -> PixelBox:
        """The part of the view the picture covers."""
        left, top = max(0, self.offset[0]), max(0, self.offset[1])
        right = min(self.out[0], self.offset[0] + self.image[0])
        bottom = min(self.out[1], self.offset[1] + self.image[1])
        return left, top, right - left, bottom - top

    @property
    def covers(self) -> bool:
        """Whether the picture leaves nothing of the view to pad."""
        return self.visible == (0, 0, *self.out)

    @property
    def mean_scale(self) -> float:
        """One factor for lengths such as a blur radius."""
        return math.sqrt(self.scale[0] * self.scale[1])


def half_up(value: float | Fraction) -> int:
    """Round to the nearest whole number, halves up."""
    return math.floor(value + Fraction(1, 2))


def exact(written: float) -> Fraction:
    """As it was written: 0.3 is three tenths, which the float is not."""
    return Fraction(repr(written))


def scaled_size(size: Size, horizontal: float | Fraction, vertical: float | Fraction) -> Size:
    """A size times a factor on each axis; fractions also decide halves as they are.

    Raises:
        RenderError: absurdly large.
    """
    width, height = size[0] * horizontal, size[1] * vertical
    if not max(width, height) <= _MAX_VIRTUAL_SIDE:
        raise RenderError(
            f"illegal image size: scaling makes a side of more than {_MAX_VIRTUAL_SIDE:,} pixels"
        )
    return max(1, half_up(width)), max(1, half_up(height))


def place(
    image: Size, out: Size, align: tuple[Fraction, Fraction], scale: tuple[float, float]
) -> Placement:
    """Put a picture into a view: ``align`` is -1 (left, top) to 1 (right, bottom)."""
    offset = (
        half_up((out[0] - image[0]) * (align[0] + 1) / 2),
        half_up((out[1] - image[1]) * (align[1] + 1) / 2),
    )
    return Placement(image=image, out=out, offset=offset, scale=scale)


def check_reply(size: Size, max_pix: Size | None) -> None:
    """Hold a reply to MaxPix and to the pixel limit of an export.

    Raises:
        RenderError: the reply would be larger.
    """
    limits = max_pix or (0, 0)
    if any(limit and side > limit for side, limit in zip(size, limits, strict=True)):
        raise RenderError(
            f"illegal image size: {size[0]}x{size[1]} exceeds MaxPix {limits[0]}x{limits[1]}"
        )
    check_pixels(size)


def check_pixels(size: Size) -> None:
    """Hold a view to the pixel limit of an export.

    Raises:
        RenderError: more pixels than an export converts.
    """
    if size[0] * size[1] > MAX_OUTPUT_PIXELS:
        raise RenderError(
            f"illegal image size: {size[0]}x{size[1]} is more than {MAX_OUTPUT_PIXELS:,} pixels"
        )
