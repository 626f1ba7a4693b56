"""The company settings of Image Serving that decide sizes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from s7spec.modifiers.geometry import Size

DEFAULT_PIX = Size(1280, 1280)
MAX_PIX = Size(5000, 5000)


class Color(StrEnum):
    """The colours of a picture's pixels, in the words of ``fmt``'s pixel types."""

    RGB = "rgb"
    GRAY = "gray"
    CMYK = "cmyk"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageServer:
    """What a company has set (facts: Image Serving section 6).

    ``default_pix`` and ``max_pix`` are pixels; a side that is 0 is no limit. New accounts have a
    DefaultPix of 1280x1280; a MaxPix of 5000x5000 is the most a company can set. ``jpeg_quality``
    counts where a modifier has no ``qlt``. ``upscale_without_fit`` tells whether pictures are
    enlarged to ``wid`` and ``hei`` when there is no ``fit``: the documented default ``fit,0`` says
    no, what servers do is unknown.
    """

    default_pix: Size = DEFAULT_PIX
    max_pix: Size = MAX_PIX
    jpeg_quality: int = 80
    upscale_without_fit: bool = False
