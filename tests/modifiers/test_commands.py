"""The tables of commands and formats beside the facts, and values beside the tables."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from s7spec.modifiers import Command, parse_modifier
from s7spec.modifiers.colors import is_color
from s7spec.modifiers.commands import (
    ALL_COMMANDS,
    Argument,
    Fault,
    Kind,
    check_arguments,
    command_named,
    is_of_a_layer,
)
from s7spec.modifiers.formats import ALL_FORMATS, format_named

FACTS = json.loads(Path(__file__).with_name("is_commands.json").read_text(encoding="utf-8"))
COMMANDS: dict[str, dict[str, Any]] = {each["name"]: each for each in FACTS["commands"]}
OLDER_MODES = {"sharp", "trilin"}  # of resMode; in section 5 of the facts
TAKEN_APART_ELSEHOW = {"layer", "perspective", "op_colorize"}


def test_every_documented_command_is_there_once() -> None:
    names = [each.name for each in ALL_COMMANDS]
    assert len(names) == len(set(names))
    assert set(names) == {*COMMANDS, *(v for each in COMMANDS.values() for v in each["variants"])}


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_is_as_the_facts_say(name: str) -> None:
    facts, ours = COMMANDS[name], command_named(name)
    assert ours is not None
    assert (ours.name, ours.effect, ours.use) == (name, facts["effect"], facts["export_relevance"])
    assert is_of_a_layer(ours) == (facts["repeat"] != "last-wins")
    for variant in facts["variants"]:
        assert command_named(variant) is not None
    if name in TAKEN_APART_ELSEHOW:
        return
    assert [each.name for each in ours.arguments] == [each["name"] for each in facts["args"]]
    for argument, told in zip(ours.arguments, facts["args"], strict=True):
        assert _told(argument) == {
            key: told.get(key)
            for key in ("min", "min_exclusive", "max", "max_exclusive", "not_equal")
        } | {
            "enum": set(told.get("enum", ())) | (OLDER_MODES if name == "resMode" else set()),
            "required": told.get("required", False),
        }
        assert (argument.kind is Kind.INTEGER) == (told["type"] == "int")
        assert (argument.kind is Kind.CHOICE) == (told["type"] == "enum")


def _told(argument: Argument) -> dict[str, object]:
    return {
        "min": argument.least,
        "min_exclusive": argument.above,
        "max": argument.most,
        "max_exclusive": argument.below,
        "not_equal": argument.other_than,
        "enum": set(argument.choices),
        "required": not argument.optional,
    }


@pytest.mark.parametrize("name", FACTS["formats"])
def test_a_format_is_as_the_facts_say(name: str) -> None:
    facts, ours = FACTS["formats"][name], format_named(name)
    assert ours is not None
    assert ours.name == name
    assert (ours.extension, ours.mime) == (facts["extension"], facts["mime"] or "")
    assert [*ours.pixel_types] == facts["pixel_types"]
    assert [*ours.compressions] == facts["compressions"]
    assert (ours.alpha, ours.icc_embed) == (facts["alpha"], facts["icc_embed"])
    assert [*ours.options] == [each.split(" ")[0] for each in facts["options"]]
    limited = [each for each in facts["options"] if "(" in each]
    assert (ours.quality_with is not None) == bool(limited)
    assert all(str(ours.quality_with) in each for each in limited)
    assert ours.is_picture == (facts["lossy"] is not None)


def test_every_documented_format_is_there() -> None:
    assert {each.name for each in ALL_FORMATS} == {*FACTS["formats"]}
    fmt = command_named("fmt")
    assert fmt is not None
    assert {*fmt.arguments[0].choices} == {*FACTS["formats"]}


def test_names_are_found_in_capitals_too() -> None:
    for written, meant in [
        ("RESMODE", "resMode"),
        ("op_USM", "op_usm"),
        ("colorize", "op_colorize"),
    ]:
        found = command_named(written)
        assert found is not None
        assert found.name == meant
    assert command_named("widht") is None
    assert format_named("JPG") is format_named("jpg")
    assert format_named("web-alpha") is format_named("webp-alpha")


@pytest.mark.parametrize(
    "text",
    [
        "wid=1",
        "scl=0.5",
        "scl=.5",
        "fit=constrain",
        "fit=CROP,1",
        "align=-1,.25",
        "fmt=tif,,jpeg",
        "fmt=jpeg,cmyk",
        "qlt=100,0",
        "quantize=web,off,16,ff0000,00ff00",
        "op_usm=1.75",
        "op_usm=5,250,255,1",
        "resMode=trilin",
        "crop=-10,-10,20,20",
        "cropN=0,0,.5,.5",
        "rotate=-33.3",
        "bgc=255,0,0",
        "bgc=50",
        "icc=Adobe%20RGB,relative,1",
        "clipPath=M,0,0,L,10,10",
        "op_colorize=255,0,0,norm",
        "layer=0",
        "locale",
    ],
)
def test_values_that_are_documented(text: str) -> None:
    assert _faults(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("qlt=750", [(0, Fault.OUT_OF_RANGE)]),  # stands so in a sample of Adobe's
        ("qlt=0", [(0, Fault.OUT_OF_RANGE)]),
        ("wid=0", [(0, Fault.OUT_OF_RANGE)]),
        ("wid=-5", [(0, Fault.OUT_OF_RANGE)]),
        ("wid=8.5", [(0, Fault.NO_NUMBER)]),
        ("wid=1e3", [(0, Fault.NO_NUMBER)]),
        ("wid=८", [(0, Fault.NO_NUMBER)]),
        ("wid=" + "9" * 500, [(0, Fault.NO_NUMBER)]),
        ("scl=0.0", [(0, Fault.OUT_OF_RANGE)]),
        ("scl=.", [(0, Fault.NO_NUMBER)]),
        ("wid=", [(0, Fault.MISSING)]),
        ("wid", [(0, Fault.MISSING)]),
        ("wid=1,2", [(1, Fault.TOO_MANY)]),
        ("fit=,1", [(0, Fault.MISSING)]),
        ("fit=constrian,2", [(0, Fault.UNKNOWN_CHOICE), (1, Fault.UNKNOWN_CHOICE)]),
        ("fmt=jpge", [(0, Fault.UNKNOWN_CHOICE)]),
        ("op_sharpen=1,1,5", [(1, Fault.TOO_MANY)]),
        ("op_usm=6,1,256", [(0, Fault.OUT_OF_RANGE), (2, Fault.OUT_OF_RANGE)]),
        ("crop=1,2,3", [(3, Fault.MISSING)]),
        ("pathAttr=norm,1", [(1, Fault.OUT_OF_RANGE)]),
        ("effect=0", [(0, Fault.OUT_OF_RANGE)]),
        ("bgc=white", [(0, Fault.NO_COLOR)]),
        ("bgc=256,0,0", [(0, Fault.NO_COLOR)]),
    ],
)
def test_values_that_contradict_the_documentation(
    text: str, expected: list[tuple[int, Fault]]
) -> None:
    assert _faults(text) == expected


def _faults(text: str) -> list[tuple[int, Fault]]:
    [command] = parse_modifier(text).modifier.pieces
    assert isinstance(command, Command)
    definition = command_named(command.name)
    assert definition is not None
    return [(each.place, each.fault) for each in check_arguments(definition, command.fields)]


@pytest.mark.parametrize(
    "text",
    [
        *("0", "100", "100g", "50,20", "50,20gs", "0,0,0", "255,255,255r", "1,2,3,4", "1,2,3,4rs"),
        *("0,0,0,100k", "0,0,0,100,50k", "0xff", "0xFFg", "0xff80", "ffffff", "0xFFFFFF", "255255"),
        *("ffffffff", "0xffffff80r", "00ff00ffk", "0x00ff00ff80k", "FFFFFFS"),
    ],
)
def test_colors(text: str) -> None:
    assert is_color(text)


@pytest.mark.parametrize(
    "text",
    [
        *("", "101", "256,0,0", "1,2,3,4,5", "0,0,0,101k", "0,0,0k", "fff", "0xfff", "gggggg"),
        *("white", "1,,3", "-1", "1.5", "ffffffffff", "0x", "50k", "1,2,3g", "1 ,2,3", "٣"),
    ],
)
def test_what_is_no_color(text: str) -> None:
    assert not is_color(text)
