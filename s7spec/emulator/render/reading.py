"""Reading a modifier into a :class:`Request`: one function per group of commands."""

from __future__ import annotations

import re
from collections.abc import Mapping

from s7spec.emulator.render.colour import Colour, parse_colour
from s7spec.emulator.render.commands import commands_in_force
from s7spec.emulator.render.contract import Size
from s7spec.emulator.render.formats import (
    DEFAULT_FORMAT,
    Compression,
    Encoder,
    OutputFormat,
    parse_format,
)
from s7spec.emulator.render.geometry import PixelBox
from s7spec.emulator.render.request import (
    AdjustRequest,
    Box,
    FitMode,
    IccRequest,
    LayerRequest,
    OutputRequest,
    Quantize,
    Request,
    Resampling,
    UnsharpMask,
    ViewRequest,
)
from s7spec.emulator.render.values import Fields

Commands = Mapping[str, Fields]

_HEX_COLOUR = re.compile(r"[0-9A-Fa-f]{6}")


def parse_request(modifier: str, *, no_fit_upscale: bool) -> Request:
    """Read a modifier whose presets are already expanded.

    Raises:
        RenderError: malformed string or a value outside its documented range.
    """
    notes: list[str] = []
    commands = commands_in_force(modifier, notes)
    return Request(
        layer=_layer(commands, notes),
        view=_view(commands, notes, no_fit_upscale=no_fit_upscale),
        adjust=_adjust(commands),
        output=_output(commands, notes),
        notes=tuple(notes),
    )


def _layer(commands: Commands, notes: list[str]) -> LayerRequest:
    rotate = commands.get("rotate")
    angle = rotate.limit(1).real(0) % 360 if rotate else 0.0
    flip = _choice(commands, "flip", ("lr", "ud", "lrud"))
    if flip and angle % 180 and "layer" not in commands:
        notes.append(
            "flip was applied before rotate; Image Serving's pages allow the other order when "
            "both are set on the composite image"
        )
    opac = commands.get("opac")
    opacity = opac.limit(2).integer(0, 0, 100) * opac.integer(1, 0, 100, default=100) if opac else 0
    return LayerRequest(
        crop=_box(commands, "crop", notes),
        size=_layer_size(commands),
        scale=_positive(commands, "scale"),
        res=_positive(commands, "res"),
        flip=flip,
        rotate=angle,
        extend=_box(commands, "extend", notes),
        bg_colour=_colour(commands, "bgcolor"),
        opacity=opacity / 10_000 if opac else 1.0,
        mask_use=_choice(commands, "maskuse", ("norm", "invert", "off")) or "norm",
        clip_paths=_names(commands.get("clippathe")),
        crop_paths=_names(commands.get("croppathe")),
        layer_zero="layer" in commands,
    )


def _names(fields: Fields | None) -> tuple[str, ...]:
    if fields is None:
        return ()
    names = tuple(fields.value.split(","))
    if not all(names):
        raise fields.error("needs the names of Photoshop paths, between commas")
    return names


def _box(commands: Commands, name: str, notes: list[str]) -> Box | None:
    """``crop`` or ``extend`` in pixels, or their N forms in shares of the picture."""
    given = [key for key in commands if key in (name, f"{name}n")]
    if not given:
        return None
    if len(given) > 1:
        notes.append(
            f"{name} and {name}N together: which one wins is undocumented; the last was taken"
        )
    fields = commands[given[-1]].limit(4)
    relative = given[-1] != name
    values = tuple(fields.real(at) if relative else fields.integer(at) for at in range(4))
    if name == "crop" and min(values[2:]) <= 0:
        raise fields.error("needs a width and a height above 0")
    return Box(values=(values[0], values[1], values[2], values[3]), relative=relative)


def _layer_size(commands: Commands) -> Size | None:
    fields = commands.get("size")
    if fields is None:
        return None
    wanted = (fields.limit(2).integer(0, 0), fields.integer(1, 0))
    return None if wanted == (0, 0) else wanted


def _view(commands: Commands, notes: list[str], *, no_fit_upscale: bool) -> ViewRequest:
    wid, hei, scl = _side(commands, "wid"), _side(commands, "hei"), _positive(commands, "scl")
    fit = commands.get("fit")
    mode = FitMode(fit.limit(2).one_of(0, tuple(FitMode))) if fit else None
    upscale = fit.flag(1, default=False) if fit else no_fit_upscale
    if fit and scl is None and wid is None and hei is None:
        raise fit.error("needs wid or hei")
    align = commands.get("align")
    rect = commands.get("rect")
    if rect and rect.limit(5).real(4, default=1.0) <= 0:
        raise rect.error("value 5 must be greater than 0")
    return ViewRequest(
        wid=wid,
        hei=hei,
        scl=scl,
        fit=mode,
        upscale=upscale,
        align=(align.limit(2).real(0, -1, 1), align.real(1, -1, 1)) if align else (0.0, 0.0),
        rgn=_pixel_box(commands.get("rgn"), most=4),
        rect=_pixel_box(rect, most=5),
        rect_scale=rect.real(4, default=1.0) if rect else 1.0,
        res_mode=_res_mode(commands, notes),
    )


def _res_mode(commands: Commands, notes: list[str]) -> Resampling:
    fields = commands.get("resmode")
    if fields is None:
        return Resampling.SHARP2
    legacy = {"sharp": Resampling.SHARP2, "trilin": Resampling.BILIN}
    value = fields.limit(1).one_of(0, (*Resampling, *legacy))
    if value in legacy:
        notes.append(f"resMode={value} is a legacy value and was rendered as {legacy[value]}")
        return legacy[value]
    return Resampling(value)


def _pixel_box(fields: Fields | None, *, most: int) -> PixelBox | None:
    if fields is None:
        return None
    fields.limit(most)
    return fields.integer(0), fields.integer(1), fields.integer(2, 1), fields.integer(3, 1)


def _adjust(commands: Commands) -> AdjustRequest:
    balance = commands.get("op_colorbalance")
    blur = commands.get("op_blur")
    masks = (
        _unsharp(commands.get("op_usm"), scaled=True),
        _unsharp(commands.get("op_usmr"), scaled=False),
    )
    return AdjustRequest(
        brightness=_integer(commands, "op_brightness", 100),
        contrast=_integer(commands, "op_contrast", 100),
        saturation=_integer(commands, "op_saturation", 100),
        hue=_integer(commands, "op_hue", 180),
        colour_balance=(
            balance.limit(3).integer(0, -100, 100),
            balance.integer(1, -100, 100),
            balance.integer(2, -100, 100),
        )
        if balance
        else (0, 0, 0),
        invert=_flag(commands, "op_invert"),
        blur=blur.limit(1).real(0, 0, 100) if blur else 0.0,
        sharpen=_flag(commands, "op_sharpen"),
        unsharp=tuple(mask for mask in masks if mask is not None and mask.amount > 0),
    )


def _unsharp(fields: Fields | None, *, scaled: bool) -> UnsharpMask | None:
    if fields is None:
        return None
    return UnsharpMask(
        amount=fields.limit(4).real(0, 0, 5),
        radius=fields.real(1, 0, 250, default=0.0),
        threshold=fields.integer(2, 0, 255, default=0),
        monochrome=fields.flag(3, default=False),
        scaled=scaled,
    )


def _output(commands: Commands, notes: list[str]) -> OutputRequest:
    fmt, qlt, size = commands.get("fmt"), commands.get("qlt"), commands.get("jpegsize")
    chosen = parse_format(fmt) if fmt else DEFAULT_FORMAT
    bgc = _colour(commands, "bgc")
    if bgc and chosen.rule.alpha and not chosen.rule.bgc_ignored:
        notes.append(
            f"bgc with {chosen.name} is undocumented; padding and transparency were kept clear"
        )
    if chosen.rule.encoder is Encoder.AVIF and chosen.compression is Compression.LOSSLESS:
        notes.append("not emulated: lossless AVIF; written at quality 100")
    if _choice(commands, "pscan", ("auto", "3", "4", "5")) not in (None, "auto"):
        notes.append("not emulated: pscan (the encoder chooses the number of scans)")
    return OutputRequest(
        format=chosen,
        bgc=bgc,
        quality=qlt.limit(2).integer(0, 1, 100) if qlt else None,
        full_chroma=qlt.flag(1, default=False) if qlt else False,
        jpeg_size=size.limit(1).integer(0, 0) if size else 0,
        quantize=_quantize(commands, chosen, notes),
        icc=_icc(commands),
        icc_embed=_flag(commands, "iccembed"),
        xmp_embed=_flag(commands, "xmpembed"),
        print_res=_positive(commands, "printres"),
    )


def _icc(commands: Commands) -> IccRequest | None:
    fields = commands.get("icc")
    if fields is None:
        return None
    name = fields.limit(4).value.split(",")[0]
    if not name:
        raise fields.error("needs the name of a colour profile")
    intents = ("perceptual", "relative", "saturation", "absolute")
    fields.flag(3, default=False)  # dithering is not done
    return IccRequest(
        name=name,
        intent=fields.one_of(1, intents, default="") or None,
        black_point=fields.flag(2) if len(fields) > 2 and fields.value.split(",")[2] else None,
    )


def _quantize(commands: Commands, chosen: OutputFormat, notes: list[str]) -> Quantize:
    fields = commands.get("quantize")
    if fields is None:
        return Quantize(palette="adaptive", dither=True, colours=256)
    palette = fields.one_of(0, ("adaptive", "web", "mac"))
    if palette == "mac" and chosen.rule.alpha:
        raise fields.error(f"has no mac palette for {chosen.name}")
    colours = fields.integer(2, 2, 256, default=256)
    listed = fields.value.split(",")[3:]
    if len(listed) > colours:
        raise fields.error(f"lists {len(listed)} colours for a palette of {colours}")
    if not all(_HEX_COLOUR.fullmatch(each) for each in listed):
        raise fields.error("lists its colours as RRGGBB, without 0x")
    if listed and palette != "adaptive":
        notes.append(f"not emulated: a list of colours with the {palette} palette of quantize")
    if chosen.name == "png8-alpha" and (palette != "adaptive" or listed):
        notes.append("not emulated: quantize with given colours for png8-alpha; they are computed")
    return Quantize(
        palette=palette,
        dither=fields.one_of(1, ("diffuse", "off"), default="diffuse") == "diffuse",
        colours=colours,
        fixed=tuple(_bytes_of(each) for each in listed) if palette == "adaptive" else (),
    )


def _bytes_of(hex_colour: str) -> tuple[int, int, int]:
    red, green, blue = bytes.fromhex(hex_colour)
    return red, green, blue


def _integer(commands: Commands, name: str, span: int) -> int:
    fields = commands.get(name)
    return fields.limit(1).integer(0, -span, span) if fields else 0


def _flag(commands: Commands, name: str) -> bool:
    fields = commands.get(name)
    return fields.limit(1).flag(0) if fields else False


def _side(commands: Commands, name: str) -> int | None:
    fields = commands.get(name)
    return fields.limit(1).integer(0, 1) if fields else None


def _positive(commands: Commands, name: str) -> float | None:
    fields = commands.get(name)
    return fields.limit(1).positive(0) if fields else None


def _choice(commands: Commands, name: str, choices: tuple[str, ...]) -> str | None:
    fields = commands.get(name)
    return fields.limit(1).one_of(0, choices) if fields else None


def _colour(commands: Commands, name: str) -> Colour | None:
    fields = commands.get(name)
    return parse_colour(fields) if fields else None
