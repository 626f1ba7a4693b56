"""What can be said of jobs once their presets and pictures are known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from s7spec.lint import JobLint, PictureLint
from s7spec.model.diagnostics import Diagnostic
from s7spec.model.job import ResolvedJob
from s7spec.model.preset import Preset
from s7spec.pipeline.compiling import Compiled
from s7spec.resolve import Resolution


def foretell(
    compiled: Compiled, resolution: Resolution
) -> tuple[tuple[ResolvedJob, ...], tuple[Diagnostic, ...]]:
    """The jobs with what becomes of their pictures; and what is doubtful about their modifiers and
    of what nobody may have meant of their pictures."""
    lint = PictureLint(resolution.presets, compiled.environment.image_server)
    declared = {job.key: job for job in compiled.jobs}
    jobs: list[ResolvedJob] = []
    foretold: list[Diagnostic] = []
    for job in resolution.jobs:
        predicted, findings = lint.look_at(declared[job.key], job.assets)
        jobs.append(job if predicted is None else replace(job, predicted=predicted))
        foretold += findings
    return tuple(jobs), better_said(_linted(compiled, resolution.presets), foretold)


def better_said(
    earlier: Iterable[Diagnostic], later: Iterable[Diagnostic]
) -> tuple[Diagnostic, ...]:
    """``later`` and what it does not say of ``earlier``: who knows more says it better."""
    later = tuple(later)
    said = {(finding.rule, finding.where) for finding in later}
    return (*(each for each in earlier if (each.rule, each.where) not in said), *later)


def _linted(compiled: Compiled, presets: Iterable[Preset]) -> Iterator[Diagnostic]:
    lint = JobLint(presets)
    for job in compiled.jobs:
        yield from lint.findings(job)
