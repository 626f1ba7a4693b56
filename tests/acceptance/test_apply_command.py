"""The command that a plan's Markdown shows applies exactly that plan."""

from __future__ import annotations

import re
import shlex
import subprocess
from pathlib import Path

import pytest

from tests.acceptance.conftest import MANIFEST, Command


def shown(text: str) -> list[str]:
    found = re.search(r"To do exactly this:\n\n```sh\n(s7spec apply .*)\n```\n", text)
    assert found is not None, text
    return shlex.split(found[1])[1:]


@pytest.mark.parametrize(
    "narrowing",
    [(), ("shop.yaml",), ("--select", "shop/l*"), ("--select", "shop/*", "--rerun", "shop/small")],
    ids=["all", "path", "select", "rerun"],
)
def test_without_a_saved_plan(
    project: Path, s7spec: Command, served: str, narrowing: tuple[str, ...]
) -> None:
    planned = s7spec("plan", *narrowing, "--md", "plan.md")
    assert planned.code == 0, planned.said
    command = shown((project / "plan.md").read_text())
    assert command[1 : 1 + len(narrowing)] == list(narrowing)
    assert command[-4:-1] == ["--env", "local", "--expect-digest"]
    changed = MANIFEST.replace("qlt: 90", "qlt: 80")
    (project / "shop.yaml").write_text(changed)
    assert s7spec(*command, "--yes").code == 4
    (project / "shop.yaml").write_text(MANIFEST)
    applied = s7spec(*command, "--yes")
    assert applied.code == 0, applied.said


def test_of_a_saved_plan(project: Path, s7spec: Command, served: str) -> None:
    s7spec("plan", "--out", "my plan.json", "--md", "plan.md")
    for text in (
        (project / "plan.md").read_text(),
        s7spec("show", "my plan.json", "--format", "markdown").out,
    ):
        command = shown(text)
        assert command[1] == "my plan.json"
    assert s7spec(*command).code == 0


def test_from_elsewhere_it_names_the_project(
    project: Path, s7spec: Command, served: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project.parent)
    done = s7spec("plan", "--project", "project", "--format", "markdown")
    command = shown(done.out)
    assert command[1:3] == ["--project", "project"]
    assert s7spec(*command, "--yes").code == 0


@pytest.fixture
def repository(project: Path) -> Path:
    """A repository with the project in a folder of it."""
    (project.parent / ".git").mkdir()
    return project.parent


@pytest.mark.parametrize(
    ("start", "to_project", "plan_file"),
    [
        (".", "project", "plan.json"),
        ("project", ".", "plan.json"),
        ("project/catalog", "..", "x.json"),
    ],
    ids=["root", "project", "below"],
)
def test_in_a_pull_request_it_is_run_from_the_root(
    repository: Path,
    s7spec: Command,
    served: str,
    monkeypatch: pytest.MonkeyPatch,
    start: str,
    to_project: str,
    plan_file: str,
) -> None:
    monkeypatch.chdir(repository / start)
    made = s7spec("plan", "--project", to_project, "--out", plan_file, "--md", "plan.md")
    assert made.code == 0, made.said
    command = shown(Path("plan.md").read_text())
    saved = (repository / start / plan_file).relative_to(repository)
    assert command[:4] == ["apply", str(saved), "--project", "project"]
    again = s7spec("show", plan_file, "--project", to_project, "--format", "markdown")
    assert shown(again.out) == command
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(repository / "summary.md"))
    reviewed = s7spec("review", "github", plan_file, "--no-comment", "--project", to_project)
    assert reviewed.code == 0, reviewed.said
    assert shown((repository / "summary.md").read_text()) == command
    assert f"apply {plan_file} " in made.out, "at the terminal it is run where one is"
    monkeypatch.chdir(repository)
    assert s7spec(*command).code == 0


def test_paths_of_a_narrowed_plan_are_seen_from_the_root(
    repository: Path, s7spec: Command, served: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    planned = s7spec("plan", "shop.yaml", "--select", "shop/*", "--format", "markdown")
    command = shown(planned.out)
    assert command[1:6] == ["project/shop.yaml", "--select", "shop/*", "--project", "project"]
    monkeypatch.chdir(repository)
    assert s7spec(*command, "--yes").code == 0


def test_a_plan_outside_of_the_repository_stays_where_it_is(
    repository: Path, s7spec: Command, served: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("artifacts") / "plan.json"
    planned = s7spec("plan", "--out", str(elsewhere), "--format", "markdown")
    assert shown(planned.out)[1:4] == [str(elsewhere), "--project", "project"]


def test_of_what_changed_since_a_revision_only_a_saved_plan_can_be_applied(
    project: Path, s7spec: Command, served: str
) -> None:
    git = ("git", "-c", "user.name=n", "-c", "user.email=e@example.com")
    for words in (("init", "-q"), ("add", "."), ("commit", "-qm", "first")):
        subprocess.run([*git, *words], cwd=project, check=True)
    (project / "shop.yaml").write_text(MANIFEST.replace("qlt: 90", "qlt: 80"))
    done = s7spec("plan", "--since", "HEAD", "--out", "plan.json", "--md", "saved.md")
    assert done.code == 0, done.said
    assert shown((project / "saved.md").read_text())[1] == "plan.json"
    s7spec("plan", "--since", "HEAD", "--md", "plan.md")
    assert "s7spec apply" not in (project / "plan.md").read_text()


def test_a_plan_whose_name_looks_like_an_option_is_no_option(
    repository: Path, s7spec: Command, served: str
) -> None:
    made = s7spec("plan", "--out", "./-p.json", "--format", "markdown")
    command = shown(made.out)
    assert command[1].endswith("/-p.json")
    assert " apply ./-p.json " in s7spec("plan", "--out", "./-p.json").out
    assert s7spec("apply", "./-p.json").code == 0
