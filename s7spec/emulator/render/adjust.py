"""The ``op_*`` commands: same intent as Image Serving, other bytes (facts: section 8).

Curves, kernels and the order among the colour commands are undocumented; the order here is
brightness, contrast, saturation, hue, colour balance, invert, blur.
"""

from __future__ import annotations

from collections.abc import Callable

from PIL import Image, ImageEnhance, ImageFilter

from s7spec.emulator.render.geometry import half_up
from s7spec.emulator.render.request import AdjustRequest, UnsharpMask

_IDENTITY = list(range(256))
_COLOUR_BANDS = {"L": 1, "LA": 1, "RGB": 3, "RGBA": 3}
_PREMULTIPLIED = {"LA": "La", "RGBA": "RGBa"}


def adjust_colours(image: Image.Image, adjust: AdjustRequest, scale: float) -> Image.Image:
    """Apply the colour commands and blur to an image of mode L, LA, RGB or RGBA.

    ``scale`` is the view's scale: a blur radius counts in pixels before it.
    """
    if adjust.brightness:
        factor = 1 + adjust.brightness / 100
        image = _map_colours(image, [_curve(lambda v: v * factor)])
    if adjust.contrast:
        slope = 1 + adjust.contrast / 100
        image = _map_colours(image, [_curve(lambda v: 127.5 + (v - 127.5) * slope)])
    if adjust.saturation and image.mode in ("RGB", "RGBA"):
        image = ImageEnhance.Color(image).enhance(1 + adjust.saturation / 100)
    if adjust.hue and image.mode in ("RGB", "RGBA"):
        image = _turn_hue(image, adjust.hue)
    if any(adjust.colour_balance):
        image = image.convert("RGBA" if image.mode in _PREMULTIPLIED else "RGB")
        image = _map_colours(image, [_shift(share) for share in adjust.colour_balance])
    if adjust.invert:
        image = _map_colours(image, [_IDENTITY[::-1]])
    return _blur(image, adjust.blur * scale) if adjust.blur else image


def sharpen(view: Image.Image, adjust: AdjustRequest, scale: float) -> Image.Image:
    """Sharpen the finished view, alpha included, in any mode."""
    if adjust.sharpen:
        view = view.filter(ImageFilter.SHARPEN)
    for mask in adjust.unsharp:
        # op_usm states its radius for the full-size picture; enlarging does not widen it.
        radius = mask.radius * min(1.0, scale) if mask.scaled else mask.radius
        view = _unsharp(view, mask, radius)
    return view


def _unsharp(view: Image.Image, mask: UnsharpMask, radius: float) -> Image.Image:
    kernel = ImageFilter.UnsharpMask(
        radius=radius, percent=half_up(mask.amount * 100), threshold=mask.threshold
    )
    if not mask.monochrome or view.mode not in ("RGB", "RGBA"):
        return view.filter(kernel)
    luma, *chroma = view.convert("RGB").convert("YCbCr").split()
    sharp = Image.merge("YCbCr", (luma.filter(kernel), *chroma)).convert("RGB")
    if view.mode == "RGBA":
        sharp.putalpha(view.getchannel("A").filter(kernel))
    return sharp


def _curve(formula: Callable[[int], float]) -> list[int]:
    return [min(255, max(0, half_up(formula(value)))) for value in range(256)]


def _shift(share: int) -> list[int]:
    return _curve(lambda value: value + share * 255 / 100)


def _map_colours(image: Image.Image, curves: list[list[int]]) -> Image.Image:
    """Map the colour bands through one curve, or one curve each; alpha stays."""
    bands = _COLOUR_BANDS[image.mode]
    each = curves * bands if len(curves) == 1 else curves
    table = [value for curve in each for value in curve]
    if image.mode in _PREMULTIPLIED:
        table += _IDENTITY
    return image.point(table)


def _turn_hue(image: Image.Image, degrees: int) -> Image.Image:
    hue, saturation, value = image.convert("RGB").convert("HSV").split()
    turn = half_up(degrees * 256 / 360)
    hue = hue.point([(level + turn) % 256 for level in range(256)])
    turned = Image.merge("HSV", (hue, saturation, value)).convert("RGB")
    if image.mode == "RGBA":
        turned.putalpha(image.getchannel("A"))
    return turned


def _blur(image: Image.Image, radius: float) -> Image.Image:
    # Premultiplied, so that the colour of transparent pixels does not bleed into visible ones.
    mode = image.mode
    blurred = image.convert(_PREMULTIPLIED.get(mode, mode)).filter(ImageFilter.GaussianBlur(radius))
    return blurred.convert(mode)
