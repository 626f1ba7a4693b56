"""Bytes into text: encodings, sizes, and what is no file at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from s7spec.load import MAX_BYTES, load_file


def write(folder: Path, data: bytes, name: str = "m.yaml") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    "data",
    [
        "a: ä\n".encode(),
        "\ufeffa: ä\n".encode(),
        "a: ä\n".encode("utf-16"),
        "\ufeffa: ä\n".encode("utf-16-be"),
        "a: ä\r\n".encode(),
    ],
    ids=["utf-8", "utf-8 with mark", "utf-16-le", "utf-16-be", "windows"],
)
def test_encodings(tmp_path: Path, data: bytes) -> None:
    loaded = load_file(write(tmp_path, data), root=tmp_path)
    assert loaded.diagnostics == ()
    assert loaded.documents[0].value == {"a": "ä"}
    assert str(loaded.documents[0].locate(("a",))) == "m.yaml:1:4"


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (b"a: b\nkey: caf\xe9\n", "m.yaml:2:9"),
        (b"\xef\xbb\xbfa: \xff\n", "m.yaml:1:4"),
        ("ä: ".encode() + b"\xc3", "m.yaml:1:4"),
        ("a: x\nb: ".encode("utf-16") + b"\x00", "m.yaml:2:4"),
    ],
)
def test_undecodable_bytes_have_a_place(tmp_path: Path, data: bytes, place: str) -> None:
    (finding,) = load_file(write(tmp_path, data), root=tmp_path).diagnostics
    assert finding.rule.id == "S7E001"
    assert str(finding.where) == place
    assert finding.snippet
    assert "UTF-8" in (finding.hint or "")


def test_paths_are_shown_relative_to_the_root(tmp_path: Path) -> None:
    inside = write(tmp_path, b"- x\n", "project/sub/m.yaml")
    outside = write(tmp_path, b"- x\n", "other.yaml")
    root = tmp_path / "project"
    assert load_file(inside, root=root).diagnostics[0].where is not None
    shown = [load_file(p, root=root).diagnostics[0].where for p in (inside, outside)]
    assert [where and where.path for where in shown] == ["sub/m.yaml", outside.as_posix()]
    roundabout = root / "sub" / ".." / "sub" / "m.yaml"
    assert load_file(roundabout, root=root).diagnostics[0].where == shown[0]


@pytest.mark.parametrize("kind", ["missing", "folder", "pipe"])
def test_what_is_no_file_cannot_be_read(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "m.yaml"
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    (finding,) = load_file(path, root=tmp_path).diagnostics
    assert finding.rule.id == "S7E001"
    assert str(finding.where) == "m.yaml"


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "m.yaml"
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    (finding,) = load_file(path, root=tmp_path).diagnostics
    assert finding.rule.id == "S7E004"
    assert "64 MiB" in finding.summary


@pytest.mark.parametrize("text", ["", "# nothing\n", "---\n", "- a\n"])
@pytest.mark.parametrize(
    ("name", "kind"), [("s7spec.yaml", "kind: Project"), ("shop.yaml", "kind: ExportManifest")]
)
def test_an_empty_file_is_told_how_it_begins(
    tmp_path: Path, text: str, name: str, kind: str
) -> None:
    path = tmp_path / name
    path.write_text(text)
    (finding,) = load_file(path, root=tmp_path).diagnostics
    assert finding.rule.id == "S7E005"
    assert f"`{kind}`" in (finding.hint or "")
