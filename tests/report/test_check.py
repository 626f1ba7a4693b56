"""What `ips check` prints: for people and for programs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from s7spec.model.check import CheckLine, CheckOutcome, CheckStep
from s7spec.report.human_check import check_line_text
from s7spec.report.json_check import check_json
from s7spec.report.view import View

SCHEMA: dict[str, Any] = json.loads(
    (Path(__file__).parents[2] / "schemas" / "ips-check.schema.json").read_text("utf-8")
)
LINES = (
    CheckLine(step=CheckStep.DNS, outcome=CheckOutcome.OK, found="ips.test is 10.0.0.1"),
    CheckLine(
        step=CheckStep.CONNECTION, outcome=CheckOutcome.FAILED, found="it is cut", remedy="mend it"
    ),
    CheckLine(step=CheckStep.LOGIN, outcome=CheckOutcome.SKIPPED, found="needs connection first"),
    CheckLine(step=CheckStep.CLOCK, outcome=CheckOutcome.OK, found="\x1b[2Jé\u202e\nok       x"),
)


def documents() -> Iterator[dict[str, Any]]:
    for lines in ((), LINES[:1], LINES):
        yield json.loads(check_json("local", "http://127.0.0.1:1/", lines))


def test_documents_keep_to_the_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    for document in documents():
        assert not list(Draft202012Validator(SCHEMA).iter_errors(document))
        assert not Draft202012Validator(SCHEMA).is_valid({**document, "more": 1})
    assert [document["ok"] for document in documents()] == [True, True, False]


def test_documents_print_anywhere() -> None:
    text = check_json("local", "http://127.0.0.1:1/", LINES)
    assert text.isascii()
    assert text.replace("\n", "").isprintable()


@pytest.mark.parametrize(("key", "enum"), [("step", CheckStep), ("outcome", CheckOutcome)])
def test_enumerations_equal_the_code(key: str, enum: type[StrEnum]) -> None:
    assert SCHEMA["$defs"]["line"]["properties"][key]["enum"] == [each.value for each in enum]


def test_every_property_is_explained() -> None:
    for node in (SCHEMA, SCHEMA["$defs"]["line"]):
        assert node["unevaluatedProperties"] is False
        assert node["required"] == list(node["properties"])
        for value in node["properties"].values():
            assert value["description"].endswith(".")
            validator = Draft202012Validator({**value, "$defs": SCHEMA["$defs"]})
            assert all(validator.is_valid(example) for example in value["examples"])


def test_people_see_a_line_a_step() -> None:
    texts = [check_line_text(line, View()) for line in LINES[:3]]
    assert texts == [
        "ok       dns          ips.test is 10.0.0.1",
        "failed   connection   it is cut\n                      → mend it",
        "skipped  login        needs connection first",
    ]
    assert "-> mend it" in check_line_text(LINES[1], View(unicode=False))
    assert check_line_text(LINES[0], View(colour=True)).startswith("\x1b[32mok")


@pytest.mark.parametrize("view", [View(), View(unicode=False)])
def test_what_a_server_says_cannot_fake_a_line(view: View) -> None:
    text = check_line_text(LINES[3], view)
    assert "\n" not in text
    assert text.isprintable()
