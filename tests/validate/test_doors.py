"""What comes out of the doors: typed, complete, unchangeable."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import pytest

from s7spec.load import load_text
from s7spec.model.diagnostics import Diagnostic
from s7spec.model.guardrails import Guardrails
from s7spec.model.manifest import (
    EmailSetting,
    Export,
    Fmt,
    Manifest,
    MatrixAxis,
    ModifierMapping,
    OnUnsupported,
    TemplateUse,
)
from s7spec.model.policy import (
    USUAL,
    Mode,
    OnAmbiguous,
    OnPartial,
    OnTouch,
    RerunOn,
    Supersede,
)
from s7spec.model.project import Project, is_ledger_url
from s7spec.model.selection import (
    Condition,
    ConditionField,
    ConditionOp,
    FileReference,
    Selection,
)
from s7spec.model.source import Place, Pointer, SourceFile, SourceRange
from s7spec.validate import NameRegister, check_environments, read_manifest, read_project
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
EVERYTHING = """\
apiVersion: s7spec/v1
kind: ExportManifest
metadata: {name: shop}
environments: {production: {vars: {season: ss27}}}
data: {skus: data/skus.csv, semi: {file: data/x.csv, delimiter: ";"}}
libraries: {mod: templates/modifiers.j2}
exports:
  - id: "{{ matrix.a }}"
    matrix: {a: [1, 2], b: "{{ vars.b }}", include: [{a: 3}], exclude: [{a: 1}]}
    assets: {folder: Acme/, where: [{field: FileSize, op: LessThan, value: 10}]}
    fmt: orig
    code_version: "3"
    inputs: {rev: "{{ matrix.a }}", year: 2027, whole: 3.0}
    mode: delta
    rerun_on: [emailSetting]
    max_age: 30d
    max_attempts: 3.0
    on_partial: full
    on_touch: skip
    supersede: stop-and-submit
    max_assets: 20
    schedule: {at: "2027-03-01T06:00:00Z"}
    rerun: again
  - id: two
    for_each: [1, {a: [b]}]
    when: "{{ true }}"
    assets: {file: data/skus.csv, column: asset}
    fmt: orig
  - template: templates/marketplace.yaml
    for_each: "{{ data.skus }}"
    with: {side: 1, deep: {list: ["{{ vars.b }}"]}}
moved: [{from: old, to: new}]
forget: [gone]
adopt: [{job: one, job_name: By hand}]
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
    assert read.declarations.selections["packshots"] == Selection(
        place=Place(document=read.document, pointer=("assets", "packshots")),
        folder="Acme/{{ vars.season }}/",
        recursive=True,
        types=("Image",),
        exclude=("*_d",),
    )
    first, second = read.exports
    assert isinstance(first, Export)
    assert isinstance(second, Export)
    assert first.place == Place(document=read.document, pointer=("exports", 0))
    assert first.assets == "packshots"
    stated = first.is_modifier
    assert isinstance(stated, ModifierMapping)
    assert [(c, v, stated.place_of(c).pointer[2:]) for c, v in stated.values.items()] == [
        ("wid", 1, ("is_modifier", "wid")),
        ("scl", 0.5, ("is_modifier", "scl")),
        ("iccEmbed", True, ("is_modifier", "iccEmbed")),
        ("fmt", "jpeg,rgb", ("is_modifier", "fmt")),
    ]
    assert (first.fmt, first.macro) == (Fmt.CONVERT, "$m$")
    assert first.emailSetting is EmailSetting.ALL
    assert first.on_unsupported is OnUnsupported.EXCLUDE
    assert first.place_of("macro").pointer == ("exports", 0, "macro")
    assert first.place_of("rerun") == first.place
    assert first.repetition.matrix is not None
    assert first.repetition.matrix.axes[1] == MatrixAxis(name="tone", values=(1, True))
    assert isinstance(second.assets, Selection)
    assert second.assets.place.pointer == ("exports", 1, "assets")
    assert second.assets.names == ("a", "b")
    assert second.emailSetting is EmailSetting.ERROR
    assert second.on_unsupported is OnUnsupported.FAIL
    assert (second.mode, second.max_assets, second.schedule) == (Mode.FULL, None, None)
    assert (second.repetition.when, second.repetition.for_each) == (True, None)
    assert (second.code_version, second.inputs, second.rerun_on) == (None, None, ())
    assert (second.max_age, second.max_attempts) == (None, USUAL.max_attempts)
    assert (second.on_partial, second.on_touch) == (USUAL.on_partial, USUAL.on_touch)
    assert second.supersede is USUAL.supersede


def test_everything_a_manifest_can_say() -> None:
    read = manifest(EVERYTHING)
    assert read.environments == {"production": {"season": "ss27"}}
    data = read.declarations.data
    assert (data["skus"].path, data["skus"].delimiter) == ("data/skus.csv", None)
    assert (data["semi"].path, data["semi"].delimiter) == ("data/x.csv", ";")
    assert data["semi"].place.pointer == ("data", "semi", "file")
    assert read.declarations.libraries["mod"].path == "templates/modifiers.j2"
    one, two, use = read.exports
    assert isinstance(one, Export)
    assert isinstance(one.assets, Selection)
    assert one.assets.where == (
        Condition(field=ConditionField.FILE_SIZE, op=ConditionOp.LESS_THAN, value=10),
    )
    assert (one.mode, one.max_assets, one.rerun) == (Mode.DELTA, 20, "again")
    assert one.inputs is not None
    assert (one.code_version, dict(one.inputs)) == (
        "3",
        {"rev": "{{ matrix.a }}", "year": 2027, "whole": 3},
    )
    assert repr((one.max_attempts, one.inputs["whole"])) == "(3, 3)"
    assert (one.rerun_on, one.max_age) == ((RerunOn.EMAIL_SETTING,), "30d")
    assert (one.on_partial, one.on_touch) == (OnPartial.FULL, OnTouch.SKIP)
    assert one.supersede is Supersede.STOP_AND_SUBMIT
    assert one.schedule is not None
    assert (one.schedule.at, one.schedule.cron) == ("2027-03-01T06:00:00Z", None)
    assert one.schedule.place.pointer == ("exports", 0, "schedule")
    matrix = one.repetition.matrix
    assert matrix is not None
    assert matrix.axes == (
        MatrixAxis(name="a", values=(1, 2)),
        MatrixAxis(name="b", values="{{ vars.b }}"),
    )
    assert (matrix.include, matrix.exclude) == (({"a": 3},), ({"a": 1},))
    assert isinstance(two, Export)
    assert isinstance(two.assets, Selection)
    assert two.assets.file == FileReference(
        path="data/skus.csv",
        place=Place(document=read.document, pointer=("exports", 1, "assets", "file")),
    )
    assert two.assets.column == "asset"
    assert two.repetition.for_each == (1, {"a": ("b",)})
    assert two.repetition.when == "{{ true }}"
    assert isinstance(use, TemplateUse)
    assert use.template.path == "templates/marketplace.yaml"
    assert use.arguments == {"side": 1, "deep": {"list": ("{{ vars.b }}",)}}
    assert use.repetition.for_each == "{{ data.skus }}"
    assert [(m.from_key, m.to_key) for m in read.moved] == [("old", "new")]
    assert [(f.key, f.place.pointer) for f in read.forget] == [("gone", ("forget", 0))]
    assert [(a.key, a.job_name) for a in read.adopt] == [("one", "By hand")]


def test_what_is_read_cannot_be_changed() -> None:
    read = manifest()
    assert read.declarations.vars["list"] == (1, {"a": (2,)})
    first = manifest(EVERYTHING).exports[0]
    assert isinstance(first, Export)
    said = first.inputs
    assert said is not None
    mappings: list[Mapping[str, object]] = [
        *(read.declarations.vars, read.declarations.data, read.declarations.selections),
        *(read.labels, read.environments, said),
    ]
    for mapping in mappings:
        with pytest.raises(TypeError):
            mapping["new"] = 1  # type: ignore[index]


def test_no_place_is_looked_up_for_what_is_right() -> None:
    (document,) = load_text(SourceFile(path="m.yaml", text=EVERYTHING)).documents

    def locator(pointer: Pointer, *, key: bool = False) -> SourceRange:
        raise AssertionError(f"looked up {pointer}")

    read, findings = read_manifest(dataclasses.replace(document, locator=locator), schemas())
    assert findings == ()
    assert read is not None


def test_environments_must_be_the_projects() -> None:
    found, _ = project(PROJECT)
    assert found is not None
    (finding,) = check_environments(manifest(EVERYTHING), found)
    assert (finding.rule.id, str(finding.where)) == ("S7E051", "m.yaml:4:16")
    assert "`local`" in str(finding.hint)
    assert check_environments(manifest(EVERYTHING.replace("production", "local")), found) == ()


def test_vars_of_a_project() -> None:
    text = PROJECT.replace("environments", "vars: {a: [1]}\nenvironments")
    read, findings = project(text.replace("company: Acme", "company: Acme, vars: {b: {c: 2}}"))
    assert findings == ()
    assert read is not None
    assert read.vars == {"a": (1,)}
    assert read.environments["local"].vars == {"b": {"c": 2}}
    read, _ = project(PROJECT)
    assert read is not None
    assert (read.vars, read.environments["local"].vars) == (None, None)


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
    assert local.guardrails == Guardrails()
    assert repr(local.quarantine_seconds) == "5"
    assert local.on_ambiguous is OnAmbiguous.RETRY


def test_what_follows_a_submit_without_an_answer() -> None:
    read, findings = project(PROJECT.replace("company: Acme", "company: Acme, on_ambiguous: hold"))
    assert findings == ()
    assert read is not None
    assert read.environments["local"].on_ambiguous is OnAmbiguous.HOLD


@pytest.mark.parametrize(
    "ips",
    ["embedded", "na", "emea-staging", "http://127.0.0.1:8080", "https://ips.example.com/api/x"],
)
def test_places_of_ips(ips: str) -> None:
    read, _ = project(PROJECT.replace("embedded", ips))
    assert read is not None
    assert read.environments["local"].ips == ips


@pytest.mark.parametrize(
    "ledger",
    [
        ".s7spec/ledger.db",
        "postgres",
        "postgresql://db",
        "postgres://s7spec@db.example.com:5432/s7spec?sslmode=verify-full",
        "postgresql://ci@one,two:5433/x?target_session_attrs=read-write",
        "postgresql://ci@[::1]:5432/x",
        "postgresql:///x?host=/var/run/postgresql",
    ],
)
def test_places_of_the_ledger(ledger: str) -> None:
    read, findings = project(f'{PROJECT}\nledger: "{ledger}"\n')
    assert read is not None, findings
    assert read.ledger == ledger
    assert is_ledger_url(ledger) == ("://" in ledger)


@pytest.mark.parametrize(
    ("ledger", "rule"),
    [
        ("/var/ledger.db", "S7E014"),
        ("mysql://db/x", "S7E014"),
        ("postgresql:db", "S7E014"),
        ("postgresql://db/a b", "S7E014"),
        ("postgresql://me@db@other/x", "S7E014"),
        ("postgresql://db/x?sslmod=require", "S7E014"),
        ("postgresql://db/x?options=-cfsync%3Doff", "S7E014"),
        ("postgresql://db/x?sslkeylogfile=keys", "S7E014"),
        ("postgresql://me:secret@db/x", "S7E018"),
        ("postgresql://me:sec/ret@db/x", "S7E018"),
        ("postgresql://:secret@db/x", "S7E018"),
        ("postgres://db/x?password=secret", "S7E018"),
        ("postgres://db/x?sslmode=require&sslpassword=secret", "S7E018"),
    ],
)
def test_what_is_no_place_of_the_ledger(ledger: str, rule: str) -> None:
    read, findings = project(f'{PROJECT}\nledger: "{ledger}"\n')
    assert read is None
    assert [finding.rule.id for finding in findings] == [rule]
    assert "secret" not in repr(findings)


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
    names = NameRegister()
    found = [names.enter(manifest(path=f"{name}.yaml")) for name in "abc"]
    findings = [finding for each in found for finding in each]
    assert [str(finding.where) for finding in findings] == ["b.yaml:3:18", "c.yaml:3:18"]
    assert all("a.yaml:3:18" in finding.summary for finding in findings)
    assert [str(place.where) for finding in findings for place in finding.related] == [
        "a.yaml:3:18"
    ] * 2


def test_findings_of_one_document_are_limited() -> None:
    keys = "".join(f"key_{i}: 1\n" for i in range(500))
    (document,) = load_text(SourceFile(path="m.yaml", text=MANIFEST + keys)).documents
    _, findings = read_manifest(document, schemas())
    assert len(findings) == 100
    assert any("400 more findings" in (finding.hint or "") for finding in findings)
