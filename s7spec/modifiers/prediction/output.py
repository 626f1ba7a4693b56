"""From the output commands to what kind of file is written."""

from __future__ import annotations

from dataclasses import dataclass

from s7spec.modifiers.formats import DEFAULT_FORMAT, Format, format_named
from s7spec.modifiers.prediction.commands import InForce, Part
from s7spec.modifiers.prediction.image import Doubt, Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """``format`` is None if it cannot be known. ``pixel_types`` are those the file may have: one
    but for ``icc``, whose profile decides it; none if the format cannot be written so.
    ``quality`` is 1 to 100, ``jpeg_size`` kilobytes, 0 for no bound. ``embeds`` tells that a
    profile or XMP goes along; ``masked_off`` that the alpha of the source is passed over."""

    format: Format | None
    pixel_types: tuple[str, ...]
    compression: str
    quality: int
    full_chroma: bool
    jpeg_size: int
    embeds: bool
    has_profile: bool
    masked_off: bool
    doubts: tuple[Doubt, ...]


def read_output(in_force: InForce, *, jpeg_quality: int) -> Output:
    """``fmt`` and what goes with it (facts: Image Serving section 4)."""
    fields = in_force.fields
    said = (*fields.get("fmt", (DEFAULT_FORMAT,)), "", "")
    chosen = None if Part.FORMAT in in_force.unknown else format_named(said[0])
    doubts: list[Doubt] = []
    pixel_types: tuple[str, ...] = ()
    if chosen is not None:
        pixel_types = _pixel_types(chosen, said[1].lower(), "icc" in fields)
        if not chosen.is_picture:
            doubts.append(Doubt(about=chosen.name, reason=Reason.NO_PICTURE))
        elif not pixel_types or said[2].lower() not in ("", "none", *chosen.compressions):
            doubts.append(Doubt(about="fmt", reason=Reason.CONTRADICTION))
            pixel_types = ()
        elif len(pixel_types) > 1:
            doubts.append(Doubt(about="icc", reason=Reason.PROFILE))
    qlt = fields.get("qlt", ())
    return Output(
        format=chosen,
        pixel_types=pixel_types,
        compression=said[2].lower() or "none",
        quality=int(qlt[0]) if qlt else jpeg_quality,
        full_chroma=qlt[1:] == ("1",),
        jpeg_size=int(fields["jpegSize"][0]) if "jpegSize" in fields else 0,
        embeds=any(fields.get(name) == ("1",) for name in ("iccEmbed", "xmpEmbed")),
        has_profile="icc" in fields,
        masked_off=fields.get("maskUse", ("norm",))[0].lower() == "off",
        doubts=tuple(doubts),
    )


def _pixel_types(chosen: Format, written: str, has_profile: bool) -> tuple[str, ...]:
    """A profile decides what ``fmt`` leaves open; one that contradicts ``fmt`` is an error."""
    if has_profile and not written:
        return chosen.pixel_types
    return tuple(each for each in chosen.pixel_types if each == (written or "rgb"))
