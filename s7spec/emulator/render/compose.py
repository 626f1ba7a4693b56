"""From the scaled picture to the finished view: colour space, padding, flattening."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image

from s7spec.emulator.render.colour import Colour, PixelType
from s7spec.emulator.render.contract import Size
from s7spec.emulator.render.formats import OutputFormat
from s7spec.emulator.render.geometry import Placement, check_pixels, scaled_size
from s7spec.emulator.render.pixels import Cut, Pixels, take
from s7spec.emulator.render.request import ViewRequest

ToSpace = Callable[[Image.Image], Image.Image]
"""From colours of mode L or RGB to the output's pixel type."""


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """The finished picture. ``alpha``, mode L, stands beside inks only: all other modes hold
    theirs."""

    image: Image.Image
    alpha: Image.Image | None = None

    def each(self, change: Callable[[Image.Image], Image.Image]) -> View:
        """The view with both changed in the same way."""
        alpha = None if self.alpha is None else change(self.alpha)
        return View(image=change(self.image), alpha=alpha)


def lay_on_canvas(
    picture: Image.Image,
    placement: Placement,
    output: OutputFormat,
    background: Colour,
    to_space: ToSpace,
) -> View:
    """The view: the visible picture in the output's colour space, padded to its size.

    With an alpha format the padding is transparent, else padding and transparency show the
    background.
    """
    at = placement.visible[:2]
    mask = picture.getchannel("A") if picture.mode in ("LA", "RGBA") else None
    # Without alpha the colour of transparent pixels does not matter.
    opaque = to_space(picture if mask is None else picture.convert(picture.mode[:-1]))
    if output.rule.alpha:
        mask = Image.new("L", opaque.size, 255) if mask is None else mask
        if opaque.mode == "CMYK":
            return View(image=opaque, alpha=mask).each(lambda plane: _padded(plane, placement))
        opaque.putalpha(mask)
        return View(image=_padded(opaque, placement))
    if placement.covers and mask is None:
        return View(image=opaque)
    view = Image.new(opaque.mode, placement.out, background.in_type(output.pixel_type))
    view.paste(opaque, at, mask)
    return View(image=view)


def _padded(plane: Image.Image, placement: Placement) -> Image.Image:
    if placement.covers:
        return plane
    view = Image.new(plane.mode, placement.out)
    view.paste(plane, placement.visible[:2])
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


def cut_rect(view: View, request: ViewRequest, output: OutputFormat, background: Colour) -> View:
    """The part of the view ``rect`` asks for; its position counts after its own scale.

    Raises:
        RenderError: more pixels than an export converts.
    """
    if request.rect is None:
        return view
    check_pixels(request.rect[2:])
    fill = None if output.rule.alpha else background.in_type(output.pixel_type)
    return view.each(lambda plane: _cut_plane(plane, request, fill))


def _cut_plane(
    plane: Image.Image, request: ViewRequest, fill: tuple[int, ...] | None
) -> Image.Image:
    x, y, width, height = request.rect or (0, 0, *plane.size)
    size: Size = plane.size
    if request.rect_scale != 1:
        size = scaled_size(plane.size, request.rect_scale, request.rect_scale)
    reply = Image.new(plane.mode, (width, height), 0 if fill is None else fill)
    left, top = max(0, x), max(0, y)
    right, bottom = min(size[0], x + width), min(size[1], y + height)
    if right > left and bottom > top:
        whole = (0.0, 0.0, float(plane.width), float(plane.height))
        window = (left, top, right - left, bottom - top)
        extent = (float(plane.width), float(plane.height))
        pixels = Pixels(raw=plane, size=plane.size, extent=extent, prepare=None)
        piece = take(pixels, Cut(region=whole, size=size, window=window), request.res_mode)
        reply.paste(piece, (left - x, top - y))
    return reply
