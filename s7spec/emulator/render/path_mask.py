"""What lies inside of Photoshop paths, drawn as a mask for ``clipPathE``.

Outlines come from untrusted files: a few kilobytes can ask for thousands of them, each as large as
the view. So the work is reckoned before it is done.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from PIL import Image, ImageChops, ImageDraw

from s7spec.emulator.render.contract import RenderError, Size
from s7spec.emulator.render.geometry import PixelBox
from s7spec.emulator.render.photoshop_paths import Outline, PhotoshopPath, Point

_FINENESS = (4, 2, 1)
"""Into how many parts each side of a pixel is divided; fewer where the work would be too much."""
_MOST_WORK = 8_000_000_000
"""In parts of pixels that are filled: two to three seconds."""
_STRIPE = 1_000_000
"""Parts of pixels that are drawn at once. Larger ones were slower: each is fresh memory."""

# What else costs time, in parts of pixels that could be filled meanwhile (measured): each part of
# the window for each path; an edge in each row of its outline, in each row that it crosses, and in
# each stripe, where its corners are moved.
_WINDOW, _ROW, _CROSSING, _MOVED = 2, 3, 300, 500

Corners = Sequence[tuple[int, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shape:
    """An outline in parts of pixels, and the box of the window that it reaches: left, top, right,
    bottom. ``crossed`` counts the rows of the box that its edges cross, all taken together."""

    corners: Corners
    box: PixelBox
    crossed: int


def inside_mask(paths: Iterable[PhotoshopPath], whole: Point, at: Point, size: Size) -> Image.Image:
    """Mode L, 255 inside all paths: the window at ``at``, of ``size``, of a picture of ``whole``.

    Outlines of one path cut holes into each other. Edges are soft, but where there is very much to
    draw.

    Raises:
        RenderError: more outlines over more pixels than are drawn in a few seconds.
    """
    paths = tuple(paths)
    for fineness in _FINENESS:
        shapes = [tuple(_shapes(path.outlines, whole, at, size, fineness)) for path in paths]
        width, height = size[0] * fineness, size[1] * fineness
        work = len(paths) * width * height * _WINDOW
        if work + sum(_work(shape, width) for each in shapes for shape in each) <= _MOST_WORK:
            return _drawn(shapes, size, fineness)
    raise RenderError(
        "clipPathE: the outlines of the paths are too many to draw in a view of "
        f"{size[0]}x{size[1]} pixels; ask for fewer pixels"
    )


def _shapes(
    outlines: Iterable[Outline], whole: Point, at: Point, size: Size, fineness: int
) -> Iterator[_Shape]:
    for outline in outlines:
        # Whole numbers: Pillow would cut fractions off towards zero, which is elsewhere in each
        # stripe.
        across = [math.floor((x * whole[0] - at[0]) * fineness - 0.5) for x, _ in outline]
        down = [math.floor((y * whole[1] - at[1]) * fineness - 0.5) for _, y in outline]
        left, right = max(0, min(across)), min(size[0] * fineness, max(across) + 1)
        top, bottom = max(0, min(down)), min(size[1] * fineness, max(down) + 1)
        if len(outline) >= 3 and left < right and top < bottom:
            corners = tuple(zip(across, down, strict=True))
            yield _Shape(
                corners=corners,
                box=(left, top, right, bottom),
                crossed=_crossed([min(max(y, top), bottom) for y in down]),
            )


def _crossed(down: Sequence[int]) -> int:
    return sum(abs(y - before) for before, y in pairwise((down[-1], *down)))


def _work(shape: _Shape, width: int) -> int:
    left, top, right, bottom = shape.box
    rows, edges = bottom - top, len(shape.corners)
    stripes = 2 + rows // max(1, _STRIPE // width)
    edge_work = edges * (rows * _ROW + stripes * _MOVED) + shape.crossed * _CROSSING
    return rows * (right - left) + edge_work


def _drawn(paths: Iterable[Sequence[_Shape]], size: Size, fineness: int) -> Image.Image:
    mask = Image.new("L", size, 255)
    rows = max(1, _STRIPE // fineness**2 // size[0])
    for shapes in paths:
        for top in range(0, size[1], rows):
            stripe = (0, top, size[0], min(top + rows, size[1]))
            part = _stripe(shapes, stripe, fineness)
            mask.paste(ImageChops.multiply(mask.crop(stripe), part), stripe[:2])
    return mask


def _stripe(shapes: Iterable[_Shape], stripe: PixelBox, fineness: int) -> Image.Image:
    first, end = stripe[1] * fineness, stripe[3] * fineness
    drawn = Image.new("1", (stripe[2] * fineness, end - first))
    for shape in shapes:
        left, top, right, bottom = shape.box
        top, bottom = max(top, first), min(bottom, end)
        if top < bottom:
            _turn_over(drawn, shape.corners, (left, top, right, bottom), first)
    gray = drawn.convert("L")
    return gray if fineness == 1 else gray.reduce(fineness)


def _turn_over(drawn: Image.Image, corners: Corners, box: PixelBox, first: int) -> None:
    """What lies within the corners becomes the other of inside and outside, as far as ``box``;
    ``drawn`` begins with the row ``first``."""
    left, top, right, bottom = box
    one = Image.new("1", (right - left, bottom - top))
    ImageDraw.Draw(one).polygon([(x - left, y - top) for x, y in corners], fill=1)
    before = drawn.crop((left, top - first, right, bottom - first))
    drawn.paste(ImageChops.logical_xor(before, one), (left, top - first))
