"""A picture on its canvas, and what the steps of the pipeline do to both."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import NamedTuple, TypeAlias

from s7spec.modifiers.geometry import (
    Placement,
    Region,
    Size,
    extended,
    region_of_shares,
    rotated,
    scaled,
    share_in_pixels,
)

Shares: TypeAlias = tuple[Fraction, Fraction, Fraction, Fraction]
_NEARLY = 1e-6
"""Pixels below which a difference comes from the arithmetic with floats."""


class Frame(NamedTuple):
    """A tuple, because plans make millions of them.

    ``canvas`` is exact. ``left`` to ``bottom`` is the box of the canvas that the picture takes,
    ``filled`` the share of the box that is picture (less than 1 after an odd turn), ``kept`` the
    share of the source's area that is still there, ``factor`` how much the layer was scaled."""

    canvas: Size
    left: float
    top: float
    right: float
    bottom: float
    filled: float = 1.0
    kept: float = 1.0
    factor: float = 1.0

    @property
    def shown(self) -> float:
        """Pixels of the canvas that show the picture."""
        return (self.right - self.left) * (self.bottom - self.top) * self.filled

    @property
    def padded(self) -> bool:
        """Whether the canvas also shows something else."""
        return (
            self.filled < 1
            or max(self.left, self.top) > _NEARLY
            or self.canvas.width - self.right > _NEARLY
            or self.canvas.height - self.bottom > _NEARLY
        )

    def anew(self) -> Frame:
        """The same with all of it kept, whatever was cut before."""
        canvas, left, top, right, bottom, filled, _, factor = self
        return Frame(canvas, left, top, right, bottom, filled, 1.0, factor)


Step: TypeAlias = Callable[[Frame], Frame]
"""Raises ValueError where nothing of the picture is left."""


def whole(size: Size) -> Frame:
    """A source that fills its canvas."""
    return Frame(size, 0.0, 0.0, float(size.width), float(size.height))


def cut(frame: Frame, x: int, y: int, canvas: Size) -> Frame:
    """The part of the canvas that begins at x, y; it may reach outside."""
    _, left, top, right, bottom, filled, kept, factor = frame
    before = (right - left) * (bottom - top)
    left, top, right, bottom = left - x, top - y, right - x, bottom - y
    if left < 0 or top < 0 or right > canvas.width or bottom > canvas.height:
        left, top = max(left, 0.0), max(top, 0.0)
        right = max(min(right, canvas.width), left)
        bottom = max(min(bottom, canvas.height), top)
        if before:
            kept *= (right - left) * (bottom - top) / before
    return Frame(canvas, left, top, right, bottom, filled, kept, factor)


def crop(region: Region) -> Step:
    """``crop`` and ``rgn``."""
    return lambda frame: cut(frame, region.x, region.y, region.size)


def crop_shares(shares: Shares) -> Step:
    """``cropN``."""

    def step(frame: Frame) -> Frame:
        region = region_of_shares(frame.canvas, *shares)
        return cut(frame, region.x, region.y, region.size)

    return step


def scale(factor: Fraction) -> Step:
    """``scale``."""
    return lambda frame: _scaled(frame, scaled(frame.canvas, factor), float(factor))


def fit_within(width: int, height: int) -> Step:
    """``size``: the aspect stays, a side that is 0 is free, and the picture may grow."""

    def step(frame: Frame) -> Frame:
        sides = zip((width, height), frame.canvas, strict=True)
        factor = min(Fraction(wanted, side) for wanted, side in sides if wanted)
        return _scaled(frame, scaled(frame.canvas, factor), float(factor))

    return step


def rotate(degrees: Fraction) -> Step:
    """``rotate``, clockwise."""
    quarters, rest = divmod(degrees % 360, 90)

    def step(frame: Frame) -> Frame:
        for _ in range(quarters):
            frame = _quarter(frame)
        return frame

    return (lambda frame: _turned_oddly(frame, rotated(frame.canvas, degrees))) if rest else step


def extend(left: int, top: int, right: int, bottom: int) -> Step:
    """``extend``."""
    return lambda frame: cut(frame, -left, -top, extended(frame.canvas, left, top, right, bottom))


def extend_shares(shares: Shares) -> Step:
    """``extendN``: of the layer as it is after the steps before."""

    def step(frame: Frame) -> Frame:
        sides = frame.canvas * 2
        left, top, right, bottom = map(share_in_pixels, shares, sides)
        return cut(frame, -left, -top, extended(frame.canvas, left, top, right, bottom))

    return step


def flip(across: bool, down: bool) -> Step:
    """``flip``."""

    def step(frame: Frame) -> Frame:
        width, height = frame.canvas
        if across:
            frame = frame._replace(left=width - frame.right, right=width - frame.left)
        if down:
            frame = frame._replace(top=height - frame.bottom, bottom=height - frame.top)
        return frame

    return step


def viewed(frame: Frame, placement: Placement) -> Frame:
    """The frame scaled and placed in its reply."""
    return cut(_resized(frame, placement.image), -placement.dx, -placement.dy, placement.output)


def resized(frame: Frame, factor: Fraction) -> Frame:
    """The view scaled once more, for ``rect``."""
    return _resized(frame, scaled(frame.canvas, factor))


def _scaled(frame: Frame, canvas: Size, factor: float) -> Frame:
    return _resized(frame, canvas)._replace(factor=frame.factor * factor)


def _resized(frame: Frame, canvas: Size) -> Frame:
    before, left, top, right, bottom, filled, kept, factor = frame
    across, down = canvas.width / before.width, canvas.height / before.height
    left, top, right, bottom = left * across, top * down, right * across, bottom * down
    return Frame(canvas, left, top, right, bottom, filled, kept, factor)


def _quarter(frame: Frame) -> Frame:
    (width, height), left, top, right, bottom, filled, kept, factor = frame
    left, top, right, bottom = height - bottom, left, height - top, right
    return Frame(Size(height, width), left, top, right, bottom, filled, kept, factor)


def _turned_oddly(frame: Frame, canvas: Size) -> Frame:
    """The picture lies aslant: what is cut off it later is taken to be cut evenly."""
    filled = min(frame.shown / (canvas.width * canvas.height), 1 - _NEARLY)
    return whole(canvas)._replace(filled=filled, kept=frame.kept, factor=frame.factor)
