"""The output formats: what ``fmt`` may say, and what this emulator can write.

Facts: Image Serving section 4. Only ``.tiff`` is an extension Adobe shows for an export; the
others follow the MIME type.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from types import MappingProxyType

from s7spec.emulator.render.colour import PixelType
from s7spec.emulator.render.contract import RenderError
from s7spec.emulator.render.values import Fields


class Encoder(StrEnum):
    """The file formats this package writes."""

    JPEG = "jpeg"
    PNG = "png"
    PNG8 = "png8"
    TIFF = "tiff"
    GIF = "gif"
    WEBP = "webp"
    AVIF = "avif"
    JPEG2000 = "jpeg2000"
    PDF = "pdf"
    EPS = "eps"


class Compression(StrEnum):
    """The third field of ``fmt``."""

    NONE = "none"
    LZW = "lzw"
    ZIP = "zip"
    JPEG = "jpeg"
    LOSSY = "lossy"
    LOSSLESS = "lossless"


@dataclass(frozen=True, slots=True, kw_only=True)
class FormatRule:
    """What one ``fmt`` name allows. Every format also takes the default compression ``none``."""

    encoder: Encoder
    extension: str
    pixel_types: tuple[PixelType, ...]
    compressions: tuple[Compression, ...] = ()
    alpha: bool = False
    progressive: bool = False
    bgc_ignored: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputFormat:
    """A checked ``fmt``: the name as documented, its rule, and the fields in force."""

    name: str
    rule: FormatRule
    pixel_type: PixelType
    compression: Compression


_RGB = (PixelType.RGB,)
_RGB_GRAY = (PixelType.RGB, PixelType.GRAY)
_ALL = (PixelType.RGB, PixelType.GRAY, PixelType.CMYK)
_PLAIN = (Compression.NONE,)
_TIFF_ALPHA = (Compression.LZW, Compression.ZIP)
_LOSSY = (Compression.LOSSY, Compression.LOSSLESS)


def _rule(
    encoder: Encoder,
    extension: str,
    pixel_types: tuple[PixelType, ...],
    compressions: tuple[Compression, ...] = (),
) -> FormatRule:
    return FormatRule(
        encoder=encoder, extension=extension, pixel_types=pixel_types, compressions=compressions
    )


def _alpha(rule: FormatRule, *, bgc_ignored: bool = False) -> FormatRule:
    return FormatRule(
        encoder=rule.encoder,
        extension=rule.extension,
        pixel_types=rule.pixel_types,
        compressions=tuple(c for c in rule.compressions if c is not Compression.JPEG),
        alpha=True,
        bgc_ignored=bgc_ignored,
    )


_JPEG = _rule(Encoder.JPEG, ".jpg", _ALL)
_PNG = _rule(Encoder.PNG, ".png", _RGB_GRAY)
_PNG8 = _rule(Encoder.PNG8, ".png", _RGB)
_TIF = _rule(Encoder.TIFF, ".tiff", _ALL, (*_TIFF_ALPHA, Compression.JPEG))
_GIF = _rule(Encoder.GIF, ".gif", _RGB_GRAY)
_WEBP = _rule(Encoder.WEBP, ".webp", _RGB, _LOSSY)
_AVIF = _rule(Encoder.AVIF, ".avif", _RGB, _LOSSY)
_JP2 = _rule(Encoder.JPEG2000, ".jp2", _RGB_GRAY, _LOSSY)

FORMATS: Mapping[str, FormatRule] = MappingProxyType(
    {
        "jpeg": _JPEG,
        "jpg": _JPEG,
        "pjpeg": FormatRule(
            encoder=Encoder.JPEG, extension=".jpg", pixel_types=_ALL, progressive=True
        ),
        "png": _PNG,
        "png-alpha": _alpha(_PNG, bgc_ignored=True),
        "png8": _PNG8,
        "png8-alpha": _alpha(_PNG8),
        "tif": _TIF,
        "tif-alpha": _alpha(_TIF, bgc_ignored=True),
        "gif": _GIF,
        "gif-alpha": _alpha(_GIF, bgc_ignored=True),
        "webp": _WEBP,
        "webp-alpha": _alpha(_WEBP),
        "avif": _AVIF,
        "avif-alpha": _alpha(_AVIF),
        "jpeg2000": _JP2,
        "jpeg2000-alpha": _alpha(_JP2),
        "pdf": _rule(Encoder.PDF, ".pdf", _ALL, (Compression.ZIP, Compression.JPEG)),
        "eps": _rule(Encoder.EPS, ".eps", _ALL),
    }
)

_NOT_WRITTEN = ("heic", "jpegxr", "jpegxr-alpha", "swf", "swf-alpha", "swf3", "swf3-alpha")
_NOT_AN_IMAGE = ("f4m", "m3u8")

DEFAULT_FORMAT = OutputFormat(
    name="jpeg", rule=_JPEG, pixel_type=PixelType.RGB, compression=Compression.NONE
)
"""``fmt=jpeg,rgb,none``, the documented default."""


def parse_format(fields: Fields) -> OutputFormat:
    """Check a ``fmt`` value.

    Raises:
        RenderError: unknown format, one this emulator cannot write, or a pixel type or compression
            the format does not have.
    """
    fields.limit(3)
    name = _format_name(fields)
    rule = FORMATS[name]
    pixel_type = PixelType(
        fields.one_of(1, tuple(t.value for t in PixelType), default=PixelType.RGB)
    )
    compression = Compression(
        fields.one_of(2, tuple(c.value for c in Compression), default=Compression.NONE)
    )
    if pixel_type not in rule.pixel_types:
        raise fields.error(f"{name} has no pixel type {pixel_type}: {', '.join(rule.pixel_types)}")
    if compression not in (*_PLAIN, *rule.compressions):
        allowed = ", ".join(rule.compressions) or "none"
        raise fields.error(f"{name} has no compression {compression}: {allowed}")
    return OutputFormat(name=name, rule=rule, pixel_type=pixel_type, compression=compression)


def _format_name(fields: Fields) -> str:
    given = fields.value.split(",", 1)[0].lower()
    if given in _NOT_WRITTEN:
        raise RenderError(f"{fields.command}: not emulated: this emulator cannot write {given}")
    if given in _NOT_AN_IMAGE:
        raise fields.error(f"{given} is a streaming manifest, not a picture to export")
    if given not in FORMATS:
        near = get_close_matches(given, (*FORMATS, *_NOT_WRITTEN))
        hint = f"did you mean {' or '.join(near)}?" if near else f"known: {', '.join(FORMATS)}"
        raise fields.error(f"has no format {given[:40]!r}; {hint}")
    return fields.one_of(0, tuple(FORMATS))
