"""The schemas themselves: correct, closed, self-contained, helpful, and equal to the code."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import asdict, fields
from enum import StrEnum
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from s7spec.model.guardrails import Gate, Guardrails, Limits, Policy, PolicyLevel, PolicyScope
from s7spec.model.manifest import EmailSetting, Fmt, OnUnsupported, ParamType
from s7spec.model.policy import (
    DEFAULT_MAX_ATTEMPTS,
    Mode,
    OnAmbiguous,
    OnPartial,
    OnTouch,
    RerunOn,
    Supersede,
    age_from,
)
from s7spec.model.project import Environment, Project
from s7spec.model.selection import ConditionField, ConditionOp
from s7spec.model.source import SourceDocument, SourceFile, SourceRange
from s7spec.validate.advice import OF_EXPORTS_AND_DEFAULTS
from s7spec.validate.rewriting import rewrite

FILES = sorted((Path(__file__).parents[2] / "schemas").glob("*.schema.json"))
_WRITTEN_BY_PEOPLE = ("manifest", "export-template", "project", "export-job", "ips-faults")
OURS = [path for path in FILES if path.name.split(".")[0] in _WRITTEN_BY_PEOPLE]
SPECS = Path(__file__).parents[2] / "specs"


def read(path: Path) -> dict[str, Any]:
    schema: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return schema


def nodes(schema: object, where: str = "#") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every JSON object in the schema that is not an example or a default."""
    if isinstance(schema, dict):
        yield where, schema
        for key, value in schema.items():
            if key not in ("examples", "default", "const", "enum"):
                yield from nodes(value, f"{where}/{key}")
    elif isinstance(schema, list):
        for index, value in enumerate(schema):
            yield from nodes(value, f"{where}/{index}")


def properties(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every property that somebody may write, with the definition it refers to put in place."""
    for where, node in nodes(schema):
        declared = node.get("properties")
        if isinstance(declared, dict) and not re.search(r"/(if|then|else|not)(/|$)", where):
            for name, below in declared.items():
                definition = str(below.get("$ref", "")).removeprefix("#/$defs/")
                yield f"{where}/{name}", {**schema.get("$defs", {}).get(definition, {}), **below}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_schema_is_a_schema(path: Path) -> None:
    schema = read(path)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    if path in OURS:
        assert schema["$id"] == f"https://s7spec.dev/schemas/{path.name}"


def test_schemas_have_names_of_their_own() -> None:
    names = [read(path)["$id"] for path in FILES]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.name)
def test_schema_stands_alone(path: Path) -> None:
    for where, node in nodes(read(path)):
        assert str(node.get("$ref", "#/$defs/")).startswith("#/$defs/"), where
        assert "oneOf" not in node, f"{where}: oneOf gives no useful errors, use if/then"
        assert "format" not in node, f"{where}: validators disagree about format, use pattern"


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.name)
def test_every_property_helps_whoever_writes_it(path: Path) -> None:
    schema = read(path)
    found = list(properties(schema))
    assert found
    for where, node in found:
        assert node.get("description", "").endswith("."), f"{where} has no description"
        assert node.get("examples"), f"{where} has no examples"


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.name)
def test_examples_and_defaults_are_valid(path: Path) -> None:
    schema = read(path)
    for where, node in properties(schema):
        validator = jsonschema.Draft202012Validator({**node, "$defs": schema.get("$defs", {})})
        for example in [*node["examples"], *([node["default"]] if "default" in node else [])]:
            assert validator.is_valid(example), f"{where}: {example}"


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.name)
def test_mappings_with_known_keys_are_closed(path: Path) -> None:
    for where, node in nodes(read(path)):
        if "properties" in node and not re.search(r"/(if|then|else|not)(/|$)", where):
            # A matrix has axes of any name beside its known keys.
            others = node.get("additionalProperties", False)
            assert node.get("unevaluatedProperties") is False or others, where


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_patterns_are_read_alike_by_every_validator(path: Path) -> None:
    r"""No \d, \w or \s (ASCII in one dialect, Unicode in another), no Python-only syntax."""
    for where, node in nodes(read(path)):
        pattern = node.get("pattern")
        if not isinstance(pattern, str):
            continue
        re.compile(pattern)
        assert not re.search(r"\\[AZzdwbpDWBP]|\(\?", pattern.replace(r"[\s\S]", "")), where
        assert not re.search(r"\\[sS]", pattern.replace(r"[\s\S]", "")), where
        assert pattern.startswith("^"), where
        assert pattern.endswith("$"), where


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.name)
def test_patterns_are_explained(path: Path) -> None:
    for where, node in nodes(read(path)):
        if "pattern" in node and isinstance(node["pattern"], str):
            assert node.get("$comment"), f"{where}: say in $comment what the pattern wants"


@pytest.mark.parametrize(
    ("schema", "name", "enumeration"),
    [
        ("manifest", "fmt", Fmt),
        ("manifest", "emailSetting", EmailSetting),
        ("manifest", "on_unsupported", OnUnsupported),
        ("manifest", "mode", Mode),
        ("manifest", "on_partial", OnPartial),
        ("manifest", "on_touch", OnTouch),
        ("manifest", "supersede", Supersede),
        ("project", "on_ambiguous", OnAmbiguous),
        ("project", "originals", Gate),
        ("project", "names", Gate),
        ("project", "level", PolicyLevel),
        ("project", "scope", PolicyScope),
        ("manifest", "field", ConditionField),
        ("manifest", "op", ConditionOp),
        ("export-template", "type", ParamType),
        ("export-job", "fmt", Fmt),
        ("export-job", "emailSetting", EmailSetting),
    ],
)
def test_enumerations_equal_the_code(schema: str, name: str, enumeration: type[StrEnum]) -> None:
    path = next(path for path in OURS if path.name == f"{schema}.schema.json")
    found = [node for where, node in properties(read(path)) if where.endswith(f"/{name}")]
    assert found
    for node in found:
        assert sorted(node["enum"]) == sorted(member.value for member in enumeration)


def test_what_is_written_about_runs_is_what_the_code_reads() -> None:
    parts = read(next(path for path in OURS if path.name == "manifest.schema.json"))["$defs"]
    assert parts["rerun_on"]["items"]["enum"] == [each.value for each in RerunOn]
    assert parts["max_attempts"]["default"] == DEFAULT_MAX_ATTEMPTS
    takes = re.compile(parts["max_age"]["pattern"]).fullmatch
    for number in ("1", "10", "999", "1000", "9999", "0", "01", "10000", "", "-1", "1.5", " 1"):
        for unit in ("h", "d", "w", "", "m", "D", "dd"):
            text = f"{number}{unit}"
            try:
                age_from(text)
            except ValueError:
                assert not takes(text), text
            else:
                assert takes(text), text


def test_keys_of_exports_and_defaults_are_known_elsewhere_too() -> None:
    parts = read(next(path for path in OURS if path.name == "manifest.schema.json"))["$defs"]
    both = parts["export"]["properties"].keys() & parts["defaults"]["properties"].keys()
    assert both - {"assets"} == OF_EXPORTS_AND_DEFAULTS


def test_manifests_and_templates_define_alike_what_both_have() -> None:
    definitions = {path.name.split(".")[0]: read(path).get("$defs") for path in OURS}
    manifest, template = definitions["manifest"], definitions["export-template"]
    assert manifest is not None
    assert template is not None
    both = manifest.keys() & template.keys()
    assert both == template.keys() - {"param"}
    for name in both:
        assert manifest[name] == template[name]


def test_defaults_equal_the_code() -> None:
    schema = next(path for path in OURS if path.name == "project.schema.json")
    defaults = {
        where.rpartition("/")[2]: node.get("default") for where, node in properties(read(schema))
    }
    document = SourceDocument(
        file=SourceFile(path="x", text=""),
        index=0,
        value={},
        locator=lambda pointer, *, key=False: SourceRange(path="x"),
    )
    project = Project(document=document, environments={}, default_environment="x")
    environment = Environment(pointer=(), name="x", ips="na", company="x")
    assert tuple(defaults["manifests"] or ()) == project.manifests
    assert defaults["ledger"] == project.ledger
    assert defaults["quarantine_seconds"] == environment.quarantine_seconds
    assert defaults["on_ambiguous"] == environment.on_ambiguous
    assert {each.name: defaults[each.name] for each in fields(Limits)} == asdict(Limits())
    rails, policy = Guardrails(), Policy(name="x", when="true", message="x")
    assert defaults["production"] == rails.production
    assert (defaults["originals"], defaults["names"]) == (rails.originals, rails.names)
    assert (defaults["level"], defaults["scope"]) == (policy.level, policy.scope)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_rewriting_leaves_nothing_slow_behind_in_ours(path: Path) -> None:
    rewritten = {key: value for key, value in rewrite(read(path)).items() if key != "$defs"}
    # Nothing checks the faults file with its schema: the embedded IPS reads it by itself.
    if path in OURS and not path.name.startswith("ips-faults"):
        for where, node in nodes(rewritten):
            assert "$ref" not in node, where
            assert "unevaluatedProperties" not in node, where
    jsonschema.Draft202012Validator.check_schema(rewrite(read(path)))


@pytest.mark.parametrize(
    "path",
    sorted((*SPECS.glob("*.yaml"), *SPECS.glob("templates/*.yaml"))),
    ids=lambda path: path.name,
)
def test_example_specs_name_their_schema_for_editors(path: Path) -> None:
    first = path.read_text("utf-8").splitlines()[0]
    schema = first.partition("$schema=")[2]
    named = (path.parent / schema).resolve()
    assert named in FILES
    assert read(named)["properties"]["kind"]["enum"] == [
        re.findall(r"^kind: (.+)$", path.read_text("utf-8"), re.MULTILINE)[0]
    ]
