"""Reading the source picture, which is untrusted: any bytes may arrive under any name."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from PIL import ExifTags, Image, UnidentifiedImageError
from PIL.JpegImagePlugin import JpegImageFile

from s7spec.emulator.render.contract import RenderError, Size
from s7spec.emulator.render.pixels import Pixels
from s7spec.emulator.render.preparing import preparation

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

# Pillow warns beyond 89 megapixels, to whoever opened the file, and refuses beyond twice as many.
# Here each file is held to the settings before it is decoded, so let it warn beyond those only.
Image.MAX_IMAGE_PIXELS = 100_000_000

_HEAVY: Mapping[str, int] = {"WEBP": 4, "AVIF": 3, "JPEG2000": 4}
"""What decoding takes in memory, as a multiple of what other formats take: their decoders hold the
whole picture several times. They are refused beyond the same share of the pixels."""

_EASY_PIXELS = 100_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What is known before pixels are decoded: the true size, and dots per inch if told."""

    size: Size
    dpi: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A decoded picture and what its file carries beside pixels."""

    pixels: Pixels
    head: Head
    icc_profile: bytes | None
    xmp: bytes | None
    notes: tuple[str, ...]


LeastSize = Callable[[Head], Size]
"""How small the whole picture may be decoded; may raise RenderError."""

Claim = Callable[[int], None]
"""Told how many pixels, weighed, are about to be decoded; may wait."""


def read_source(path: Path, max_pixels: int, least_size: LeastSize, claim: Claim) -> Source:
    """Decode the first frame of a picture file.

    CMYK becomes RGB, as an upload to Dynamic Media converts it by default: through the embedded
    profile if there is one, else naively. A pixel's place is its place in the file: no step of the
    documented pipeline turns a picture, so an EXIF orientation is not applied but noted (TIFF and
    AVIF keep orientation in their own structure, and their decoders apply it).

    Raises:
        RenderError: missing, unreadable, damaged, or with more than ``max_pixels`` pixels.
    """
    Image.init()  # open() looks up only the registered formats of those it is given
    try:
        with path.open("rb") as stream, Image.open(stream, formats=_READABLE) as opened:
            _check_size(opened, path.name, max_pixels)
            return _decode(opened, least_size, claim)
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


def _check_size(opened: Image.Image, name: str, max_pixels: int) -> None:
    width, height = opened.size
    if width * height > max_pixels:
        raise RenderError(f"{name}: {width}x{height} is more than {max_pixels:,} pixels")
    most = _EASY_PIXELS // _weight(opened)
    if width * height > most:
        raise RenderError(
            f"not emulated: {name}: {width}x{height} is more than {most:,} pixels, as many as are "
            f"decoded of {opened.format}; TIFF, PNG and JPEG may have more"
        )


def _weight(opened: Image.Image) -> int:
    return _HEAVY.get(opened.format or "", 1)


def _decode(opened: Image.Image, least_size: LeastSize, claim: Claim) -> Source:
    head = Head(size=opened.size, dpi=_dpi(opened.info.get("dpi")))
    extent = _shrink_on_load(opened, least_size(head))
    claim(opened.width * opened.height * _weight(opened))
    opened.load()
    info = dict(opened.info)
    profile = info.get("icc_profile") or None
    notes = [*_frame_note(opened), *_orientation_note(opened)]
    prepare = preparation(opened, profile, notes)
    # Encoders copy what they find here; only transparency belongs to the pixels.
    opened.info = {key: value for key, value in info.items() if key == "transparency"}
    return Source(
        pixels=Pixels(raw=opened, size=head.size, extent=extent, prepare=prepare),
        head=Head(size=head.size, dpi=_dpi(info.get("dpi"))),
        icc_profile=profile if opened.mode != "CMYK" else None,
        xmp=_packet(info.get("xmp")),
        notes=tuple(notes),
    )


def _shrink_on_load(opened: Image.Image, least: Size) -> tuple[float, float]:
    """Let a JPEG decode at a fraction; the answer is the picture's extent in what is decoded."""
    if isinstance(opened, JpegImageFile):
        drafted = opened.draft(None, (least[0] * _DRAFT_GAP, least[1] * _DRAFT_GAP))
        if drafted is not None:
            # The decoder rounds up; the picture itself ends within the last pixel.
            return float(drafted[1][2]), float(drafted[1][3])
    return float(opened.width), float(opened.height)


def _frame_note(opened: Image.Image) -> list[str]:
    # Not counted: a small file may have very many. Further frames of an MPO are previews and gain
    # maps of the first.
    if getattr(opened, "is_animated", False) and opened.format != "MPO":
        return ["the source has more than one frame; only the first was rendered"]
    return []


def _orientation_note(opened: Image.Image) -> list[str]:
    orientation = 1
    if opened.format in ("JPEG", "MPO", "PNG", "WEBP"):
        with suppress(*_BROKEN):  # damaged metadata leaves the pixels as good as they are
            orientation = opened.getexif().get(ExifTags.Base.Orientation, 1)
    if orientation not in range(2, 9):
        return []
    return [f"the source's EXIF orientation {orientation} was not applied"]


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
