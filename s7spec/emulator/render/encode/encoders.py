"""One encoder per file format; the same view and request give the same bytes."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from typing import Any

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from s7spec.emulator.render.compose import View
from s7spec.emulator.render.contract import MARKER, RenderError
from s7spec.emulator.render.encode.eps import write_eps
from s7spec.emulator.render.encode.ink_tiff import write_ink_tiff
from s7spec.emulator.render.encode.metadata import Metadata, marker_xmp
from s7spec.emulator.render.encode.palette import to_palette
from s7spec.emulator.render.encode.pdf import write_pdf
from s7spec.emulator.render.formats import Compression, Encoder
from s7spec.emulator.render.request import OutputRequest

_Encode = Callable[[Image.Image, OutputRequest, int, Metadata], bytes]

_IMAGE_DESCRIPTION = 270
_XMP_TAG = 700
_TIFF_COMPRESSION: Mapping[Compression, str | None] = {
    Compression.NONE: None,
    Compression.LZW: "tiff_lzw",
    Compression.ZIP: "tiff_adobe_deflate",
    Compression.JPEG: "jpeg",
}
# Level 6, zlib's default, costs three times as much for a few percent.
_PNG_LEVEL = 3
_KILOBYTE = 1024


def encode(view: View, request: OutputRequest, quality: int, metadata: Metadata) -> bytes:
    """Encode a view whose mode already is the output's; ``quality`` is 1 to 100.

    Raises:
        RenderError: the format cannot hold the picture, or ``jpegSize`` cannot be met.
    """
    write = _ENCODERS[request.format.rule.encoder]
    # Encoders take from here what they are not told; profiles that were asked for are told.
    view.image.info = {}
    try:
        if view.alpha is not None:
            compression = _TIFF_COMPRESSION[request.format.compression]
            return write_ink_tiff(view.image, view.alpha, compression, metadata)
        return write(view.image, request, quality, metadata)
    except (OSError, ValueError, RuntimeError, OverflowError, MemoryError) as error:
        size = "x".join(map(str, view.image.size))
        raise RenderError(
            f"fmt={request.format.name}: {size} cannot be encoded: {error}"
        ) from error


def _save(view: Image.Image, name: str, options: Mapping[str, Any]) -> bytes:
    buffer = io.BytesIO()
    view.save(buffer, name, **{key: value for key, value in options.items() if value is not None})
    return buffer.getvalue()


def _jpeg(view: Image.Image, request: OutputRequest, quality: int, metadata: Metadata) -> bytes:
    def at(chosen: int) -> bytes:
        options = {
            "quality": chosen,
            "subsampling": 0 if request.full_chroma else 2,
            "progressive": request.format.rule.progressive,
            "comment": MARKER,
            "dpi": _dpi_pair(metadata),
            "icc_profile": metadata.icc_profile,
            "xmp": metadata.xmp,
        }
        return _save(view, "JPEG", options)

    data = at(quality)
    if not request.jpeg_size or len(data) <= request.jpeg_size * _KILOBYTE:
        return data
    return _largest_within(at, quality, request.jpeg_size)


def _largest_within(at: Callable[[int], bytes], quality: int, kilobytes: int) -> bytes:
    """The best quality below ``quality`` that fits, by bisection."""
    best: bytes | None = None
    low, high = 1, quality - 1
    while low <= high:
        middle = (low + high) // 2
        data = at(middle)
        if len(data) <= kilobytes * _KILOBYTE:
            best, low = data, middle + 1
        else:
            high = middle - 1
    if best is None:
        raise RenderError(f"jpegSize={kilobytes}: no quality makes the file that small")
    return best


def _png(view: Image.Image, request: OutputRequest, quality: int, metadata: Metadata) -> bytes:
    del request, quality
    return _save(view, "PNG", _png_options(metadata))


def _png8(view: Image.Image, request: OutputRequest, quality: int, metadata: Metadata) -> bytes:
    del quality
    return _save(to_palette(view, request.quantize), "PNG", _png_options(metadata))


def _png_options(metadata: Metadata) -> dict[str, Any]:
    text = PngInfo()
    text.add_text("Comment", MARKER)
    return {
        "pnginfo": text,
        "dpi": _dpi_pair(metadata),
        "icc_profile": metadata.icc_profile,
        "compress_level": _PNG_LEVEL,
    }


def _tiff(view: Image.Image, request: OutputRequest, quality: int, metadata: Metadata) -> bytes:
    tags: dict[int, str | bytes] = {_IMAGE_DESCRIPTION: MARKER}
    if metadata.xmp:
        tags[_XMP_TAG] = metadata.xmp
    compression = request.format.compression
    options = {
        "compression": _TIFF_COMPRESSION[compression],
        "quality": quality if compression is Compression.JPEG else None,
        "tiffinfo": tags,
        "dpi": _dpi_pair(metadata),
        "icc_profile": metadata.icc_profile,
    }
    return _save(view, "TIFF", options)


def _gif(view: Image.Image, request: OutputRequest, quality: int, metadata: Metadata) -> bytes:
    del quality, metadata
    picture = to_palette(view, request.quantize, key_colour=True)
    return _save(picture, "GIF", {"comment": MARKER, "optimize": False})


def _webp(view: Image.Image, request: OutputRequest, quality: int, metadata: Metadata) -> bytes:
    del metadata
    lossless = request.format.compression is Compression.LOSSLESS
    # In lossless mode "quality" is effort; a low one keeps a 12-megapixel picture affordable.
    options = {
        "lossless": lossless,
        "quality": 20 if lossless else quality,
        "exact": lossless,
        "method": 2,
        "xmp": marker_xmp(),
    }
    return _save(view, "WEBP", options)


def _avif(view: Image.Image, request: OutputRequest, quality: int, metadata: Metadata) -> bytes:
    del metadata
    lossless = request.format.compression is Compression.LOSSLESS
    options = {
        "quality": 100 if lossless else quality,
        "subsampling": "4:4:4" if lossless else "4:2:0",
        "speed": 8,
        # The number of threads changes the bytes, so it must not follow the machine.
        "max_threads": 1,
        "xmp": marker_xmp(),
    }
    return _save(view, "AVIF", options)


def _jpeg2000(view: Image.Image, request: OutputRequest, quality: int, metadata: Metadata) -> bytes:
    del metadata
    lossy = request.format.compression is not Compression.LOSSLESS
    options = {
        "irreversible": lossy,
        # No mapping is documented: 1 to 100 becomes 25 to 50 dB.
        "quality_mode": "dB" if lossy else None,
        "quality_layers": [25 + quality / 4] if lossy else None,
        "comment": MARKER,
        "no_jp2": False,
    }
    return _save(view, "JPEG2000", options)


def _pdf(view: Image.Image, request: OutputRequest, quality: int, metadata: Metadata) -> bytes:
    return write_pdf(view, request.format.compression, quality, metadata)


def _eps(view: Image.Image, request: OutputRequest, quality: int, metadata: Metadata) -> bytes:
    del request, quality
    return write_eps(view, metadata)


def _dpi_pair(metadata: Metadata) -> tuple[float, float] | None:
    return None if metadata.dpi is None else (metadata.dpi, metadata.dpi)


_ENCODERS: Mapping[Encoder, _Encode] = {
    Encoder.JPEG: _jpeg,
    Encoder.PNG: _png,
    Encoder.PNG8: _png8,
    Encoder.TIFF: _tiff,
    Encoder.GIF: _gif,
    Encoder.WEBP: _webp,
    Encoder.AVIF: _avif,
    Encoder.JPEG2000: _jpeg2000,
    Encoder.PDF: _pdf,
    Encoder.EPS: _eps,
}
