"""What goes into a rendering, what comes out of it, and the one error it raises."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

MARKER = "emulated, not Adobe output"
"""Written into every file this package encodes (facts: Image Serving section 8)."""

MAX_OUTPUT_PIXELS = 100_000_000
"""Most pixels an export may convert one picture to (facts: Image Serving section 6)."""

Size = tuple[int, int]
"""Width and height in pixels."""


class RenderError(Exception):
    """A rendering that cannot be delivered; the message says what to change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IccProfileFile:
    """A colour profile of the company, by the name ``icc`` calls it."""

    name: str
    path: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageServerSettings:
    """The company settings of Image Serving that decide pixels.

    ``default_pix`` and ``max_pix`` are width and height in pixels; ``None``, or 0 on one side,
    leaves that side unconstrained. ``no_fit_upscale`` says whether a picture smaller than wid/hei
    is enlarged when the modifier has no ``fit``: the documented default ``fit,0`` says no, live
    practice is unknown, so it stays a switch. ``max_source_pixels`` bounds the source, and
    four times as many every canvas: a small file can claim, and a short modifier can ask for,
    enormous ones.
    Above 100 million Pillow adds limits of its own. ``icc_profiles`` are what ``icc`` may name.
    """

    default_pix: Size | None = (1280, 1280)
    max_pix: Size | None = (5000, 5000)
    jpeg_quality: int = 80
    background: tuple[int, int, int] = (255, 255, 255)
    no_fit_upscale: bool = False
    max_source_pixels: int = 100_000_000
    icc_profiles: tuple[IccProfileFile, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """One converted picture.

    ``fmt`` is the format as the modifier names it, ``extension`` begins with a dot, ``pixel_type``
    is rgb, gray or cmyk, ``width`` and ``height`` are pixels. ``print_res`` is what ``printRes``
    or else the source says, in pixels per inch, None when neither does; formats that hold none go
    without. ``warnings`` name what was asked for and not done, or done by assumption.
    """

    data: bytes
    fmt: str
    extension: str
    pixel_type: str
    width: int
    height: int
    print_res: float | None
    warnings: tuple[str, ...]
