"""What is said of a modifier together with a picture, and where it points."""

from __future__ import annotations

import pytest

from s7spec.model.rules import Rule
from s7spec.modifiers.geometry import Size
from s7spec.modifiers.lint import (
    PICTURE_RULES,
    ModifierFinding,
    lint_picture,
    lint_reading,
    picture_spot,
    read,
)
from s7spec.modifiers.prediction import Flag, Predictor

SMALL, LARGE = Size(400, 300), Size(9000, 6000)


def found(
    text: str, source: Size, *, alpha: bool = False, macro: str | None = None
) -> tuple[ModifierFinding, ...]:
    reading = read(text, macro, {"big": read("scl=0.1", None, None).parsed.modifier})
    predicted = Predictor(reading.effective).predict(*source, alpha=alpha)
    return lint_picture(reading, predicted, source, said=lint_reading(reading))


@pytest.mark.parametrize(
    ("text", "source", "rule", "where"),
    [
        ("wid=800&hei=800&fit=fit,1", SMALL, Rule.UPSCALED, "fit=fit,1"),
        ("scl=0.5", SMALL, Rule.UPSCALED, "scl=0.5"),
        ("scl=0.5&fit=fit,1", SMALL, Rule.UPSCALED, "scl=0.5"),
        ("scl=1&scale=2", SMALL, Rule.UPSCALED, "scale=2"),
        ("scl=1&size=800,0", SMALL, Rule.UPSCALED, "size=800,0"),
        ("wid=400&rect=0,0,800,600,2", SMALL, Rule.UPSCALED, "rect=0,0,800,600,2"),
        ("wid=800&hei=800&fit=stretch", LARGE, Rule.DISTORTED, "fit=stretch"),
        ("wid=6000", LARGE, Rule.LARGE_OUTPUT, "wid=6000"),
        ("hei=5500", LARGE, Rule.LARGE_OUTPUT, "hei=5500"),
        ("scl=1", LARGE, Rule.LARGE_OUTPUT, "scl=1"),
        ("wid=5600", Size(9000, 900), Rule.LARGE_OUTPUT, "wid=5600"),
    ],
)
def test_one_finding_at_its_cause(text: str, source: Size, rule: Rule, where: str) -> None:
    (finding,) = found(text, source)
    assert finding.rule is rule
    assert text[finding.spot.start : finding.spot.end] == where


@pytest.mark.parametrize(
    ("text", "where", "hint"),
    [
        ("wid=80&fmt=jpeg", "fmt=jpeg", "write fmt=png-alpha or fmt=webp-alpha to keep it"),
        ("wid=80&fmt=webp", "fmt=webp", "write fmt=webp-alpha to keep it"),
        ("wid=80&fmt=tif,cmyk", "fmt=tif,cmyk", "write fmt=tif-alpha,cmyk to keep it"),
        ("wid=80&fmt=tif,,lzw", "fmt=tif,,lzw", "write fmt=tif-alpha,,lzw to keep it"),
        ("wid=8&fmt=tif,gray,zip", "fmt=tif,gray,zip", "write fmt=tif-alpha,gray,zip to keep it"),
        ("wid=80&fmt=tif,,jpeg", "fmt=tif,,jpeg", "write fmt=tif-alpha to keep it"),
        (
            "wid=80&fmt=jpeg2000,,lossless",
            "fmt=jpeg2000,,lossless",
            "write fmt=jpeg2000-alpha,,lossless to keep it",
        ),
        (
            "wid=80&fmt=jpeg,gray",
            "fmt=jpeg,gray",
            "write fmt=png-alpha,gray or fmt=webp-alpha to keep it",
        ),
        ("wid=80", "wid=80", "write fmt=png-alpha or fmt=webp-alpha to keep it"),
    ],
)
def test_lost_transparency_names_the_format_that_keeps_it(text: str, where: str, hint: str) -> None:
    (finding,) = found(text, SMALL, alpha=True)
    assert finding.rule is Rule.ALPHA_FLATTENED
    assert text[finding.spot.start : finding.spot.end] == where
    assert finding.hint == f"{hint}, or bgc to choose the colour"
    assert found(text, SMALL) == ()


def test_a_colour_that_was_chosen_is_named() -> None:
    (finding,) = found("wid=80&bgc=FF0000", SMALL, alpha=True)
    assert "`bgc=FF0000`" in finding.summary
    assert "bgc" not in finding.hint


@pytest.mark.parametrize(
    "text", ["wid=80&hei=80&fit=fit,1", "wid=80&fmt=png-alpha", "scl=2&fmt=tif-alpha"]
)
def test_nothing_is_said_of_what_is_as_it_should_be(text: str) -> None:
    assert found(text, SMALL, alpha="alpha" in text) == ()


def test_what_was_said_without_the_picture_is_not_said_again() -> None:
    text = "wid=6000&hei=5000"
    reading = read(text, None, None)
    predicted = Predictor(reading.effective).predict(*LARGE)
    without = lint_reading(reading)
    assert [each.rule for each in without] == [Rule.LARGE_OUTPUT]
    assert lint_picture(reading, predicted, LARGE, said=without) == ()
    assert [each.rule for each in lint_picture(reading, predicted, LARGE)] == [Rule.LARGE_OUTPUT]


@pytest.mark.parametrize(
    ("text", "source", "words"),
    [
        ("scl=1", Size(20_000, 20_000), "400 million pixels: more than the 100 million"),
        ("scl=1", Size(6000, 6000), "36 million pixels: too large to preview"),
        ("scl=1", Size(6000, 60), "beyond the company's MaxPix"),
    ],
)
def test_how_large_is_said_by_the_strongest_limit(text: str, source: Size, words: str) -> None:
    (finding,) = found(text, source)
    assert words in finding.summary


def test_a_preset_is_pointed_at_as_a_whole() -> None:
    (finding,) = (each for each in found("", SMALL, macro="$big$"))
    assert finding.rule is Rule.UPSCALED
    assert (finding.spot.start, finding.spot.end) == (0, len("$big$"))


def test_every_flag_has_a_rule_or_is_what_was_asked_for() -> None:
    asked_for = {Flag.PADDED, Flag.CROPPED, Flag.COLOR_CONVERTED, Flag.DEFAULT_PIX}
    assert set(PICTURE_RULES) == set(Flag) - asked_for
    reading = read("fmt=png", None, None)
    for flag in PICTURE_RULES:
        spot = picture_spot(reading, flag)
        assert "fmt=png"[spot.start : spot.end] == "fmt=png"
