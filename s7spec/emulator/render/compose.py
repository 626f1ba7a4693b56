"""From the scaled picture to the finished view: colour space, padding, flattening."""

from __future__ import annotations

from PIL import Image

from s7spec.emulator.render.colour import Colour, PixelType
from s7spec.emulator.render.contract import Size
from s7spec.emulator.render.formats import OutputFormat
from s7spec.emulator.render.geometry import Placement, check_pixels, scaled_size
from s7spec.emulator.render.layer import with_alpha
from s7spec.emulator.render.request import ViewRequest

_ALPHA_OF = {PixelType.GRAY: "LA", PixelType.RGB: "RGBA"}


def lay_on_canvas(
    picture: Image.Image, placement: Placement, output: OutputFormat, background: Colour
) -> Image.Image:
    """The view: the visible picture in the output's colour space, padded to its size.

    With an alpha format the padding is transparent, else padding and transparency show the
    background.
    """
    at = placement.visible[:2]
    if output.rule.alpha:
        picture = with_alpha(picture).convert(_ALPHA_OF[output.pixel_type])
        if placement.covers:
            return picture
        view = Image.new(picture.mode, placement.out)
        view.paste(picture, at)
        return view
    mask = picture.getchannel("A") if picture.mode in ("LA", "RGBA") else None
    opaque = _in_space(picture, output.pixel_type)
    if placement.covers and mask is None:
        return opaque
    view = Image.new(opaque.mode, placement.out, background.in_type(output.pixel_type))
    view.paste(opaque, at, mask)
    return view


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
    if request.rect_scale != 1:
        size: Size = scaled_size(view.size, request.rect_scale, request.rect_scale)
        check_pixels(size)
        view = view.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
    fill = None if output.rule.alpha else background.in_type(output.pixel_type)
    reply = Image.new(view.mode, (width, height), 0 if fill is None else fill)
    reply.paste(view, (-x, -y))
    return reply


def _in_space(picture: Image.Image, pixel_type: PixelType) -> Image.Image:
    """Without alpha, converted naively; the colour of transparent pixels does not matter."""
    if picture.mode in ("LA", "RGBA"):
        picture = picture.convert(picture.mode.removesuffix("A"))
    if picture.mode == pixel_type.mode:
        return picture
    if pixel_type is PixelType.CMYK and picture.mode == "L":
        picture = picture.convert("RGB")
    return picture.convert(pixel_type.mode)
