"""Projects are folders: one more folder is one more test.

``projects/NAME/`` holds ``s7spec.yaml``, manifests and what they refer to. Beside them stands
``expected.jobs.json``, the jobs of the default environment as in test_cases, or ``expected.txt``,
a line for each finding: ``FILE RULE LINE:COLUMN`` and words that its summary, its hint or a related
place (``FILE:LINE:COLUMN message``) must hold, separated by ``|``.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from s7spec.model.diagnostics import Diagnostic
from s7spec.model.job import ExpandedJob
from s7spec.pipeline.compiling import Compilation
from s7spec.pipeline.projects import open_project
from tests.expand.compiling import REPOSITORY, place, schemas
from tests.expand.test_cases import CASES, plain, spoken_words

VALID = sorted(path.parent for path in (CASES / "projects").glob("*/expected.jobs.json"))
INVALID = sorted(path.parent for path in (CASES / "projects").glob("*/expected.txt"))


def compiled(root: Path) -> tuple[tuple[ExpandedJob, ...], tuple[Diagnostic, ...]]:
    found, findings = open_project(root, schemas())
    if found is None:
        return (), findings
    environment = found.project.environments[found.project.default_environment]
    outcome = Compilation(found, environment, schemas=schemas()).whole()
    return outcome.jobs, (*findings, *outcome.diagnostics)


@pytest.mark.parametrize("root", VALID, ids=lambda root: root.name)
def test_valid_project_expands(root: Path) -> None:
    jobs, findings = compiled(root)
    assert [str(finding) for finding in findings] == []
    expected = json.loads((root / "expected.jobs.json").read_text("utf-8"))
    assert [plain(job) for job in jobs] == expected


@pytest.mark.parametrize("root", INVALID, ids=lambda root: root.name)
def test_invalid_project_is_explained(root: Path) -> None:
    _, findings = compiled(root)
    expected = (root / "expected.txt").read_text("utf-8").splitlines()
    said = [(_line(finding), spoken_words(finding)) for finding in findings]
    assert sorted(at for at, _ in said) == sorted(line.split(" | ")[0] for line in expected)
    for line in expected:
        where, *words = line.split(" | ")
        assert any(where == at and all(word in text for word in words) for at, text in said), (
            f"{line!r} is not among {said}"
        )


def test_the_example_project_is_valid() -> None:
    jobs, findings = compiled(REPOSITORY / "specs")
    assert [str(finding) for finding in findings] == []
    assert len(jobs) == 10
    assert {job.key.manifest for job in jobs} == {
        path.stem for path in (REPOSITORY / "specs").glob("*.yaml") if path.name != "s7spec.yaml"
    }


def test_every_project_says_what_comes_out() -> None:
    folders = {path for path in (CASES / "projects").iterdir() if path.is_dir()}
    assert folders == {*VALID, *INVALID}
    assert not {*VALID} & {*INVALID}
    assert len(folders) >= 12


def _line(finding: Diagnostic) -> str:
    assert finding.where is not None
    return f"{finding.where.path} {finding.rule.id} {place(finding)}"
