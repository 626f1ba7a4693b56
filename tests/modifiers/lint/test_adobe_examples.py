"""What Adobe's documentation shows can be read, and what is said of its mistakes."""

from __future__ import annotations

from pathlib import Path

import pytest

from s7spec.model.rules import Rule
from s7spec.modifiers import parse_modifier, print_modifier
from s7spec.modifiers.lint import lint_modifier

EXAMPLES = [
    line
    for line in (Path(__file__).parents[1] / "adobe_examples.txt").read_text("utf-8").splitlines()
    if not line.startswith("#")
]

# What the facts call mistakes (Image Serving section 7 and the notes on commands).
MISTAKES = {
    "qlt=750": {Rule.MODIFIER_NUMBER},
    "fmt=png,,lzw": {Rule.WRONG_COMPRESSION},
    "fmt=tif-alpha,,jpeg": {Rule.WRONG_COMPRESSION},
    "fmt=webp,cmyk": {Rule.WRONG_PIXEL_TYPE},
    "fmt=m3u8": {Rule.NO_PICTURE},
    "dpr=on": {Rule.NO_PICTURE},
    "req=": {Rule.UNSAFE_MODIFIER, Rule.MODIFIER_FIELDS},
    "req=tile": {Rule.UNSAFE_MODIFIER, Rule.NO_PICTURE, Rule.MODIFIER_WORD},
    "iccEmbed=true": {Rule.MODIFIER_WORD},
    "wid=$number$": {Rule.UNDEFINED_VARIABLE},
    "op_sharpen=1,1,5": {Rule.SHARPEN_MEANS_USM},
    "fmt=JPG": {Rule.MODIFIER_SPELLING},
    "fmt=swf-alpha": {Rule.DEAD_FORMAT},
    "scl=0.5": {Rule.SCL_ENLARGES},
    "scl=2&wid=800&hei=800": {Rule.SCL_BESIDE_SIZE},
    "scale=0.5": {Rule.SCALED_TWICE},
    "size=0,0": {Rule.SCALED_TWICE},
}

# Right in a URL, but an export has no use for it or must allow it first.
NEEDS_LEAVE = (
    "req=img",
    "req=mask",
    "req=tmb",
    "cache=update",
    "cache=off",
    "cache=on",
    "cache=on,on",
)
NO_PICTURE = (
    *("req=saveToFile", "req=message", "req=props", "req=imageprops", "req=resolve"),
    *("req=validate", "req=loadcache", "req=exists", "req=mbrSet"),
)
NO_USE = (
    *("bfc=off&dpr=off&network=off", "bfc=on", "dpr=off", "network=on", "network=off"),
    *("posN=0,0", "blendMode=norm", "text=layer+2+text"),
    *("textAngle=0", "textAttr=72,norm,fixedRes,wrap", "pathAttr=norm,0,1"),
)

# Shown alone, where another command has to stand beside it.
ALONE = {
    **dict.fromkeys(
        ("fit=fit", "fit=fit,0", "fit=stretch", "fit=constrain"), Rule.FIT_WITHOUT_SIZE
    ),
    "align=0,0": Rule.ALIGN_IGNORED,
    "pscan=auto": Rule.SCANS_IGNORED,
    "quantize=adaptive,diffuse,256": Rule.QUANTIZE_IGNORED,
}

SAID = {
    **MISTAKES,
    **{text: {Rule.UNSAFE_MODIFIER} for text in NEEDS_LEAVE},
    **{text: {Rule.UNSAFE_MODIFIER, Rule.NO_PICTURE} for text in NO_PICTURE},
    **{text: {Rule.NOT_FOR_EXPORTS} for text in NO_USE},
    **{text: {rule} for text, rule in ALONE.items()},
}


@pytest.mark.parametrize("text", EXAMPLES)
def test_what_adobe_shows_is_read_without_problems(text: str) -> None:
    result = parse_modifier(text)
    assert result.problems == ()
    assert parse_modifier(print_modifier(result.modifier)).modifier == result.modifier


@pytest.mark.parametrize("text", EXAMPLES)
def test_findings_are_those_of_the_mistakes(text: str) -> None:
    """Most examples give no size: of that nothing is said here."""
    found = {finding.rule for finding in lint_modifier(text)}
    assert found - {Rule.NO_SIZE} == SAID.get(text, set())


def test_each_example_stands_once_and_no_other_is_spoken_of() -> None:
    assert len(EXAMPLES) == len(set(EXAMPLES))
    assert set(SAID) <= set(EXAMPLES)
