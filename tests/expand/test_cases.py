"""Cases are files: one more file is one more test.

``invalid/NAME.yaml`` stands beside ``NAME.expected``: a line for each finding, ``RULE LINE:COLUMN``
and words that its summary, its hint or a related place (``FILE:LINE:COLUMN message``) must hold,
separated by ``|``. A name that begins with
``project-`` is read as s7spec.yaml. ``valid/NAME.yaml`` stands beside ``NAME.jobs.json``.
"""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest

from s7spec.model.diagnostics import Diagnostic
from s7spec.model.job import ExpandedJob
from s7spec.model.policy import USUAL, JobPolicy
from tests.expand.compiling import compile_file, place

CASES = Path(__file__).parents[1] / "cases" / "manifests"
INVALID = sorted((CASES / "invalid").glob("*.yaml"))
VALID = sorted((CASES / "valid").glob("*.yaml"))
EXAMPLES = sorted((CASES.parents[2] / "specs").glob("*.yaml"))
TEMPLATES = sorted(
    [
        *(CASES.parents[2] / "specs" / "templates").glob("*.yaml"),
        *CASES.glob("projects/*/templates/*.yaml"),
    ]
)
CANARY = "canary-7b31"


@pytest.mark.parametrize("path", INVALID, ids=lambda path: path.stem)
def test_invalid_case_is_explained(path: Path) -> None:
    outcome = compile_file(path)
    expected = path.with_suffix(".expected").read_text("utf-8").splitlines()
    expected_places = [line.split(" | ")[0] for line in expected]
    assert sorted(outcome.rules) == sorted(expected_places)
    said = [(f"{f.rule.id} {place(f)}", spoken_words(f)) for f in outcome.findings]
    for line in expected:
        where, *words = line.split(" | ")
        assert any(where == at and all(word in text for word in words) for at, text in said), (
            f"{line!r} is not among {said}"
        )


@pytest.mark.parametrize("path", INVALID, ids=lambda path: path.stem)
def test_every_finding_is_complete(path: Path) -> None:
    for finding in compile_file(path).findings:
        assert finding.hint
        assert finding.where is not None
        assert finding.where.line > 0
        assert finding.where.column > 0
        assert (finding.where.end_line, finding.where.end_column) >= (
            finding.where.line,
            finding.where.column,
        )
        if path.stat().st_size:
            assert finding.snippet is not None
            assert finding.where.column <= len(finding.snippet) + 1


@pytest.mark.parametrize("path", INVALID, ids=lambda path: path.stem)
def test_no_finding_repeats_a_credential(path: Path) -> None:
    assert CANARY not in repr(
        [(f.summary, f.hint, f.snippet, f.related) for f in compile_file(path).findings]
    )


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
def test_valid_case_expands(path: Path) -> None:
    outcome = compile_file(path)
    expected = json.loads(Path(f"{path.with_suffix('')}.jobs.json").read_text("utf-8"))
    # What is said of modifiers has cases of its own: here they are whatever tells jobs apart.
    found = [f for f in outcome.findings if f.rule.id[3:] < "100"]
    assert [str(finding) for finding in found] == []
    assert [plain(job) for job in outcome.jobs] == expected


def test_there_are_enough_cases() -> None:
    assert len(INVALID) >= 160
    assert len(VALID) >= 28


def spoken_words(finding: Diagnostic) -> str:
    """Everything that a finding says."""
    related = [f"{place.where} {place.message}" for place in finding.related]
    return "\n".join([finding.summary, finding.hint or "", *related])


def plain(job: ExpandedJob) -> dict[str, Any]:
    """A job as the expectation files write it: what is not set is left out."""
    selection, settings = job.selection, job.settings
    parts = {
        "job": job.key.short,
        "fmt": job.fmt.value,
        "is_modifier": job.is_modifier,
        "macro": job.macro,
        "emailSetting": job.emailSetting.value,
        "on_unsupported": job.on_unsupported.value,
        "names": list(selection.names),
        "folder": selection.folder,
        "recursive": selection.recursive,
        "types": list(selection.types),
        "exclude": list(selection.exclude),
        "where": [{"field": c.field, "op": c.op, "value": c.value} for c in selection.where],
        "code_version": settings.code_version,
        "inputs": dict(settings.inputs) or None,
        "max_assets": settings.max_assets,
        "schedule": settings.schedule
        and _written(at=settings.schedule.at, cron=settings.schedule.cron),
        **_policy(settings.policy),
    }
    return _written(**parts)


def _policy(stated: JobPolicy) -> dict[str, Any]:
    """What is not as usual; timings in UTC."""
    return {
        field.name: str(getattr(stated, field.name))
        for field in dataclasses.fields(stated)
        if getattr(stated, field.name) != getattr(USUAL, field.name)
    }


def _written(**parts: Any) -> dict[str, Any]:
    return {name: value for name, value in parts.items() if value not in (None, [], False)}
