"""The corridor: composes the rooms, and nothing else does."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from fnmatch import fnmatchcase
from pathlib import Path

from s7spec.apply import ApplyOptions, apply_plan
from s7spec.expand import expand
from s7spec.load import find_manifests, find_project, load_file
from s7spec.model.diagnostics import Diagnostic, has_errors, in_order
from s7spec.model.job import (
    ExpandedJob,
    JobKey,
    Preset,
    ResolvedJob,
    Submission,
    attempt_name,
)
from s7spec.model.ledger import LedgerSnapshot
from s7spec.model.manifest import Environment, Manifest, Project
from s7spec.model.plan import Plan, PlanHeader
from s7spec.model.receipt import RunReport
from s7spec.model.rules import Rule
from s7spec.model.source import SourceDocument, SourceFile, SourceRange
from s7spec.plan import make_plan
from s7spec.ports import AssetCatalog, Clock, IpsGateway, Ledger, Observer
from s7spec.resolve import Refreshed, observe, refresh, resolve
from s7spec.validate import (
    SchemaSet,
    check_export_job,
    check_names,
    read_manifest,
    read_project,
)

PROJECT_FILE = "s7spec.yaml"
PLAN_LIFETIME = timedelta(hours=24)

NOT_CHECKED = (
    "grammar and ranges of is_modifier: it is passed on as written",
    "sizes and formats of the converted files",
    "the 1 GB limit of a ZIP (the 500-asset limit is checked)",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectFound:
    root: Path
    project: Project


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiled:
    """Everything that is known offline. ``whole`` is False when paths or a selection narrowed it:
    then nothing can be said about jobs that were not looked at."""

    environment: Environment
    files: tuple[SourceFile, ...]
    manifests: tuple[Manifest, ...]
    jobs: tuple[ExpandedJob, ...]
    diagnostics: tuple[Diagnostic, ...]
    whole: bool

    @property
    def manifest_hash(self) -> str:
        """SHA-256 over the paths and texts of the manifests, in the order of their paths."""
        files = sorted(self.files, key=lambda file: file.path)
        return _hash_of((file.path, file.text) for file in files)


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A plan with the handles to carry it out, or the findings that stand in its way."""

    plan: Plan | None
    jobs: Mapping[JobKey, ResolvedJob]
    diagnostics: tuple[Diagnostic, ...]


def open_project(
    start: Path, schemas: SchemaSet
) -> tuple[ProjectFound | None, tuple[Diagnostic, ...]]:
    """Finds ``s7spec.yaml`` in ``start`` or above it and reads it."""
    path = find_project(start)
    if path is None:
        return None, (
            Diagnostic(
                rule=Rule.NO_PROJECT,
                summary=f"no {PROJECT_FILE} in {start} or any folder above it",
                hint="run `s7spec init` to make one, or name its folder with --project",
            ),
        )
    root = path.parent
    loaded = load_file(path, root=root)
    if has_errors(loaded.diagnostics):
        return None, loaded.diagnostics
    if len(loaded.documents) != 1:
        place = SourceRange(path=PROJECT_FILE)
        summary = f"{PROJECT_FILE} holds {len(loaded.documents)} documents, not one"
        return None, (Diagnostic(rule=Rule.NOT_A_MAPPING, summary=summary, where=place),)
    project, findings = read_project(loaded.documents[0], schemas)
    if project is None:
        return None, (*loaded.diagnostics, *findings)
    return ProjectFound(root=root, project=project), (*loaded.diagnostics, *findings)


def compile_exports(
    found: ProjectFound,
    environment: Environment,
    *,
    paths: tuple[Path, ...] = (),
    select: tuple[str, ...] = (),
    schemas: SchemaSet,
) -> Compiled:
    """load -> validate -> expand, offline; all findings of all files."""
    files, findings = find_manifests(
        found.root, found.project.manifests, paths, exclude=_not_manifests(found)
    )
    sources: list[SourceFile] = []
    manifests: list[Manifest] = []
    diagnostics = list(findings)
    for path in files:
        loaded = load_file(path, root=found.root)
        diagnostics += loaded.diagnostics
        sources += _files_of(loaded.documents)
        for document in loaded.documents:
            manifest, findings = read_manifest(document, schemas)
            diagnostics += findings
            if manifest is not None:
                manifests.append(manifest)
    diagnostics += check_names(manifests)
    jobs, findings = _expand_all(manifests, environment, schemas)
    diagnostics += findings
    chosen, findings = _select(jobs, select)
    diagnostics += findings
    return Compiled(
        environment=environment,
        files=tuple(sources),
        manifests=tuple(manifests),
        jobs=chosen,
        diagnostics=in_order(diagnostics),
        whole=not paths and not select,
    )


def plan_exports(
    compiled: Compiled,
    *,
    catalog: AssetCatalog,
    gateway: IpsGateway,
    snapshot: LedgerSnapshot,
    now: datetime,
    tool_version: str,
) -> Planned:
    """resolve -> observe -> plan. Reads only."""
    resolution = resolve(compiled.jobs, catalog)
    if has_errors(resolution.diagnostics):
        return Planned(plan=None, jobs={}, diagnostics=in_order(resolution.diagnostics))
    environment = compiled.environment
    header = PlanHeader(
        company=environment.company,
        environment=environment.name,
        ips=environment.ips,
        created_at=now,
        expires_at=now + PLAN_LIFETIME,
        tool_version=tool_version,
        manifest_hash=compiled.manifest_hash,
        preset_hash=preset_hash(resolution.presets),
    )
    plan = make_plan(
        jobs=resolution.jobs,
        snapshot=snapshot,
        observed=observe(snapshot, gateway),
        header=header,
        limits=environment.limits,
        warnings=in_order((*compiled.diagnostics, *resolution.diagnostics)),
        assumptions=NOT_CHECKED,
        whole=compiled.whole,
    )
    jobs = {job.key: job for job in resolution.jobs}
    return Planned(plan=plan, jobs=jobs, diagnostics=plan.warnings)


def first_submissions(
    jobs: Iterable[ExpandedJob], catalog: AssetCatalog
) -> tuple[Mapping[JobKey, Submission], tuple[Diagnostic, ...]]:
    """What would be sent for each job if it had never been sent before, and what is in the way."""
    resolution = resolve(jobs, catalog)
    submissions = {
        job.key: Submission.of(
            job, attempt_name(job.key, job.export_job.fingerprint, 1), description=""
        )
        for job in resolution.jobs
    }
    return submissions, resolution.diagnostics


def refresh_plan(plan: Plan, catalog: AssetCatalog) -> Refreshed:
    """For a saved plan: today's handles, and the items that no longer fit."""
    return refresh(plan, catalog)


def carry_out(
    plan: Plan,
    jobs: Iterable[ResolvedJob],
    *,
    ledger: Ledger,
    gateway: IpsGateway,
    clock: Clock,
    observer: Observer,
    options: ApplyOptions,
) -> RunReport:
    """Applies a plan through the ports."""
    return apply_plan(
        plan,
        jobs={job.key: job for job in jobs},
        ledger=ledger,
        gateway=gateway,
        clock=clock,
        observer=observer,
        options=options,
    )


def preset_hash(presets: Iterable[Preset]) -> str:
    """SHA-256 over the names and modifiers of the presets, in the order of their names."""
    ordered = sorted(presets, key=lambda preset: preset.name)
    return _hash_of((preset.name, preset.urlModifier) for preset in ordered)


def _hash_of(pairs: Iterable[tuple[str, str]]) -> str:
    """Each text with its length before it: no two lists of pairs read the same."""
    digest = hashlib.sha256()
    for pair in pairs:
        for part in pair:
            data = part.encode()
            digest.update(len(data).to_bytes(8, "big") + data)
    return f"sha256:{digest.hexdigest()}"


def _not_manifests(found: ProjectFound) -> tuple[Path, ...]:
    """Folders of the embedded IPS: the YAML in them is its own."""
    environments = found.project.environments.values()
    folders = (folder for each in environments for folder in (each.catalog, each.data) if folder)
    return tuple(found.root / folder for folder in folders)


def _files_of(documents: tuple[SourceDocument, ...]) -> tuple[SourceFile, ...]:
    return tuple({document.file.path: document.file for document in documents}.values())


def _expand_all(
    manifests: Iterable[Manifest], environment: Environment, schemas: SchemaSet
) -> tuple[tuple[ExpandedJob, ...], tuple[Diagnostic, ...]]:
    jobs: list[ExpandedJob] = []
    diagnostics: list[Diagnostic] = []
    for manifest in manifests:
        for result in expand(manifest, environment, lambda job: check_export_job(job, schemas)):
            if isinstance(result, Diagnostic):
                diagnostics.append(result)
            else:
                jobs.append(result)
    return tuple(jobs), tuple(diagnostics)


def _select(
    jobs: tuple[ExpandedJob, ...], patterns: tuple[str, ...]
) -> tuple[tuple[ExpandedJob, ...], tuple[Diagnostic, ...]]:
    if not patterns:
        return jobs, ()
    findings = tuple(
        Diagnostic(
            rule=Rule.USAGE,
            summary=f"--select {pattern}: no job matches",
            hint="give `manifest`, `manifest/export` or a pattern such as 'zalando/*'; "
            "`s7spec render` lists the jobs",
        )
        for pattern in patterns
        if not any(_matches(job.key, pattern) for job in jobs)
    )
    chosen = (job for job in jobs if any(_matches(job.key, pattern) for pattern in patterns))
    return tuple(chosen), findings


def _matches(key: JobKey, pattern: str) -> bool:
    return fnmatchcase(key.short, pattern) or key.manifest == pattern
