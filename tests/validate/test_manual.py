"""docs/manifests.md: what it shows is valid, and what there is it names."""

from __future__ import annotations

import re
from typing import Any

import pytest

from s7spec.load import load_text
from s7spec.model.rules import Rule
from s7spec.model.selection import ConditionField, ConditionOp
from s7spec.model.source import SourceFile
from s7spec.validate import read_manifest, read_template
from tests.expand.compiling import REPOSITORY, schemas
from tests.schemas.test_schemas import OURS, properties, read

MANUAL = (REPOSITORY / "docs" / "manifests.md").read_text("utf-8")
SHOWN = re.findall(r"```yaml\n(.*?)```", MANUAL, re.DOTALL)
HEAD = "apiVersion: s7spec/v1\nkind: ExportManifest\nmetadata: {name: shown}\n"
ASSETS = "assets: {packshots: {folder: Acme/}}\n"
EXPORTS = "exports: [{id: one, assets: {names: [a]}, fmt: orig}]\n"
REPEATED = "    assets: {names: [a]}\n    fmt: orig\n"


@pytest.mark.parametrize("text", SHOWN, ids=range(len(SHOWN)))
def test_what_it_shows_is_valid(text: str) -> None:
    if "kind:" not in text:
        text = HEAD + text
        text += "" if re.search("^exports:", text, re.MULTILINE) else EXPORTS
        text += REPEATED if "    matrix:\n" in text else ""
        text += ASSETS if not re.search("^assets:", text, re.MULTILINE) else ""
    (document,) = load_text(SourceFile(path="shown.yaml", text=text)).documents
    if "kind: ExportTemplate" in text:
        assert read_template(document, schemas(), defaults=None)[1] == ()
    else:
        assert read_manifest(document, schemas())[1] == ()


@pytest.mark.parametrize("name", ["manifest", "export-template", "project"])
def test_it_names_every_key(name: str) -> None:
    (path,) = (path for path in OURS if path.name == f"{name}.schema.json")
    schema: dict[str, Any] = read(path)
    keys = {where.rpartition("/")[2] for where, _ in properties(schema)}
    told = MANUAL + (REPOSITORY / "docs" / "guardrails.md").read_text("utf-8")
    assert {key for key in keys if not re.search(rf"\b{key}\b", told)} <= {"apiVersion", "kind"}


def test_it_names_every_field_and_operator() -> None:
    assert [f for f in (*ConditionField, *ConditionOp) if f"`{f}`" not in MANUAL] == []


def test_it_names_every_rule_of_modifiers() -> None:
    of_modifiers = [rule.id for rule in Rule if rule.id.startswith(("S7E1", "S7W1"))]
    assert re.findall(r"^\| `(S7[EW]1\d\d)` \| \S", MANUAL, re.MULTILINE) == of_modifiers
