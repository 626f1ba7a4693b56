"""Reading the source picture, which is untrusted: any bytes may arrive under any name."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from PIL import ExifTags, Image, ImageCms, UnidentifiedImageError
from PIL.JpegImagePlugin import JpegImageFile

from s7spec.emulator.render.contract import RenderError, Size

# Named one by one: Pillow can read more (EPS among them, by starting Ghostscript).
_READABLE = ("JPEG", "PNG", "TIFF", "GIF", "BMP", "WEBP", "AVIF", "JPEG2000", "PSD")

# What decoders of hostile bytes raise besides OSError.
_BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    ArithmeticError,
    RuntimeError,
    MemoryError,
    Warning,  # where the interpreter is told to raise them
    struct.error,
    zlib.error,
)
_BOMB = (Image.DecompressionBombError, Image.DecompressionBombWarning)

# A JPEG may be decoded at 1/2, 1/4 or 1/8 as long as this many times the final size remains.
_DRAFT_GAP = 2

_GRAY_MODES = frozenset({"1", "L", "LA", "La", "I", "I;16", "I;16L", "I;16B", "I;16N"})
_ALPHA_MODES = frozenset({"LA", "La", "RGBA", "RGBa", "PA"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A decoded picture in mode L, LA, RGB or RGBA, 8 bits per component.

    ``size`` is the true pixel size. ``image`` may be a fraction of it; ``extent`` is the width and
    height the picture takes within ``image``. ``dpi`` is the print resolution the file carries.
    """

    image: Image.Image
    size: Size
    extent: tuple[float, float]
    dpi: float | None
    icc_profile: bytes | None
    xmp: bytes | None
    notes: tuple[str, ...]


def read_source(path: Path, max_pixels: int, least_size: Callable[[Size], Size | None]) -> Source:
    """Decode the first frame of a picture file.

    ``least_size`` is given the true size and answers how small a decoded picture would still do,
    or None for all pixels. CMYK becomes RGB, as an upload to Dynamic Media converts it by default:
    through the embedded profile if there is one, else naively. A pixel's place is its place in
    the file: no step of the documented pipeline turns a picture, so an EXIF orientation is not
    applied but noted (TIFF and AVIF keep orientation in their own structure, and their decoders
    apply it).

    Raises:
        RenderError: missing, unreadable, damaged, or with more than ``max_pixels`` pixels.
    """
    Image.init()  # open() looks up only the registered formats of those it is given
    try:
        with path.open("rb") as stream, Image.open(stream, formats=_READABLE) as opened:
            return _decode(opened, path.name, max_pixels, least_size)
    except _BOMB as error:
        raise RenderError(f"{path.name}: the picture claims too many pixels: {error}") from error
    except UnidentifiedImageError as error:
        raise RenderError(
            f"{path.name}: not a picture in a format this emulator reads ({', '.join(_READABLE)})"
        ) from error
    except _BROKEN as error:
        raise RenderError(f"{path.name}: the source cannot be read: {_reason(error)}") from error


def _reason(error: BaseException) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror  # str() of these would show a path of the server
    return str(error) or type(error).__name__


def _decode(
    opened: Image.Image, name: str, max_pixels: int, least_size: Callable[[Size], Size | None]
) -> Source:
    size = opened.size
    if size[0] * size[1] > max_pixels:
        raise RenderError(f"{name}: {size[0]}x{size[1]} is more than {max_pixels:,} pixels")
    least = least_size(size)
    notes = [*_frame_note(opened), *_orientation_note(opened)]
    extent = _shrink_on_load(opened, least)
    opened.load()
    info = dict(opened.info)
    profile = info.get("icc_profile") or None
    image = _normal_mode(opened, profile, notes)
    return Source(
        image=image,
        size=size,
        extent=extent,
        dpi=_dpi(info.get("dpi")),
        icc_profile=profile if opened.mode != "CMYK" else None,
        xmp=_packet(info.get("xmp")),
        notes=tuple(notes),
    )


def _shrink_on_load(opened: Image.Image, least: Size | None) -> tuple[float, float]:
    """Let a JPEG decode at a fraction; the answer is the picture's extent in what is decoded."""
    if least is not None and isinstance(opened, JpegImageFile):
        drafted = opened.draft(None, (least[0] * _DRAFT_GAP, least[1] * _DRAFT_GAP))
        if drafted is not None:
            # The decoder rounds up; the picture itself ends within the last pixel.
            return float(drafted[1][2]), float(drafted[1][3])
    return float(opened.width), float(opened.height)


def _frame_note(opened: Image.Image) -> list[str]:
    frames = getattr(opened, "n_frames", 1)
    # The further frames of an MPO are previews and gain maps of the first.
    if frames > 1 and opened.format != "MPO":
        return [f"the source has {frames} frames; only the first was rendered"]
    return []


def _orientation_note(opened: Image.Image) -> list[str]:
    orientation = 1
    if opened.format in ("JPEG", "MPO", "PNG", "WEBP"):
        with suppress(*_BROKEN):  # damaged metadata leaves the pixels as good as they are
            orientation = opened.getexif().get(ExifTags.Base.Orientation, 1)
    if orientation not in range(2, 9):
        return []
    return [f"the source's EXIF orientation {orientation} was not applied"]


def _normal_mode(opened: Image.Image, profile: bytes | None, notes: list[str]) -> Image.Image:
    image = _eight_bit(opened)
    if image.mode == "CMYK":
        image = _cmyk_to_rgb(image, profile, notes)
    gray = opened.mode in _GRAY_MODES
    alpha = image.mode in _ALPHA_MODES or image.has_transparency_data
    wanted = ("LA" if alpha else "L") if gray else ("RGBA" if alpha else "RGB")
    # A plain copy, not the file's own class: encoders copy tags and info of the latter.
    image = image.copy() if image.mode == wanted else image.convert(wanted)
    image.info = {}
    if alpha and image.getchannel("A").getextrema() == (255, 255):
        return image.convert("L" if gray else "RGB")
    return image


def _eight_bit(opened: Image.Image) -> Image.Image:
    if opened.mode == "F":
        raise RenderError("not emulated: pictures with floating point pixels")
    if opened.mode != "I" and not opened.mode.startswith("I;16"):
        return opened
    wide = opened.convert("I")
    extrema = wide.getextrema()
    if not isinstance(extrema[1], tuple) and (extrema[0] < 0 or extrema[1] > 65535):
        raise RenderError("not emulated: pictures with more than 16 bits per component")
    return wide.point(lambda value: value * (1 / 257) + 0.5).convert("L")


def _cmyk_to_rgb(image: Image.Image, profile: bytes | None, notes: list[str]) -> Image.Image:
    if profile is None:
        return image.convert("RGB")
    try:
        converted = ImageCms.profileToProfile(
            image,
            ImageCms.ImageCmsProfile(io.BytesIO(profile)),
            ImageCms.createProfile("sRGB"),
            renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
            outputMode="RGB",
            flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
        )
    except (ImageCms.PyCMSError, OSError, ValueError):
        converted = None
    if converted is None:
        notes.append("the source's colour profile is unusable; CMYK was converted without it")
        return image.convert("RGB")
    return converted


def _dpi(value: object) -> float | None:
    """Dots per inch when the file carries a believable number."""
    with suppress(*_BROKEN):
        number = float(value[0] if isinstance(value, tuple) else 0)
        if 1 < number <= 100_000:  # 1 is what readers make of a TIFF without a resolution
            return number
    return None


def _packet(value: object) -> bytes | None:
    if isinstance(value, str):
        return value.encode()
    return value if isinstance(value, bytes) and value else None
