"""Which files belong to a project."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from s7spec.load import find_manifests, find_project
from s7spec.model.diagnostics import Diagnostic


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    for name in (
        "s7spec.yaml",
        "b.yaml",
        "a.yml",
        "note.txt",
        ".hidden.yaml",
        "sub/c.yaml",
        "sub/s7spec.yaml",
        "sub/deep/d.yaml",
        ".git/e.yaml",
        "sub/.cache/f.yaml",
        "catalog/g.yaml",
    ):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("a: 1\n")
    (tmp_path / "outside.yaml").write_text("a: 1\n")
    return root


def names(root: Path, files: tuple[Path, ...]) -> list[str]:
    return [file.relative_to(root).as_posix() for file in files]


def rules(findings: tuple[Diagnostic, ...]) -> list[str]:
    assert all(finding.hint for finding in findings)
    return [f"{finding.rule.id} {finding.where}" for finding in findings]


@pytest.mark.parametrize("start", [".", "sub", "sub/deep/..", "b.yaml", "no/such/folder"])
def test_the_project_is_found_upward(project: Path, start: str) -> None:
    (project / "sub" / "s7spec.yaml").unlink()
    assert find_project(project / start) is not None
    assert (find_project(project / start) or Path()).resolve() == project / "s7spec.yaml"


def test_the_nearest_project_counts(project: Path) -> None:
    assert find_project(project / "sub" / "deep") == project / "sub" / "s7spec.yaml"


def test_no_project(tmp_path: Path) -> None:
    assert find_project(tmp_path) is None


@pytest.mark.parametrize(
    ("patterns", "expected"),
    [
        (("*.yaml",), ["b.yaml"]),
        (("*.yaml", "*.yml"), ["a.yml", "b.yaml"]),
        (("sub/*.yaml",), ["sub/c.yaml"]),
        (("**/*.yaml",), ["b.yaml", "catalog/g.yaml", "sub/c.yaml", "sub/deep/d.yaml"]),
        (("b.yaml", "*.yaml"), ["b.yaml"]),
    ],
)
def test_patterns(project: Path, patterns: tuple[str, ...], expected: list[str]) -> None:
    files, findings = find_manifests(project, patterns)
    assert names(project, files) == expected
    assert findings == ()


def test_excluded_folders(project: Path) -> None:
    files, _ = find_manifests(project, ("**/*.yaml",), exclude=[project / "catalog"])
    assert "catalog/g.yaml" not in names(project, files)


def test_files_and_folders_that_were_named(project: Path) -> None:
    paths = (
        project / "sub",
        project / "note.txt",
        project / ".hidden.yaml",
        project / "sub/c.yaml",
    )
    files, findings = find_manifests(project, ("*.yaml",), paths)
    assert names(project, files) == [".hidden.yaml", "note.txt", "sub/c.yaml", "sub/deep/d.yaml"]
    assert findings == ()


def test_a_hidden_file_that_was_named_does_not_bring_its_folder_along(project: Path) -> None:
    (project / ".git" / "other.yaml").write_text("a: 1\n")
    files, _ = find_manifests(project, (), (project / ".git" / "e.yaml", project))
    assert ".git/e.yaml" in names(project, files)
    assert ".git/other.yaml" not in names(project, files)


def test_an_excluded_file(project: Path) -> None:
    files, _ = find_manifests(project, ("*.yaml", "sub/*.yaml"), exclude=[project / "b.yaml"])
    assert names(project, files) == ["sub/c.yaml"]


def test_a_path_that_is_missing_or_outside(project: Path) -> None:
    paths = (project / "nothing.yaml", project.parent / "outside.yaml", project / "b.yaml")
    files, findings = find_manifests(project, (), paths)
    assert names(project, files) == ["b.yaml"]
    assert rules(findings) == [
        "S7E001 nothing.yaml",
        f"S7E007 {(project.parent / 'outside.yaml').as_posix()}",
    ]


def test_symbolic_links_count_where_they_lead(project: Path) -> None:
    (project / "link.yaml").symlink_to(project.parent / "outside.yaml")
    (project / "twin.yaml").symlink_to(project / "b.yaml")
    (project / "broken.yaml").symlink_to(project / "nothing.yaml")
    files, findings = find_manifests(project, ("*.yaml",))
    assert len(files) == 1
    assert rules(findings) == ["S7E007 link.yaml"]


@pytest.mark.parametrize("pattern", ["../*.yaml", "/etc/*.yaml", "sub/../../*.yaml", ""])
def test_patterns_stay_inside(project: Path, pattern: str) -> None:
    files, findings = find_manifests(project, (pattern,))
    assert files == ()
    assert rules(findings) == ["S7E007 s7spec.yaml"]


def test_nothing_found_by_the_patterns(project: Path) -> None:
    files, findings = find_manifests(project, ("*.json",))
    assert files == ()
    assert rules(findings) == ["S7E006 s7spec.yaml"]
    assert findings[0].summary == "no manifests found (*.json)"


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("catalog/empty", "there are no YAML files in or below it"),
        (".git", "its files belong to an environment"),
        ("only", "its YAML files are hidden, or belong to the project itself"),
        ("s7spec.yaml", "`s7spec.yaml` is no manifest"),
    ],
)
def test_nothing_found_where_the_user_pointed(project: Path, path: str, words: str) -> None:
    (project / "catalog" / "empty").mkdir()
    (project / "only").mkdir()
    (project / "only" / "s7spec.yaml").write_text("a: 1\n")
    (project / "only" / ".hidden.yaml").write_text("a: 1\n")
    files, findings = find_manifests(
        project, ("*.yaml",), (project / path,), exclude=[project / ".git"]
    )
    assert files == ()
    assert rules(findings) == [f"S7E006 {path}"]
    assert words in findings[0].summary
    assert "(*.yaml)" in (findings[0].hint or "")


def test_each_folder_without_manifests_is_named(project: Path) -> None:
    folders = (project / "one", project / "two")
    for folder in folders:
        folder.mkdir()
    _, findings = find_manifests(project, ("*.yaml",), folders)
    assert rules(findings) == ["S7E006 one", "S7E006 two"]


def test_a_pattern_of_many_depths_looks_into_each_folder_once(tmp_path: Path) -> None:
    folder = tmp_path
    for _ in range(40):
        folder = folder / "d"
        folder.mkdir()
    (folder / "x.yaml").write_text("a: 1\n")
    for pattern in ("**/" * 40 + "*.yaml", "**/*/" * 15 + "**/x.yaml"):
        files, findings = find_manifests(tmp_path, (pattern,))
        assert files == (folder / "x.yaml",)
        assert findings == ()
    files, findings = find_manifests(tmp_path, ("**/*/" * 30 + "z.yaml",))
    assert rules(findings) == ["S7E006 s7spec.yaml"]


def test_folders_may_be_nested_deeply(tmp_path: Path) -> None:
    with contextlib.chdir(tmp_path):
        for _ in range(1_200):
            os.mkdir("d")  # noqa: PTH102 - the path as a whole would be too long
            os.chdir("d")
        try:
            found = find_manifests(tmp_path, ("**/*.yaml",))
        finally:
            for _ in range(1_200):
                os.chdir("..")
                os.rmdir("d")  # noqa: PTH106 - pytest would clean up by recursion
    files, findings = found
    assert files == ()
    assert rules(findings) == ["S7E006 s7spec.yaml"]


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("l/*/*/*.yaml", ["S7E007 l"]),
        ("l/x.yaml", ["S7E007 l"]),
        ("l/**/*.yaml", ["S7E007 l"]),
        ("*/x.yaml", ["S7E007 l"]),
        ("*/y.yaml", ["S7E006 s7spec.yaml"]),
        ("*/*/x.yaml", ["S7E006 s7spec.yaml"]),
        ("**/x.yaml", ["S7E006 s7spec.yaml"]),
        ("**/l/x.yaml", ["S7E007 l"]),
        ("l/x.yaml/", ["S7E006 s7spec.yaml"]),
    ],
)
def test_a_link_that_leads_outside_is_never_walked(
    project: Path, tmp_path: Path, pattern: str, found: list[str]
) -> None:
    (tmp_path / "else" / "deeper").mkdir(parents=True)
    (tmp_path / "else" / "x.yaml").write_text("a: 1\n")
    (tmp_path / "else" / "deeper" / "x.yaml").write_text("a: 1\n")
    (project / "l").symlink_to(tmp_path / "else")
    files, findings = find_manifests(project, (pattern, pattern))
    assert files == ()
    assert rules(findings) == found


def test_an_environment_may_have_its_folder_elsewhere(project: Path, tmp_path: Path) -> None:
    (tmp_path / "else").mkdir()
    (tmp_path / "else" / "x.yaml").write_text("a: 1\n")
    (project / "l").symlink_to(tmp_path / "else")
    files, findings = find_manifests(project, ("*/*.yaml",), exclude=[project / "l"])
    assert names(project, files) == ["catalog/g.yaml", "sub/c.yaml"]
    assert findings == ()


def test_links_inside_are_followed_and_loops_end(project: Path) -> None:
    (project / "l").symlink_to(project / "sub")
    (project / "sub" / "up").symlink_to(project)
    (project / "self").symlink_to(project / "self")
    files, findings = find_manifests(project, ("l/*.yaml",))
    assert (names(project, files), findings) == (["l/c.yaml"], ())
    files, findings = find_manifests(project, ("*/" * 12 + "d.yaml", "sub/up/*.yaml"))
    assert names(project, files) == ["l/up/l/up/l/up/l/up/l/up/l/deep/d.yaml", "sub/up/b.yaml"]
    assert findings == ()


def test_names_that_are_no_text_are_refused(project: Path) -> None:
    (project / "ünï.yaml").write_text("kind: x")
    (project / "caf\udce9.yaml").write_text("kind: x")
    files, (finding,) = find_manifests(project, ("*n*.yaml", "c*.yaml"))
    assert "ünï.yaml" in names(project, files)
    assert "caf\udce9.yaml" not in names(project, files)
    assert finding.rule.id == "S7E001"
    assert "the file's name is not UTF-8" in finding.summary


@given(
    st.lists(st.sampled_from(["*", "**", "sub", "deep", "s*", "?eep", "[cd]*"]), max_size=3),
    st.sampled_from(["*.yaml", "d.yaml", "[a-c].y*ml", "**", "*"]),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_patterns_find_what_pathlib_finds(project: Path, folders: list[str], last: str) -> None:
    pattern = "/".join([*folders, last])
    files, _ = find_manifests(project, (pattern,))
    expected = {
        file
        for file in project.glob(pattern)
        if file.is_file()
        and file.name != "s7spec.yaml"
        and not any(part.startswith(".") for part in file.relative_to(project).parts)
    }
    assert set(files) == expected
