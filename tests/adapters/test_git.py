"""Git, asked about real repositories."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from s7spec.adapters import git as adapter
from s7spec.adapters.git import GitError, changes_since, head_of
from tests.repository import commit, run_git


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project in a subfolder of a repository with one commit on main."""
    repository = tmp_path / "repository"
    root = repository / "exports"
    root.mkdir(parents=True)
    run_git(repository, "init", "--quiet", "--initial-branch=main")
    (root / "s7spec.yaml").write_text("kind: Project\n")
    (root / "a.yaml").write_text("name: a\n")
    (root / "b.yaml").write_text("name: b\n")
    (repository / "README").write_text("outside\n")
    return root


def why(root: Path, revision: str) -> tuple[str, str]:
    with pytest.raises(GitError) as raised:
        changes_since(root, revision)
    return str(raised.value), raised.value.remedy


def test_all_ways_to_differ(root: Path) -> None:
    (root / "c.yaml").write_text("name: c\n")
    base = commit(root)
    run_git(root, "switch", "--quiet", "--create", "topic")
    (root / "a.yaml").write_text("name: a, committed\n")
    commit(root)
    (root / "b.yaml").rename(root / "moved.yaml")
    run_git(root, "add", "--all")
    (root / "c.yaml").unlink()
    (root / "new.csv").write_text("sku\n")
    (root.parent / "README").write_text("not ours\n")
    changes = changes_since(root, "main")
    assert (changes.revision, changes.base) == ("main", base)
    assert changes.paths == {"a.yaml", "b.yaml", "c.yaml", "moved.yaml", "new.csv"}
    assert {file.path: file.text for file in changes.before} == {
        "a.yaml": "name: a\n",
        "b.yaml": "name: b\n",
        "c.yaml": "name: c\n",
    }


def test_what_only_the_other_branch_changed_is_no_change(root: Path) -> None:
    commit(root)
    run_git(root, "switch", "--quiet", "--create", "topic")
    (root / "a.yaml").write_text("here\n")
    commit(root)
    run_git(root, "switch", "--quiet", "main")
    (root / "b.yaml").write_text("there\n")
    commit(root)
    run_git(root, "switch", "--quiet", "topic")
    assert changes_since(root, "main").paths == {"a.yaml"}


def test_nothing_differs(root: Path) -> None:
    commit(root)
    changes = changes_since(root, "HEAD")
    assert (changes.paths, changes.before) == (frozenset(), ())


@pytest.mark.parametrize(
    "name", ["two words.yaml", "line\nbreak.yaml", "ünïcode-日本.yaml", 'quo"te.yaml', "tab\t.yaml"]
)
def test_hostile_names(root: Path, name: str) -> None:
    (root / name).write_text("old\n")
    commit(root)
    (root / name).write_text("new\n")
    (root / f"new {name}").write_text("new\n")
    changes = changes_since(root, "HEAD")
    assert changes.paths == {name, f"new {name}"}
    assert [(file.path, file.text) for file in changes.before] == [(name, "old\n")]


def test_names_that_are_no_text(root: Path) -> None:
    name = "caf\udce9.yaml"
    (root / name).write_text("old\n")
    commit(root)
    (root / name).unlink()
    assert changes_since(root, "HEAD").paths == {name}


def test_files_that_git_ignores(root: Path) -> None:
    (root / ".gitignore").write_text("made/\n")
    commit(root)
    (root / "made").mkdir()
    (root / "made" / "skus.csv").write_text("sku\n")
    changes = changes_since(root, "HEAD")
    assert (changes.paths, changes.ignored) == (frozenset[str](), frozenset({"made/skus.csv"}))


def test_a_repository_and_a_link_inside(root: Path) -> None:
    (root / "there").symlink_to("a.yaml")
    commit(root)
    (root / "there").unlink()
    (root / "there").symlink_to("b.yaml")
    inner = root / "inner"
    inner.mkdir()
    run_git(inner, "init", "--quiet")
    (inner / "x.yaml").write_text("x\n")
    changes = changes_since(root, "HEAD")
    assert changes.paths == {"there", "inner"}
    assert changes.before == ()
    (root / ".gitignore").write_text("inner/\n")
    changes = changes_since(root, "HEAD")
    assert changes.paths == {"there", ".gitignore"}
    assert changes.ignored == {"inner"}


def test_a_submodule_differs_as_a_whole_or_not_at_all(root: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    run_git(other, "init", "--quiet", "--initial-branch=main")
    (other / "eu.yaml").write_text("name: eu\n")
    (other / ".gitignore").write_text("*.csv\n")
    first = commit(other)
    commit(root)
    run_git(root, "submodule", "--quiet", "add", str(other), "shared")
    base = commit(root)
    (root / "a.yaml").write_text("name: a, changed\n")
    inside = root / "shared"
    (inside / "ignored.csv").write_text("sku\n")
    assert changes_since(root, base).paths == {"a.yaml"}
    for name in ("eu.yaml", "new.txt"):
        (inside / name).write_text("name: eu, changed\n")
        assert changes_since(root, base).paths == {"a.yaml", "shared"}
        run_git(inside, "stash", "--quiet", "--include-untracked")
    run_git(inside, "commit", "--quiet", "--allow-empty", "--message", "nothing")
    assert changes_since(root, base).paths == {"a.yaml", "shared"}
    run_git(inside, "reset", "--quiet", "--hard", first)
    assert changes_since(root, base).paths == {"a.yaml"}


def test_texts_as_they_were(root: Path) -> None:
    (root / "wide.yaml").write_bytes("name: ü\n".encode("utf-16"))
    (root / "none.yaml").write_bytes(b"\xff\xfe\xff")
    commit(root)
    (root / "wide.yaml").unlink()
    (root / "none.yaml").unlink()
    before = changes_since(root, "HEAD").before
    assert [(file.path, file.text) for file in before] == [("wide.yaml", "name: ü\n")]


@pytest.mark.parametrize(
    "revision", ["--output=stolen", "-h", "", " main", "a\nb", "main..HEAD", "main...HEAD"]
)
def test_what_is_no_revision_never_reaches_git(root: Path, revision: str) -> None:
    commit(root)
    said, remedy = why(root, revision)
    assert "revision" in said
    assert "--since origin/main" in remedy
    assert not (root / "stolen").exists()


def test_a_revision_that_nobody_knows(root: Path) -> None:
    commit(root)
    assert why(root, "origin/main") == (
        "git knows no revision `origin/main`",
        "check its spelling, or fetch it: `git fetch origin main`",
    )
    assert why(root, "mian")[1] == "check its spelling, or fetch it: `git fetch origin`"
    assert why(root, "^HEAD")[0] == "git knows no revision `^HEAD`"
    assert why(root, "HEAD:exports/a.yaml")[0] == "git knows no revision `HEAD:exports/a.yaml`"


def test_a_shallow_clone(root: Path, tmp_path: Path) -> None:
    first = commit(root)
    run_git(root, "branch", "old")
    (root / "a.yaml").write_text("later\n")
    commit(root)
    clone = tmp_path / "clone"
    run_git(
        *(tmp_path, "clone", "--quiet", "--depth", "1", "--no-single-branch"),
        *(f"file://{root.parent}", "clone"),
    )
    for revision in (first, "origin/old"):
        assert "fetch-depth: 0" in why(clone / "exports", revision)[1]


def test_histories_that_never_met(root: Path) -> None:
    commit(root)
    run_git(root, "switch", "--quiet", "--orphan", "other")
    root.mkdir(exist_ok=True)
    (root / "z.yaml").write_text("z\n")
    commit(root)
    assert "no commit in common" in why(root, "main")[0]


def test_no_repository_no_commit_no_git(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = tmp_path / "plain"
    plain.mkdir()
    assert why(plain, "main")[0] == "the project lies in no git repository"
    assert head_of(plain) is None
    assert why(root, "main")[0] == "nothing has been committed yet"
    assert head_of(root) is None
    monkeypatch.setenv("PATH", str(plain))
    assert why(root, "main") == (
        "git is not installed",
        "install it, or leave --since out",
    )
    assert head_of(root) is None


def test_a_git_that_hangs_or_breaks(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "git"
    program.write_text("#!/bin/sh\nexec /bin/sleep 30\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(adapter, "SECONDS", 0.2)
    assert why(root, "main") == ("git did not end within 0.2 s", "try `git rev-parse` by hand")
    assert head_of(root) is None
    program.write_text("#!/bin/sh\necho 'fatal: bad \033[31mthings' >&2; exit 1\n")
    monkeypatch.setattr(adapter, "SECONDS", 20.0)
    assert "git cannot tell: bad" in why(root, "main")[0]
    program.write_text("no program")
    assert "git cannot be run" in why(root, "main")[0]


def test_a_project_that_git_ignores(root: Path) -> None:
    (root.parent / ".gitignore").write_text("exports/\n")
    run_git(root.parent, "add", ".gitignore", "README")
    run_git(root.parent, "commit", "--quiet", "--message", "without")
    assert why(root, "HEAD")[0] == "git ignores this project"
    assert head_of(root) is None


def test_somebody_elses_checkout(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commit(root)
    # What git itself offers to its tests.
    git = adapter._Git
    plain = git._run

    def as_another(self: adapter._Git, *rest: object) -> subprocess.CompletedProcess[bytes]:
        self._environ["GIT_TEST_ASSUME_DIFFERENT_OWNER"] = "1"
        return plain(self, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(git, "_run", as_another)
    said, remedy = why(root, "main")
    assert said == "git does not trust this checkout: it belongs to another user"
    assert f"git config --global --add safe.directory {root.parent}`" in remedy


def test_variables_that_a_hook_leaves_behind(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit(root)
    (root / "a.yaml").write_text("changed\n")
    other = tmp_path / "other"
    other.mkdir()
    run_git(other, "init", "--quiet")
    for name, value in {
        "GIT_DIR": str(other / ".git"),
        "GIT_WORK_TREE": str(other),
        "GIT_INDEX_FILE": str(other / "index"),
        "GIT_PREFIX": "deep/",
        "GIT_EXTERNAL_DIFF": "false",
        "GIT_LITERAL_PATHSPECS": "1",
        "GIT_TRACE": "1",
    }.items():
        monkeypatch.setenv(name, value)
    assert changes_since(root, "HEAD").paths == {"a.yaml"}
    head = head_of(root)
    assert head is not None
    assert head[1]


def test_a_repository_among_the_files_is_not_obeyed(root: Path, tmp_path: Path) -> None:
    """A pull request may hold a bare repository whose configuration names a program."""
    commit(root)
    stolen = tmp_path / "stolen"
    evil = root / "evil"
    run_git(root, "init", "--quiet", "--bare", str(evil))
    with (evil / "config").open("a") as config:
        config.write(f"[core]\n\tbare = false\n\tworktree = ..\n\tfsmonitor = touch {stolen}; :\n")
    with pytest.raises(GitError):
        changes_since(evil, "HEAD")
    assert head_of(evil) is None
    assert not stolen.exists()


def test_head(root: Path) -> None:
    first = commit(root)
    assert head_of(root) == (first, False)
    (root.parent / "README").write_text("beside the project\n")
    assert head_of(root) == (first, False)
    (root / "plan.json").write_text("{}\n")
    (root / ".s7spec").mkdir()
    (root / ".s7spec" / "faults.yaml").write_text("{}\n")
    assert head_of(root) == (first, False)
    (root / "new.yaml").write_text("new\n")
    assert head_of(root) == (first, True)
    (root / "new.yaml").unlink()
    (root / "a.yaml").write_text("changed\n")
    assert head_of(root) == (first, True)
    run_git(root, "add", "a.yaml")
    assert head_of(root) == (first, True)
