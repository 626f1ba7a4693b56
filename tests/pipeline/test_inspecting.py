# ruff: noqa: E501 rows of a table
"""One modifier from all sides."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from s7spec.model.rules import Rule
from s7spec.model.source import SourceRange
from s7spec.modifiers import parse_modifier
from s7spec.modifiers.geometry import Size
from s7spec.modifiers.prediction import ImageServer
from s7spec.modifiers.preview import ImageServerAddress, NoPreview
from s7spec.pipeline.inspecting import (
    LONGEST,
    Inspected,
    PictureSource,
    PieceKind,
    Published,
    Surroundings,
    inspect_modifier,
)
from s7spec.pipeline.inspecting.findings import MOST_TOLD

PRESETS = {
    "view": parse_modifier("wid=480&$base$&qlt=85").modifier,
    "base": parse_modifier("fmt=png&.note").modifier,
    "loop": parse_modifier("$loop$&hei=3").modifier,
}
KNOWN = Surroundings(presets=PRESETS)
SHOE = Published(server=ImageServerAddress(url="https://s.example"), company="Acme", asset="shoe")
PIECES = st.sampled_from(
    [
        *("wid=8", "hei=$w$", "$w=3", "$view$", "$loop$", "$nope$", ".x", "fit=fit,1", "layer=2"),
        *("src=is{A/b?wid=3}", "fmt=tif,cmyk", "token=x", "%", "{", "é", "wid=1,2", "", "=", "$"),
    ]
)


def rows(inspected: Inspected) -> list[tuple[str, str, bool | None, str | None]]:
    return [
        (each.text, each.origin, each.prevails, each.overridden_by) for each in inspected.pieces
    ]


def test_pieces_stand_in_order_and_those_of_presets_below_their_macro() -> None:
    inspected = inspect_modifier("wid=300&$View$&wid=500&qlt=90", KNOWN)
    assert rows(inspected) == [
        ("wid=300", "is_modifier", False, "wid=500"),
        ("$View$", "is_modifier", None, None),
        ("wid=480", "$View$", False, "wid=500"),
        ("fmt=png", "$base$", True, None),
        ("qlt=85", "$View$", False, "qlt=90"),
        ("wid=500", "is_modifier", True, None),
        ("qlt=90", "is_modifier", True, None),
    ]
    assert [each.presets for each in inspected.pieces][2:5] == [
        ("View",),
        ("View", "base"),
        ("View",),
    ]


def test_a_preset_that_stands_twice_is_told_twice() -> None:
    inspected = inspect_modifier("$base$&fmt=gif&$base$", KNOWN)
    assert rows(inspected) == [
        ("$base$", "is_modifier", None, None),
        ("fmt=png", "$base$", False, "fmt=png of $base$"),
        ("fmt=gif", "is_modifier", False, "fmt=png of $base$"),
        ("$base$", "is_modifier", None, None),
        ("fmt=png", "$base$", True, None),
    ]


def test_the_macro_comes_last_by_an_order_that_is_inferred() -> None:
    around = Surroundings(presets=PRESETS, macro="$view$")
    inspected = inspect_modifier("wid=9&fmt=jpeg&hei=3", around)
    marked = [each.text for each in inspected.pieces if each.order_is_inferred]
    assert marked == ["wid=480"]
    assert [each.text for each in inspected.pieces if each.origin == "macro"] == ["$view$"]
    assert inspected.canonical == "wid=9&fmt=jpeg&hei=3"


def test_layers_compete_each_by_itself() -> None:
    inspected = inspect_modifier("layer=1&opac=5&layer=2&opac=7", KNOWN)
    assert [each.prevails for each in inspected.pieces] == [True] * 4


def words_of(text: str, name: str, around: Surroundings = KNOWN) -> str:
    (command,) = (each for each in inspect_modifier(text, around).pieces if each.name == name)
    return command.explanation


@pytest.mark.parametrize(
    ("text", "overridden"),
    [
        ("size=10,10&scale=0.5", {"scale=0.5": "size=10,10"}),
        ("res=72&scale=2&size=0,9", {"res=72": "size=0,9", "scale=2": "size=0,9"}),
        ("scale=2&res=72", {"res=72": "scale=2"}),
        ("scale=2&scale=3&size=9,0", {"scale=2": "scale=3", "scale=3": "size=9,0"}),
        ("size=0,0&scale=2&res=72", {"res=72": "scale=2"}),
        ("size=x,y&scale=2", {}),
        ("size=9&scale=2", {}),
        ("size=9,&scale=2", {}),
        ("size&scale=2", {}),
        ("sizeN=1,1&scale=2", {}),
        ("layer=1&size=9,9&layer=2&scale=2", {}),
        ("layer=1&size=9,9&layer=2&opac=5&res=2", {}),
        ("layer=2&size=9,9&opac=5&res=2", {"res=2": "size=9,9"}),
        ("scale=2&$small$", {"scale=2": "size=9,9 of $small$"}),
    ],
)
def test_of_size_scale_and_res_the_first_counts(text: str, overridden: dict[str, str]) -> None:
    around = Surroundings(presets={"small": parse_modifier("size=9,9").modifier})
    pieces = inspect_modifier(text, around).pieces
    assert {each.text: each.overridden_by for each in pieces if each.overridden_by} == overridden
    assert {each.text for each in pieces if each.prevails is False} == set(overridden)


def test_what_does_nothing_has_no_order_that_counts() -> None:
    around = Surroundings(presets={"p": parse_modifier("scale=2&size=8,8").modifier}, macro="$p$")
    inspected = inspect_modifier("scale=3&size=9,9", around)
    assert [each.text for each in inspected.pieces if each.order_is_inferred] == ["size=8,8"]


@pytest.mark.parametrize(
    ("text", "added"),
    [
        ("wid=800&fit=crop", " (needs both wid and hei)"),
        ("hei=800&fit=crop", " (needs both wid and hei)"),
        ("fit=crop", " (needs both wid and hei)"),
        ("wid=800&fit=crop,1", ", enlarged if need be (the mode needs both wid and hei)"),
        ("wid=800&hei=800&fit=crop", ""),
        ("fit=crop&wid=800&$sided$", ""),
        ("wid=800&scl=1&fit=crop", ""),
        ("wid=800&fit=crop&$nope$", ""),  # which may say hei
    ],
)
def test_fit_with_one_side_says_what_it_lacks(text: str, added: str) -> None:
    around = Surroundings(presets={"sided": parse_modifier("hei=3").modifier})
    assert words_of(text, "fit", around) == f"wid x hei filled, what stands out cut off{added}"


@pytest.mark.parametrize(
    ("fmt", "added"),
    [
        ("png", ""),
        ("jpeg", ""),
        ("png-alpha", " (without effect: png-alpha keeps both clear)"),
        ("TIF-alpha,cmyk", " (without effect: tif-alpha keeps both clear)"),
        *(
            (f"{name}-alpha", f" (taken to be without effect: {name}-alpha keeps both clear, which is not documented)")
            for name in ("png8", "webp", "avif", "jpeg2000")
        ),
    ],
)  # fmt: skip
def test_bgc_beside_a_format_that_keeps_transparency(fmt: str, added: str) -> None:
    filled = "margins and lost transparency filled with colour ff0000"
    assert words_of(f"wid=8&hei=9&bgc=ff0000&fmt={fmt}", "bgc") == f"{filled}{added}"


def test_variables_are_filled_in_for_the_words_only() -> None:
    _, command = inspect_modifier("$w=1200&wid=$w$", KNOWN).pieces
    assert (command.text, command.value) == ("wid=$w$", "$w$")
    assert (command.fields, command.explanation) == (("1200",), "1200 pixels wide")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("nope", "the image preset nope: what it says is not known here"),
        ("glow", "the image preset glow, built into Image Serving"),
        ("loop", "the image preset loop: it stands in itself, or presets are nested too deep"),
    ],
)
def test_macros_that_say_nothing_here(name: str, words: str) -> None:
    inspected = inspect_modifier(f"wid=8&${name}$", KNOWN)
    (macro,) = (each for each in inspected.pieces if each.kind is PieceKind.MACRO)
    assert macro.explanation == words
    assert inspected.unknown_presets == (("nope",) if name == "nope" else ())


def test_a_preset_beside_the_snapshot_is_a_warning_only_where_there_is_one() -> None:
    assert inspect_modifier("wid=8&$veiw$", KNOWN).diagnostics == ()
    around = Surroundings(presets=PRESETS, snapshot="presets/Acme.json", macro="$x$")
    found = inspect_modifier("wid=8&$veiw$&$glow$", around).diagnostics
    assert [(each.rule, each.where and each.where.column) for each in found] == [
        (Rule.UNKNOWN_PRESET_OFFLINE, 7),
        (Rule.MODIFIER_AND_MACRO, 1),
        (Rule.UNKNOWN_PRESET_OFFLINE, 1),
    ]
    refresh = "`s7spec presets --save` brings the snapshot up to date"
    assert found[0].hint == f"did you mean $view$? If it is new on IPS: {refresh}"
    assert found[2].hint == refresh
    spelled = replace(around, spellings={"view": "VIEW"})
    hint = inspect_modifier("wid=8&$veiw$", spelled).diagnostics[0].hint
    assert str(hint).startswith("did you mean $VIEW$?")
    assert found[0].summary == "image preset `$veiw$` is not in presets/Acme.json"


def test_findings_stand_where_the_text_does() -> None:
    inspected = inspect_modifier("wid=800&qlt=750", KNOWN, path="all.txt", line=7)
    (finding,) = inspected.diagnostics
    assert finding.where == SourceRange(
        path="all.txt", line=7, column=13, end_line=7, end_column=16
    )
    assert finding.snippet == "wid=800&qlt=750"
    assert inspected.line == 7


def test_what_cannot_be_read_is_neither_printed_nor_predicted() -> None:
    around = Surroundings(source=PictureSource(width=30, height=20), published=SHOE)
    inspected = inspect_modifier("wid=8 &hei=\n9", around)
    assert [each.rule for each in inspected.diagnostics] == [Rule.MODIFIER_SYNTAX] * 2
    assert [each.where and each.where.column for each in inspected.diagnostics] == [6, 12]
    assert inspected.diagnostics[0].snippet == "wid=8 &hei= 9"
    assert (inspected.canonical, inspected.predicted) == (None, None)
    assert inspected.preview is NoPreview.UNREADABLE
    assert len(inspected.pieces) == 2


def test_prediction_and_preview() -> None:
    around = Surroundings(source=PictureSource(width=3000, height=2000, alpha=True), published=SHOE)
    inspected = inspect_modifier("&wid=800&fmt=png", around)
    assert inspected.predicted is not None
    assert inspected.predicted.size == (800, 533)
    assert [each.rule for each in inspected.diagnostics] == [Rule.ALPHA_FLATTENED]
    assert str(inspected.preview).startswith(
        "https://s.example/is/image/Acme/shoe?wid=800&fmt=png&"
    )
    assert inspected.canonical == "wid=800&fmt=png"


@pytest.mark.parametrize(
    ("text", "source", "reason"),
    [
        ("wid=6000&hei=5000", None, NoPreview.TOO_LARGE),
        ("wid=6000&hei=5000&scl=1&fit=wrap", None, NoPreview.TOO_LARGE),
        ("wid=8&rect=0,0,6000,5000", None, NoPreview.TOO_LARGE),
        ("wid=6000&hei=10", None, NoPreview.OVER_MAX_PIX),
        ("$big$", None, NoPreview.TOO_LARGE),
        ("scl=1", (6000, 5000), NoPreview.TOO_LARGE),
        ("wid=5000&hei=5000", None, None),
        ("wid=6000&hei=5000&fit=constrain", None, None),  # a small picture stays small
        ("wid=6000&hei=5000&fit=constrain", (40, 30), None),
        ("wid=6000", None, None),
        ("scl=1", None, None),
        ("wid=6000&hei=5000&$nope$", None, None),  # which may say another size
    ],
)
def test_no_address_of_what_is_known_to_be_too_large(
    text: str, source: tuple[int, int] | None, reason: NoPreview | None
) -> None:
    around = Surroundings(
        presets={"big": parse_modifier("wid=9000&hei=9000").modifier},
        source=None if source is None else PictureSource(width=source[0], height=source[1]),
        published=SHOE,
    )
    inspected = inspect_modifier(text, around)
    if reason is None:
        assert str(inspected.preview).startswith("https://s.example/is/image/Acme/shoe?")
    else:
        assert inspected.preview is reason
    assert (inspected.predicted is None) is (source is None)


def test_limits_of_previews_are_those_of_the_company() -> None:
    wide = Surroundings(published=SHOE, server=ImageServer(max_pix=Size(9000, 9000)))
    assert str(inspect_modifier("wid=6000&hei=10", wide).preview).startswith("https://")


@pytest.mark.parametrize(
    ("text", "summary", "hint"),
    [
        ("https://s.example/is/image/A/b?wid=8", "this is an address, not a modifier", "give the part behind `?`: wid=8"),
        (" HTTP://s.example/is/image/A/b", "this is an address, not a modifier", "it asks for nothing"),
        ("", "the modifier is empty", "write commands: wid=800&fmt=png"),
        ("&&", "the modifier is empty", "write commands: wid=800&fmt=png"),
        ("wid=8&" * LONGEST, "more than 32,768 characters: no modifier is that long", "is it one?"),
    ],
)  # fmt: skip
def test_what_is_no_modifier_gets_one_word(text: str, summary: str, hint: str) -> None:
    inspected = inspect_modifier(text, Surroundings(published=SHOE))
    (finding,) = inspected.diagnostics
    assert finding.rule is Rule.MODIFIER_SYNTAX
    assert (finding.summary, finding.hint) == (summary, hint)
    assert inspected.pieces == ()
    assert inspected.canonical is None
    assert len(inspected.text) <= LONGEST


def test_of_very_many_findings_the_first_are_told_and_the_rest_counted() -> None:
    text = "&".join(["wid=8", *["op_noise=5"] * 700, "qlt=750"])
    told = inspect_modifier(text, KNOWN).diagnostics
    assert len(told) == MOST_TOLD + 1
    last = told[-1]
    assert last.rule is Rule.MODIFIER_NUMBER  # an error among them stays one
    assert "more findings are left out" in last.summary


def test_a_macro_alone_is_enough() -> None:
    inspected = inspect_modifier("", Surroundings(presets=PRESETS, macro="$view$"))
    assert inspected.canonical == ""
    assert [each.text for each in inspected.pieces] == ["$view$", "wid=480", "fmt=png", "qlt=85"]


@pytest.mark.parametrize(
    "text",
    [
        "token=S3cret",
        "wid=8&src={http://me:S3cret@h/x}",
        "icc=http://me:S3cret@h/x",
        "icc=http%3A%2F%2Fme%3AS3cret%40h",
        "$v=http://me:S3cret@h&icc=$v$&$v=8",
        "$password=S3cret&wid=9",
        "src=is{A/b?password=S3cret}",
        "https://me:S3cret@h/is/image/a/b?token=S3cret",
        "https://h/is/image/a/b?wid=8&url=http%3A%2F%2Fme%3AS3cret%40h",
    ],
)
def test_credentials_come_out_nowhere(text: str) -> None:
    inspected = inspect_modifier(text, Surroundings(published=SHOE, allowed=("src", "icc")))
    assert "S3cret" not in repr(inspected)


@given(st.lists(PIECES, max_size=12).map("&".join), st.sampled_from([None, "$view$", "$nope$"]))
@settings(max_examples=200, deadline=None)
def test_nothing_raises_and_every_command_is_told(text: str, macro: str | None) -> None:
    around = Surroundings(
        presets=PRESETS,
        snapshot="presets/Acme.json",
        macro=macro,
        source=PictureSource(width=40, height=30, alpha=True),
        published=SHOE,
    )
    inspected = inspect_modifier(text, around)
    if text.strip("&") or macro:
        own = [each for each in inspected.pieces if each.origin == "is_modifier"]
        assert len(own) == len(parse_modifier(text).modifier.pieces)
    for each in inspected.pieces:
        assert (each.prevails is None) is (each.kind is not PieceKind.COMMAND)
        assert (each.overridden_by is not None) is (each.prevails is False)


def test_a_layer_that_is_opened_again_is_not_overridden() -> None:
    inspected = inspect_modifier("layer=1&opac=50&layer=2&opac=20&layer=1&opac=70", Surroundings())
    prevail = [(piece.text, piece.prevails) for piece in inspected.pieces]
    assert prevail == [
        ("layer=1", True),
        ("opac=50", False),
        ("layer=2", True),
        ("opac=20", True),
        ("layer=1", True),
        ("opac=70", True),
    ]
