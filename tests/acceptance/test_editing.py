"""What editors and authors get: schemas, modelines that work offline, one layout."""

from __future__ import annotations

import json
import re
import stat
from collections.abc import Iterator
from pathlib import Path

import jsonschema
import pytest

from s7spec.adapters.bundled import schema_folder, schema_texts
from s7spec.cli.editing import EDITOR_SCHEMAS, editor_copies
from tests.acceptance.conftest import MANIFEST, Command

NAMES = sorted(schema_texts())
UGLY = MANIFEST.replace("  - id: masters", "\n\n  - id: masters  # all")


def _references(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key in ("$ref", "$dynamicRef") and isinstance(value, str):
                yield value
            yield from _references(value)
    elif isinstance(node, list):
        for value in node:
            yield from _references(value)


@pytest.mark.parametrize("name", NAMES)
def test_schema_is_printed_byte_for_byte_and_stands_alone(name: str, s7spec: Command) -> None:
    finished = s7spec("schema", name)
    assert finished.code == 0
    assert finished.out.encode() == (schema_folder() / f"{name}.schema.json").read_bytes()
    schema = json.loads(finished.out)
    jsonschema.Draft202012Validator.check_schema(schema)
    anchors = set(re.findall(r'"\$(?:dynamicA|a)nchor": "([^"]+)"', finished.out))
    for reference in _references(schema):
        pointer = reference.removeprefix("#")
        assert pointer != reference, f"{reference} leaves the file"
        if pointer not in anchors:
            target = schema
            for step in pointer.split("/")[1:]:
                target = target[step.replace("~1", "/").replace("~0", "~")]
            assert isinstance(target, dict | bool), reference


def test_schemas_are_listed(s7spec: Command) -> None:
    finished = s7spec("schema")
    lines = finished.out.splitlines()
    assert [line.split()[0] for line in lines] == NAMES
    assert all(len(line.split()) > 1 for line in lines)


def test_schema_goes_to_a_file(project: Path, s7spec: Command) -> None:
    finished = s7spec("schema", "manifest", "--out", "m.json")
    assert (finished.code, finished.out) == (0, "")
    assert (project / "m.json").read_text() == schema_texts()["manifest"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("manifesto",), "did you mean `manifest`?"),
        (("zzz",), "there are: "),
        (("--out", "x.json"), "--out needs the NAME"),
        (("manifest", "--refresh"), "--refresh goes with neither"),
    ],
)
def test_schema_used_wrongly(
    project: Path, s7spec: Command, arguments: tuple[str, ...], words: str
) -> None:
    finished = s7spec("schema", *arguments)
    assert finished.code == 3
    assert finished.out == ""
    assert words in finished.err
    assert not (project / "x.json").exists()


def test_modelines_of_a_new_project_lead_to_schemas_that_accept_it(
    tmp_path: Path, s7spec: Command
) -> None:
    """As editors do it: the path is taken from the file's own folder, and no network is asked."""
    assert s7spec("init", tmp_path / "shop").code == 0
    for name in ("s7spec.yaml", "example.yaml"):
        path = tmp_path / "shop" / name
        first, second = path.read_text().splitlines()[:2]
        for line, form in (
            (first, r"# yaml-language-server: \$schema=(\S+)"),
            (second, r"# \$schema: (\S+)"),
        ):
            match = re.fullmatch(form, line)
            assert match is not None
            schema = json.loads((path.parent / match[1]).read_text())
            assert all(reference.startswith("#") for reference in _references(schema))
    assert s7spec("fmt", "--check", tmp_path / "shop").code == 0
    assert not [name for name in ("manifest", "project") if name not in EDITOR_SCHEMAS]


def test_old_copies_are_noticed_and_refreshed(
    tmp_path: Path, s7spec: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert s7spec("init", tmp_path / "shop").code == 0
    monkeypatch.chdir(tmp_path / "shop")
    assert "schema --refresh" not in s7spec("validate", "-v").err
    copy = tmp_path / "shop" / ".s7spec" / "schemas" / "manifest.schema.json"
    copy.write_text("{}")
    assert "schema --refresh" not in s7spec("validate").err
    assert "`s7spec schema --refresh`" in s7spec("validate", "-v").err
    finished = s7spec("schema", "--refresh")
    assert finished.code == 0
    assert finished.out == ".s7spec/schemas/manifest.schema.json\n"
    assert copy.read_text() == schema_texts()["manifest"]
    assert s7spec("schema", "--refresh").out == ""


def test_copies_are_made_where_there_were_none(project: Path, s7spec: Command) -> None:
    assert "refresh" not in s7spec("validate", "-v").err
    assert s7spec("schema", "--refresh").code == 0
    for path, text in editor_copies(project, schema_texts()).items():
        assert path.read_text() == text


def test_copies_never_leave_the_project(project: Path, s7spec: Command, tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (project / ".s7spec").mkdir()
    (project / ".s7spec" / "schemas").symlink_to(tmp_path / "outside")
    finished = s7spec("schema", "--refresh")
    assert finished.code == 3
    assert "S7E007" in finished.err
    assert not list((tmp_path / "outside").iterdir())


def test_fmt_writes_once_and_keeps_the_mode(project: Path, s7spec: Command) -> None:
    path = project / "shop.yaml"
    path.write_text(UGLY)
    path.chmod(0o640)
    finished = s7spec("fmt")
    assert finished.code == 0
    assert "formatted shop.yaml" in finished.out
    assert path.read_text() == UGLY.replace("\n\n\n", "\n\n")
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert not [entry for entry in project.iterdir() if entry.name.startswith(".shop")]
    finished = s7spec("fmt")
    assert (finished.code, finished.out) == (0, "")
    assert s7spec("validate").code == 0


@pytest.mark.parametrize("option", ["--check", "--diff"])
def test_fmt_only_looks(project: Path, s7spec: Command, option: str) -> None:
    (project / "shop.yaml").write_text(UGLY)
    finished = s7spec("fmt", option)
    assert finished.code == 3
    assert "shop.yaml" in finished.out
    assert (project / "shop.yaml").read_text() == UGLY
    if option == "--diff":
        assert finished.out.startswith("--- shop.yaml\n+++ shop.yaml\n@@ ")
    assert s7spec("fmt", "shop.yaml").code == 0
    assert s7spec("fmt", option).code == 0


def test_fmt_never_shows_a_credential(project: Path, s7spec: Command) -> None:
    text = "apiVersion: s7spec/v1\na:\n    password: canary-7b31\n"
    (project / "shop.yaml").write_text(text)
    finished = s7spec("fmt", "--diff", "shop.yaml")
    assert finished.code == 3
    assert "password:" in finished.out
    assert "canary-7b31" not in finished.said


def test_fmt_reports_broken_files_and_formats_the_others(project: Path, s7spec: Command) -> None:
    broken = "apiVersion: s7spec/v1\nkind: [ExportManifest\n"
    (project / "broken.yaml").write_text(broken)
    (project / "shop.yaml").write_text(UGLY)
    finished = s7spec("fmt")
    assert finished.code == 3
    assert "S7E002" in finished.err
    assert "broken.yaml:" in finished.err
    assert (project / "broken.yaml").read_text() == broken
    assert (project / "shop.yaml").read_text() != UGLY


def test_fmt_leaves_alone_what_it_cannot_lay_out(project: Path, s7spec: Command) -> None:
    text = UGLY.replace("  - id: masters", "  - ? id\n    : masters")
    (project / "shop.yaml").write_text(text)
    finished = s7spec("fmt")
    assert finished.code == 0
    assert "S7W090" in finished.err
    assert "shop.yaml:13:1" in finished.err
    assert (project / "shop.yaml").read_text() == text


def test_fmt_needs_something_to_format(
    tmp_path: Path, s7spec: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert "S7E050" in s7spec("fmt").err
    finished = s7spec("fmt", "missing.yaml")
    assert finished.code == 3
    assert "S7E001" in finished.err
