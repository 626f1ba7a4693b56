"""Image presets as people and programs see them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from s7spec.model.preset import Preset, PresetChange, PresetSnapshot, preset_changes
from s7spec.report.preset_snapshot import (
    changes_counts,
    changes_json,
    changes_text,
    snapshot_json,
    snapshot_text,
)
from s7spec.report.view import View
from tests.report.hostile import HOSTILE

SCHEMAS = Path(__file__).parents[2] / "schemas"
BEFORE = PresetSnapshot(
    company="Acme",
    environment="prod",
    ips="na",
    presets=(
        Preset(name="Gone", urlModifier=""),
        Preset(name="Same", urlModifier="wid=1"),
        Preset(name="Thumb", urlModifier="wid=240&qlt=80"),
    ),
)
AFTER = replace(
    BEFORE,
    presets=(
        Preset(name="New", urlModifier="wid=9"),
        Preset(name="Same", urlModifier="wid=1"),
        Preset(name="Thumb", urlModifier="wid=300&qlt=80&fmt=png"),
    ),
)
CHANGES = preset_changes(BEFORE.presets, AFTER.presets)


def schema(name: str) -> dict[str, Any]:
    text: dict[str, Any] = json.loads((SCHEMAS / f"{name}.schema.json").read_text())
    return text


# No answer of IPS holds half a character: XML cannot carry it.
TEXTS = sorted(text for text in HOSTILE if text.encode(errors="ignore").decode() == text)


def hostile() -> PresetSnapshot:
    presets = tuple(Preset(name=text, urlModifier=text) for text in TEXTS)
    return replace(BEFORE, company=TEXTS[0], presets=presets)


def test_documents_keep_to_their_schemas() -> None:
    for snapshot in (BEFORE, replace(BEFORE, presets=())):
        document = json.loads(snapshot_json(snapshot))
        assert not list(Draft202012Validator(schema("presets")).iter_errors(document))
        assert not Draft202012Validator(schema("presets")).is_valid({**document, "more": 1})
    for changes in (CHANGES, ()):
        text = changes_json(BEFORE, AFTER, changes, path="presets/Acme.json")
        document = json.loads(text)
        assert not list(Draft202012Validator(schema("preset-changes")).iter_errors(document))
        assert document["same"] is not bool(changes)


@pytest.mark.parametrize("name", ["presets", "preset-changes"])
def test_every_property_is_explained_and_always_there(name: str) -> None:
    whole = schema(name)
    for node in (whole, *whole["$defs"].values()):
        assert node["unevaluatedProperties"] is False
        assert node["required"] == list(node["properties"])
        for value in node["properties"].values():
            assert value["description"].endswith(".")
            validator = Draft202012Validator({**value, "$defs": whole["$defs"]})
            assert value["examples"]
            assert all(validator.is_valid(example) for example in value["examples"])


def test_the_kinds_of_changes_equal_the_schema() -> None:
    text = changes_json(BEFORE, AFTER, CHANGES, path="p")
    kinds = [(each["name"], each["change"]) for each in json.loads(text)["changes"]]
    assert kinds == [("Gone", "removed"), ("New", "added"), ("Thumb", "changed")]
    enum = schema("preset-changes")["$defs"]["change"]["properties"]["change"]["enum"]
    assert {kind for _, kind in kinds} == {*enum}


def test_people_see_a_line_for_each_preset() -> None:
    lines = snapshot_text(BEFORE, View()).splitlines()
    assert lines[0] == "Acme/prod on na: 3 image presets"
    assert lines[1].startswith("sha256:")
    assert lines[2:] == ["", '$Gone$   ""', "$Same$   wid=1", "$Thumb$  wid=240&qlt=80"]
    empty = snapshot_text(replace(BEFORE, presets=()), View())
    assert empty.splitlines()[0] == "Acme/prod on na: 0 image presets"


def test_people_see_what_became_of_presets_command_by_command() -> None:
    assert changes_text(CHANGES, View()).splitlines() == [
        '- $Gone$  ""',
        "+ $New$  wid=9",
        "~ $Thumb$  wid 240 → 300; +fmt=png",
    ]
    assert changes_counts(CHANGES) == "1 added, 1 removed, 1 changed"
    assert changes_counts(()) == ""
    assert "wid 240 -> 300" in changes_text(CHANGES, View(unicode=False))


def test_what_ips_says_cannot_fake_a_line_or_reorder_one() -> None:
    snapshot = hostile()
    changes = [
        *(PresetChange(name=text, before=text, after=f"{text}x") for text in TEXTS),
        *(PresetChange(name=text, before=None, after=text) for text in TEXTS),
    ]
    people = [snapshot_text(snapshot, View()), changes_text(changes, View())]
    assert len(people[0].splitlines()) == len(TEXTS) + 3
    assert len(people[1].splitlines()) == len(changes)
    for text in people:
        assert text.replace("\n", "").isprintable()
    for text in (snapshot_json(snapshot), changes_json(snapshot, snapshot, changes, path="p")):
        assert text.isascii()
        assert text.replace("\n", "").isprintable()
