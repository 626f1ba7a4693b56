"""The jobs that a ledger is rebuilt for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from s7spec.model.diagnostics import Diagnostic
from s7spec.model.job import JobKey, ResolvedJob
from s7spec.model.plan import PlanHeader
from s7spec.pipeline.compiled import Compiled
from s7spec.pipeline.planning import plan_header, surgery_of
from s7spec.plan import Surgery
from s7spec.ports import AssetCatalog
from s7spec.resolve import resolve


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """The jobs that manifests declare. ``keys`` are all of them, ``jobs`` those whose assets were
    found, so that their names are known; ``diagnostics`` say what is wrong with the others."""

    header: PlanHeader
    keys: tuple[JobKey, ...]
    jobs: Mapping[JobKey, ResolvedJob]
    surgery: Surgery
    diagnostics: tuple[Diagnostic, ...]


def wanted_jobs(
    compiled: Compiled, catalog: AssetCatalog, *, now: datetime, tool_version: str
) -> Wanted:
    """Raises the errors of the catalog port."""
    resolution = resolve(compiled.jobs, catalog)
    return Wanted(
        header=plan_header(compiled, resolution, now, tool_version, assets_at=now),
        keys=tuple(sorted(job.key for job in compiled.jobs)),
        jobs={job.key: job for job in resolution.jobs},
        surgery=surgery_of(compiled),
        diagnostics=resolution.diagnostics,
    )
