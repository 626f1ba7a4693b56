"""What is said more than once, and who prevails (facts: Image Serving section 3)."""

from __future__ import annotations

from collections.abc import Iterator

from s7spec.model.rules import Rule
from s7spec.modifiers.effective import OPENERS, EffectiveField, Said, Source
from s7spec.modifiers.lint.finding import ModifierFinding, Spot
from s7spec.modifiers.lint.reading import Reading, shown


def find_overrides(reading: Reading) -> Iterator[ModifierFinding]:
    """Commands that another one of the same name makes useless."""
    for field in reading.effective.fields:
        if field.overridden and field.name not in OPENERS:
            yield from _of_field(reading, field)


def _of_field(reading: Reading, field: EffectiveField) -> Iterator[ModifierFinding]:
    prevails = field.said
    for said in field.overridden:
        if said.source is not Source.MODIFIER or said.presets:
            if prevails.source is Source.ASSET_POST_MODIFIER and said.source is Source.MACRO:
                yield _by_asset(reading, said, prevails)
                return
            continue
        if prevails.source is Source.ASSET_POST_MODIFIER:
            yield _by_asset(reading, said, prevails)
            return
        if prevails.source is Source.MODIFIER and prevails.presets:
            preset = f"${prevails.presets[0]}$"
            yield ModifierFinding(
                rule=Rule.PRESET_OVERRIDES,
                spot=reading.spot_of(said),
                summary=f"`{shown(said)}` has no effect: {preset} comes later and says "
                f"`{shown(prevails)}`",
                hint=f"write it behind {preset}",
            )
        elif prevails.source is Source.MACRO and field.name == "fmt":
            # Of the commands that both say, this is the one whose order is documented.
            yield ModifierFinding(
                rule=Rule.PRESET_OVERRIDES,
                spot=reading.spot_of(said),
                summary=f"`{shown(said)}` has no effect: the preset in macro says "
                f"`{shown(prevails)}`, and its format prevails",
                hint="leave it out, or take a preset without fmt",
            )
        elif prevails.source is Source.MODIFIER:
            yield ModifierFinding(
                rule=Rule.SAID_TWICE,
                spot=reading.spot_of(said),
                summary=f"`{shown(said)}` has no effect: `{shown(prevails)}` comes later",
                hint="leave it out",
            )


def _by_asset(reading: Reading, said: Said, prevails: Said) -> ModifierFinding:
    return ModifierFinding(
        rule=Rule.ASSET_OVERRIDES,
        spot=reading.spot_of(said),
        summary=f"`{shown(said)}` has no effect: the asset's urlPostApplyModifier says "
        f"`{shown(prevails)}` and always prevails",
        hint="change it at the asset in Dynamic Media Classic, or expect what it says",
    )


def find_doubled_sharpening(reading: Reading) -> Iterator[ModifierFinding]:
    """Adobe advises against sharpening in two ways."""
    if reading.value("op_sharpen") != "1":
        return
    for name in ("op_usm", "op_usmR"):
        if name in reading.fields and reading.value(name) not in ("", "0"):
            yield ModifierFinding(
                rule=Rule.SHARPENED_TWICE,
                spot=reading.spot("op_sharpen"),
                summary=f"op_sharpen sharpens, and so does {reading.named(name)}",
                hint=f"leave op_sharpen out: {name} can be set more finely",
            )


def find_two_sources(reading: Reading) -> Iterator[ModifierFinding]:
    """``is_modifier`` beside ``macro``: which of them prevails is documented for ``fmt`` only."""
    if not reading.text or not reading.macro:
        return
    inferred = [field.name for field in reading.effective.fields if field.order_is_inferred]
    which = f": the preset is taken to prevail for {', '.join(inferred)}" if inferred else ""
    said = next((shown(each) for each in reading.own()), "wid=800")
    yield ModifierFinding(
        rule=Rule.MODIFIER_AND_MACRO,
        spot=Spot(source=Source.MACRO, start=0, end=len(reading.macro)),
        summary="both is_modifier and macro are given, and their order is documented for fmt "
        f"only{which}",
        hint=f"write one of them; a preset can stand in is_modifier, what comes after it prevails: "
        f"{reading.macro}&{said}...",
    )
