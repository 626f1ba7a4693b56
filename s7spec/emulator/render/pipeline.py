"""The rendering pipeline, in the documented order (facts: Image Serving section 8)."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from s7spec.emulator.render.adjust import adjust_colours, sharpen
from s7spec.emulator.render.colour import Colour, PixelType
from s7spec.emulator.render.compose import cut_rect, lay_on_canvas
from s7spec.emulator.render.contract import ImageServerSettings, Rendered, Size
from s7spec.emulator.render.encode import Metadata, encode
from s7spec.emulator.render.geometry import Placement, check_reply
from s7spec.emulator.render.layer import build_layer, check_canvas, cut
from s7spec.emulator.render.reading import parse_request
from s7spec.emulator.render.request import Request
from s7spec.emulator.render.source import Source, read_source
from s7spec.emulator.render.view import place_view, scale_visible

_PROFILE_SPACE = {PixelType.RGB: b"RGB ", PixelType.GRAY: b"GRAY", PixelType.CMYK: b"CMYK"}


def render(source: Path, modifier: str, settings: ImageServerSettings) -> Rendered:
    """Convert one picture as the modifier says; presets are already expanded in it.

    The same file, modifier and settings give the same bytes.

    Raises:
        RenderError: the modifier or the source cannot be rendered; the message says why.
    """
    request = parse_request(modifier, no_fit_upscale=settings.no_fit_upscale)
    loaded = read_source(
        source, settings.max_source_pixels, lambda size: _least_size(size, request, settings)
    )
    view, notes = _view(loaded, request, settings)
    output = request.output
    return Rendered(
        data=encode(
            view, output, output.quality or settings.jpeg_quality, _metadata(loaded, request)
        ),
        fmt=output.format.name,
        extension=output.format.rule.extension,
        width=view.width,
        height=view.height,
        warnings=(*request.notes, *loaded.notes, *notes),
    )


def _view(
    loaded: Source, request: Request, settings: ImageServerSettings
) -> tuple[Image.Image, list[str]]:
    composite, size, extent = _composite(loaded, request, settings)
    placement = place_view(size, request.view, settings.default_pix)
    reply = request.view.rect[2:] if request.view.rect else placement.out
    check_reply(reply, settings.max_pix)
    background = request.output.bgc or Colour(
        pixel_type=PixelType.RGB, components=settings.background
    )
    scale = placement.mean_scale
    picture = scale_visible(composite, extent, placement, request.view.res_mode)
    picture = adjust_colours(picture, request.adjust, scale)
    view = lay_on_canvas(picture, placement, request.output.format, background)
    view = sharpen(view, request.adjust, scale)
    view = cut_rect(view, request.view, request.output.format, background)
    return view, _notes(size, placement, request, settings)


def _composite(
    loaded: Source, request: Request, settings: ImageServerSettings
) -> tuple[Image.Image, Size, tuple[float, float]]:
    """The composite image cut to ``rgn``, its size, and its extent within the image."""
    image = build_layer(loaded.image, request.layer, settings.max_source_pixels)
    if request.view.rgn is not None:
        check_canvas(request.view.rgn[2:], settings.max_source_pixels, "rgn")
        image = cut(image, request.view.rgn)
    if _whole_picture(request):
        return image, loaded.size, loaded.extent
    return image, image.size, (float(image.width), float(image.height))


def _whole_picture(request: Request) -> bool:
    return request.layer.keeps_geometry and request.view.rgn is None


def _least_size(size: Size, request: Request, settings: ImageServerSettings) -> Size | None:
    """How small the source may be decoded. Layer geometry counts in true pixels, so it needs all.

    Raises:
        RenderError: the reply would be too large; said before the pixels are decoded.
    """
    if not _whole_picture(request):
        return None
    placement = place_view(size, request.view, settings.default_pix)
    if request.view.rect is None:
        check_reply(placement.out, settings.max_pix)
    return placement.image


def _metadata(loaded: Source, request: Request) -> Metadata:
    """``iccEmbed`` and ``xmpEmbed`` do nothing, as documented, where nothing can be embedded."""
    output = request.output
    profile = loaded.icc_profile if output.icc_embed else None
    if profile is not None and profile[16:20] != _PROFILE_SPACE[output.format.pixel_type]:
        profile = None
    return Metadata(
        dpi=output.print_res or loaded.dpi,
        icc_profile=profile,
        xmp=loaded.xmp if output.xmp_embed else None,
    )


def _notes(
    size: Size, placement: Placement, request: Request, settings: ImageServerSettings
) -> list[str]:
    view = request.view
    notes: list[str] = []
    sized = view.wid is not None or view.hei is not None or view.scl is not None
    if not sized and placement.out != size and settings.default_pix is not None:
        limit = "x".join(str(side) for side in settings.default_pix)
        notes.append(
            f"no size given: reduced from {size[0]}x{size[1]} to {placement.out[0]}x"
            f"{placement.out[1]} by DefaultPix {limit}; wid, hei or scl=1 prevents it"
        )
    if view.rgn is not None and not placement.covers:
        notes.append("rgn with padding: Image Serving may show the picture around the region")
    if view.rect is not None:
        notes.append("rect: Image Serving is known to need id= with it")
    return notes
