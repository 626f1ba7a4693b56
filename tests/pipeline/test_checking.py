"""Checking side by side says what checking alone says."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Sequence
from pathlib import Path

import pytest

from s7spec.model.diagnostics import Diagnostic
from s7spec.model.preset import Preset, PresetSnapshot
from s7spec.pipeline import checking
from s7spec.pipeline.checking import FEWEST_FILES, Checked, check
from s7spec.pipeline.compiling import Compilation
from s7spec.pipeline.presets import OfflinePresets
from s7spec.pipeline.projects import open_project
from s7spec.report.preset_snapshot import snapshot_json
from tests.expand.compiling import schemas

PROJECT = """\
apiVersion: s7spec/v1
kind: Project
environments: {local: {ips: embedded, company: Acme}}
"""
MANIFEST = """\
apiVersion: s7spec/v1
kind: ExportManifest
metadata: {{name: m{0}}}
data: {{rows: rows.json}}
exports:
  - id: "{{{{ matrix.size }}}}"
    matrix: {{size: [1, 2, 3]}}
    assets: {{names: ["{{{{ data.rows[0] }}}}"]}}
    fmt: convert
    is_modifier: {{wid: "{{{{ matrix.size }}}}"}}
"""
COUNT = FEWEST_FILES + 10


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "s7spec.yaml").write_text(PROJECT)
    (tmp_path / "rows.json").write_text('["PS_1"]')
    for number in range(COUNT):
        (tmp_path / f"m{number:04}.yaml").write_text(MANIFEST.format(number))
    return tmp_path


def checked(root: Path, processors: int) -> Checked:
    found, findings = open_project(root, schemas())
    assert found is not None, findings
    environment = found.project.environments["local"]
    presets = OfflinePresets(root, environment, schemas=schemas())
    compilation = Compilation(found, environment, schemas=schemas(), presets=presets)
    return check(compilation, processors=processors)


def both(root: Path) -> tuple[Diagnostic, ...]:
    alone, together = checked(root, 1), checked(root, 2)
    assert together.findings == alone.findings
    assert (together.manifests, together.jobs) == (alone.manifests, alone.jobs)
    assert together.paths == alone.paths
    concerned = {finding.where.path for finding in alone.findings.diagnostics if finding.where}
    assert concerned - {"rows.json", "presets/Acme.json"} <= {file.path for file in together.files}
    return together.findings.diagnostics


def test_nothing_is_found_in_what_is_right(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Other tests may have left a thread behind, which a command that validates never has.
    monkeypatch.setattr(checking, "_may_fork", lambda: True)
    assert both(project) == ()
    found = checked(project, 2)
    assert (found.manifests, found.jobs) == (COUNT, 3 * COUNT)
    assert len(found.paths) == COUNT + 1
    assert len(found.files) < COUNT, "the children have read the others"


@pytest.mark.parametrize("number", [0, 1, 2, 3, COUNT - 1])
def test_a_mistake_in_any_share(project: Path, number: int) -> None:
    path = project / f"m{number:04}.yaml"
    path.write_text(path.read_text().replace("matrix.size }}}", "matrix.sise }}}", 1))
    path.write_text(path.read_text().replace("fmt: convert", "fmt: covnert"))
    assert [finding.rule.id for finding in both(project)] == ["S7E014"]


def test_mistakes_in_all_shares(project: Path) -> None:
    for number in range(0, COUNT, 7):
        path = project / f"m{number:04}.yaml"
        path.write_text(path.read_text().replace("fmt: convert", "fmt: covnert"))
    assert len(both(project)) == len(range(0, COUNT, 7))


@pytest.mark.parametrize("numbers", [(0, 1), (0, 4), (1, 2), (2, 3), (1, COUNT - 1)])
def test_two_of_one_name_in_different_shares(project: Path, numbers: tuple[int, int]) -> None:
    path = project / f"m{numbers[1]:04}.yaml"
    path.write_text(MANIFEST.format(numbers[0]))
    (finding,) = both(project)
    assert finding.rule.id == "S7E020"
    assert finding.where is not None
    assert finding.where.path == path.name


def test_comments_that_ignore_are_read_in_every_share(project: Path) -> None:
    for number in (0, 1, 2, 3):
        path = project / f"m{number:04}.yaml"
        path.write_text(f"# s7spec: ignore=S7W001\n{path.read_text()}")
    assert [finding.rule.id for finding in both(project)] == ["S7E024"] * 4


def test_presets_are_looked_up_in_every_share(project: Path) -> None:
    view = Preset(name="view", urlModifier="wid=1")
    kept = PresetSnapshot(company="Acme", environment="local", ips="embedded", presets=(view,))
    (project / "presets").mkdir()
    (project / "presets" / "Acme.json").write_text(snapshot_json(kept))
    for number in range(COUNT):
        path = project / f"m{number:04}.yaml"
        text = re.sub("is_modifier: .*", "macro: view", path.read_text())
        path.write_text(text)
    assert both(project) == ()
    for number in (0, 1, COUNT - 1):
        path = project / f"m{number:04}.yaml"
        path.write_text(path.read_text().replace("macro: view", "macro: veiw"))
    assert [finding.rule.id for finding in both(project)] == ["S7W129"] * 3
    (project / "presets" / "Acme.json").write_text("{}")
    assert [finding.rule.id for finding in both(project)] == ["S7E045"]


def test_a_data_file_that_is_wrong_is_said_once(project: Path) -> None:
    (project / "rows.json").write_text('["PS_1"')
    found = both(project)
    assert [finding.rule.id for finding in found] == ["S7E008"]


def test_a_child_that_breaks_off_is_made_up_for(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(compilation: Compilation, share: object) -> str:
        raise MemoryError

    monkeypatch.setattr(checking, "_said", broken)
    assert both(project) == ()
    assert checked(project, 2).jobs == 3 * COUNT


@pytest.mark.parametrize("kept", [0.0, 0.001, 0.5, 0.99])
def test_half_an_answer_counts_as_none(
    project: Path, monkeypatch: pytest.MonkeyPatch, kept: float
) -> None:
    """The child is killed while it writes: what has reached the pipe is all there is."""

    def run(self: object, compilation: Compilation, share: Sequence[Path], write: int) -> None:
        try:
            said = checking._said(compilation.anew(), share).encode()
            os.write(write, said[: int(len(said) * kept)])
        finally:
            os.kill(os.getpid(), signal.SIGKILL)

    monkeypatch.setattr(checking._Child, "_run", run)
    assert both(project) == ()
    found = checked(project, 2)
    assert (found.manifests, found.jobs) == (COUNT, 3 * COUNT)
    assert len(found.files) == COUNT + 1, "all were read once more, by one process"


@pytest.mark.parametrize("text", ["", "null", "{", '{"manifests": 1, "jobs": 2, "na'])
def test_what_is_no_whole_answer(text: str) -> None:
    assert checking._answer(text) is None
