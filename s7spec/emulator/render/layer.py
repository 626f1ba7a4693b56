"""The layer drawn: its pixels turned, rotated, extended, faded, with its background."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image, ImageChops

from s7spec.emulator.render.colour import Colour, PixelType
from s7spec.emulator.render.contract import Size
from s7spec.emulator.render.geometry import PixelBox, half_up
from s7spec.emulator.render.layout import Layout
from s7spec.emulator.render.path_mask import inside_mask
from s7spec.emulator.render.pixels import Cut, Edges, Pixels, take
from s7spec.emulator.render.request import LayerRequest, Resampling
from s7spec.emulator.render.turning import Turn, before_turns, turned, turned_size

_ALPHA = {"L": "LA", "RGB": "RGBA"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What the view shows of the composite image: its ``rgn`` part, scaled to ``size``, and of
    that the ``window``."""

    part: PixelBox
    size: Size
    window: PixelBox


def draw_plain(pixels: Pixels, layout: Layout, shown: Shown, method: Resampling) -> Image.Image:
    """Straight from the source to the view, for layouts whose steps are exact turns."""
    turns = layout.turns or ()
    part = before_turns(shown.part, layout.size, turns)
    cut = Cut(
        region=_in_source(layout, part),
        size=turned_size(shown.size, turns),
        window=before_turns(shown.window, shown.size, turns),
    )
    return turned(_clipped(take(pixels, cut, method), cut, layout), turns)


def _in_source(layout: Layout, part: PixelBox) -> Edges:
    """A part of the scaled picture in pixels of the source."""
    x, y, width, height = layout.crop
    across, down = width / layout.scaled[0], height / layout.scaled[1]
    left, top = x + part[0] * across, y + part[1] * down
    return left, top, left + part[2] * across, top + part[3] * down


def draw_composite(
    pixels: Pixels, layout: Layout, detail: float, method: Resampling
) -> Image.Image:
    """The whole composite image at ``detail``, 1 or less, times its true size.

    Areas the source does not reach are transparent. The source's pixels are freed.
    """
    image = _cropped(pixels, layout, detail, method)
    if image is not pixels.raw:
        pixels.raw.close()
    for step in layout.steps:
        size = _at(step.size, detail)
        if isinstance(step.does, Turn):
            image = image.transpose(step.does)
        elif isinstance(step.does, tuple):
            left, top = (half_up(margin * detail) for margin in step.does[:2])
            image = cut(image, (-left, -top, *size))
        else:
            image = _rotated(image, step.does, size)
    return image


def _at(size: Size, detail: float) -> Size:
    return max(1, half_up(size[0] * detail)), max(1, half_up(size[1] * detail))


def _cropped(pixels: Pixels, layout: Layout, detail: float, method: Resampling) -> Image.Image:
    canvas = _at(layout.scaled, detail)
    inside = layout.inside
    if inside is None:
        return Image.new("RGBA", canvas)
    across, down = (canvas[axis] / layout.crop[2 + axis] for axis in (0, 1))
    x, y, width, height = inside
    size = max(1, half_up(width * across)), max(1, half_up(height * down))
    region = (float(x), float(y), float(x + width), float(y + height))
    taken = Cut(region=region, size=size, window=(0, 0, *size))
    image = _clipped(take(pixels, taken, method), taken, layout)
    left = half_up((x - layout.crop[0]) * across)
    top = half_up((y - layout.crop[1]) * down)
    return cut(image, (-left, -top, *canvas))


def _clipped(image: Image.Image, taken: Cut, layout: Layout) -> Image.Image:
    """``clipPathE``: transparent outside the paths."""
    if not layout.clip:
        return image
    left, top, right, bottom = taken.region
    across, down = taken.size[0] / (right - left), taken.size[1] / (bottom - top)
    whole = (layout.source[0] * across, layout.source[1] * down)
    at = (left * across + taken.window[0], top * down + taken.window[1])
    mask = inside_mask(layout.clip, whole, at, image.size)
    clear = with_alpha(image).copy()
    clear.putalpha(ImageChops.multiply(clear.getchannel("A"), mask))
    return clear


def _rotated(image: Image.Image, angle: float, size: Size) -> Image.Image:
    """Clockwise about the centre; the corners are transparent, the edges soft."""
    # A transparent border lets the filter soften the edge instead of cutting it in steps.
    image = cut(image, (-1, -1, image.width + 2, image.height + 2))
    sine, cosine = math.sin(math.radians(angle)), math.cos(math.radians(angle))
    from_centre = (size[0] / 2, size[1] / 2)
    matrix = (
        cosine,
        sine,
        image.width / 2 - cosine * from_centre[0] - sine * from_centre[1],
        -sine,
        cosine,
        image.height / 2 + sine * from_centre[0] - cosine * from_centre[1],
    )
    return image.transform(size, Image.Transform.AFFINE, matrix, Image.Resampling.BICUBIC)


def with_alpha(image: Image.Image) -> Image.Image:
    """The image with an alpha channel, opaque if it had none."""
    return image.convert(_ALPHA[image.mode]) if image.mode in _ALPHA else image


def cut(image: Image.Image, box: PixelBox) -> Image.Image:
    """The region x, y, width, height; what lies outside the image is transparent."""
    x, y, width, height = box
    inside = x >= 0 and y >= 0 and x + width <= image.width and y + height <= image.height
    if inside and (width, height) == image.size:
        return image
    region = image if inside else with_alpha(image)
    return region.crop((x, y, x + width, y + height))


def masked(use: str) -> Callable[[Image.Image], Image.Image]:
    """``maskUse`` for images of mode L, LA, RGB and RGBA."""

    def mask(image: Image.Image) -> Image.Image:
        if use == "norm" or image.mode in _ALPHA:
            return image
        if use == "off":
            return image.convert(image.mode.removesuffix("A"))
        inverted = image.copy()
        inverted.putalpha(ImageChops.invert(image.getchannel("A")))
        return inverted

    return mask


def finish_layer(image: Image.Image, layer: LayerRequest) -> Image.Image:
    """``opac``, then ``bgColor`` behind it."""
    image = _fade(image, layer.opacity)
    return image if layer.bg_colour is None else _fill_behind(image, layer.bg_colour)


def _fade(image: Image.Image, opacity: float) -> Image.Image:
    if opacity >= 1:
        return image
    faded = with_alpha(image).copy()
    faded.putalpha(faded.getchannel("A").point([half_up(v * opacity) for v in range(256)]))
    return faded


def _fill_behind(image: Image.Image, colour: Colour) -> Image.Image:
    red, green, blue = colour.in_type(PixelType.RGB)
    behind = Image.new("RGBA", image.size, (red, green, blue, colour.alpha))
    filled = Image.alpha_composite(behind, image.convert("RGBA"))
    return filled.convert("RGB") if colour.alpha == 255 else filled
