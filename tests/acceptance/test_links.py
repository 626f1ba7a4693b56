"""Files that s7spec names itself are never written through links that others have laid."""

from __future__ import annotations

from pathlib import Path

import pytest

from s7spec.cli.editing import FOLDER
from tests.acceptance.conftest import Command

MANIFEST_COPY = f"{FOLDER}/manifest.schema.json"


def everything(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text(errors="replace")
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.mark.parametrize("text", ["mine\n", None])
def test_refreshing_schemas_follows_no_link(
    project: Path, tmp_path: Path, s7spec: Command, text: str | None
) -> None:
    assert s7spec("schema", "--refresh").code == 0
    outside = tmp_path / "outside.json"
    if text is not None:
        outside.write_text(text)
    (project / MANIFEST_COPY).unlink()
    (project / MANIFEST_COPY).symlink_to(outside)
    (project / FOLDER / "project.schema.json").write_text("old")
    before = everything(tmp_path)
    done = s7spec("schema", "--refresh")
    assert done.code == 3
    assert "error[S7E053]" in done.err
    assert "manifest.schema.json is a symbolic link" in " ".join(done.err.split())
    assert done.out == ""
    assert everything(tmp_path) == before


def test_a_link_with_the_right_text_is_refused_too(
    project: Path, tmp_path: Path, s7spec: Command
) -> None:
    s7spec("schema", "--refresh")
    copy = project / MANIFEST_COPY
    copy.rename(tmp_path / "same.json")
    copy.symlink_to(tmp_path / "same.json")
    assert "S7E053" in s7spec("schema", "--refresh").err


@pytest.mark.parametrize(
    "name",
    ["s7spec.yaml", "example.yaml", ".gitignore", ".s7spec", FOLDER, MANIFEST_COPY, "catalog"],
)
@pytest.mark.parametrize("dangling", [True, False])
def test_init_writes_through_no_link(
    tmp_path: Path, s7spec: Command, name: str, dangling: bool
) -> None:
    outside = tmp_path / "outside"
    if not dangling:
        if "." in Path(name).name[1:] or name == ".gitignore":
            outside.write_text("mine\n")
        else:
            outside.mkdir()
    link = tmp_path / "new" / name
    link.parent.mkdir(parents=True)
    link.symlink_to(outside)
    before = sorted(tmp_path.rglob("*")), everything(tmp_path)
    done = s7spec("init", tmp_path / "new")
    assert done.code == 3
    assert "error[S7E053]" in done.err
    assert (sorted(tmp_path.rglob("*")), everything(tmp_path)) == before


def test_init_adds_to_a_file_that_is_there(tmp_path: Path, s7spec: Command) -> None:
    (tmp_path / ".gitignore").write_text("*.zip\n")
    assert s7spec("init", tmp_path).code == 0
    assert (tmp_path / ".gitignore").read_text().startswith("*.zip\n# s7spec's own files")


def test_a_link_that_the_command_line_names_is_followed(
    project: Path, tmp_path: Path, s7spec: Command
) -> None:
    (project / "m.json").symlink_to(tmp_path / "there.json")
    assert s7spec("schema", "manifest", "--out", "m.json").code == 0
    assert (project / "m.json").is_symlink()
    assert (tmp_path / "there.json").read_text().startswith("{")


def test_formatting_goes_through_no_link_that_leads_outside(
    project: Path, tmp_path: Path, s7spec: Command
) -> None:
    text = "apiVersion: s7spec/v1\nkind: ExportManifest\n\n\n\n\nexports:   []\n"
    (tmp_path / "outside.yaml").write_text(text)
    (project / "linked.yaml").symlink_to(tmp_path / "outside.yaml")
    done = s7spec("fmt")
    assert done.code == 3
    assert "S7E007" in done.err
    assert (tmp_path / "outside.yaml").read_text() == text
