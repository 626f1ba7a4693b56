"""From the scaled picture to the finished view: colour space, padding, flattening."""

from __future__ import annotations

from collections.abc import Callable

from PIL import Image

from s7spec.emulator.render.colour import Colour, PixelType
from s7spec.emulator.render.contract import Size
from s7spec.emulator.render.formats import OutputFormat
from s7spec.emulator.render.geometry import Placement, check_pixels, scaled_size
from s7spec.emulator.render.pixels import Cut, Pixels, take
from s7spec.emulator.render.request import ViewRequest

ToSpace = Callable[[Image.Image], Image.Image]
"""From colours of mode L or RGB to the output's pixel type."""

_ALPHA_OF = {PixelType.GRAY: "LA", PixelType.RGB: "RGBA"}


def lay_on_canvas(
    picture: Image.Image,
    placement: Placement,
    output: OutputFormat,
    background: Colour,
    to_space: ToSpace,
) -> Image.Image:
    """The view: the visible picture in the output's colour space, padded to its size.

    With an alpha format the padding is transparent, else padding and transparency show the
    background.
    """
    at = placement.visible[:2]
    mask = picture.getchannel("A") if picture.mode in ("LA", "RGBA") else None
    # Without alpha the colour of transparent pixels does not matter.
    opaque = to_space(picture if mask is None else picture.convert(picture.mode[:-1]))
    if output.rule.alpha:
        picture = opaque.convert(_ALPHA_OF[output.pixel_type])
        if mask is not None:
            picture.putalpha(mask)
        if placement.covers:
            return picture
        view = Image.new(picture.mode, placement.out)
        view.paste(picture, at)
        return view
    if placement.covers and mask is None:
        return opaque
    view = Image.new(opaque.mode, placement.out, background.in_type(output.pixel_type))
    view.paste(opaque, at, mask)
    return view


def naively(pixel_type: PixelType) -> ToSpace:
    """Without profiles, as documented for colours."""

    def convert(colours: Image.Image) -> Image.Image:
        if colours.mode == pixel_type.mode:
            return colours
        if pixel_type is PixelType.CMYK and colours.mode == "L":
            colours = colours.convert("RGB")
        return colours.convert(pixel_type.mode)

    return convert


def cut_rect(
    view: Image.Image, request: ViewRequest, output: OutputFormat, background: Colour
) -> Image.Image:
    """The part of the view ``rect`` asks for; its position counts after its own scale.

    Raises:
        RenderError: more pixels than an export converts.
    """
    if request.rect is None:
        return view
    x, y, width, height = request.rect
    check_pixels((width, height))
    size: Size = view.size
    if request.rect_scale != 1:
        size = scaled_size(view.size, request.rect_scale, request.rect_scale)
    fill = None if output.rule.alpha else background.in_type(output.pixel_type)
    reply = Image.new(view.mode, (width, height), 0 if fill is None else fill)
    left, top = max(0, x), max(0, y)
    right, bottom = min(size[0], x + width), min(size[1], y + height)
    if right > left and bottom > top:
        whole = (0.0, 0.0, float(view.width), float(view.height))
        window = (left, top, right - left, bottom - top)
        extent = (float(view.width), float(view.height))
        pixels = Pixels(raw=view, size=view.size, extent=extent, prepare=None)
        piece = take(pixels, Cut(region=whole, size=size, window=window), request.res_mode)
        reply.paste(piece, (left - x, top - y))
    return reply
