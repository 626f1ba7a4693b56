"""Our pre-commit hooks, carried out by pre-commit itself: installed from a clone, in a real
repository. The hooks' environment takes the libraries of the tests' own: no network is needed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.acceptance.conftest import MANIFEST, PROJECT

ROOT = Path(__file__).resolve().parents[2]
BUILT_FROM = ("s7spec", "schemas", "specs", "pyproject.toml", "README.md", "LICENSE")
HOOKS = ".pre-commit-hooks.yaml"


OF_CHANNELS = """\
apiVersion: s7spec/v1
kind: ExportManifest
metadata: {name: channels}
data: {channels: data/channels.csv}
exports:
  - id: "{{ each.id }}"
    for_each: "{{ data.channels }}"
    assets: {names: [hero]}
    fmt: convert
    is_modifier: {wid: "{{ each.side }}"}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hooks:
    """A folder with a clone of the hooks at ``source`` and what pre-commit keeps in ``store``."""

    source: Path
    store: Path
    environ: Mapping[str, str]

    def git(self, *arguments: str, cwd: Path) -> str:
        return _run("git", *arguments, cwd=cwd, environ=self.environ, codes=(0,))[1]

    def run(self, *arguments: str, cwd: Path) -> tuple[int, str]:
        command = (sys.executable, "-m", "pre_commit", *arguments)
        return _run(*command, cwd=cwd, environ=self.environ, codes=(0, 1))


def _run(
    *command: str, cwd: Path, environ: Mapping[str, str], codes: tuple[int, ...]
) -> tuple[int, str]:
    done = subprocess.run(
        command,
        cwd=cwd,
        env=dict(environ),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode in codes, done.stdout
    return done.returncode, done.stdout


def _environ(folder: Path) -> dict[str, str]:
    """No settings of whoever runs the tests; the libraries count as installed already."""
    (folder / "home").mkdir()
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    who = {"NAME": "A Test", "EMAIL": "test@example.com"}
    return {
        **kept,
        **{f"GIT_{role}_{key}": who[key] for role in ("AUTHOR", "COMMITTER") for key in who},
        "HOME": str(folder / "home"),
        "GIT_CONFIG_NOSYSTEM": "1",
        "PRE_COMMIT_HOME": str(folder / "store"),
        "PYTHONPATH": sysconfig.get_path("purelib"),
        "PIP_NO_BUILD_ISOLATION": "0",  # pip's spelling of: no isolation
        "PIP_NO_INDEX": "1",
    }


def _commit_all(hooks: Hooks, folder: Path) -> str:
    hooks.git("init", "--quiet", cwd=folder)
    hooks.git("add", "--all", "--force", cwd=folder)
    hooks.git("commit", "--quiet", "--message", "all", cwd=folder)
    return hooks.git("rev-parse", "HEAD", cwd=folder).strip()


@pytest.fixture(scope="module")
def hooks(tmp_path_factory: pytest.TempPathFactory) -> Hooks:
    """A git repository of what the package is built from, as pre-commit would clone it."""
    folder = tmp_path_factory.mktemp("hooks")
    source = folder / "source"
    source.mkdir()
    for name in (*BUILT_FROM, HOOKS):
        if (ROOT / name).is_dir():
            ignored = shutil.ignore_patterns("__pycache__", ".s7spec")
            shutil.copytree(ROOT / name, source / name, ignore=ignored)
        else:
            shutil.copy(ROOT / name, source / name)
    return Hooks(source=source, store=folder / "store", environ=_environ(folder))


@pytest.fixture(scope="module")
def configuration(hooks: Hooks, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A .pre-commit-config.yaml whose hooks are installed."""
    revision = _commit_all(hooks, hooks.source)
    text = (
        f"repos:\n- repo: {hooks.source}\n  rev: {revision}\n"
        "  hooks:\n  - id: s7spec-validate\n  - id: s7spec-fmt\n"
    )
    folder = tmp_path_factory.mktemp("installing")
    (folder / ".pre-commit-config.yaml").write_text(text)
    hooks.git("init", "--quiet", cwd=folder)
    code, said = hooks.run("install-hooks", cwd=folder)
    assert code == 0, said
    return text


@pytest.fixture
def repository(hooks: Hooks, configuration: str, tmp_path: Path) -> Path:
    """A project that passes, committed."""
    root = tmp_path / "repository"
    (root / "data").mkdir(parents=True)
    (root / ".pre-commit-config.yaml").write_text(configuration)
    (root / "s7spec.yaml").write_text(PROJECT)
    (root / "shop.yaml").write_text(MANIFEST)
    (root / "data" / "channels.csv").write_text("id,side\nlarge,80\n")
    (root / "notes.txt").write_text("nothing of ours\n")
    _commit_all(hooks, root)
    return root


def test_what_runs_is_what_was_cloned(hooks: Hooks, configuration: str) -> None:
    (script,) = hooks.store.glob("repo*/py_env-*/bin/s7spec")
    program = "import s7spec; print(s7spec.__file__)"
    _, said = _run(
        str(script.parent / "python"),
        "-c",
        program,
        cwd=hooks.store,
        environ=hooks.environ,
        codes=(0,),
    )
    assert Path(said.strip()).is_relative_to(script.parents[1])


def test_a_good_project_passes(hooks: Hooks, repository: Path) -> None:
    code, said = hooks.run("run", "--all-files", cwd=repository)
    assert code == 0, said
    assert said.count("Passed") == 2
    assert hooks.git("status", "--porcelain", cwd=repository) == ""


def test_a_broken_manifest_fails_with_its_place(hooks: Hooks, repository: Path) -> None:
    (repository / "shop.yaml").write_text(MANIFEST.replace("fmt: orig", "fmt: original"))
    hooks.git("add", "--all", cwd=repository)
    code, said = hooks.run("run", "s7spec-validate", cwd=repository)
    assert code == 1
    assert "shop.yaml:13:10" in said
    assert "S7E014" in said


def test_a_data_file_alone_has_the_manifests_checked(hooks: Hooks, repository: Path) -> None:
    (repository / "shop.yaml").write_text(MANIFEST.replace("fmt: orig", "fmt: original"))
    hooks.git("commit", "--quiet", "--all", "--no-verify", "--message", "bad", cwd=repository)
    (repository / "data" / "channels.csv").write_text("id,side\nlarge,90\n")
    hooks.git("add", "--all", cwd=repository)
    code, said = hooks.run("run", cwd=repository)
    assert code == 1
    assert "shop.yaml:13:10" in said


def test_other_files_have_the_project_checked_and_nothing_formatted(
    hooks: Hooks, repository: Path
) -> None:
    (repository / "notes.txt").write_text("still nothing of ours\n")
    hooks.git("add", "--all", cwd=repository)
    code, said = hooks.run("run", cwd=repository)
    assert code == 0
    assert said.count("Skipped") == 1
    assert said.count("Passed") == 1


def test_a_data_file_that_is_deleted_fails(hooks: Hooks, repository: Path) -> None:
    (repository / "channels.yaml").write_text(OF_CHANNELS)
    hooks.git("add", "--all", cwd=repository)
    assert hooks.run("run", "s7spec-validate", cwd=repository)[0] == 0
    hooks.git("commit", "--quiet", "--no-verify", "--message", "good", cwd=repository)
    hooks.git("rm", "--quiet", "data/channels.csv", cwd=repository)
    code, said = hooks.run("run", "s7spec-validate", cwd=repository)
    assert code == 1
    assert "channels.yaml:4:" in said
    assert "data/channels.csv" in said


def test_fmt_rewrites_and_fails_as_formatters_do(hooks: Hooks, repository: Path) -> None:
    """The configuration itself is YAML, too, in another layout: it is none of ours and stays."""
    path = repository / "shop.yaml"
    path.write_text(MANIFEST.replace("  - id: masters", "\n\n\n  -   id: masters   # all of them"))
    path.write_text(path.read_text().replace("\n    assets: {names", "\n      assets: {names"))
    path.write_text(path.read_text().replace("\n    fmt: orig\n    ", "\n      fmt: orig\n      "))
    configuration = (repository / ".pre-commit-config.yaml").read_text()
    hooks.git("add", "--all", cwd=repository)
    code, said = hooks.run("run", "s7spec-fmt", "--all-files", cwd=repository)
    assert code == 1
    assert "files were modified by this hook" in said
    assert "formatted shop.yaml" in said
    wanted = MANIFEST.replace("  - id: masters", "\n  - id: masters   # all of them")
    assert path.read_text() == wanted
    assert (repository / ".pre-commit-config.yaml").read_text() == configuration
    hooks.git("add", "--all", cwd=repository)
    assert hooks.run("run", "--all-files", cwd=repository)[0] == 0
