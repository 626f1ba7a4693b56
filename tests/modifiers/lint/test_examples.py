# ruff: noqa: E501 rows of a table
"""Each rule fires on its bad example, there and nowhere else, and on none of the good ones."""

from __future__ import annotations

import pytest

from s7spec.model.rules import Rule
from s7spec.modifiers import Modifier, parse_modifier
from s7spec.modifiers.effective import Source
from s7spec.modifiers.lint import UNSAFE_COMMANDS, lint_modifier, unsafe_names

PRESETS = {
    "view": parse_modifier("wid=300&fmt=png").modifier,
    "bad": parse_modifier("wid=50&qlt=750").modifier,
    "evil": parse_modifier("src=Acme/secret").modifier,
    "empty": parse_modifier("op_sharpen=1").modifier,
}

# The rule, a modifier that breaks it and what exactly does, the same put right.
EXAMPLES = [
    (Rule.MODIFIER_NUMBER, "wid=800&qlt=750", "750", "wid=800&qlt=75"),
    (Rule.MODIFIER_NUMBER, "wid=0", "0", "wid=1"),
    (Rule.MODIFIER_NUMBER, "wid=80.5", "80.5", "wid=80"),
    (Rule.MODIFIER_NUMBER, "wid=80&hei=80&align=0,1.5", "1.5", "wid=80&hei=80&align=0,1"),
    (Rule.MODIFIER_NUMBER, "wid=8&hei=8&bgc=300,0,0", "300", "wid=8&hei=8&bgc=255,0,0"),
    (Rule.MODIFIER_NUMBER, "wid=+8", "+8", "wid=8"),
    (Rule.MODIFIER_NUMBER, "wid=8&crop=0,0,0,10", "0", "wid=8&crop=0,0,9,10"),
    (Rule.MODIFIER_NUMBER, "wid=8&cropN=0,0,.5,-.5", "-.5", "wid=8&cropN=0,0,.5,.5"),
    (Rule.MODIFIER_NUMBER, "wid=8&rgn=0,0,-1,10", "-1", "wid=8&rgn=-1,0,9,10"),
    (Rule.MODIFIER_NUMBER, "wid=8&rect=0,0,9,9,-1", "-1", "wid=8&rect=0,0,9,9,2"),
    (Rule.MODIFIER_NUMBER, "wid=8&fmt=gif&quantize=adaptive,off,2,ff0000,00ff00,0000ff", "ff0000", "wid=8&fmt=gif&quantize=adaptive,off,3,ff0000,00ff00,0000ff"),
    (Rule.MODIFIER_WORD, "wid=8&fmt=gif&quantize=web,off,4,red", "red", "wid=8&fmt=gif&quantize=web,off,4,ff0000"),
    (Rule.MODIFIER_WORD, "wid=8&fmt=gif-alpha&quantize=mac", "quantize=mac", "wid=8&fmt=gif&quantize=mac"),
    (Rule.MODIFIER_WORD, "wid=8&hei=8&fit=cropp", "cropp", "wid=8&hei=8&fit=crop"),
    (Rule.MODIFIER_WORD, "wid=8&hei=8&bgc=white", "white", "wid=8&hei=8&bgc=FFFFFF"),
    (Rule.MODIFIER_WORD, "width=800&wid=8", "width=800", "wid=8"),
    (Rule.FIT_WITHOUT_SIZE, "fit=fit,1&fmt=png", "fit=fit,1", "wid=8&fit=fit,1&fmt=png"),
    (Rule.WRONG_COMPRESSION, "wid=8&fmt=png,,lzw", "lzw", "wid=8&fmt=tif,,lzw"),
    (Rule.WRONG_COMPRESSION, "wid=8&fmt=tif-alpha,,jpeg", "jpeg", "wid=8&fmt=tif,,jpeg"),
    (Rule.WRONG_PIXEL_TYPE, "wid=8&fmt=webp,cmyk", "cmyk", "wid=8&fmt=tif,cmyk"),
    (Rule.NO_PICTURE, "wid=8&fmt=m3u8", "m3u8", "wid=8&fmt=jpeg"),
    (Rule.NO_PICTURE, "wid=8&dpr=on", "on", "wid=8"),
    (Rule.MODIFIER_SYNTAX, "wid=8&bgc=%zz", "%zz", "wid=8&hei=8&bgc=FFFFFF"),
    (Rule.MODIFIER_SYNTAX, "wid=8&src=is{a", "{", "wid=8"),
    (Rule.UNDEFINED_VARIABLE, "wid=$w$", "wid=$w$", "$w=8&wid=$w$"),
    (Rule.UNDEFINED_VARIABLE, "wid=$w$&$w=8", "wid=$w$", "$W=8&wid=$w$"),
    (Rule.UNDEFINED_VARIABLE, "wid=$w$&$w=7&$w=8", "wid=$w$", "$w=7&$w=8&wid=$w$"),
    (Rule.COMMAND_AND_TWIN, "wid=8&crop=1,1,8,8&cropN=0,0,.5,.5", "cropN=0,0,.5,.5", "wid=8&crop=1,1,8,8"),
    (Rule.COMMAND_AND_TWIN, "scl=1&size=9,9&sizeN=.5,.5", "sizeN=.5,.5", "scl=1&size=9,9"),
    (Rule.WRONG_PROFILE, "wid=8&fmt=png&icc=USWebCoatedSWOP", "icc=USWebCoatedSWOP", "wid=8&fmt=png&icc=sRGB"),
    (Rule.WRONG_PROFILE, "wid=8&fmt=tif,rgb&icc=USWebCoatedSWOP", "icc=USWebCoatedSWOP", "wid=8&fmt=tif,cmyk&icc=USWebCoatedSWOP"),
    (Rule.UNSAFE_MODIFIER, "wid=8&src=Acme/other", "src=Acme/other", "wid=8"),
    (Rule.UNSAFE_MODIFIER, "wid=8&mask=Acme/m", "mask=Acme/m", "wid=8"),
    (Rule.UNSAFE_MODIFIER, "wid=8&template=Acme/t", "template=Acme/t", "wid=8"),
    (Rule.UNSAFE_MODIFIER, "wid=8&cache=update", "cache=update", "wid=8"),
    (Rule.UNSAFE_MODIFIER, "wid=8&locale=de", "locale=de", "wid=8"),
    (Rule.UNSAFE_MODIFIER, "wid=8&defaultImage=x", "defaultImage=x", "wid=8"),
    (Rule.UNSAFE_MODIFIER, "wid=8&req=img", "req=img", "wid=8"),
    (Rule.UNSAFE_MODIFIER, "wid=8&$object=Acme/x", "$object=Acme/x", "wid=8"),
    (Rule.UNSAFE_MODIFIER, "wid=8&icc=/profiles/x.icc", "icc=/profiles/x.icc", "wid=8&icc=sRGB"),
    (Rule.UNSAFE_MODIFIER, "wid=8&$p=%2Fa%2Fb&icc=$p$", "icc=$p$", "wid=8&$p=sRGB&icc=$p$"),
    (Rule.UNSAFE_MODIFIER, "wid=8&icc=C:x", "icc=C:x", "wid=8&icc=sRGB"),
    (Rule.DOUBTFUL_PRESET, "$bad$", "$bad$", "$view$"),
    (Rule.DOUBTFUL_PRESET, "wid=8&$evil$", "$evil$", "$view$"),
    (Rule.MODIFIER_FIELDS, "wid=8&hei=8&align=0", "align=0", "wid=8&hei=8&align=0,0"),
    (Rule.MODIFIER_FIELDS, "wid=8,9", "9", "wid=8"),
    (Rule.MODIFIER_FIELDS, "wid", "wid", "wid=8"),
    (Rule.MODIFIER_FIELDS, "wid=8&op_hue=5%2C", "%2C", "wid=8&op_hue=5"),
    (Rule.MODIFIER_FIELDS, "wid=8&hei=8&align=,0", ",", "wid=8&hei=8&align=0,0"),
    (Rule.NO_SIZE, "fmt=png", "fmt=png", "scl=1&fmt=png"),
    (Rule.QUALITY_IGNORED, "wid=8&fmt=png&qlt=80", "qlt=80", "wid=8&fmt=jpeg&qlt=80"),
    (Rule.QUALITY_IGNORED, "wid=8&fmt=tif&qlt=80", "qlt=80", "wid=8&fmt=tif,,jpeg&qlt=80"),
    (Rule.QUALITY_IGNORED, "wid=8&fmt=webp,,lossless&qlt=80", "qlt=80", "wid=8&fmt=webp&qlt=80"),
    (Rule.JPEG_SIZE_IGNORED, "wid=8&fmt=png&jpegSize=90", "jpegSize=90", "wid=8&fmt=pjpeg&jpegSize=90"),
    (Rule.SCANS_IGNORED, "wid=8&fmt=jpeg&pscan=4", "pscan=4", "wid=8&fmt=pjpeg&pscan=4"),
    (Rule.QUANTIZE_IGNORED, "wid=8&fmt=png&quantize=web", "quantize=web", "wid=8&fmt=gif&quantize=web"),
    (Rule.SCL_BESIDE_SIZE, "scl=2&fit=crop", "fit=crop", "scl=2"),
    (Rule.SCL_BESIDE_SIZE, "wid=8&scl=2", "scl=2", "wid=8"),
    (Rule.SCL_ENLARGES, "scl=0.5", "0.5", "scl=2"),
    (Rule.SCALED_TWICE, "scale=0.5", "scale=0.5", "scl=1&scale=0.5"),
    (Rule.SCALED_TWICE, "wid=8&size=90,90", "size=90,90", "wid=90"),
    (Rule.ALIGN_IGNORED, "wid=8&align=0,1", "align=0,1", "wid=8&hei=8&align=0,1"),
    (Rule.ALIGN_IGNORED, "wid=8&hei=8&fit=constrain&align=0,1", "align=0,1", "wid=8&hei=8&fit=crop&align=0,1"),
    (Rule.ALIGN_IGNORED, "wid=8&hei=8&fit=stretch&align=0,1", "align=0,1", "wid=8&hei=8&fit=hfit&align=0,1"),
    (Rule.BACKGROUND_IGNORED, "wid=8&fmt=png-alpha&bgc=FFFFFF", "bgc=FFFFFF", "wid=8&fmt=png&bgc=FFFFFF"),
    (Rule.BACKGROUND_IGNORED, "wid=8&fmt=tif-alpha&bgc=FFFFFF", "bgc=FFFFFF", "wid=8&fmt=png8-alpha&bgc=FFFFFF"),
    (Rule.EMBED_IGNORED, "wid=8&fmt=webp&iccEmbed=1", "iccEmbed=1", "wid=8&fmt=png&iccEmbed=1"),
    (Rule.EMBED_IGNORED, "wid=8&fmt=png&xmpEmbed=1", "xmpEmbed=1", "wid=8&fmt=tif&xmpEmbed=1"),
    (Rule.EMBED_IGNORED, "wid=8&fmt=gif&pathEmbed=1", "pathEmbed=1", "wid=8&fmt=gif&pathEmbed=0"),
    (Rule.SHARPENED_TWICE, "wid=8&op_sharpen=1&op_usm=1,1,1", "op_sharpen=1", "wid=8&op_sharpen=0&op_usm=1,1,1"),
    (Rule.SHARPEN_MEANS_USM, "wid=8&op_sharpen=1,1,5", "op_sharpen=1,1,5", "wid=8&op_usm=1,1,5"),
    (Rule.BACKGROUND_CONFUSED, "wid=8&hei=8&bgColor=FFFFFF", "bgColor=FFFFFF", "wid=8&hei=8&bgc=FFFFFF"),
    (Rule.MODIFIER_SPELLING, "wid=8&resmode=bilin", "resmode=bilin", "wid=8&resMode=bilin"),
    (Rule.MODIFIER_SPELLING, "wid=8&op_USM=1,1,1", "op_USM=1,1,1", "wid=8&op_usm=1,1,1"),
    (Rule.MODIFIER_SPELLING, "wid=8&colorize=255,0,0", "colorize=255,0,0", "wid=8&op_colorize=255,0,0"),
    (Rule.MODIFIER_SPELLING, "wid=8&fmt=JPG", "JPG", "wid=8&fmt=jpg"),
    (Rule.MODIFIER_SPELLING, "wid=8&fmt=web-alpha", "web-alpha", "wid=8&fmt=webp-alpha"),
    (Rule.MODIFIER_SPELLING, "wid=8&resMode=trilin", "trilin", "wid=8&resMode=sharp2"),
    (Rule.NOISE, "wid=8&op_noise=5", "op_noise=5", "wid=8&op_noise=0"),
    (Rule.PRESET_OVERRIDES, "wid=480&$view$", "wid=480", "$view$&wid=480"),
    (Rule.SAID_TWICE, "wid=8&hei=8&wid=9", "wid=8", "hei=8&wid=9"),
    (Rule.LARGE_OUTPUT, "wid=6000&hei=5000", "wid=6000", "wid=5000&hei=5000"),
    (Rule.CMYK_JPEG, "wid=8&fmt=jpeg,cmyk&iccEmbed=1", "iccEmbed=1", "wid=8&fmt=tif,cmyk&iccEmbed=1"),
    (Rule.DEAD_FORMAT, "wid=8&fmt=swf", "swf", "wid=8&fmt=jpeg"),
    (Rule.DOLLAR_IN_VALUE, "wid=8&text=5$", "text=5$", "wid=8"),
    (Rule.NOT_FOR_EXPORTS, "wid=8&bfc=off", "bfc=off", "wid=8"),
    (Rule.NOT_FOR_EXPORTS, "wid=8&dpr=off", "dpr=off", "wid=8"),
]  # fmt: skip

# `text`, in whose value a dollar sign is no broken number, is nothing for exports by itself.
BESIDE = {Rule.NOT_FOR_EXPORTS}


@pytest.mark.parametrize(("rule", "bad", "where", "good"), EXAMPLES, ids=str)
def test_rule_fires_on_the_bad_example_only(rule: Rule, bad: str, where: str, good: str) -> None:
    found = [
        each for each in lint_modifier(bad, presets=PRESETS) if each.rule not in BESIDE - {rule}
    ]
    assert [each.rule for each in found] == [rule]
    assert bad[found[0].spot.start : found[0].spot.end] == where
    assert lint_modifier(good, presets=PRESETS) == ()


def test_every_rule_of_modifiers_has_an_example() -> None:
    of_modifiers = {rule for rule in Rule if rule.id[:4] in ("S7E1", "S7W1")}
    # Shown elsewhere: they need the source, the asset, the macro or the presets beside it.
    others = {
        Rule.MODIFIER_AND_MACRO,
        Rule.CANNOT_RENDER,
        Rule.UNKNOWN_PRESET_OFFLINE,
        Rule.ALPHA_FLATTENED,
        Rule.EMPTY_PICTURE,
        Rule.UPSCALED,
        Rule.DISTORTED,
        Rule.ASSET_OVERRIDES,
    }
    assert of_modifiers - others == {rule for rule, *_ in EXAMPLES}


def test_a_variable_may_hold_the_request_of_a_source() -> None:
    text = "$view=is{Acme/a?wid=3}&wid=8&src=$view$"
    assert lint_modifier(text, allowed=["src"]) == ()
    assert {finding.rule for finding in lint_modifier(text)} == {Rule.UNSAFE_MODIFIER}


@pytest.mark.parametrize("value", ["0.5", "0.001", "0.0009", "0." + "0" * 17 + "1"])
def test_how_much_scl_enlarges_is_a_number_that_can_be_read(value: str) -> None:
    (found,) = lint_modifier(f"scl={value}")
    assert found.rule is Rule.SCL_ENLARGES
    assert "inf" not in found.summary + found.hint
    assert len(found.hint) < 80


def test_what_the_asset_says_itself_is_found_in_the_whole() -> None:
    """It stands nowhere in the text."""
    post = parse_modifier("wid=8&scl=2&op_sharpen=1&op_usm=1,1,1").modifier
    found = lint_modifier("fmt=jpeg", asset_post_modifier=post)
    assert {each.rule for each in found} == {Rule.SCL_BESIDE_SIZE, Rule.SHARPENED_TWICE}
    assert {(each.spot.start, each.spot.end) for each in found} == {(0, len("fmt=jpeg"))}


def test_who_allows_a_request_has_not_allowed_what_stands_in_it() -> None:
    text = "wid=8&mask=is{Co/x?src={http://evil.example/x}&locale=de}"
    allowed: list[str] = []
    for name in ("mask", "src", "url", "locale"):
        assert [each.rule for each in lint_modifier(text, allowed=allowed)] != []
        allowed.append(name)
    assert lint_modifier(text, allowed=allowed) == ()
    assert unsafe_names(text) == ("mask", "src", "url", "locale")


def test_only_req_is_opened_by_its_name() -> None:
    for text in ("wid=1&dpr=on", "wid=1&fmt=m3u8"):
        assert [each.rule for each in lint_modifier(text, allowed=["dpr", "fmt"])] == [
            Rule.NO_PICTURE
        ]
    assert lint_modifier("wid=1&req=props", allowed=["REQ"]) == ()


def test_unsafe_commands_of_presets_are_named_with_them() -> None:
    assert set(unsafe_names("wid=8&$evil$&zoom=1", PRESETS)) == {"zoom", "src in $evil$"}


def test_built_in_presets_leave_nothing_unsaid() -> None:
    assert [each.rule for each in lint_modifier("fit=crop&$shadow$", presets={})] == [
        Rule.FIT_WITHOUT_SIZE
    ]


def test_what_fills_a_preset_s_source_is_ours_to_allow() -> None:
    presets = {"p": parse_modifier("src=$img$&fmt=png").modifier}
    text = "$img=Other/secret&wid=8&$p$"
    rules = {each.rule for each in lint_modifier(text, presets=presets)}
    assert Rule.UNSAFE_MODIFIER in rules
    rules = {each.rule for each in lint_modifier(text, presets=presets, allowed=["src"])}
    assert Rule.UNSAFE_MODIFIER not in rules
    (found,) = [
        each
        for each in lint_modifier("$img=Other/secret&wid=8", "$p$", presets=presets)
        if each.rule is Rule.UNSAFE_MODIFIER
    ]
    assert found.spot.source is Source.MACRO


@pytest.mark.parametrize(
    ("text", "needs"),
    [
        ("wid=8&$s=Acme/b%3Fsrc=http://evil.example/x&mask=is{$s$}", "mask src url"),
        ("wid=8&$s=Acme/b%3Fsrc=Acme/c&mask=is($s$)", "mask src"),
        ("wid=8&$s=1%26src=Acme/c&mask=is{Acme/b?hei=$s$}", "mask src"),
        ("wid=8&$s=$t$&$t=Acme/b%253Flocale=de&mask=is{$s$}", "mask locale"),
        ("wid=8&$v=is%7BAcme/b%3Flocale=de%7D&mask=$v$", "mask locale"),
        ("wid=8&$s=http://evil.example/x&src={$s$}", "src url"),
        ("wid=8&$s=http://evil.example/x&src=($s$)", "src url"),
        ("wid=8&$s=x%7D%26src=Acme/c&mask=is{$s$}", "mask src"),
        ("wid=8&src=//evil.example/x", "src url"),
        ("wid=8&src=ftp://x/y", "src url"),
        ("wid=8&src=file:///etc/passwd", "src url"),
        ("wid=8&icc=http://evil.example/x", "icc url"),
        ("wid=8&$defined$&mask=is{$far$}", "mask src"),
    ],
)
def test_what_variables_bring_into_a_request_needs_leave(text: str, needs: str) -> None:
    presets = {"defined": parse_modifier("$far=Acme/b%3Fsrc=Acme/c").modifier}
    allowed: list[str] = []
    for name in needs.split():
        assert _unsafe(text, presets, allowed)
        allowed.append(name)
    assert not _unsafe(text, presets, allowed)
    assert {*unsafe_names(text, presets)} == {*allowed}


def _unsafe(text: str, presets: dict[str, Modifier], allowed: list[str]) -> bool:
    found = lint_modifier(text, presets=presets, allowed=allowed)
    return Rule.UNSAFE_MODIFIER in {each.rule for each in found}


def test_more_than_can_be_looked_through_needs_every_leave() -> None:
    names = unsafe_names("wid=8&$s=$s$$s$&mask=is{$s$}")
    assert {*names} == {*UNSAFE_COMMANDS, "$object", "icc", "url"}
