"""From the name of a job, as people write it, to where everything in it comes from."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from s7spec.expand.tracing import trace
from s7spec.lint import effective_commands
from s7spec.model.diagnostics import Diagnostic, has_errors
from s7spec.model.job import ExpandedJob, JobKey
from s7spec.model.manifest import Manifest
from s7spec.model.project import Environment
from s7spec.model.rules import Rule
from s7spec.model.trace import JobTrace
from s7spec.pipeline.compiling import Compilation
from s7spec.pipeline.presets import OfflinePresets, watch_of
from s7spec.pipeline.projects import ProjectFound
from s7spec.pipeline.references import References
from s7spec.validate import SchemaSet, argument_problem

_LISTED = 20
_COMPARED = 20_000
"""Among so many keys, likely ones are looked for: it takes its time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedJob:
    """A job as somebody named it; ``manifest`` is None when only its export was said."""

    manifest: str | None
    export: str

    @property
    def text(self) -> str:
        return self.export if self.manifest is None else f"{self.manifest}/{self.export}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Traced:
    """``trace`` with what is worth a warning about the job, or the findings that say why there is
    none. ``spec_digest`` is that of the job."""

    trace: JobTrace | None
    spec_digest: bytes | None = None
    diagnostics: tuple[Diagnostic, ...] = ()


@dataclass(slots=True)
class _Seen:
    """What was met on the way: the keys of jobs, and the names of manifests not looked into."""

    manifests: dict[str, None] = field(default_factory=dict)
    keys: list[JobKey] = field(default_factory=list)


def trace_job(
    found: ProjectFound,
    environment: Environment,
    wanted: WantedJob,
    *,
    schemas: SchemaSet,
    presets: OfflinePresets | None = None,
) -> Traced:
    """Offline and without the ledger: the manifests are read, and those that may declare the job
    are expanded. Mistakes elsewhere do not stand in the way. Its image presets are looked up in
    ``presets``."""
    compilation = Compilation(found, environment, schemas=schemas, presets=presets)
    seen = _Seen()
    matches = {job.key: (job, manifest) for job, manifest in _matches(compilation, wanted, seen)}
    if len(matches) > 1:
        return Traced(trace=None, diagnostics=(_ambiguous(wanted, [*matches]),))
    if not matches:
        errors = compilation.findings().diagnostics
        unknown = _unknown(wanted, seen, environment)
        return Traced(
            trace=None, diagnostics=(*errors, unknown) if has_errors(errors) else (unknown,)
        )
    ((job, manifest),) = matches.values()
    traced = _trace(job, manifest, found, environment, schemas)
    known = None if presets is None else presets.of(environment.company)
    if known is not None and traced is not None:
        traced = replace(traced, effective=effective_commands(job, known.values()))
    return Traced(
        trace=traced,
        spec_digest=job.spec_digest(),
        diagnostics=_about_presets(compilation, presets, job),
    )


def _trace(
    job: ExpandedJob,
    manifest: Manifest,
    found: ProjectFound,
    environment: Environment,
    schemas: SchemaSet,
) -> JobTrace | None:
    """Expands its manifest once more, and notes where everything comes from."""
    inputs, _ = References(
        found.root, schemas, (found.project.vars or {}, environment.vars or {})
    ).inputs(manifest)
    assert inputs is not None, "the job was made with them"
    return trace(
        manifest,
        environment,
        project=found.project,
        inputs=inputs,
        argument=argument_problem,
        export_key=job.export,
    )


def _about_presets(
    compilation: Compilation, presets: OfflinePresets | None, job: ExpandedJob
) -> tuple[Diagnostic, ...]:
    """Warnings about the job's presets that no comment ignores, and what is wrong with the file
    they were looked up in."""
    watch = watch_of(presets)
    found = () if watch is None else watch.findings(job)
    broken = () if presets is None else presets.found.diagnostics
    if not found and not broken:
        return ()
    said = {*compilation.findings().diagnostics}
    return tuple(finding for finding in (*found, *broken) if finding in said)


def _matches(
    compilation: Compilation, wanted: WantedJob, seen: _Seen
) -> Iterator[tuple[ExpandedJob, Manifest]]:
    """Each job of the wanted name, with its manifest."""
    for manifest in compilation.read():
        seen.manifests[manifest.name] = None
        if wanted.manifest not in (None, manifest.name):
            continue
        for job in compilation.expand(manifest):
            if job.export == wanted.export:
                yield job, manifest
            if len(seen.keys) < _COMPARED:
                seen.keys.append(job.key)


def _ambiguous(wanted: WantedJob, keys: list[JobKey]) -> Diagnostic:
    shown = "\n".join(key.short for key in keys[:_LISTED])
    more = f"\nand {len(keys) - _LISTED} more" if len(keys) > _LISTED else ""
    return Diagnostic(
        rule=Rule.USAGE,
        summary=f"{len(keys)} jobs are called `{wanted.export}`",
        hint=f"name the manifest as well:\n{shown}{more}",
    )


def _unknown(wanted: WantedJob, seen: _Seen, environment: Environment) -> Diagnostic:
    return Diagnostic(
        rule=Rule.USAGE,
        summary=f"there is no job `{wanted.text}` in environment `{environment.name}`",
        hint=_likely(wanted, seen) or "`s7spec render` lists the jobs",
    )


def _likely(wanted: WantedJob, seen: _Seen) -> str | None:
    """Which job was probably meant."""
    if wanted.manifest is None and wanted.export in seen.manifests:
        keys = [key.short for key in seen.keys if key.manifest == wanted.export]
        more = f"\nand {len(keys) - _LISTED} more" if len(keys) > _LISTED else ""
        listed = "\n".join(keys[:_LISTED])
        return f"it is a manifest; its jobs are:\n{listed}{more}" if keys else None
    if wanted.manifest is not None and wanted.manifest not in seen.manifests:
        near = difflib.get_close_matches(wanted.manifest, seen.manifests, n=1)
        return f"did you mean the manifest `{near[0]}`?" if near else None
    exports = {key.export: key.short for key in seen.keys}
    near = difflib.get_close_matches(wanted.export, exports, n=1)
    return f"did you mean `{exports[near[0]]}`?" if near else None
