"""Large TIFF files, decoded a few strips at a time.

Pillow decodes all of a file at once, and libtiff maps all of it into memory beside. Strips stand
for themselves, so those that are needed are put into a small TIFF of their own and decoded from
that; whatever the pixels of a TIFF can be stays Pillow's business.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, BinaryIO

from PIL import Image
from PIL.TiffImagePlugin import ImageFileDirectory_v2, TiffImageFile

from s7spec.emulator.render.contract import Size
from s7spec.emulator.render.damage import readable
from s7spec.emulator.render.geometry import PixelBox

_LEAST = 8_000_000
"""Pixels from which on it is worth the trouble."""
_MOST_AT_ONCE = 4_000_000

_WIDTH, _LENGTH, _BITS, _COMPRESSION, _ORIENTATION = 256, 257, 258, 259, 274
_OFFSETS, _SAMPLES, _ROWS_PER_STRIP, _COUNTS, _PLANAR, _TILE_WIDTH = 273, 277, 278, 279, 284, 322
# What else says how the pixels of a strip are to be understood.
_MEANING = (_BITS, _COMPRESSION, 262, 266, _SAMPLES, _PLANAR, 317, 320, 332, 338, 339)
_UNCOMPRESSED = 1
_COMPRESSIONS = (_UNCOMPRESSED, 5, 8, 32773, 32946)
"""None, LZW, ZIP, PackBits, the older ZIP."""
_LONG = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class _Strips:
    rows: int
    offsets: tuple[int, ...]
    counts: tuple[int, ...]


class StripReader:
    """Stands in for a decoded picture: has its size and mode, and decodes what is cropped.

    Keeps the last rows it decoded. Not thread-safe.
    """

    def __init__(self, opened: TiffImageFile, stream: BinaryIO, name: str, strips: _Strips) -> None:
        self.size: Size = opened.size
        self.mode = opened.mode
        self._tags = opened.tag_v2
        self._stream = stream
        self._name = name
        self._strips = strips
        self._held: tuple[int, Image.Image] | None = None

    @property
    def width(self) -> int:
        return self.size[0]

    @property
    def height(self) -> int:
        return self.size[1]

    def close(self) -> None:
        """Give up what is held."""
        self._held = None

    def crop(self, box: PixelBox) -> Image.Image:
        """The pixels within left, top, right, bottom, which lie within the picture.

        Raises:
            RenderError: the file is damaged there.
        """
        left, top, right, bottom = box
        rows = max(self._strips.rows, _MOST_AT_ONCE // self.width)
        if bottom - top <= rows:
            return self._rows(top, bottom).crop((left, 0, right, bottom - top))
        whole: Image.Image | None = None
        for start in range(top, bottom, rows):
            piece = self.crop((left, start, right, min(start + rows, bottom)))
            if whole is None:
                whole = Image.new(piece.mode, (right - left, bottom - top))
                if piece.palette is not None:
                    whole.putpalette(piece.palette)
            whole.paste(piece, (0, start - top))
        assert whole is not None
        return whole

    def _rows(self, top: int, bottom: int) -> Image.Image:
        if self._held is not None:
            start, held = self._held
            if start <= top and bottom <= start + held.height:
                return held.crop((0, top - start, self.width, bottom - start))
        first, last = top // self._strips.rows, (bottom - 1) // self._strips.rows
        start = first * self._strips.rows
        end = min((last + 1) * self._strips.rows, self.height)
        with readable(self._name):
            held = self._decoded(first, last, end - start)
        self._held = (start, held)
        return held.crop((0, top - start, self.width, bottom - start))

    def _decoded(self, first: int, last: int, rows: int) -> Image.Image:
        chosen = range(first, last + 1)
        data = [self._read(self._strips.offsets[at], self._strips.counts[at]) for at in chosen]
        directory = ImageFileDirectory_v2(prefix=self._tags.prefix)
        for tag in _MEANING:
            if tag in self._tags:
                directory.tagtype[tag] = self._tags.tagtype[tag]
                directory[tag] = self._tags[tag]
        # Pillow counts offsets from the end of the directory, and adds that when it writes them.
        starts = accumulate((len(strip) for strip in data[:-1]), initial=0)
        for tag, value in (
            (_WIDTH, self.width),
            (_LENGTH, rows),
            (_ROWS_PER_STRIP, self._strips.rows),
            (_COUNTS, tuple(len(strip) for strip in data)),
            (_OFFSETS, tuple(starts)),
        ):
            directory.tagtype[tag] = _LONG
            directory[tag] = value
        header = b"II*\0\x08\0\0\0" if self._tags.prefix == b"II" else b"MM\0*\0\0\0\x08"
        file = io.BytesIO(b"".join([header, directory.tobytes(len(header)), *data]))
        with Image.open(file, formats=("TIFF",)) as small:
            small.load()
            return small

    def _read(self, offset: int, count: int) -> bytes:
        self._stream.seek(offset)
        data = self._stream.read(count)
        if len(data) < count:
            raise OSError("image file is truncated")
        return data


def strip_reader(opened: Image.Image, stream: BinaryIO, name: str) -> StripReader | None:
    """A reader for a large TIFF in strips; None for other files, which are decoded whole.

    ``opened`` is not decoded yet; ``stream`` is its file and stays open as long as the reader is
    used.
    """
    if not isinstance(opened, TiffImageFile) or opened.width * opened.height < _LEAST:
        return None
    tags = opened.tag_v2
    plain = tags.get(_ORIENTATION, 1) == 1 and tags.get(_PLANAR, 1) == 1
    compression = tags.get(_COMPRESSION, _UNCOMPRESSED)
    if not plain or _TILE_WIDTH in tags or compression not in _COMPRESSIONS:
        return None
    strips = _strips(opened, tags)
    if strips is not None and compression == _UNCOMPRESSED:
        strips = _as_rows(opened, tags, strips)
    if strips is None or strips.rows * opened.width > _MOST_AT_ONCE:
        return None
    return StripReader(opened, stream, name, strips)


def _strips(opened: TiffImageFile, tags: ImageFileDirectory_v2) -> _Strips | None:
    rows = _whole(tags.get(_ROWS_PER_STRIP, opened.height))
    offsets, counts = tags.get(_OFFSETS), tags.get(_COUNTS)
    if rows < 1 or not isinstance(offsets, tuple) or not isinstance(counts, tuple):
        return None
    rows = min(rows, opened.height)
    number = -(-opened.height // rows)
    if len(offsets) != number or len(counts) != number:
        return None
    return _Strips(rows=rows, offsets=offsets, counts=counts)


def _as_rows(opened: TiffImageFile, tags: ImageFileDirectory_v2, strips: _Strips) -> _Strips | None:
    """Uncompressed strips of any height, each row as a strip; they must lie one after another."""
    bits, samples = tags.get(_BITS, (1,)), _whole(tags.get(_SAMPLES, 1))
    each = bits if isinstance(bits, tuple) else (bits,)
    # One number may stand for all samples.
    row = -(-opened.width * (sum(each) if len(each) > 1 else each[0] * samples) // 8)
    starts = range(strips.offsets[0], strips.offsets[0] + row * opened.height, row)
    if any(start != starts[at * strips.rows] for at, start in enumerate(strips.offsets)):
        return None
    return _Strips(rows=1, offsets=tuple(starts), counts=(row,) * opened.height)


def _whole(value: Any) -> int:
    return value if isinstance(value, int) else 0
