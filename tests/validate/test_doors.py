"""What comes out of the doors: typed, complete, unchangeable."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from s7spec.load import load_text
from s7spec.model.diagnostics import Diagnostic
from s7spec.model.manifest import (
    EmailSetting,
    Fmt,
    Limits,
    Manifest,
    MatrixAxis,
    ModifierField,
    OnUnsupported,
    Project,
    Selection,
)
from s7spec.model.source import SourceFile
from s7spec.validate import check_names, read_manifest, read_project
from tests.expand.compiling import schemas

MANIFEST = """\
apiVersion: s7spec/v1
kind: ExportManifest
metadata: {name: zalando, owner: dam, description: d, labels: {channel: z}}
vars: {season: ss27, list: [1, {a: [2]}]}
assets:
  packshots: {folder: "Acme/{{ vars.season }}/", recursive: true, types: [Image], exclude: ["*_d"]}
exports:
  - id: "z-{{ matrix.size.id }}"
    matrix: {size: [{id: main}, {id: small}], tone: [1, true]}
    assets: packshots
    fmt: convert
    is_modifier: {wid: 1, scl: 0.5, iccEmbed: true, fmt: "jpeg,rgb"}
    macro: $m$
    emailSetting: All
    on_unsupported: exclude
  - {id: o, assets: {names: [a, b]}, fmt: orig}
"""
PROJECT = """\
apiVersion: s7spec/v1
kind: Project
environments:
  local: {ips: embedded, company: Acme, catalog: catalog, quarantine_seconds: 5.0}
"""


def manifest(text: str = MANIFEST, path: str = "m.yaml") -> Manifest:
    (document,) = load_text(SourceFile(path=path, text=text)).documents
    read, findings = read_manifest(document, schemas())
    assert findings == ()
    assert read is not None
    return read


def project(text: str) -> tuple[Project | None, tuple[Diagnostic, ...]]:
    (document,) = load_text(SourceFile(path="s7spec.yaml", text=text)).documents
    return read_project(document, schemas())


def test_a_manifest_is_read_as_it_is_written() -> None:
    read = manifest()
    assert (read.name, read.owner, read.description) == ("zalando", "dam", "d")
    assert dict(read.labels) == {"channel": "z"}
    assert read.selections["packshots"] == Selection(
        pointer=("assets", "packshots"),
        folder="Acme/{{ vars.season }}/",
        recursive=True,
        types=("Image",),
        exclude=("*_d",),
    )
    first, second = read.exports
    assert first.pointer == ("exports", 0)
    assert first.assets == "packshots"
    assert first.is_modifier == (
        ModifierField(command="wid", value=1),
        ModifierField(command="scl", value=0.5),
        ModifierField(command="iccEmbed", value=True),
        ModifierField(command="fmt", value="jpeg,rgb"),
    )
    assert (first.fmt, first.macro) == (Fmt.CONVERT, "$m$")
    assert first.emailSetting is EmailSetting.ALL
    assert first.on_unsupported is OnUnsupported.EXCLUDE
    assert first.matrix[1] == MatrixAxis(name="tone", values=(1, True))
    assert second.assets == Selection(pointer=("exports", 1, "assets"), names=("a", "b"))
    assert second.emailSetting is EmailSetting.ERROR
    assert second.on_unsupported is OnUnsupported.FAIL


def test_what_is_read_cannot_be_changed() -> None:
    read = manifest()
    assert read.vars["list"] == (1, {"a": (2,)})
    mappings: list[Mapping[str, object]] = [read.vars, read.labels, read.selections]
    for mapping in mappings:
        with pytest.raises(TypeError):
            mapping["new"] = 1  # type: ignore[index]


def test_a_project_is_read_with_its_defaults() -> None:
    read, findings = project(PROJECT)
    assert findings == ()
    assert read is not None
    assert read.default_environment == "local"
    assert read.manifests == ("*.yaml", "*.yml")
    assert read.ledger == ".s7spec/ledger.db"
    local = read.environments["local"]
    assert local.pointer == ("environments", "local")
    assert (local.ips, local.company, local.catalog) == ("embedded", "Acme", "catalog")
    assert local.limits == Limits()
    assert repr(local.quarantine_seconds) == "5"


@pytest.mark.parametrize(
    "ips",
    ["embedded", "na", "emea-staging", "http://127.0.0.1:8080", "https://ips.example.com/api/x"],
)
def test_places_of_ips(ips: str) -> None:
    read, _ = project(PROJECT.replace("embedded", ips))
    assert read is not None
    assert read.environments["local"].ips == ips


@pytest.mark.parametrize(
    ("ips", "rule"),
    [
        ("na-prod", "S7E014"),
        ("ftp://example.com", "S7E014"),
        ("https://", "S7E014"),
        ("https://example.com/?x=1", "S7E014"),
        ("https://user@example.com", "S7E018"),
        ("https://user:secret@example.com", "S7E018"),
        ("embedded/", "S7E014"),
    ],
)
def test_what_is_no_place_of_ips(ips: str, rule: str) -> None:
    read, findings = project(PROJECT.replace("embedded", f'"{ips}"'))
    assert read is None
    assert [finding.rule.id for finding in findings] == [rule]
    assert "secret" not in repr(findings)


@pytest.mark.parametrize(
    ("key", "is_flagged"),
    [
        ("password", True),
        ("ips_password", True),
        ("ipsPassword", True),
        ("S7SPEC_USER", True),
        ("apiKey", True),
        ("access-token", True),
        ("token2", True),
        ("password_file", False),
        ("user_photos", False),
        ("tokenizer", False),
        ("compass", False),
        ("userHandle", False),
    ],
)
def test_names_that_credentials_go_by(key: str, is_flagged: bool) -> None:
    text = MANIFEST.replace("channel: z", f"{key}: canary-7b31")
    (document,) = load_text(SourceFile(path="m.yaml", text=text)).documents
    _, findings = read_manifest(document, schemas())
    assert [finding.rule.id for finding in findings] == ["S7E018"] * is_flagged
    assert "canary" not in repr(findings)


def test_manifests_of_one_name_name_both_places() -> None:
    findings = check_names(
        [manifest(path="a.yaml"), manifest(path="b.yaml"), manifest(path="c.yaml")]
    )
    assert [str(finding.where) for finding in findings] == ["b.yaml:3:18", "c.yaml:3:18"]
    assert all("a.yaml:3:18" in finding.summary for finding in findings)
    assert [str(place.where) for finding in findings for place in finding.related] == [
        "a.yaml:3:18"
    ] * 2
    assert check_names([manifest()]) == ()


def test_findings_of_one_document_are_limited() -> None:
    keys = "".join(f"key_{i}: 1\n" for i in range(500))
    (document,) = load_text(SourceFile(path="m.yaml", text=MANIFEST + keys)).documents
    _, findings = read_manifest(document, schemas())
    assert len(findings) == 100
    assert any("400 more findings" in (finding.hint or "") for finding in findings)
