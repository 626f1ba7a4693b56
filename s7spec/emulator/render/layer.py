"""The layer's own steps: crop, scale, flip, rotate, extend, opacity, background."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from functools import partial

from PIL import Image, ImageChops

from s7spec.emulator.render.colour import Colour, PixelType
from s7spec.emulator.render.contract import RenderError, Size
from s7spec.emulator.render.geometry import half_up, scaled_size
from s7spec.emulator.render.request import LayerRequest

_Step = Callable[[Image.Image], Image.Image]
_ALPHA = {"L": "LA", "RGB": "RGBA"}
_FLIPS = {
    "lr": Image.Transpose.FLIP_LEFT_RIGHT,
    "ud": Image.Transpose.FLIP_TOP_BOTTOM,
    "lrud": Image.Transpose.ROTATE_180,
}
# Pillow counts its transposes anticlockwise, Image Serving its angles clockwise.
_QUARTER_TURNS = {
    90.0: Image.Transpose.ROTATE_270,
    180.0: Image.Transpose.ROTATE_180,
    270.0: Image.Transpose.ROTATE_90,
}


def build_layer(image: Image.Image, layer: LayerRequest, max_pixels: int) -> Image.Image:
    """The composite image: the source after every layer command (facts: section 8).

    Areas the source does not reach are transparent unless ``bgColor`` fills them. ``max_pixels``
    bounds every canvas on the way.

    Raises:
        RenderError: a canvas without pixels or with too many.
    """
    image = _mask(image, layer.mask_use)
    for step in _steps(layer, max_pixels):
        image = step(image)
    image = _fade(image, layer.opacity)
    return image if layer.bg_colour is None else _fill_behind(image, layer.bg_colour)


def _steps(layer: LayerRequest, max_pixels: int) -> list[_Step]:
    """The geometry in order. Unless layer 0 is selected by name, flip belongs to the composite
    image and extend to layer 0 below it, so extend comes first."""
    crop = partial(_crop, layer=layer, max_pixels=max_pixels)
    scale = partial(_scale, layer=layer, max_pixels=max_pixels)
    flip = partial(_flip, layer=layer)
    rotate = partial(_rotate, angle=layer.rotate, max_pixels=max_pixels)
    extend = partial(_extend, layer=layer, max_pixels=max_pixels)
    if layer.flip and not layer.layer_zero:
        return [crop, scale, extend, flip, rotate]
    return [crop, scale, flip, rotate, extend]


def with_alpha(image: Image.Image) -> Image.Image:
    """The image with an alpha channel, opaque if it had none."""
    return image.convert(_ALPHA[image.mode]) if image.mode in _ALPHA else image


def cut(image: Image.Image, box: tuple[int, int, int, int]) -> Image.Image:
    """The region x, y, width, height; what lies outside the image is transparent."""
    x, y, width, height = box
    inside = x >= 0 and y >= 0 and x + width <= image.width and y + height <= image.height
    if inside and (width, height) == image.size:
        return image
    region = image if inside else with_alpha(image)
    return region.crop((x, y, x + width, y + height))


def check_canvas(size: Size, max_pixels: int, command: str) -> None:
    """Refuse a canvas without pixels or with more than ``max_pixels``.

    Raises:
        RenderError: naming the command that asked for it.
    """
    if min(size) < 1:
        raise RenderError(f"{command} leaves no pixels of the picture")
    if size[0] * size[1] > max_pixels:
        raise RenderError(
            f"{command} makes a canvas of {size[0]}x{size[1]}, more than {max_pixels:,} pixels"
        )


def _mask(image: Image.Image, use: str) -> Image.Image:
    if use == "norm" or image.mode in _ALPHA:
        return image
    if use == "off":
        return image.convert(image.mode.removesuffix("A"))
    inverted = image.copy()
    inverted.putalpha(ImageChops.invert(image.getchannel("A")))
    return inverted


def _crop(image: Image.Image, layer: LayerRequest, max_pixels: int) -> Image.Image:
    if layer.crop is None:
        return image
    x, y, width, height = layer.crop.pixels(image.size)
    size = max(1, width), max(1, height)
    check_canvas(size, max_pixels, "crop")
    return cut(image, (x, y, *size))


def _scale(image: Image.Image, layer: LayerRequest, max_pixels: int) -> Image.Image:
    """``size`` keeps the aspect ratio and may enlarge, 0 leaves a side free; it beats ``scale``."""
    if layer.size is not None:
        pairs = zip(layer.size, image.size, strict=True)
        factor = min(Fraction(wanted, side) for wanted, side in pairs if wanted)
    elif layer.scale is not None:
        factor = Fraction(repr(layer.scale))  # as it was written, which the float is not
    else:
        return image
    size = scaled_size(image.size, factor, factor)
    check_canvas(size, max_pixels, "size or scale")
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)


def _flip(image: Image.Image, layer: LayerRequest) -> Image.Image:
    return image.transpose(_FLIPS[layer.flip]) if layer.flip else image


def _rotate(image: Image.Image, angle: float, max_pixels: int) -> Image.Image:
    if not angle:
        return image
    if angle in _QUARTER_TURNS:
        return image.transpose(_QUARTER_TURNS[angle])
    sine, cosine = abs(math.sin(math.radians(angle))), abs(math.cos(math.radians(angle)))
    width, height = image.size
    bounds = half_up(width * cosine + height * sine), half_up(width * sine + height * cosine)
    check_canvas(bounds, max_pixels, "rotate")
    return with_alpha(image).rotate(-angle, Image.Resampling.BICUBIC, expand=True)


def _extend(image: Image.Image, layer: LayerRequest, max_pixels: int) -> Image.Image:
    if layer.extend is None:
        return image
    left, top, right, bottom = layer.extend.pixels(image.size)
    size = image.width + left + right, image.height + top + bottom
    check_canvas(size, max_pixels, "extend")
    return cut(image, (-left, -top, *size))


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
