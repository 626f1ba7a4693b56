"""Commands for the file that is written (facts: Image Serving section 5)."""

from __future__ import annotations

from s7spec.modifiers.commands.definition import (
    Definition,
    Effect,
    Use,
    choice,
    flag,
    integer,
    real,
    words,
)

# Not in the reference any more, but in the guide (facts: Image Serving section 5).
_OLDER_MODES = ("sharp", "trilin")

OUTPUT_COMMANDS = (
    Definition(
        "fmt",
        (
            choice(
                "format",
                (
                    "avif-alpha",
                    "avif",
                    "eps",
                    "f4m",
                    "gif-alpha",
                    "gif",
                    "heic",
                    "jpeg",
                    "jpeg2000-alpha",
                    "jpeg2000",
                    "jpegxr-alpha",
                    "jpegxr",
                    "jpg",
                    "m3u8",
                    "pdf",
                    "pjpeg",
                    "png-alpha",
                    "png",
                    "png8-alpha",
                    "png8",
                    "swf-alpha",
                    "swf",
                    "swf3-alpha",
                    "swf3",
                    "tif-alpha",
                    "tif",
                    "webp-alpha",
                    "webp",
                ),
            ),
            choice("pixelType", ("rgb", "gray", "cmyk"), optional=True),
            choice(
                "compression", ("jpeg", "lossy", "lossless", "lzw", "none", "zip"), optional=True
            ),
        ),
        Effect.OUTPUT,
        Use.YES,
    ),
    Definition(
        "qlt",
        (integer("quality", least=1, most=100), flag("chroma", optional=True)),
        Effect.OUTPUT,
        Use.YES,
    ),
    Definition("jpegSize", (integer("size", least=0),), Effect.OUTPUT, Use.YES),
    Definition("pscan", (choice("scans", ("auto", "3", "4", "5")),), Effect.OUTPUT, Use.YES),
    Definition(
        "quantize",
        (
            choice("type", ("adaptive", "web", "mac")),
            choice("dither", ("diffuse", "off"), optional=True),
            integer("numColors", least=2, most=256, optional=True),
            words("colorList", optional=True),
        ),
        Effect.OUTPUT,
        Use.YES,
    ),
    Definition(
        "icc",
        (
            words("object"),
            choice(
                "renderIntent", ("perceptual", "relative", "saturation", "absolute"), optional=True
            ),
            flag("blackpointComp", optional=True),
            flag("dither", optional=True),
        ),
        Effect.PIXELS,
        Use.YES,
    ),
    Definition("iccEmbed", (flag("flag"),), Effect.METADATA, Use.YES),
    Definition("pathEmbed", (flag("flag"),), Effect.METADATA, Use.YES),
    Definition("xmpEmbed", (flag("flag"),), Effect.METADATA, Use.YES),
    Definition("printRes", (real("val", above=0),), Effect.METADATA, Use.YES),
    Definition(
        "resMode",
        (choice("mode", ("bilin", "bicub", "sharp2", "bisharp", *_OLDER_MODES)),),
        Effect.PIXELS,
        Use.YES,
    ),
)
