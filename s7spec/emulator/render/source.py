"""Reading the source picture, which is untrusted: any bytes may arrive under any name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from PIL import ExifTags, Image, UnidentifiedImageError
from PIL.JpegImagePlugin import JpegImageFile

from s7spec.emulator.render.contract import RenderError, Size
from s7spec.emulator.render.damage import BROKEN, readable
from s7spec.emulator.render.photoshop_paths import PhotoshopPath, paths_in
from s7spec.emulator.render.pixels import Pixels
from s7spec.emulator.render.preparing import preparation
from s7spec.emulator.render.strips import StripReader, strip_reader

# Named one by one: Pillow can read more (EPS among them, by starting Ghostscript).
READABLE = ("JPEG", "PNG", "TIFF", "GIF", "BMP", "WEBP", "AVIF", "JPEG2000", "PSD")

_BEGINNINGS = {
    b"II*\0": "TIFF",
    b"MM\0*": "TIFF",
    b"II+\0": "BigTIFF",
    b"MM\0+": "BigTIFF",
    b"\xff\xd8\xff": "JPEG",
    b"\x89PNG": "PNG",
    b"8BPS": "PSD",
}

# A JPEG may be decoded at 1/2, 1/4 or 1/8 as long as this many times the final size remains.
_DRAFT_GAP = 2

# Pillow warns beyond 89 megapixels, to whoever opened the file, and refuses beyond twice as many.
# Here each file is held to the settings before it is decoded, so let it warn beyond those only.
Image.MAX_IMAGE_PIXELS = 100_000_000

_BYTES_PER_PIXEL: Mapping[str, int] = {"WEBP": 16, "AVIF": 12, "JPEG2000": 24}
"""What decoding takes where the decoder holds the whole picture several times (measured)."""

_MOST_BYTES = 500_000_000
"""What decoding one picture may take."""

_BANDS_BYTES = 20_000_000
_BYTES_PER_PIXEL_DRAWN = 16
"""What scaling, drawing and encoding take beside (measured)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What is known before pixels are decoded: the true size, dots per inch if told, and the
    Photoshop paths."""

    size: Size
    dpi: float | None
    paths: tuple[PhotoshopPath, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A decoded picture and what its file carries beside pixels."""

    pixels: Pixels
    head: Head
    icc_profile: bytes | None
    xmp: bytes | None
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """``size`` is how small the whole picture may be decoded; ``drawn`` counts the pixels that are
    drawn from it, views and canvases."""

    size: Size
    drawn: int


Needs = Callable[[Head], Need]
"""May raise RenderError."""

Claim = Callable[[int], None]
"""Told how many bytes the rendering is about to take; may wait."""


def read_source(path: Path, max_pixels: int, needs: Needs, claim: Claim, held: ExitStack) -> Source:
    """Decode the first frame of a picture file.

    CMYK becomes RGB, as an upload to Dynamic Media converts it by default: through the embedded
    profile if there is one, else naively. A pixel's place is its place in the file: no step of the
    documented pipeline turns a picture, so an EXIF orientation is not applied but noted (TIFF and
    AVIF keep orientation in their own structure, and their decoders apply it).

    A large TIFF is decoded only when its pixels are taken; ``held`` keeps its file open so long.

    Raises:
        RenderError: missing, unreadable, damaged, or with more than ``max_pixels`` pixels.
    """
    Image.init()  # open() looks up only the registered formats of those it is given
    try:
        with readable(path.name):
            stream = held.enter_context(path.open("rb"))
            opened = held.enter_context(Image.open(stream, formats=READABLE))
            width, height = opened.size
            if width * height > max_pixels:
                raise RenderError(
                    f"{path.name}: {width}x{height} is more than {max_pixels:,} pixels"
                )
            return _decode(opened, stream, path.name, needs, claim)
    except UnidentifiedImageError as error:
        raise RenderError(f"{path.name}: {_why_unknown(path)}") from error


def _why_unknown(path: Path) -> str:
    with path.open("rb") as stream:
        head = stream.read(8)
    kind = next((name for magic, name in _BEGINNINGS.items() if head.startswith(magic)), None)
    if kind is not None:
        return f"this {kind} is damaged, or of a kind that is not read (pixel type, compression)"
    return f"not a picture in a format this emulator reads ({', '.join(READABLE)})"


def _decode(opened: Image.Image, stream: BinaryIO, name: str, needs: Needs, claim: Claim) -> Source:
    head = Head(size=opened.size, dpi=_dpi(opened.info.get("dpi")), paths=paths_in(opened))
    need = needs(head)
    extent = _shrink_on_load(opened, need.size)
    raw: Image.Image | StripReader | None = strip_reader(opened, stream, name)
    cost = _BANDS_BYTES + need.drawn * _BYTES_PER_PIXEL_DRAWN
    if raw is not None:
        claim(cost)
    else:
        claim(cost + _checked_cost(opened, name))
        opened.load()
        raw = opened
    info = dict(opened.info)
    profile = info.get("icc_profile") or None
    notes = [*_frame_note(opened), *_orientation_note(opened)]
    prepare = preparation(opened, raw, profile, notes)
    # Encoders copy what they find here; only transparency belongs to the pixels.
    opened.info = {key: value for key, value in info.items() if key == "transparency"}
    return Source(
        pixels=Pixels(raw=raw, size=head.size, extent=extent, prepare=prepare),
        head=head,
        icc_profile=profile if opened.mode != "CMYK" else None,
        xmp=_packet(info.get("xmp")),
        notes=tuple(notes),
    )


def _checked_cost(opened: Image.Image, name: str) -> int:
    """Bytes that decoding takes, roughly."""
    pixels = opened.width * opened.height
    each = _BYTES_PER_PIXEL.get(opened.format or "", 1 if opened.mode in ("1", "L", "P") else 4)
    cost = pixels * each
    if isinstance(opened, JpegImageFile) and "progressive" in opened.info:
        cost += _coefficients(opened)
    if cost > _MOST_BYTES:
        raise RenderError(
            f"{name}: decoding this {opened.format} takes about {cost // 1_000_000} MB, more than "
            f"{_MOST_BYTES // 1_000_000}; TIFF, PNG and JPEG that is not progressive take less"
        )
    return cost


def _coefficients(opened: JpegImageFile) -> int:
    """A progressive JPEG is held whole, two bytes a coefficient, however small it is decoded."""
    most = max((across * down for _, across, down, _ in opened.layer), default=1)
    total = sum(across * down for _, across, down, _ in opened.layer)
    full = opened.decoderconfig[0] if opened.decoderconfig else 1
    return opened.width * opened.height * full * full * 2 * total // most


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
    # maps of the first, those of a PSD its layers, all of which the first shows.
    if opened.format not in ("MPO", "PSD") and getattr(opened, "is_animated", False):
        return ["the source has more than one frame; only the first was rendered"]
    return []


def _orientation_note(opened: Image.Image) -> list[str]:
    orientation = 1
    if opened.format in ("JPEG", "MPO", "PNG", "WEBP"):
        with suppress(*BROKEN):  # damaged metadata leaves the pixels as good as they are
            orientation = opened.getexif().get(ExifTags.Base.Orientation, 1)
    if orientation not in range(2, 9):
        return []
    return [f"the source's EXIF orientation {orientation} was not applied"]


def _dpi(value: object) -> float | None:
    """Dots per inch when the file carries a believable number."""
    with suppress(*BROKEN):
        number = float(value[0] if isinstance(value, tuple) else 0)
        if 1 < number <= 100_000:  # 1 is what readers make of a TIFF without a resolution
            return number
    return None


def _packet(value: object) -> bytes | None:
    if isinstance(value, str):
        return value.encode()
    return value if isinstance(value, bytes) and value else None
