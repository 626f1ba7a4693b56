"""Commands that do not go with the format that is written (facts: Image Serving section 4)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from s7spec.model.rules import Rule
from s7spec.modifiers.formats import ALL_FORMATS, Format
from s7spec.modifiers.lint.finding import ModifierFinding
from s7spec.modifiers.lint.reading import Reading

_JPEG = ("jpeg", "jpg", "pjpeg")
_COMPRESSION = 2
WITHOUT_BACKGROUND = ("tif-alpha", "png-alpha", "gif-alpha", "swf-alpha")
"""Documented to ignore ``bgc``; of the other -alpha formats nothing is (facts: Image Serving
section 5)."""
_EMBEDS = ("iccEmbed", "xmpEmbed", "pathEmbed")

# The colour space of ICC profiles as their makers name them. Of others nothing is known.
_PROFILE_WORDS = {
    "cmyk": re.compile(r"cmyk|swop|fogra|gracol|iso ?coated|iso ?newspaper|japan ?color", re.I),
    "rgb": re.compile(r"srgb|rgb\b|rgb \(1998\)|adobergb|apple ?rgb|display ?p3", re.I),
    "gray": re.compile(r"gr[ae]y|dot ?gain", re.I),
}


def find_format_conflicts(reading: Reading) -> Iterator[ModifierFinding]:
    """``reading`` is complete: what would say another format is known."""
    format_ = reading.format
    if format_ is None or not format_.is_picture:
        return  # said of `fmt` itself
    fields = reading.fields
    if "qlt" in fields and not _heeds_quality(format_, _compression(reading)):
        yield _ignored(reading, "qlt", format_, Rule.QUALITY_IGNORED, _quality_hint(format_))
    for name, rule, hint in _OPTIONS:
        if name in fields and name not in format_.options and reading.value(name) != "0":
            yield _ignored(reading, name, format_, rule, hint)
    if "bgc" in fields and format_.name in WITHOUT_BACKGROUND:
        hint = "leave it out; bgColor fills the background of the picture before it has its alpha"
        yield _ignored(reading, "bgc", format_, Rule.BACKGROUND_IGNORED, hint)
    if (reading.value("quantize") or "").lower() == "mac" and format_.alpha:
        yield ModifierFinding(
            rule=Rule.MODIFIER_WORD,
            spot=reading.spot("quantize"),
            summary=f"{reading.named('quantize')}: the palette mac is not for {format_.name}",
            hint=f"write fmt={format_.name.removesuffix('-alpha')}, or quantize=adaptive",
        )
    yield from _embedding(reading, format_)
    yield from _colour_space(reading, format_)


_OPTIONS = (
    (
        "jpegSize",
        Rule.JPEG_SIZE_IGNORED,
        "it is for fmt=jpeg and fmt=pjpeg: for others choose qlt, or fewer pixels",
    ),
    ("pscan", Rule.SCANS_IGNORED, "it is for progressive JPEG: write fmt=pjpeg"),
    (
        "quantize",
        Rule.QUANTIZE_IGNORED,
        "it is for formats with a palette: fmt=gif, fmt=png8 and their -alpha forms",
    ),
)


def _heeds_quality(format_: Format, compression: str) -> bool:
    if "qlt" not in format_.options:
        return False
    wanted = format_.quality_with
    # Without a compression tif and pdf have none; the others are lossy.
    return wanted is None or compression == wanted or (not compression and wanted == "lossy")


def _quality_hint(format_: Format) -> str:
    if "qlt" in format_.options:
        pixel_type = format_.pixel_types[0]
        return (
            f"leave it out, or write fmt={format_.name},{pixel_type},{format_.quality_with}, "
            "which heeds it"
        )
    return f"leave it out: {format_.name} keeps all it can"


def _embedding(reading: Reading, format_: Format) -> Iterator[ModifierFinding]:
    for name in _EMBEDS:
        if name not in reading.fields or reading.value(name) != "1":
            continue
        if not (format_.icc_embed if name == "iccEmbed" else name in format_.options):
            able = [
                each.name
                for each in ALL_FORMATS
                if (each.icc_embed if name == "iccEmbed" else name in each.options)
            ]
            hint = f"leave it out, or write one of {', '.join(able)}"
            yield _ignored(reading, name, format_, Rule.EMBED_IGNORED, hint)


def _colour_space(reading: Reading, format_: Format) -> Iterator[ModifierFinding]:
    pixel_type = (reading.argument("fmt", 1) or "").lower()
    profile = reading.value("icc")
    if profile:
        space = _space_of(profile)
        if space is not None and space not in format_.pixel_types:
            yield ModifierFinding(
                rule=Rule.WRONG_PROFILE,
                spot=reading.spot("icc"),
                summary=f"{format_.name} has no {space}, which `{profile[:40]}` is for",
                hint=f"take a profile for {' or '.join(format_.pixel_types)}, or another format",
            )
        elif space is not None and pixel_type and space != pixel_type:
            yield ModifierFinding(
                rule=Rule.WRONG_PROFILE,
                spot=reading.spot("icc"),
                summary=f"`{profile[:40]}` is for {space}, but fmt says {pixel_type}",
                hint=f"write fmt={format_.name},{space}, or take a profile for {pixel_type}",
            )
    is_cmyk = pixel_type == "cmyk" or (profile and _space_of(profile) == "cmyk")
    if format_.name in _JPEG and is_cmyk and reading.value("iccEmbed") == "1":
        yield ModifierFinding(
            rule=Rule.CMYK_JPEG,
            spot=reading.spot("iccEmbed"),
            summary="programs disagree about CMYK JPEG with a profile: some show it inverted",
            hint="write fmt=tif,cmyk for print, fmt=jpeg,rgb for screens",
        )


def _space_of(profile: str) -> str | None:
    name = profile.replace("_", " ").replace("-", " ")
    for space, words in _PROFILE_WORDS.items():
        if words.search(name):
            return space
    return None


def _ignored(
    reading: Reading, name: str, format_: Format, rule: Rule, hint: str
) -> ModifierFinding:
    compression = _compression(reading)
    called = format_.name + (f" with compression {compression}" if compression else "")
    if "fmt" not in reading.fields:
        called = f"{format_.name}, the default,"
    summary = f"{reading.named(name)} has no effect: {called} has no use for it"
    return ModifierFinding(rule=rule, spot=reading.spot(name), summary=summary, hint=hint)


def _compression(reading: Reading) -> str:
    return (reading.argument("fmt", _COMPRESSION) or "").lower()
