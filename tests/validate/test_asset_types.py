"""Asset types are known by name, but nobody is kept from what s7spec does not know."""

import json

import pytest

from s7spec.emulator.catalog.asset_types import KNOWN_TYPES
from tests.expand.compiling import SCHEMA_FILES, compile_text

MANIFEST = """\
apiVersion: s7spec/v1
kind: ExportManifest
metadata: {{name: m}}
exports:
  - {{id: a, fmt: orig, assets: {{folder: Acme/, types: [{}]}}}}
"""
SCHEMA = next(path for path in SCHEMA_FILES if path.name == "manifest.schema.json")
LISTED = json.loads(SCHEMA.read_text("utf-8"))["$defs"]["assetType"]["then"]["enum"]


def test_the_embedded_ips_has_no_type_that_manifests_cannot_name() -> None:
    assert set(LISTED) >= KNOWN_TYPES
    assert len(LISTED) == len(set(LISTED))


@pytest.mark.parametrize("name", sorted(LISTED))
def test_each_type_is_taken(name: str) -> None:
    assert compile_text(MANIFEST.format(name)).findings == ()


@pytest.mark.parametrize(
    ("wrong", "meant"),
    [("image", "`Image`?"), ("Vidoe", "`Video`"), ("PDF", "`Pdf`?"), ("ICC_Profile", "`IccProf")],
)
def test_near_types_are_offered(wrong: str, meant: str) -> None:
    (finding,) = compile_text(MANIFEST.format(wrong)).findings
    assert finding.rule.id == "S7E014"
    assert f"did you mean {meant}" in (finding.hint or "")
    assert "leave `types` out" in (finding.hint or "")
    assert finding.where is not None
    assert finding.where.end_column - finding.where.column == len(wrong)


def test_the_usual_types_are_offered_where_nothing_is_near() -> None:
    (finding,) = compile_text(MANIFEST.format("qqq")).findings
    assert "`Image`, `Video`" in (finding.hint or "")
