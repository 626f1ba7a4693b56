"""A plan says at which commit it was made, and is the same plan after the merge."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.conftest import Command


def git(root: Path, *arguments: str) -> str:
    identity = ("-c", "user.name=Anna", "-c", "user.email=anna@example.com")
    done = subprocess.run(
        ["git", *identity, *arguments], cwd=root, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def planned(project: Path, s7spec: Command) -> dict[str, Any]:
    assert s7spec("plan", "--out", "plan.json").code == 0
    document: dict[str, Any] = json.loads((project / "plan.json").read_text())
    return document


def test_the_commit_stands_in_the_plan_and_not_in_its_digest(
    project: Path, s7spec: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    outside = planned(project, s7spec)
    assert (outside["header"]["git_commit"], outside["header"]["git_dirty"]) == (None, None)
    with monkeypatch.context() as without_git:
        without_git.setenv("PATH", "")
        header = planned(project, s7spec)["header"]
        assert (header["git_commit"], header["git_dirty"]) == (None, None)
    git(project, "init", "--quiet")
    git(project, "add", "--all")
    git(project, "commit", "--quiet", "--message", "first")
    clean = planned(project, s7spec)
    head = git(project, "rev-parse", "HEAD")
    assert (clean["header"]["git_commit"], clean["header"]["git_dirty"]) == (head, False)
    git(project, "commit", "--quiet", "--allow-empty", "--message", "merge")
    (project / "note.yml").write_text("# nothing yet\n")
    dirty = s7spec("plan", "shop.yaml", "--format", "json")
    header = json.loads(dirty.out)["header"]
    assert (header["git_commit"], header["git_dirty"]) == (git(project, "rev-parse", "HEAD"), True)
    (project / "note.yml").unlink()
    assert planned(project, s7spec)["digest"] == clean["digest"] == outside["digest"]
    shown = s7spec("show", "plan.json")
    assert f"commit {git(project, 'rev-parse', 'HEAD')[:12]}" in " ".join(shown.out.split())
    assert s7spec("apply", "plan.json", "--expect-digest", clean["digest"]).code == 0
