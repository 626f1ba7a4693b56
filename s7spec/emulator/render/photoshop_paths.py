"""Paths that Photoshop keeps in a picture's file, for ``clipPathE`` and ``cropPathE``.

Written from the published layout of image resource blocks: a path is a list of 26-byte records,
its points are fixed-point shares of the picture's sides, y before x. Only closed outlines count.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from PIL import Image
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PsdImagePlugin import PsdImageFile
from PIL.TiffImagePlugin import TiffImageFile

Point = tuple[float, float]
"""x and y as shares of the picture's width and height; may lie outside."""

Outline = tuple[Point, ...]
"""The corners of a polygon, curves already divided."""

_FIRST, _LAST = 2000, 2998
_RECORD = 26
_CLOSED_LENGTH, _CLOSED_KNOTS = 0, (1, 2)
_ONE = 1 << 24
_STEPS = 16
_MOST_KNOTS = 5_000
"""In all paths of a file; a drawn clipping path has some hundreds."""
_FEW_KNOTS, _FEW_STEPS = 500, 6
_TIFF_TAG = 34377
_JPEG_HEAD = b"Photoshop 3.0\0"

_Knot = tuple[Point, Point, Point]


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoshopPath:
    """One named path."""

    name: str
    outlines: tuple[Outline, ...]

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """Left, top, right, bottom as shares of the picture."""
        across = [x for outline in self.outlines for x, _ in outline]
        down = [y for outline in self.outlines for _, y in outline]
        return min(across), min(down), max(across), max(down)


def paths_in(opened: Image.Image) -> tuple[PhotoshopPath, ...]:
    """The paths of an opened file; nothing is decoded. What is damaged is left out."""
    found = []
    left = _MOST_KNOTS * _RECORD
    for number, name, data in _resources(opened):
        left -= len(data) if _FIRST <= number < _LAST else 0
        if _FIRST <= number < _LAST and left > 0:
            outlines = tuple(_outlines(data))
            if outlines:
                found.append(PhotoshopPath(name=name, outlines=outlines))
    return tuple(found)


def _resources(opened: Image.Image) -> Iterator[tuple[int, str, bytes]]:
    if isinstance(opened, PsdImageFile):
        for number, name, data in opened.resources:
            yield number, name.decode("latin-1"), data
    elif isinstance(opened, TiffImageFile):
        block = opened.tag_v2.get(_TIFF_TAG)
        if isinstance(block, bytes):
            yield from _blocks(block)
    elif isinstance(opened, JpegImageFile):
        parts = (data for marker, data in opened.applist if marker == "APP13")
        for data in parts:
            if data.startswith(_JPEG_HEAD):
                yield from _blocks(data[len(_JPEG_HEAD) :])


def _blocks(data: bytes) -> Iterator[tuple[int, str, bytes]]:
    at = 0
    while data[at : at + 4] == b"8BIM" and at + 7 <= len(data):
        (number,) = struct.unpack_from(">H", data, at + 4)
        length = data[at + 6]
        name = data[at + 7 : at + 7 + length].decode("latin-1")
        at += 6 + (1 + length + 1) // 2 * 2
        if at + 4 > len(data):
            return
        (size,) = struct.unpack_from(">I", data, at)
        yield number, name, data[at + 4 : at + 4 + size]
        at += 4 + (size + 1) // 2 * 2


def _outlines(data: bytes) -> Iterator[Outline]:
    knots: list[_Knot] = []
    expected = 0
    for at in range(0, len(data) - _RECORD + 1, _RECORD):
        selector, count = struct.unpack_from(">HH", data, at)
        if selector == _CLOSED_LENGTH:
            knots, expected = [], count
        elif selector in _CLOSED_KNOTS and expected:
            numbers = struct.unpack_from(">6i", data, at + 2)
            y_in, x_in, y, x, y_out, x_out = (number / _ONE for number in numbers)
            knots.append(((x_in, y_in), (x, y), (x_out, y_out)))
            if len(knots) == expected:
                yield tuple(_flattened(knots))
                expected = 0
        else:
            expected = 0  # open outlines and fill rules


def _flattened(knots: list[_Knot]) -> Iterator[Point]:
    steps = _STEPS if len(knots) <= _FEW_KNOTS else _FEW_STEPS
    for (_, start, leaving), (arriving, end, _) in zip(knots, knots[1:] + knots[:1], strict=True):
        if (leaving, arriving) == (start, end):
            yield start
            continue
        for step in range(steps):
            t = step / steps
            shares = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
            four = (start, leaving, arriving, end)
            yield (
                sum(share * point[0] for share, point in zip(shares, four, strict=True)),
                sum(share * point[1] for share, point in zip(shares, four, strict=True)),
            )
