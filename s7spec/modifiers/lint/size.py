"""Commands for sizes that do not go together (facts: Image Serving sections 5 to 7)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from s7spec.model.rules import Rule
from s7spec.modifiers.geometry import Fit
from s7spec.modifiers.lint.finding import ModifierFinding
from s7spec.modifiers.lint.reading import Reading
from s7spec.modifiers.prediction.image import EXPORT_PIXELS, PREVIEW_PIXELS

_LAYER_SIZES = ("size", "sizeN", "scale", "res")
_MARGINS = ("rotate", "extend", "extendN", "crop", "cropN", "perspective", "perspectiveN")
_NOTHING_TO_ALIGN = {
    Fit.CONSTRAIN: "the reply is as large as the picture",
    Fit.WRAP: "the reply is as large as the picture",
    Fit.STRETCH: "the picture fills the reply",
}


def find_size_conflicts(reading: Reading) -> Iterator[ModifierFinding]:
    """``reading`` is complete: commands that are missing here are missing."""
    fields = reading.fields
    sides = [name for name in ("wid", "hei") if name in fields]
    if "scl" in fields:
        yield from _beside_scl(reading, sides)
    elif not sides:
        yield from _without_size(reading)
    for name in _LAYER_SIZES:
        if name in fields and "scl" not in fields:
            yield ModifierFinding(
                rule=Rule.SCALED_TWICE,
                spot=reading.spot(name),
                summary=f"{reading.named(name)} scales the layer, then the view scales again"
                + (f" to {' and '.join(sides)}" if sides else " to the company's DefaultPix"),
                hint="add scl=1, or leave it out and say the size with wid and hei",
            )
            break
    if "align" in fields:
        yield from _align(reading, sides)
    if "bgColor" in fields:
        yield from _background(reading, sides)
    if len(sides) == len(("wid", "hei")):
        yield from _pixels(reading)


def _beside_scl(reading: Reading, sides: list[str]) -> Iterator[ModifierFinding]:
    if "fit" in reading.fields:
        yield ModifierFinding(
            rule=Rule.SCL_BESIDE_SIZE,
            spot=reading.spot("fit"),
            summary=f"{reading.named('fit')} has no effect: {reading.named('scl')} sets the scale",
            hint="leave one of them out",
        )
    elif sides:
        yield ModifierFinding(
            rule=Rule.SCL_BESIDE_SIZE,
            spot=reading.spot("scl"),
            summary=f"{reading.named('scl')} sets the scale: {' and '.join(sides)} then only "
            "cut or pad the picture",
            hint="leave scl out to fit the picture into wid and hei",
        )


def _without_size(reading: Reading) -> Iterator[ModifierFinding]:
    fields = reading.fields
    if "fit" in fields:
        yield ModifierFinding(
            rule=Rule.FIT_WITHOUT_SIZE,
            spot=reading.spot("fit"),
            summary=f"{reading.named('fit')} needs wid or hei: Image Serving refuses it alone",
            hint="add wid and hei, or leave fit out",
        )
    elif not any(name in fields for name in _LAYER_SIZES):
        yield ModifierFinding(
            rule=Rule.NO_SIZE,
            spot=reading.whole(),
            summary="no size is given: Image Serving reduces larger pictures to the company's "
            "DefaultPix, 1280x1280 for new accounts",
            hint="add wid and hei, or scl=1 for the size of each source",
        )


def _align(reading: Reading, sides: list[str]) -> Iterator[ModifierFinding]:
    fit = (reading.value("fit") or "").lower()
    if len(sides) < len(("wid", "hei")):
        why = "it needs both wid and hei"
    elif "scl" not in reading.fields and fit in _NOTHING_TO_ALIGN:
        why = f"with fit={fit} {_NOTHING_TO_ALIGN[Fit(fit)]}"
    else:
        return
    yield ModifierFinding(
        rule=Rule.ALIGN_IGNORED,
        spot=reading.spot("align"),
        summary=f"{reading.named('align')} has no effect: {why}",
        hint="leave it out, or give wid, hei and a fit that cuts or pads: fit, crop, hfit, vfit",
    )


def _background(reading: Reading, sides: list[str]) -> Iterator[ModifierFinding]:
    fields = reading.fields
    fit = (reading.value("fit") or "fit").lower()
    pads = len(sides) == len(("wid", "hei")) and fit in (Fit.FIT, Fit.HFIT, Fit.VFIT)
    if pads and "bgc" not in fields and not any(name in fields for name in _MARGINS):
        yield ModifierFinding(
            rule=Rule.BACKGROUND_CONFUSED,
            spot=reading.spot("bgColor"),
            summary=f"{reading.named('bgColor')} is the background of the layer: the margins "
            "that wid and hei leave are filled by bgc",
            hint="write bgc for the margins; bgColor is for rotate, extend and transparency",
        )


def _pixels(reading: Reading) -> Iterator[ModifierFinding]:
    """Of a reply whose size is certain."""
    fit = (reading.value("fit") or "fit").lower()
    if fit in _NOTHING_TO_ALIGN and fit != Fit.STRETCH:
        return
    width, height = (_whole_number(reading.value(name)) for name in ("wid", "hei"))
    if width * height > PREVIEW_PIXELS:
        yield ModifierFinding(
            rule=Rule.LARGE_OUTPUT,
            spot=reading.spot("wid"),
            summary=f"{width}x{height} are {width * height / 1e6:,.1f} million pixels: "
            + too_large(width * height),
            hint="deliver fewer pixels, or see one picture through before the whole job",
        )


def too_large(pixels: int) -> str:
    """What happens to a picture of more than ``PREVIEW_PIXELS``."""
    if pixels > EXPORT_PIXELS:
        return "more than the 100 million that an export is documented to convert"
    return "too large to preview, which ends at 25 million; the export itself may work"


def _whole_number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= 9 else 0


_TWINS = (("crop", "cropN"), ("size", "sizeN"), ("anchor", "anchorN"))
_TWIN_NAMES = frozenset(chain.from_iterable(_TWINS))


def find_twins(reading: Reading) -> Iterator[ModifierFinding]:
    """A command in pixels together with its relative form, for one layer: which one counts is not
    documented."""
    if _TWIN_NAMES.isdisjoint(reading.fields) and len(reading.fields) == len(
        reading.effective.fields
    ):
        return  # one layer, and none of these in it
    said = {
        (field.name, field.segment): field
        for field in reading.effective.fields
        if field.name in _TWIN_NAMES
    }
    for (name, segment), field in said.items():
        for one, other in _TWINS:
            if name == other and (one, segment) in said:
                yield ModifierFinding(
                    rule=Rule.COMMAND_AND_TWIN,
                    spot=reading.spot_of(field.said),
                    summary=f"{one} and {other} together: which of them counts is not documented",
                    hint="write one of them",
                )
