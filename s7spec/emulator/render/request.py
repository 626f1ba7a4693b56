"""What a modifier asks for, as typed values; read from text in ``reading``."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from s7spec.emulator.render.colour import Colour
from s7spec.emulator.render.contract import Size
from s7spec.emulator.render.formats import OutputFormat
from s7spec.emulator.render.geometry import PixelBox, exact, half_up


class FitMode(StrEnum):
    """How a picture goes into a reply of wid x hei."""

    FIT = "fit"
    CONSTRAIN = "constrain"
    CROP = "crop"
    WRAP = "wrap"
    STRETCH = "stretch"
    HFIT = "hfit"
    VFIT = "vfit"


class Resampling(StrEnum):
    """The documented ``resMode`` values."""

    BILIN = "bilin"
    BICUB = "bicub"
    SHARP2 = "sharp2"
    BISHARP = "bisharp"


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """The four values of ``crop`` or ``extend``: pixels, or shares of the picture's sides."""

    values: tuple[float, float, float, float]
    relative: bool

    def pixels(self, size: Size) -> PixelBox:
        """The values in pixels of a picture of that size; shares are rounded half up."""
        width, height = size if self.relative else (1, 1)
        # As they were written: 0.145 of 100 pixels is 14.5, and the float is below it.
        first, second, third, fourth = map(exact, self.values)
        return (
            half_up(first * width),
            half_up(second * height),
            half_up(third * width),
            half_up(fourth * height),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerRequest:
    """Geometry and opacity of the one layer.

    ``crop`` is x, y, width, height and ``extend`` left, top, right, bottom. ``size`` beats
    ``scale``, which beats ``res``, dots per inch. ``rotate`` is degrees clockwise, ``opacity`` 0
    to 1. ``clip_paths`` and ``crop_paths`` are names of Photoshop paths. ``layer_zero`` tells that
    layer 0 was selected by name, which changes the order of flip and extend.
    """

    crop: Box | None
    size: Size | None
    scale: float | None
    res: float | None
    flip: str | None
    rotate: float
    extend: Box | None
    bg_colour: Colour | None
    opacity: float
    mask_use: str
    clip_paths: tuple[str, ...]
    crop_paths: tuple[str, ...]
    layer_zero: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewRequest:
    """The view transform; sizes in pixels, ``align`` from -1 to 1 on each axis."""

    wid: int | None
    hei: int | None
    scl: float | None
    fit: FitMode | None
    upscale: bool
    align: tuple[float, float]
    rgn: PixelBox | None
    rect: PixelBox | None
    rect_scale: float
    res_mode: Resampling


@dataclass(frozen=True, slots=True, kw_only=True)
class UnsharpMask:
    """``op_usm`` and ``op_usmR``; the radius of the former shrinks with the picture."""

    amount: float
    radius: float
    threshold: int
    monochrome: bool
    scaled: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjustRequest:
    """The ``op_*`` commands, neutral where absent."""

    brightness: int
    contrast: int
    saturation: int
    hue: int
    colour_balance: tuple[int, int, int]
    invert: bool
    blur: float
    sharpen: bool
    unsharp: tuple[UnsharpMask, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantize:
    """How a palette is made: type, dithering, number of colours, and those that must be in it."""

    palette: str
    dither: bool
    colours: int
    fixed: tuple[tuple[int, int, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class IccRequest:
    """``icc``: the profile by name, and how to get there. None is the server's own choice."""

    name: str
    intent: str | None
    black_point: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputRequest:
    """Encoding. ``quality`` None means the company's; ``jpeg_size`` is kilobytes, 0 unbounded;
    ``print_res`` is dots per inch, None for what the source carries."""

    format: OutputFormat
    bgc: Colour | None
    quality: int | None
    full_chroma: bool
    jpeg_size: int
    quantize: Quantize
    icc: IccRequest | None
    icc_embed: bool
    xmp_embed: bool
    print_res: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Everything a modifier asks for, and what was noted while reading it."""

    layer: LayerRequest
    view: ViewRequest
    adjust: AdjustRequest
    output: OutputRequest
    notes: tuple[str, ...]
