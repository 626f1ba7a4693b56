"""The compiled schemas: the same verdict as the plain ones, without Python's own regex habits."""

from __future__ import annotations

import json
import random
from typing import Any

import jsonschema
import pytest

from s7spec.load import load_file
from s7spec.validate import SchemaSet, check_export_job, check_value
from s7spec.validate.reference import compiled_pattern
from tests.expand.compiling import SCHEMA_FILES, schemas
from tests.expand.test_cases import EXAMPLES, INVALID, TEMPLATES, VALID
from tests.validate.mutating import mutants


def plain_verdict(value: object, name: str) -> bool:
    """jsonschema as it comes, with the pattern dialect corrected only."""
    path = next(path for path in SCHEMA_FILES if path.name == f"{name}.schema.json")
    schema = json.loads(path.read_text("utf-8").replace('$"', '(?![\\\\s\\\\S])"'))
    verdict: bool = jsonschema.Draft202012Validator(schema).is_valid(value)
    return verdict


def documents() -> list[tuple[str, Any]]:
    names = {"Project": "project", "ExportTemplate": "export-template"}
    found = []
    for path in (*VALID, *EXAMPLES, *INVALID, *TEMPLATES):
        for document in load_file(path, root=path.parent).documents:
            assert isinstance(document.value, dict)
            name = names.get(document.value.get("kind", ""), "manifest")
            found.append((name, document.value))
    return found


def test_rewritten_schemas_give_the_verdict_of_the_plain_ones() -> None:
    seeded = random.Random(11)  # noqa: S311 - a seed, not a secret
    checked = {True: 0, False: 0}
    for name, value in documents():
        for mutant in (value, *mutants(value, seeded, 4)):
            verdict = not list(schemas().errors(mutant, name))
            assert verdict == plain_verdict(mutant, name), mutant
            checked[verdict] += 1
    assert min(checked.values()) > 30


@pytest.mark.parametrize(
    ("pattern", "text", "matches"),
    [
        ("^a$", "a\n", False),
        ("^a$", "a", True),
        ("^[$]$", "$", True),
        (r"^\$$", "$", True),
        (r"^[\]$]+$", "]$", True),
        ("^[0-9]$", "٣", False),
        (r"^\d$", "٣", False),
        (r"^\w$", "é", False),
        ("^(a|b$)", "b\n", False),
    ],
)
def test_patterns_mean_what_they_mean_elsewhere(pattern: str, text: str, matches: bool) -> None:
    assert (compiled_pattern(pattern)(text) is not None) is matches


def test_pattern_properties_too() -> None:
    text = json.dumps({"patternProperties": {"^a$": {"type": "string"}}})
    ours = SchemaSet({"x": text})
    assert check_value({"a\n": 1}, "x", ours) == ()
    assert len(check_value({"a": 1}, "x", ours)) == 1


@pytest.mark.parametrize(
    ("items", "is_unique"),
    [
        ([1, True, "1", "true", [1], [True], {"a": 1}, {"a": True}, None, 0, False], True),
        ([1, 1.0], False),
        ([{"a": 1, "b": 2}, {"b": 2.0, "a": 1}], False),
        ([[1, [2]], [1, [2]]], False),
        (["a", [1], "a"], False),
        ([{}, []], True),
    ],
)
def test_items_are_compared_as_json(items: list[object], is_unique: bool) -> None:
    ours = SchemaSet({"x": json.dumps({"uniqueItems": True})})
    assert (check_value(items, "x", ours) == ()) is is_unique
    assert jsonschema.Draft202012Validator({"uniqueItems": True}).is_valid(items) is is_unique


def test_long_lists_of_mixed_items_are_checked_soon() -> None:
    names = [*(f"asset_{index}" for index in range(20_000)), ["x"]]
    found = list(schemas().errors({"assets": {"a": {"names": names}}}, "manifest"))
    assert ("assets", "a", "names", 20_000) in [error.pointer for error in found]


def test_schemas_never_come_from_the_network() -> None:
    ours = SchemaSet({"x": json.dumps({"$ref": "https://example.com/schema.json"})})
    with pytest.raises(Exception, match=r"example\.com"):
        check_value({}, "x", ours)


def test_schemas_may_refer_to_each_other() -> None:
    ours = SchemaSet(
        {
            "x": json.dumps({"$id": "https://s7spec.dev/x", "$ref": "https://s7spec.dev/y"}),
            "y": json.dumps({"$id": "https://s7spec.dev/y", "type": "string"}),
        }
    )
    assert check_value("text", "x", ours) == ()
    assert check_value(1, "x", ours) == ("/: `` must be a text, not a whole number",)


def test_messages_carry_json_pointers() -> None:
    text = json.dumps(
        {"properties": {"a/b": {"items": {"enum": ["x"]}}}, "additionalProperties": False}
    )
    assert check_value({"a/b": ["x", "y"], "~": 1}, "x", SchemaSet({"x": text})) == (
        "/a~1b/1: `y` is not a value of `a/b`",
        "/~0: unknown key `~`",
    )


def test_recursive_schemas_and_deep_values() -> None:
    text = json.dumps(
        {"$defs": {"n": {"items": {"$ref": "#/$defs/n"}, "type": "array"}}, "$ref": "#/$defs/n"}
    )
    ours = SchemaSet({"x": text})
    assert check_value([[], [[]]], "x", ours) == ()
    assert len(check_value([[], [[1]]], "x", ours)) == 1
    deep: list[Any] = []
    deep_and_wrong: list[Any] = [1]
    for _ in range(3_000):
        deep, deep_and_wrong = [deep], [deep_and_wrong]
    assert check_value(deep, "x", ours) == ()
    assert check_value(deep_and_wrong, "x", ours) == ("/: nested too deeply",)


def test_an_unknown_schema_is_a_bug() -> None:
    with pytest.raises(KeyError):
        check_value({}, "nothing", schemas())


@pytest.mark.parametrize(
    ("payload", "pointers"),
    [
        ({"fmt": "orig", "emailSetting": "None"}, []),
        ({"fmt": "convert", "emailSetting": "All", "is_modifier": "wid=1"}, []),
        ({"fmt": "convert", "emailSetting": "All", "macro": "$a$"}, []),
        ({"fmt": "convert", "emailSetting": "All"}, [("fmt",)]),
        ({"fmt": "orig", "emailSetting": "All", "macro": "$a$"}, [("macro",)]),
        ({"fmt": "convert", "emailSetting": "All", "macro": "a"}, [("macro",)]),
        ({"fmt": "convert", "emailSetting": "All", "is_modifier": "&a"}, [("is_modifier",)]),
        ({"fmt": "convert", "emailSetting": "All", "is_modifier": "ä"}, [("is_modifier",)]),
        ({"fmt": "orig", "emailSetting": "Never"}, [("emailSetting",)]),
        ({"fmt": "orig", "emailSetting": "All", "clientId": "1.2.3.4"}, [("clientId",)]),
        ({"fmt": "orig", "emailSetting": "All", "assetHandleArray": []}, [("assetHandleArray",)]),
    ],
)
def test_payloads(payload: dict[str, object], pointers: list[tuple[str, ...]]) -> None:
    assert [pointer for pointer, _ in check_export_job(payload, schemas())] == pointers
