"""Whole pixels, and how scaling rounds them."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

Ratio: TypeAlias = tuple[int, int]
"""A scale factor: numerator and denominator, both above 0. Faster than Fraction by far."""


class Size(NamedTuple):
    """Width and height in pixels. A tuple, because plans make millions of them."""

    width: int
    height: int

    def exceeds(self, limit: Size) -> bool:
        """Whether a side is longer than its limit, such as MaxPix or DefaultPix; 0 is no limit."""
        return 0 < limit.width < self.width or 0 < limit.height < self.height


def times(side: int, factor: Ratio) -> int:
    """A side scaled: rounded half up and at least 1, as the room's docstring says."""
    above, below = factor
    return (2 * side * above + below) // (2 * below) or 1
