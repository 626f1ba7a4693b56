"""The rendering pipeline, in the documented order (facts: Image Serving section 8)."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path

from PIL import Image

from s7spec.emulator.render.adjust import adjust_colours, sharpen
from s7spec.emulator.render.budget import MemoryBudget
from s7spec.emulator.render.colour import Colour, PixelType
from s7spec.emulator.render.colour_profiles import OutputProfile, find_profile, to_profile
from s7spec.emulator.render.compose import ToSpace, View, cut_rect, lay_on_canvas, naively
from s7spec.emulator.render.contract import ImageServerSettings, Rendered, RenderError
from s7spec.emulator.render.encode import Metadata, encode
from s7spec.emulator.render.layer import (
    cut,
    draw_composite,
    draw_plain,
    finish_layer,
    masked,
)
from s7spec.emulator.render.pixels import Cut, Pixels, take
from s7spec.emulator.render.plan import Plan, make_plan
from s7spec.emulator.render.reading import parse_request
from s7spec.emulator.render.request import Request
from s7spec.emulator.render.source import Head, Source, read_source

_PROFILE_SPACE = {PixelType.RGB: b"RGB ", PixelType.GRAY: b"GRAY", PixelType.CMYK: b"CMYK"}

_BUDGET = MemoryBudget(450_000_000)
"""Of all renderings in this process: a PNG of 100 megapixels is decoded alone."""


def render(source: Path, modifier: str, settings: ImageServerSettings) -> Rendered:
    """Convert one picture as the modifier says; presets are already expanded in it.

    The same file, modifier and settings give the same bytes. Waits while other threads decode
    so much that memory would grow beyond bounds.

    Raises:
        RenderError: the modifier or the source cannot be rendered; the message says why.
    """
    request = parse_request(modifier, no_fit_upscale=settings.no_fit_upscale)
    notes: list[str] = []
    request, profile = _with_profile(request, settings, notes)
    with ExitStack() as held:
        loaded = read_source(
            source,
            settings.max_source_pixels,
            lambda head: make_plan(head, request, settings).need,
            lambda size: held.enter_context(_BUDGET.share(size)),
            held,
        )
        plan = make_plan(loaded.head, request, settings)
        to_space = _to_space(loaded, request, profile, notes)
        view = _view(loaded, plan, request, settings, to_space)
        metadata = _metadata(loaded, request, profile)
        notes += [*loaded.notes, *_notes(loaded, plan, request, settings)]
        output = request.output
        data = encode(view, output, output.quality or settings.jpeg_quality, metadata)
    return Rendered(
        data=data,
        fmt=output.format.name,
        extension=output.format.rule.extension,
        pixel_type=output.format.pixel_type,
        width=view.image.width,
        height=view.image.height,
        print_res=metadata.dpi,
        warnings=(*request.notes, *notes),
    )


def _with_profile(
    request: Request, settings: ImageServerSettings, notes: list[str]
) -> tuple[Request, OutputProfile | None]:
    """``icc`` decides the pixel type, whatever ``fmt`` says of it."""
    asked, chosen = request.output.icc, request.output.format
    profile = find_profile(asked, settings.icc_profiles) if asked else None
    if asked is None or profile is None:
        if asked is not None:
            notes.append(
                f"not emulated: icc={asked.name} (the catalog has no IccProfile asset of that "
                "name); the colours are as without it"
            )
        return request, None
    if profile.pixel_type not in chosen.rule.pixel_types:
        raise RenderError(
            f"icc={asked.name}: {chosen.name} has no pixel type {profile.pixel_type}: "
            f"{', '.join(chosen.rule.pixel_types)}"
        )
    output = replace(request.output, format=replace(chosen, pixel_type=profile.pixel_type))
    return replace(request, output=output), profile


def _to_space(
    loaded: Source, request: Request, profile: OutputProfile | None, notes: list[str]
) -> ToSpace:
    asked = request.output.icc
    if profile is None or asked is None:
        return naively(request.output.format.pixel_type)
    embedded = loaded.icc_profile
    return partial(to_profile, embedded=embedded, asked=asked, target=profile, notes=notes)


def _view(
    loaded: Source,
    plan: Plan,
    request: Request,
    settings: ImageServerSettings,
    to_space: ToSpace,
) -> View:
    output = request.output
    background = output.bgc or Colour(pixel_type=PixelType.RGB, components=settings.background)
    scale = plan.placement.mean_scale
    picture = _picture(loaded.pixels, plan, request)
    picture = adjust_colours(picture, request.adjust, scale)
    view = lay_on_canvas(picture, plan.placement, output.format, background, to_space)
    view = view.each(lambda plane: sharpen(plane, request.adjust, scale))
    return cut_rect(view, request.view, output.format, background)


def _picture(pixels: Pixels, plan: Plan, request: Request) -> Image.Image:
    """What the view shows of the composite image, at its final size."""
    method = request.view.res_mode
    pixels = _with_mask(pixels, request.layer.mask_use)
    if plan.direct:
        image = draw_plain(pixels, plan.layout, plan.shown, method)
        if image is not pixels.raw:
            pixels.raw.close()
        return finish_layer(image, request.layer)
    image = draw_composite(pixels, plan.layout, plan.detail, method)
    x, y, width, height = (round(edge * plan.detail) for edge in plan.part)
    image = cut(finish_layer(image, request.layer), (x, y, max(1, width), max(1, height)))
    return _shown(image, plan, request)


def _shown(image: Image.Image, plan: Plan, request: Request) -> Image.Image:
    extent = (float(image.width), float(image.height))
    part = Pixels(raw=image, size=image.size, extent=extent, prepare=None)
    region = (0.0, 0.0, *extent)
    seen = Cut(region=region, size=plan.shown.size, window=plan.shown.window)
    return take(part, seen, request.view.res_mode)


def _with_mask(pixels: Pixels, use: str) -> Pixels:
    if use == "norm":
        return pixels
    mask, prepare = masked(use), pixels.prepare
    if prepare is None:
        return replace(pixels, prepare=mask)
    return replace(pixels, prepare=lambda piece: mask(prepare(piece)))


def _metadata(loaded: Source, request: Request, profile: OutputProfile | None) -> Metadata:
    """``iccEmbed`` and ``xmpEmbed`` do nothing, as documented, where nothing can be embedded."""
    output = request.output
    embedded = profile.data if profile is not None else loaded.icc_profile
    if embedded is not None and embedded[16:20] != _PROFILE_SPACE[output.format.pixel_type]:
        embedded = None
    return Metadata(
        dpi=output.print_res or loaded.head.dpi,
        icc_profile=embedded if output.icc_embed else None,
        xmp=loaded.xmp if output.xmp_embed else None,
    )


def _notes(
    loaded: Source, plan: Plan, request: Request, settings: ImageServerSettings
) -> list[str]:
    view, size, placement = request.view, plan.part[2:], plan.placement
    notes = _path_notes(loaded.head, request)
    if _uses_res(request):
        notes.append(_res_note(loaded.head.dpi))
    sized = view.wid is not None or view.hei is not None or view.scl is not None
    if not sized and placement.out != size and settings.default_pix is not None:
        limit = "x".join(str(side) for side in settings.default_pix)
        notes.append(
            f"no size given: reduced from {size[0]}x{size[1]} to {placement.out[0]}x"
            f"{placement.out[1]} by DefaultPix {limit}; wid, hei or scl=1 prevents it"
        )
    if not plan.direct and plan.detail < min(1.0, *placement.scale):
        notes.append(
            f"drawn at {plan.detail:.2f} of its size to save memory: crop, extend, rotate or rgn "
            "made it very large"
        )
    if view.rgn is not None and not placement.covers:
        notes.append("rgn with padding: Image Serving may show the picture around the region")
    if view.rect is not None:
        notes.append("rect: Image Serving is known to need id= with it")
    return notes


def _path_notes(head: Head, request: Request) -> list[str]:
    known = {path.name for path in head.paths}
    layer = request.layer
    notes = [
        f"{command}: the source has no path named {name[:60]!r}; ignored, as documented"
        for command, names in (("clipPathE", layer.clip_paths), ("cropPathE", layer.crop_paths))
        for name in names
        if name not in known
    ]
    if layer.crop is not None and known.intersection(layer.crop_paths):
        notes.append("crop and cropPathE together: which one wins is undocumented; cropPathE did")
    return notes


def _uses_res(request: Request) -> bool:
    layer = request.layer
    return layer.res is not None and layer.size is None and layer.scale is None


def _res_note(dpi: float | None) -> str:
    if dpi is None:
        return "not emulated: res (the source carries no resolution)"
    return f"res: taken of the {dpi:g} dpi in the file; Image Serving takes the catalog's"
