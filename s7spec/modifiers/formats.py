"""The formats of ``fmt``, as data (facts: Image Serving section 4)."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Format:
    """What a format can hold, in its documented spelling.

    ``mime`` is empty where none is documented. ``extension`` is what a delivered file is taken to
    end in: Adobe shows only ``tiff``, the others are convention. ``options`` are the commands it
    heeds; ``qlt`` only with the compression ``quality_with`` when there is one.
    """

    name: str
    extension: str = field(kw_only=True)
    mime: str = field(kw_only=True)
    pixel_types: tuple[str, ...] = field(kw_only=True)
    compressions: tuple[str, ...] = field(default=(), kw_only=True)
    alpha: bool = field(default=False, kw_only=True)
    icc_embed: bool = field(default=False, kw_only=True)
    options: tuple[str, ...] = field(default=(), kw_only=True)
    quality_with: str | None = field(default=None, kw_only=True)
    is_picture: bool = field(default=True, kw_only=True)


DEFAULT_FORMAT = "jpeg"

ALL_FORMATS = (
    Format(
        "jpeg",
        extension="jpg",
        mime="image/jpeg",
        pixel_types=("rgb", "gray", "cmyk"),
        icc_embed=True,
        options=("qlt", "jpegSize", "pathEmbed", "xmpEmbed"),
    ),
    Format(
        "jpg",
        extension="jpg",
        mime="image/jpeg",
        pixel_types=("rgb", "gray", "cmyk"),
        icc_embed=True,
        options=("qlt", "jpegSize", "pathEmbed", "xmpEmbed"),
    ),
    Format(
        "pjpeg",
        extension="jpg",
        mime="image/jpeg",
        pixel_types=("rgb", "gray", "cmyk"),
        icc_embed=True,
        options=("qlt", "jpegSize", "pathEmbed", "xmpEmbed", "pscan"),
    ),
    Format(
        "png",
        extension="png",
        mime="image/png",
        pixel_types=("rgb", "gray"),
        icc_embed=True,
    ),
    Format(
        "png-alpha",
        extension="png",
        mime="image/png",
        pixel_types=("rgb", "gray"),
        alpha=True,
        icc_embed=True,
    ),
    Format(
        "png8",
        extension="png",
        mime="image/png",
        pixel_types=("rgb",),
        icc_embed=True,
        options=("quantize",),
    ),
    Format(
        "png8-alpha",
        extension="png",
        mime="image/png",
        pixel_types=("rgb",),
        alpha=True,
        icc_embed=True,
        options=("quantize",),
    ),
    Format(
        "tif",
        extension="tiff",
        mime="image/tiff",
        pixel_types=("rgb", "gray", "cmyk"),
        compressions=("none", "lzw", "zip", "jpeg"),
        icc_embed=True,
        options=("qlt", "pathEmbed", "xmpEmbed"),
        quality_with="jpeg",
    ),
    Format(
        "tif-alpha",
        extension="tiff",
        mime="image/tiff",
        pixel_types=("rgb", "gray", "cmyk"),
        compressions=("none", "lzw", "zip"),
        alpha=True,
        icc_embed=True,
        options=("pathEmbed", "xmpEmbed"),
    ),
    Format(
        "gif",
        extension="gif",
        mime="image/gif",
        pixel_types=("rgb", "gray"),
        options=("quantize",),
    ),
    Format(
        "gif-alpha",
        extension="gif",
        mime="image/gif",
        pixel_types=("rgb", "gray"),
        alpha=True,
        options=("quantize",),
    ),
    Format(
        "webp",
        extension="webp",
        mime="image/webp",
        pixel_types=("rgb",),
        compressions=("lossy", "lossless"),
        options=("qlt",),
        quality_with="lossy",
    ),
    Format(
        "webp-alpha",
        extension="webp",
        mime="image/webp",
        pixel_types=("rgb",),
        compressions=("lossy", "lossless"),
        alpha=True,
        options=("qlt",),
        quality_with="lossy",
    ),
    Format(
        "avif",
        extension="avif",
        mime="image/avif",
        pixel_types=("rgb",),
        compressions=("lossy", "lossless"),
        options=("qlt",),
        quality_with="lossy",
    ),
    Format(
        "avif-alpha",
        extension="avif",
        mime="image/avif",
        pixel_types=("rgb",),
        compressions=("lossy", "lossless"),
        alpha=True,
        options=("qlt",),
        quality_with="lossy",
    ),
    Format(
        "heic",
        extension="heic",
        mime="image/heic",
        pixel_types=("rgb",),
    ),
    Format(
        "jpeg2000",
        extension="jp2",
        mime="image/jp2",
        pixel_types=("rgb", "gray"),
        compressions=("lossy", "lossless"),
        options=("qlt",),
        quality_with="lossy",
    ),
    Format(
        "jpeg2000-alpha",
        extension="jp2",
        mime="image/jp2",
        pixel_types=("rgb", "gray"),
        compressions=("lossy", "lossless"),
        alpha=True,
        options=("qlt",),
        quality_with="lossy",
    ),
    Format(
        "jpegxr",
        extension="jxr",
        mime="image/vnd.ms-photo",
        pixel_types=("rgb",),
        compressions=("lossy", "lossless"),
        options=("qlt",),
        quality_with="lossy",
    ),
    Format(
        "jpegxr-alpha",
        extension="jxr",
        mime="image/vnd.ms-photo",
        pixel_types=("rgb",),
        compressions=("lossy", "lossless"),
        alpha=True,
        options=("qlt",),
        quality_with="lossy",
    ),
    Format(
        "pdf",
        extension="pdf",
        mime="application/pdf",
        pixel_types=("rgb", "gray", "cmyk"),
        compressions=("none", "zip", "jpeg"),
        icc_embed=True,
        options=("qlt",),
        quality_with="jpeg",
    ),
    Format(
        "eps",
        extension="eps",
        mime="image/eps",
        pixel_types=("rgb", "gray", "cmyk"),
        icc_embed=True,
        options=("pathEmbed",),
    ),
    Format(
        "swf",
        extension="swf",
        mime="application/x-shockwave-flash",
        pixel_types=("rgb", "gray"),
        options=("qlt",),
    ),
    Format(
        "swf-alpha",
        extension="swf",
        mime="application/x-shockwave-flash",
        pixel_types=("rgb", "gray"),
        alpha=True,
        options=("qlt",),
    ),
    Format(
        "swf3",
        extension="swf",
        mime="application/x-shockwave-flash",
        pixel_types=("rgb", "gray"),
        options=("qlt",),
    ),
    Format(
        "swf3-alpha",
        extension="swf",
        mime="application/x-shockwave-flash",
        pixel_types=("rgb", "gray"),
        alpha=True,
        options=("qlt",),
    ),
    Format(
        "f4m",
        extension="f4m",
        mime="",
        pixel_types=(),
        is_picture=False,
    ),
    Format(
        "m3u8",
        extension="m3u8",
        mime="",
        pixel_types=(),
        is_picture=False,
    ),
)

# Spellings that the documentation uses once each (facts: Image Serving section 4).
_MISSPELT = {"web-alpha": "webp-alpha", "swf-alpha3": "swf3-alpha"}
_BY_LOWER_NAME = {each.name: each for each in ALL_FORMATS}
_BY_LOWER_NAME |= {written: _BY_LOWER_NAME[meant] for written, meant in _MISSPELT.items()}


def format_named(name: str) -> Format | None:
    """The format of that name in capitals or not, or None."""
    return _BY_LOWER_NAME.get(name.lower())
