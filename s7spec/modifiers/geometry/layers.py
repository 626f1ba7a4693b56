"""What the commands of a layer make of a picture's size, before the view is placed."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

from s7spec.modifiers.geometry.size import Size, times


@dataclass(frozen=True, slots=True)
class Region:
    """``crop``, in pixels of the source, or ``rgn``, in pixels of the composite.

    Its size is the size of what it makes, whatever the picture: what reaches outside is padded.
    Adobe says that around ``rgn`` a view with ``scl`` may show the picture instead of background.
    Raises ValueError for a region without pixels.
    """

    x: int
    y: int
    width: int
    height: int

    def __post_init__(self) -> None:
        if self.width < 1 or self.height < 1:
            raise ValueError(f"a region of {self.width}x{self.height} pixels shows nothing")

    @property
    def size(self) -> Size:
        """What is left of any picture."""
        return Size(self.width, self.height)

    def reaches_outside(self, image: Size) -> bool:
        """Whether a part of it shows no picture."""
        ends = Size(self.x + self.width, self.y + self.height)
        return self.x < 0 or self.y < 0 or ends.exceeds(image)


def region_of_shares(
    image: Size, x: Fraction, y: Fraction, width: Fraction, height: Fraction
) -> Region:
    """``cropN``: shares of the picture's sides. Raises ValueError if the region shows nothing."""
    if width <= 0 or height <= 0:
        raise ValueError("a region without width or height shows nothing")
    return Region(
        share_in_pixels(x, image.width),
        share_in_pixels(y, image.height),
        share_in_pixels(width, image.width) or 1,
        share_in_pixels(height, image.height) or 1,
    )


def scaled(image: Size, factor: Fraction) -> Size:
    """``scale`` of a layer: unlike ``scl`` it multiplies. Raises ValueError unless above 0."""
    if factor <= 0:
        raise ValueError(f"scale={factor} is not above 0")
    ratio = (factor.numerator, factor.denominator)
    return Size(times(image.width, ratio), times(image.height, ratio))


def rotated(image: Size, degrees: Fraction) -> Size:
    """The upright box around the turned picture.

    Exact for multiples of 90. Other angles need floats, and Adobe documents no rounding: here the
    box holds the whole picture, so its sides are rounded up.
    """
    quarters, rest = divmod(degrees, 90)
    if rest == 0:
        return Size(image.height, image.width) if quarters % 2 else image
    # Half a turn changes no size; taken off exactly, it costs large angles no precision.
    angle = math.radians(degrees % 180)
    cosine, sine = abs(math.cos(angle)), math.sin(angle)
    return Size(
        math.ceil(image.width * cosine + image.height * sine),
        math.ceil(image.width * sine + image.height * cosine),
    )


def extended(image: Size, left: int, top: int, right: int, bottom: int) -> Size:
    """``extend``: margins in pixels, negative ones cut. Raises ValueError if nothing is left."""
    size = Size(image.width + left + right, image.height + top + bottom)
    if size.width < 1 or size.height < 1:
        raise ValueError(f"extend leaves {size.width}x{size.height} pixels of the picture")
    return size


def share_in_pixels(share: Fraction, side: int) -> int:
    """A value of ``cropN`` or ``extendN``, which are shares of a side, as ``crop`` has it."""
    return (2 * side * share.numerator + share.denominator) // (2 * share.denominator)
