"""Files that manifests name: nothing outside of the project can be reached."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from s7spec.load import Refusal, load_library, resolve_reference
from s7spec.load.references import MAX_LIBRARY_BYTES
from s7spec.model.diagnostics import Diagnostic
from s7spec.model.source import SourceFile


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    for name in (
        "s7spec.yaml",
        "data/skus.csv",
        "data/Sizes.csv",
        "data/.hidden.csv",
        "data/deep/more.json",
        ".s7spec/ledger.csv",
        ".git/config.csv",
        "sub/s7spec.yaml",
    ):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("a\n1\n")
    (tmp_path / "outside.csv").write_text("a\n1\n")
    return root


def refusal(root: Path, reference: str) -> Refusal:
    found = resolve_reference(root, reference)
    assert isinstance(found, Refusal), found
    assert found.hint
    return found


@pytest.mark.parametrize(
    "reference",
    [
        "data/skus.csv",
        "./data/skus.csv",
        "data//skus.csv",
        "data/deep/more.json",
        "data/.hidden.csv",
    ],
)
def test_files_of_the_project(root: Path, reference: str) -> None:
    assert resolve_reference(root, reference) == root / reference


@pytest.mark.parametrize(
    "reference",
    [
        "",
        " ",
        "/etc/passwd",
        "//etc/passwd",
        "../outside.csv",
        "data/../../outside.csv",
        "data/../data/skus.csv",
        "data/..",
        "~/skus.csv",
        "~root/skus.csv",
        "C:/skus.csv",
        "c:skus.csv",
        "data\\skus.csv",
        "..\\outside.csv",
        "\\\\server\\skus.csv",
        "data/skus.csv\0",
        "data/skus\n.csv",
        "data/\ud800.csv",
        "https://example.com/skus.csv",
        "file:///etc/passwd",
        "s7spec.yaml",
        "S7SPEC.yaml/../s7spec.yaml",
        "sub/s7spec.yaml",
        ".s7spec/ledger.csv",
        ".git/config.csv",
        ".GIT/config.csv",
    ],
)
def test_what_no_reference_can_say(root: Path, reference: str) -> None:
    assert refusal(root, reference).rule.id == "S7E007"


def test_symbolic_links_count_where_they_lead(root: Path) -> None:
    links = {
        "data/out.csv": root.parent / "outside.csv",
        "data/up.csv": Path("../../outside.csv"),
        "data/secret.csv": root / ".s7spec" / "ledger.csv",
        "data/project.csv": root / "s7spec.yaml",
        "data/chain.csv": root / "data" / "out.csv",
        "data/twin.csv": root / "data" / "skus.csv",
    }
    for name, target in links.items():
        (root / name).symlink_to(target)
    (root / "folder").symlink_to(root.parent)
    (root / "inner").symlink_to(root / "data")
    for name in (*list(links)[:-1], "folder/outside.csv", "folder/nothing.csv"):
        assert refusal(root, name).rule.id == "S7E007", name
    for name in ("data/twin.csv", "inner/skus.csv"):
        assert resolve_reference(root, name) == root / name


def test_a_root_behind_a_link(root: Path) -> None:
    alias = root.parent / "alias"
    alias.symlink_to(root)
    assert resolve_reference(alias, "data/skus.csv") == alias / "data" / "skus.csv"


def test_links_in_a_circle(root: Path) -> None:
    (root / "a.csv").symlink_to(root / "b.csv")
    (root / "b.csv").symlink_to(root / "a.csv")
    assert refusal(root, "a.csv").rule.id == "S7E001"


@pytest.mark.parametrize(
    ("reference", "words"),
    [
        ("data", "is a folder"),
        (".", "is a folder"),
        ("data/", "is a folder"),
        ("pipe.csv", "is not a regular file"),
        ("data/skus.csv/x", "cannot be read"),
        ("x" * 5000, "cannot be read"),
    ],
)
def test_what_is_no_file(root: Path, reference: str, words: str) -> None:
    os.mkfifo(root / "pipe.csv")
    found = refusal(root, reference)
    assert found.rule.id == "S7E001"
    assert words in found.summary


@pytest.mark.parametrize(
    ("reference", "hint"),
    [
        ("data/sku.csv", "did you mean `data/skus.csv`?"),
        ("data/sizes.csv", "did you mean `data/Sizes.csv`?"),
        ("data/utterly-different.csv", "files that end in .csv there: `Sizes.csv`, `skus.csv`"),
        ("data/hidden.csv", "files that end in .csv there: `Sizes.csv`, `skus.csv`"),
        ("data/deep/utterly-different.csv", "write the path relative to s7spec.yaml"),
        ("dta/skus.csv", "write the path relative to s7spec.yaml"),
    ],
)
def test_a_file_that_is_missing(root: Path, reference: str, hint: str) -> None:
    if (root / reference).exists():
        pytest.skip("names of files have no case here")
    found = refusal(root, reference)
    assert found.rule.id == "S7E001"
    assert "does not exist" in found.summary
    assert found.hint.startswith(hint)


def test_a_broken_link_is_a_missing_file(root: Path) -> None:
    (root / "broken.csv").symlink_to(root / "nothing.csv")
    assert refusal(root, "broken.csv").rule.id == "S7E001"


@pytest.fixture
def nobody() -> Iterator[None]:
    """Root may read everything: for a while the test is somebody else."""
    me = os.geteuid()
    if me == 0:
        os.seteuid(65534)
    yield
    os.seteuid(me)


def test_a_folder_that_may_not_be_read(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "skus.csv").write_text("a\n")
    folder.chmod(0)
    request.getfixturevalue("nobody")
    assert "denied" in refusal(tmp_path, "data/skus.csv").summary
    assert "denied" in refusal(tmp_path, "data/nothing.csv").summary


def library(root: Path, data: bytes, name: str = "macros.j2") -> SourceFile | Diagnostic:
    (root / name).write_bytes(data)
    return load_library(root / name, root=root)


def test_a_library(root: Path) -> None:
    text = "{% macro wid(x) %}wid={{ x }}{% endmacro %}\n"
    assert library(root, text.encode()) == SourceFile(path="macros.j2", text=text)
    assert library(root, text.encode("utf-8-sig")) == SourceFile(path="macros.j2", text=text)


@pytest.mark.parametrize(
    ("data", "name", "found"),
    [
        (b"a\n\xff", "a.j2", "a.j2:2:1: the file is not valid UTF-8 here"),
        (b"a\n b\0", "a.j2", "a.j2:2:3: a control or unassigned character (U+0000)"),
        (b"a" * (MAX_LIBRARY_BYTES + 1), "a.j2", "a.j2: the file is larger than 1 MiB"),
        (b"a", "a.txt", "a.txt: a library of macros whose name does not end in `.j2`"),
    ],
    ids=["bytes", "nul", "size", "name"],
)
def test_what_is_no_library(root: Path, data: bytes, name: str, found: str) -> None:
    finding = library(root, data, name)
    assert isinstance(finding, Diagnostic)
    assert finding.rule.id == "S7E001"
    assert finding.hint
    assert f"{finding.where}: {finding.summary}" == found


def test_a_library_that_is_missing(root: Path) -> None:
    finding = load_library(root / "nothing.j2", root=root)
    assert isinstance(finding, Diagnostic)
    assert finding.rule.id == "S7E001"
