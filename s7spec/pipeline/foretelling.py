"""What can be said of jobs once their presets and pictures are known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from s7spec.lint import EffectiveCommands, JobLint, PictureLint
from s7spec.model.asset import Asset
from s7spec.model.diagnostics import Diagnostic
from s7spec.model.effective import EffectiveCommand
from s7spec.model.job import ExpandedJob, JobKey, ResolvedJob
from s7spec.model.pictures import PredictedPictures
from s7spec.model.plan import PlanItem
from s7spec.model.preset import Preset
from s7spec.model.sharing import OncePerObject
from s7spec.pipeline.compiled import Compiled
from s7spec.resolve import Resolution

_KNOWN = 16
"""Sets of assets, which the jobs of an export share."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Foretold:
    """``predicted`` is what becomes of the pictures that are sent, of jobs that convert;
    ``effective`` are the modifiers of all with presets filled in; ``findings`` are what is doubtful
    about modifiers, and of what nobody may have meant of pictures. ``modified`` is how many assets
    that are sent to be converted have modifiers of their own."""

    predicted: Mapping[JobKey, PredictedPictures]
    effective: Mapping[JobKey, tuple[EffectiveCommand, ...]]
    findings: tuple[Diagnostic, ...]
    modified: int = 0


def foretell(
    compiled: Compiled, resolution: Resolution, items: Mapping[JobKey, PlanItem]
) -> Foretold:
    """For the jobs of these items."""
    if not items:
        return Foretold(predicted={}, effective={}, findings=())
    lint = PictureLint(resolution.presets, compiled.environment.image_server)
    declared = {job.key: job for job in compiled.jobs if job.key in items}
    predicted: dict[JobKey, PredictedPictures] = {}
    foretold: list[Diagnostic] = []
    modified: set[str] = set()
    modified_of = OncePerObject(_with_modifiers, most=_KNOWN)
    for job in resolution.jobs:
        if job.key not in declared:
            continue
        pictures, findings = lint.look_at(declared[job.key], job.assets)
        foretold += findings
        sent = _sent(job, items[job.key])
        if len(sent) < len(job.assets):
            # What is doubtful is so of all of them; it was said already.
            pictures, _ = lint.look_at(declared[job.key], sent)
        if pictures is not None:
            predicted[job.key] = pictures
            if items[job.key].action.sends:
                modified |= modified_of(sent)
    linted = _linted(declared.values(), resolution.presets)
    commands = EffectiveCommands(resolution.presets)
    return Foretold(
        predicted=predicted,
        effective={key: commands.of(job) for key, job in declared.items()},
        findings=better_said(linted, foretold),
        modified=len(modified),
    )


def _with_modifiers(assets: Sequence[Asset]) -> frozenset[str]:
    return frozenset(
        asset.path for asset in assets if asset.urlModifier or asset.urlPostApplyModifier
    )


def _sent(job: ResolvedJob, item: PlanItem) -> Sequence[Asset]:
    """Those of its assets that go to IPS now; all of them of a job that is not sent."""
    if item.only is None or not item.action.sends:
        return job.assets
    paths = {version.path for version in item.only}
    return [asset for asset in job.assets if asset.version.path in paths]


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
