"""What can be said of jobs once their presets and pictures are known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass

from s7spec.lint import JobLint, PictureLint
from s7spec.model.diagnostics import Diagnostic
from s7spec.model.job import ExpandedJob, JobKey
from s7spec.model.pictures import PredictedPictures
from s7spec.model.preset import Preset
from s7spec.pipeline.compiling import Compiled
from s7spec.resolve import Resolution


@dataclass(frozen=True, slots=True, kw_only=True)
class Foretold:
    """``predicted`` is what becomes of the pictures, of jobs that convert; ``findings`` are what is
    doubtful about modifiers, and of what nobody may have meant of pictures."""

    predicted: Mapping[JobKey, PredictedPictures]
    findings: tuple[Diagnostic, ...]


def foretell(compiled: Compiled, resolution: Resolution, keys: Set[JobKey]) -> Foretold:
    """For the jobs with these keys."""
    if not keys:
        return Foretold(predicted={}, findings=())
    lint = PictureLint(resolution.presets, compiled.environment.image_server)
    declared = {job.key: job for job in compiled.jobs if job.key in keys}
    predicted: dict[JobKey, PredictedPictures] = {}
    foretold: list[Diagnostic] = []
    for job in resolution.jobs:
        if job.key not in declared:
            continue
        pictures, findings = lint.look_at(declared[job.key], job.assets)
        foretold += findings
        if pictures is not None:
            predicted[job.key] = pictures
    linted = _linted(declared.values(), resolution.presets)
    return Foretold(predicted=predicted, findings=better_said(linted, foretold))


def better_said(
    earlier: Iterable[Diagnostic], later: Iterable[Diagnostic]
) -> tuple[Diagnostic, ...]:
    """``later`` and what it does not say of ``earlier``: who knows more says it better."""
    later = tuple(later)
    said = {(finding.rule, finding.where) for finding in later}
    return (*(each for each in earlier if (each.rule, each.where) not in said), *later)


def _linted(jobs: Iterable[ExpandedJob], presets: Iterable[Preset]) -> Iterator[Diagnostic]:
    lint = JobLint(presets)
    for job in jobs:
        yield from lint.findings(job)
