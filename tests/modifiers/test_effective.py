"""Presets and an asset's modifiers merged with the job's (facts: Image Serving section 3)."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from s7spec.modifiers import Modifier, parse_modifier, print_modifier
from s7spec.modifiers.effective import MAX_FILLED, Effective, Source, merge_modifiers

PRESETS = {
    "view": "wid=400&fmt=tif",
    "outer": "hei=7&$view$&qlt=80",
    "sized": "wid=$n$",
    "loop": "wid=1&$LOOP$&hei=2",
}


def read(text: str) -> Modifier:
    result = parse_modifier(text)
    assert not result.problems
    return result.modifier


def merged(
    modifier: str = "",
    macro: str = "",
    *,
    asset: str = "",
    post: str = "",
    presets: Mapping[str, str] = PRESETS,
) -> Effective:
    return merge_modifiers(
        modifier=read(modifier),
        macro=read(macro),
        presets={name: read(text) for name, text in presets.items()},
        asset_modifier=read(asset),
        asset_post_modifier=read(post),
    )


def text_of(effective: Effective) -> str:
    return print_modifier(Modifier(tuple(field.said.command for field in effective.fields)))


@pytest.mark.parametrize(
    ("modifier", "macro", "expected"),
    [
        ("wid=480&$view$", "", "wid=400&fmt=tif"),  # both from the facts
        ("$view$&wid=480", "", "fmt=tif&wid=480"),
        ("&fmt=png", "$view$", "wid=400&fmt=tif"),
        ("WID=480&wid=5", "", "wid=5"),
        ("resmode=bicub&resMode=bilin", "", "resMode=bilin"),
        ("wid=1&.comment&$v=3&hei=2", "", "wid=1&hei=2"),
        ("nonsense=1&NONSENSE=2", "", "NONSENSE=2"),
        ("", "$outer$", "hei=7&wid=400&fmt=tif&qlt=80"),
        ("", "$loop$", "wid=1&hei=2"),
        ("", "$VIEW$", "wid=400&fmt=tif"),
        ("$n=5&wid=$N$&hei=$m$", "", "wid=5&hei=$m$"),
        ("wid=$n$&$n=5", "", "wid=$n$"),
        ("$n=$m$&$m=5&wid=$n$", "", "wid=$m$"),
        ("$n=1&layer=$n$", "", "layer=$n$"),
        ("$n=5&$n=is{a?wid=1}&wid=$n$", "", "wid=$n$"),
        ("$n=640", "$sized$", "wid=640"),
        ("cropN=0,0,1,1&crop=0,0,5,5", "", "cropN=0,0,1,1&crop=0,0,5,5"),
    ],
)
def test_later_prevails_and_presets_are_expanded_where_they_stand(
    modifier: str, macro: str, expected: str
) -> None:
    assert text_of(merged(modifier, macro)) == expected


def test_an_assets_modifier_yields_and_its_post_modifier_prevails() -> None:
    effective = merged("qlt=85", "$view$", asset="qlt=10&bgc=0,0,0", post="op_sharpen=1&wid=9")
    sources = {field.said.command.name: field.said.source for field in effective.fields}
    assert sources == {
        "bgc": Source.ASSET_MODIFIER,
        "qlt": Source.MODIFIER,
        "fmt": Source.MACRO,
        "op_sharpen": Source.ASSET_POST_MODIFIER,
        "wid": Source.ASSET_POST_MODIFIER,
    }
    [wid] = [field for field in effective.fields if field.said.command.name == "wid"]
    assert [(each.source, each.command.value) for each in wid.overridden] == [(Source.MACRO, "400")]
    assert wid.overridden[0].presets == ("view",)


def test_presets_that_led_to_a_command_are_named_from_the_outermost() -> None:
    presets = {field.said.command.name: field.said.presets for field in merged("$Outer$").fields}
    assert presets == {
        "hei": ("Outer",),
        "wid": ("Outer", "view"),
        "fmt": ("Outer", "view"),
        "qlt": ("Outer",),
    }


@pytest.mark.parametrize(
    ("modifier", "macro", "post", "inferred"),
    [
        ("wid=5&fmt=png", "$view$", "", {"wid"}),  # the order is documented for fmt
        ("wid=5", "", "", set()),
        ("", "$view$", "", set()),
        ("wid=5&$view$", "", "", set()),  # presets in a modifier are in documented order
        ("wid=5", "$view$", "wid=7", set()),  # whichever came first, another one prevails
    ],
)
def test_an_order_that_nobody_documents_is_marked(
    modifier: str, macro: str, post: str, inferred: set[str]
) -> None:
    effective = merged(modifier, macro, post=post)
    marked = {each.said.command.name for each in effective.fields if each.order_is_inferred}
    assert marked == inferred


def test_commands_of_layers_compete_within_their_layer() -> None:
    written = "op_blur=1&layer=1&op_blur=2&wid=8&op_blur=3&layer=0&op_blur=4&wid=9"
    expected = "layer=1&op_blur=3&layer=0&op_blur=4&wid=9"
    assert text_of(merged(written)) == expected


def test_a_field_names_the_layer_it_acts_on() -> None:
    written = "layer=1&opac=5&layer=2&opac=6&nonsense=1&layer=1&op_blur=1&nonsense=2&wid=3"
    acts_on = {
        (each.said.command.name, each.said.command.value): each.segment
        for each in merged(written).fields
    }
    assert acts_on == {
        ("opac", "5"): ("layer", "1"),
        ("layer", "2"): ("layer", "2"),
        ("opac", "6"): ("layer", "2"),
        ("nonsense", "1"): ("layer", "2"),
        ("layer", "1"): ("layer", "1"),
        ("op_blur", "1"): ("layer", "1"),
        ("nonsense", "2"): ("layer", "1"),
        ("wid", "3"): None,
    }


def test_of_a_post_modifier_only_layer_0_counts() -> None:
    assert text_of(merged("opac=50", post="opac=60&layer=1&opac=70")) == "opac=60"


def test_unknown_presets_are_told_once_each() -> None:
    effective = merged("$Nowhere$&wid=1&$Nowhere$", "$gone$")
    assert effective.unknown_presets == ("Nowhere", "gone")
    assert text_of(effective) == "wid=1"


def test_presets_that_never_end_are_bounded_and_told() -> None:
    assert merged("$loop$").refused_presets == ("LOOP",)
    wide = {f"p{n}": f"$p{n + 1}$&$p{n + 1}$&x{n}={n}" for n in range(40)}
    assert merged("$p0$", presets=wide).refused_presets
    deep = {f"p{n}": f"$p{n + 1}$" for n in range(900)} | {"p900": "wid=1"}
    assert merged("$p0$", presets=deep).refused_presets == ("p50",)


def test_what_variables_fill_in_is_bounded() -> None:
    long = "1" * 20_000
    written = f"$v={long}&text=" + "$v$" * 15_000 + "&wid=8"
    text = text_of(merged(written))
    assert text.count("1") == MAX_FILLED
    assert text.endswith("$v$&wid=8")
