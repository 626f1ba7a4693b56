"""Decoded pixels as their file has them, and scaling parts of them in bounded memory.

Pillow holds three colours in four bytes, so 100 megapixels are 400 MB, and every conversion of the
whole makes as much again. Here a large picture is converted and narrowed in bands of some rows;
the outcome is that of converting and scaling all at once, but for rounding where stripes meet.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from PIL import Image, ImageFilter
from PIL.TiffImagePlugin import TiffImageFile

from s7spec.emulator.render.contract import Size
from s7spec.emulator.render.geometry import PixelBox
from s7spec.emulator.render.request import Resampling

Edges = tuple[float, float, float, float]
"""Left, top, right, bottom; fractions of pixels allowed."""


class Raster(Protocol):
    """Pixels in the mode of their file. Every Pillow image is one."""

    @property
    def mode(self) -> str: ...
    @property
    def size(self) -> Size: ...
    @property
    def width(self) -> int: ...
    @property
    def height(self) -> int: ...
    def crop(self, box: PixelBox) -> Image.Image:
        """The pixels within left, top, right, bottom."""
        ...

    def close(self) -> None:
        """Free the pixels."""
        ...


Prepare = Callable[[Image.Image], Image.Image]
"""From a piece in the file's mode to the same piece in mode L, LA, RGB or RGBA."""

_FILTERS = {
    Resampling.BILIN: Image.Resampling.BILINEAR,
    Resampling.BICUB: Image.Resampling.BICUBIC,
    Resampling.SHARP2: Image.Resampling.LANCZOS,
    Resampling.BISHARP: Image.Resampling.BICUBIC,
}
_REACH = 3  # of the widest filter, in pixels of the larger of both sides

# Box-reducing to three times the final size first is visually the same and much faster.
_REDUCING_GAP = 3.0

_BAND = 1_000_000
_STRIPE = 2_000_000
_LARGE = 2_000_000
_NARROWED = 20_000_000
_PREMULTIPLIED = {"LA": "La", "RGBA": "RGBa"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pixels:
    """A decoded picture.

    ``size`` is its true pixel size; ``raw`` may hold it smaller, ``extent`` is the width and height
    it takes there. ``prepare`` is None when ``raw`` already is L, LA, RGB or RGBA.
    """

    raw: Raster
    size: Size
    extent: tuple[float, float]
    prepare: Prepare | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """What to take: ``region`` in true pixels, scaled to ``size``, and of that only ``window``.

    Pixels outside the region have no influence; those outside the window have.
    """

    region: Edges
    size: Size
    window: PixelBox


def take(pixels: Pixels, cut: Cut, method: Resampling) -> Image.Image:
    """The window of the scaled region, in mode L, LA, RGB or RGBA.

    Only what will be seen is computed, so a large enlargement cut to a small view costs no more
    than the view.
    """
    region = _in_raw(pixels, cut.region)
    steps = (region[2] - region[0]) / cut.size[0], (region[3] - region[1]) / cut.size[1]
    x, y, width, height = cut.window
    box = (
        region[0] + x * steps[0],
        region[1] + y * steps[1],
        min(region[0] + (x + width) * steps[0], pixels.raw.width),
        min(region[1] + (y + height) * steps[1], pixels.raw.height),
    )
    if steps == (1.0, 1.0) and all(edge == int(edge) for edge in box):
        return _unscaled(pixels, (int(box[0]), int(box[1]), int(box[2]), int(box[3])))
    scaled = _scaled(pixels, _needed(region, box, steps), box, (width, height), _FILTERS[method])
    if method is Resampling.BISHARP:
        scaled = scaled.filter(ImageFilter.UnsharpMask(radius=0.6, percent=40, threshold=0))
    return scaled


def _unscaled(pixels: Pixels, box: PixelBox) -> Image.Image:
    piece = _piece(pixels.raw, box)
    if isinstance(piece, TiffImageFile):
        # Its encoder would copy the metadata that it finds there.
        piece = piece.copy()
    return piece if pixels.prepare is None else pixels.prepare(piece)


def _piece(raw: Raster, box: PixelBox) -> Image.Image:
    if isinstance(raw, Image.Image) and box == (0, 0, *raw.size):
        return raw
    return raw.crop(box)


def _in_raw(pixels: Pixels, region: Edges) -> Edges:
    across, down = (pixels.extent[axis] / pixels.size[axis] for axis in (0, 1))
    return region[0] * across, region[1] * down, region[2] * across, region[3] * down


def _needed(region: Edges, box: Edges, steps: tuple[float, float]) -> PixelBox:
    """Left, top, right, bottom of the whole pixels within the region that the filter reads."""
    reach = [(_REACH + 1) * max(1.0, step) + _REDUCING_GAP * step for step in steps]
    return (
        max(math.floor(region[0]), math.floor(box[0] - reach[0])),
        max(math.floor(region[1]), math.floor(box[1] - reach[1])),
        min(math.ceil(region[2]), math.ceil(box[2] + reach[0])),
        min(math.ceil(region[3]), math.ceil(box[3] + reach[1])),
    )


def _scaled(
    pixels: Pixels, needed: PixelBox, box: Edges, size: Size, method: Image.Resampling
) -> Image.Image:
    raw = pixels.raw
    right, bottom = min(needed[2], raw.width), min(needed[3], raw.height)
    needed = (needed[0], needed[1], right, bottom)
    small = size[0] * (needed[3] - needed[1]) <= _NARROWED
    if small and isinstance(raw, Image.Image) and _as_it_is(pixels, needed):
        return raw.resize(size, method, box, _REDUCING_GAP)
    if (needed[2] - needed[0]) * (needed[3] - needed[1]) > _LARGE:
        return _scaled_in_stripes(pixels, needed, box, size, method)
    piece = _piece(raw, needed)
    if pixels.prepare is not None:
        piece = pixels.prepare(piece)
    left, top = needed[:2]
    moved = (box[0] - left, box[1] - top, box[2] - left, box[3] - top)
    return piece.resize(size, method, moved, _REDUCING_GAP)


def _as_it_is(pixels: Pixels, needed: PixelBox) -> bool:
    whole = needed == (0, 0, *pixels.raw.size)
    return whole and pixels.prepare is None and pixels.raw.mode in ("L", "RGB")


def _scaled_in_stripes(
    pixels: Pixels, needed: PixelBox, box: Edges, size: Size, method: Image.Resampling
) -> Image.Image:
    """A stripe of the outcome after the other, so that what was only narrowed stays small."""
    rows = max(1, _STRIPE // size[0])
    step = (box[3] - box[1]) / size[1]
    scaled: Image.Image | None = None
    for start in range(0, size[1], rows):
        end = min(start + rows, size[1])
        part = (box[0], box[1] + start * step, box[2], min(box[1] + end * step, box[3]))
        reads = _needed(needed, part, ((part[2] - part[0]) / size[0], step))
        stripe = _scaled_in_bands(pixels, reads, part, (size[0], end - start), method)
        if scaled is None:
            scaled = Image.new(stripe.mode, size)
        scaled.paste(stripe, (0, start))
    assert scaled is not None
    return scaled


def _scaled_in_bands(
    pixels: Pixels, needed: PixelBox, box: Edges, size: Size, method: Image.Resampling
) -> Image.Image:
    """Each band is reduced by whole numbers and narrowed; in the end all are shortened at once."""
    left, top, right, bottom = needed
    across = int((box[2] - box[0]) / size[0] / _REDUCING_GAP) or 1
    down = int((box[3] - box[1]) / size[1] / _REDUCING_GAP) or 1
    rows = max(1, _BAND // (right - left) // down) * down
    narrow: Image.Image | None = None
    for start in range(top, bottom, rows):
        band = pixels.raw.crop((left, start, right, min(start + rows, bottom)))
        if pixels.prepare is not None:
            band = pixels.prepare(band)
        # Premultiplied, so that the colour of transparent pixels counts for nothing.
        band = band.convert(_PREMULTIPLIED.get(band.mode, band.mode))
        if across > 1 or down > 1:
            band = band.reduce((across, down))
        sides = ((box[0] - left) / across, 0, (box[2] - left) / across, band.height)
        band = band.resize((size[0], band.height), method, sides)
        if narrow is None:
            narrow = Image.new(band.mode, (size[0], math.ceil((bottom - top) / down)))
        narrow.paste(band, (0, (start - top) // down))
    assert narrow is not None
    ends = (0, (box[1] - top) / down, size[0], (box[3] - top) / down)
    scaled = narrow.resize(size, method, ends)
    straight = {alpha: mode for mode, alpha in _PREMULTIPLIED.items()}
    return scaled.convert(straight.get(scaled.mode, scaled.mode))
