"""TIFF with four inks and alpha, which Pillow has no mode for.

The five components of a pixel are laid side by side as if they were five gray pixels. Pillow
compresses those rows; then a directory that tells what they are takes the place of Pillow's.
"""

from __future__ import annotations

import io
from itertools import accumulate

from PIL import Image
from PIL.TiffImagePlugin import ImageFileDirectory_v2, TiffImageFile

from s7spec.emulator.render.contract import MARKER
from s7spec.emulator.render.encode.metadata import Metadata

_COMPONENTS = 5
_SHORT, _LONG, _RATIONAL, _BYTE, _ASCII, _UNDEFINED = 3, 4, 5, 1, 2, 7
_OFFSETS, _ROWS_PER_STRIP, _COUNTS, _COMPRESSION = 273, 278, 279, 259
_SEPARATED, _CMYK, _UNASSOCIATED_ALPHA, _INCH = 5, 1, 2, 2
_HEAD = b"II*\0\x08\0\0\0"


def write_ink_tiff(
    inks: Image.Image, alpha: Image.Image, compression: str | None, metadata: Metadata
) -> bytes:
    """Write mode CMYK with an alpha of mode L; ``compression`` as Pillow names it."""
    rows = _side_by_side(inks, alpha)
    buffer = io.BytesIO()
    options = {} if compression is None else {"compression": compression}
    rows.save(buffer, "TIFF", **options)
    buffer.seek(0)
    with TiffImageFile(buffer) as gray:
        tags = gray.tag_v2
        starts, counts = tags[_OFFSETS], tags[_COUNTS]
        strips = [
            buffer.getvalue()[start : start + count]
            for start, count in zip(starts, counts, strict=True)
        ]
        directory = _directory(inks, metadata)
        for tag in (_COMPRESSION, _ROWS_PER_STRIP):
            _put(directory, tag, _LONG if tag == _ROWS_PER_STRIP else _SHORT, tags[tag])
    # Pillow counts offsets from the end of the directory, and adds that when it writes them.
    offsets = accumulate((len(strip) for strip in strips[:-1]), initial=0)
    _put(directory, _COUNTS, _LONG, tuple(len(strip) for strip in strips))
    _put(directory, _OFFSETS, _LONG, tuple(offsets))
    return b"".join([_HEAD, directory.tobytes(len(_HEAD)), *strips])


def _side_by_side(inks: Image.Image, alpha: Image.Image) -> Image.Image:
    pixels = bytearray(inks.width * inks.height * _COMPONENTS)
    for place, plane in enumerate((*inks.split(), alpha)):
        pixels[place::_COMPONENTS] = plane.tobytes()
    return Image.frombytes("L", (inks.width * _COMPONENTS, inks.height), bytes(pixels))


def _directory(inks: Image.Image, metadata: Metadata) -> ImageFileDirectory_v2:
    directory = ImageFileDirectory_v2(prefix=b"II")
    _put(directory, 256, _LONG, inks.width)
    _put(directory, 257, _LONG, inks.height)
    _put(directory, 258, _SHORT, (8,) * _COMPONENTS)
    _put(directory, 262, _SHORT, _SEPARATED)
    _put(directory, 270, _ASCII, MARKER)
    _put(directory, 277, _SHORT, _COMPONENTS)
    _put(directory, 284, _SHORT, 1)
    _put(directory, 332, _SHORT, _CMYK)
    _put(directory, 338, _SHORT, _UNASSOCIATED_ALPHA)
    if metadata.dpi is not None:
        _put(directory, 282, _RATIONAL, metadata.dpi)
        _put(directory, 283, _RATIONAL, metadata.dpi)
        _put(directory, 296, _SHORT, _INCH)
    if metadata.xmp is not None:
        _put(directory, 700, _BYTE, metadata.xmp)
    if metadata.icc_profile is not None:
        _put(directory, 34675, _UNDEFINED, metadata.icc_profile)
    return directory


def _put(directory: ImageFileDirectory_v2, tag: int, kind: int, value: object) -> None:
    directory.tagtype[tag] = kind
    directory[tag] = value
