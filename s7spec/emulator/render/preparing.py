"""From the modes of picture files to the four that are worked in: L, LA, RGB, RGBA."""

from __future__ import annotations

import io
from collections.abc import Iterator

from PIL import Image, ImageCms

from s7spec.emulator.render.contract import RenderError
from s7spec.emulator.render.pixels import Prepare, Raster

_GRAY_MODES = frozenset({"1", "L", "LA", "La", "I", "I;16", "I;16L", "I;16B", "I;16N"})
_ALPHA_MODES = frozenset({"LA", "La", "RGBA", "RGBa", "PA"})
_OPAQUE = (255, 255)
_BAND = 1_000_000


def preparation(
    opened: Image.Image, raw: Raster, profile: bytes | None, notes: list[str]
) -> Prepare | None:
    """How pieces of a picture become 8 bits per component; None if they are already.

    ``opened`` is its file, ``raw`` its pixels.

    An alpha channel that hides nothing is dropped. CMYK goes through ``profile`` to sRGB if that
    can be read, else it is converted naively; ``notes`` tells when it cannot.

    Raises:
        RenderError: pixels that do not fit into 8 or 16 bits per component.
    """
    if opened.mode == "F":
        raise RenderError("not emulated: pictures with floating point pixels")
    if opened.mode == "I" or opened.mode.startswith("I;16"):
        return _sixteen_bit(opened, raw)
    if opened.mode == "CMYK":
        return _inks(profile, notes)
    wanted = _wanted_mode(opened, raw)
    if wanted == opened.mode:
        return None
    return lambda piece: piece.convert(wanted)


def _wanted_mode(opened: Image.Image, raw: Raster) -> str:
    gray = opened.mode in _GRAY_MODES
    clear = opened.mode in _ALPHA_MODES or opened.has_transparency_data
    if opened.mode in ("LA", "RGBA"):
        clear = _hides(raw)
    if gray:
        return "LA" if clear else "L"
    return "RGBA" if clear else "RGB"


def _hides(raw: Raster) -> bool:
    """Whether any pixel is not opaque; looked for band by band, most pictures tell at once."""
    return any(band.getchannel("A").getextrema() != _OPAQUE for band in _bands(raw))


def _bands(raw: Raster) -> Iterator[Image.Image]:
    rows = max(1, _BAND // raw.width)
    for top in range(0, raw.height, rows):
        yield raw.crop((0, top, raw.width, min(top + rows, raw.height)))


def _sixteen_bit(opened: Image.Image, raw: Raster) -> Prepare:
    # 32 bits may hold no more than 16; only the pixels tell.
    if opened.mode == "I" and any(map(_is_wide, _bands(raw))):
        raise RenderError("not emulated: pictures with more than 16 bits per component")

    def prepare(piece: Image.Image) -> Image.Image:
        return piece.convert("I").point(lambda value: value * (1 / 257) + 0.5).convert("L")

    return prepare


def _is_wide(band: Image.Image) -> bool:
    low, high = band.getextrema()
    if isinstance(low, tuple) or isinstance(high, tuple):
        return False
    return low < 0 or high > 65_535


def _inks(profile: bytes | None, notes: list[str]) -> Prepare:
    if profile is not None:
        try:
            transform = ImageCms.buildTransform(
                ImageCms.ImageCmsProfile(io.BytesIO(profile)),
                ImageCms.createProfile("sRGB"),
                "CMYK",
                "RGB",
                ImageCms.Intent.RELATIVE_COLORIMETRIC,
                ImageCms.Flags.BLACKPOINTCOMPENSATION,
            )
        except (ImageCms.PyCMSError, OSError, ValueError):
            notes.append("the source's colour profile is unusable; CMYK was converted without it")
        else:
            return lambda piece: _through(piece, transform)
    return lambda piece: piece.convert("RGB")


def _through(piece: Image.Image, transform: ImageCms.ImageCmsTransform) -> Image.Image:
    converted = ImageCms.applyTransform(piece, transform)
    assert converted is not None
    return converted
