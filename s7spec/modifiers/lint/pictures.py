"""What can only be said of a modifier together with the picture it is used on.

``PICTURE_RULES`` tells which rule each flag of a prediction breaks; who looks at many pictures at
once counts flags and asks ``picture_spot`` where to point.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from s7spec.model.rules import Rule
from s7spec.modifiers.formats import format_named
from s7spec.modifiers.geometry import Size
from s7spec.modifiers.lint.finding import ModifierFinding, Spot
from s7spec.modifiers.lint.reading import Reading
from s7spec.modifiers.lint.size import too_large
from s7spec.modifiers.prediction import PREVIEW_PIXELS, Flag, PredictedImage


class PictureRule(NamedTuple):
    """``commands`` can be the cause, the likeliest first."""

    rule: Rule
    commands: tuple[str, ...]


_LARGE = PictureRule(
    Rule.LARGE_OUTPUT, ("rect", "wid", "hei", "scl", "size", "scale", "extend", "extendN")
)

PICTURE_RULES: Mapping[Flag, PictureRule] = MappingProxyType(
    {
        Flag.EMPTY: PictureRule(
            Rule.EMPTY_PICTURE, ("rgn", "rect", "crop", "cropN", "extend", "extendN", "wid")
        ),
        Flag.ALPHA_FLATTENED: PictureRule(Rule.ALPHA_FLATTENED, ("fmt",)),
        Flag.UPSCALED: PictureRule(
            Rule.UPSCALED, ("scl", "fit", "scale", "rect", "size", "wid", "hei")
        ),
        Flag.ASPECT_CHANGED: PictureRule(Rule.DISTORTED, ("fit",)),
        Flag.OVER_EXPORT_LIMIT: _LARGE,
        Flag.NO_PREVIEW: _LARGE,
        Flag.OVER_MAX_PIX: _LARGE,
    }
)
"""Flags that are not here tell what was asked for: padding, cutting, converting colours."""


def lint_picture(
    reading: Reading,
    predicted: PredictedImage,
    source: Size,
    *,
    said: Iterable[ModifierFinding] = (),
) -> tuple[ModifierFinding, ...]:
    """What becomes of one picture of ``source`` pixels that nobody may have meant: one finding for
    each rule. What was ``said`` without the picture is not said again. Never raises."""
    told = {Rule.LARGE_OUTPUT} & {each.rule for each in said}
    found = []
    for flag in PICTURE_RULES:
        rule = PICTURE_RULES[flag].rule
        if flag in predicted.flags and rule not in told:
            told.add(rule)
            found.append(_finding(reading, flag, predicted, source))
    return tuple(found)


def picture_spot(reading: Reading, flag: Flag) -> Spot:
    """The command that causes ``flag``, else the whole. KeyError if no rule is about the flag."""
    cause = _cause(reading, flag)
    return reading.whole() if cause is None else reading.spot(cause)


def _cause(reading: Reading, flag: Flag) -> str | None:
    there = (name for name in PICTURE_RULES[flag].commands if name in reading.fields)
    if flag is not Flag.UPSCALED:
        return next(there, None)
    return next((name for name in there if _enlarges(reading, name)), None)


def _enlarges(reading: Reading, name: str) -> bool:
    """Whether the command by itself can: its value may have made the picture smaller."""
    match name:
        case "scl":
            return _number(reading.value("scl")) < 1
        case "fit":
            return "scl" not in reading.fields and reading.argument("fit", 1) == "1"
        case "scale":
            return _number(reading.value("scale")) > 1
        case "rect":
            return _number(reading.argument("rect", 4)) > 1
    return True


def _number(text: str | None) -> float:
    try:
        return float(text or "1")
    except ValueError:
        return 1.0


def _finding(
    reading: Reading, flag: Flag, predicted: PredictedImage, source: Size
) -> ModifierFinding:
    rule = PICTURE_RULES[flag].rule
    match flag:
        case Flag.EMPTY:
            summary = f"nothing of a picture of {_sides(source)} is left: only background"
            hint = "choose a region within the picture"
        case Flag.ALPHA_FLATTENED:
            summary, hint = _flattened(reading, predicted)
        case Flag.UPSCALED:
            summary, hint = _upscaled(reading, source)
        case Flag.ASPECT_CHANGED:
            by = f"{reading.named('fit')}" if "fit" in reading.fields else "it"
            summary = f"{by} changes the shape of a picture of {_sides(source)}"
            hint = "fit=fit pads, fit=crop cuts; with one of wid and hei the shape stays"
        case _:
            summary, hint = _large(predicted)
    return ModifierFinding(rule=rule, spot=picture_spot(reading, flag), summary=summary, hint=hint)


def _flattened(reading: Reading, predicted: PredictedImage) -> tuple[str, str]:
    fields, format_ = reading.fields, predicted.format
    what = f"{reading.named('fmt')}" if "fmt" in fields else "jpeg, the default,"
    fill = f"{reading.named('bgc')}" if "bgc" in fields else "the company's background colour"
    kept = None if format_ is None else format_named(f"{format_.name}-alpha")
    forms = ["png-alpha", "webp-alpha"] if kept is None else [kept.name]
    names = " or ".join(f"fmt={_with_fields(reading, name)}" for name in forms)
    choice = "" if "bgc" in fields else ", or bgc to choose the colour"
    return (
        f"{what} keeps no transparency: that of the picture is filled with {fill}",
        f"write {names} to keep it{choice}",
    )


def _with_fields(reading: Reading, name: str) -> str:
    """The format with the pixel type and the compression that ``fmt`` says, as far as it has them:
    what is copied must not lose the rest."""
    written = format_named(name)
    assert written is not None, name
    fields = [name]
    for place, known in ((1, written.pixel_types), (2, written.compressions)):
        said = (reading.argument("fmt", place) or "").lower()
        fields.append(said if said in known else "")
    return ",".join(fields).rstrip(",")


def _upscaled(reading: Reading, source: Size) -> tuple[str, str]:
    cause = _cause(reading, Flag.UPSCALED)
    if cause is None:
        return (
            f"a picture of {_sides(source)} is enlarged",
            "ask for fewer pixels, or take a larger picture",
        )
    smaller = "ask for fewer pixels"
    if cause == "fit":
        smaller = f"write fit={reading.value('fit')},0, which leaves smaller pictures as they are"
    elif cause == "scl":
        smaller = "write scl=1 for the picture's own size"
    return (
        f"{reading.named(cause)} enlarges a picture of {_sides(source)}",
        f"{smaller}, or take a larger picture",
    )


def _large(predicted: PredictedImage) -> tuple[str, str]:
    size = predicted.size
    assert size is not None, "the flags are those of its size"
    pixels = size.width * size.height
    if pixels > PREVIEW_PIXELS:
        summary = f"{_sides(size)} are {pixels / 1e6:,.0f} million pixels: {too_large(pixels)}"
    else:
        summary = (
            f"{_sides(size)} is beyond the company's MaxPix: image servers refuse such a picture; "
            "whether exports do is not documented"
        )
    return summary, "deliver fewer pixels, or see one picture through before the whole job"


def _sides(size: Iterable[int]) -> str:
    return "x".join(map(str, size))
