"""Expanded jobs to a plan, and a plan carried out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from s7spec.apply import ApplyOptions, apply_plan
from s7spec.model.diagnostics import Diagnostic, has_errors, in_order
from s7spec.model.ignores import apply_ignores, ignored_by
from s7spec.model.job import ExpandedJob, JobKey, ResolvedJob, attempt_name
from s7spec.model.ledger import LedgerSnapshot
from s7spec.model.manifest import Manifest
from s7spec.model.plan import Plan, PlanHeader
from s7spec.model.preset import preset_hash
from s7spec.model.receipt import RunReport
from s7spec.model.rules import SEEN_ON_IPS, Rule
from s7spec.model.submission import Submission
from s7spec.pipeline.compiling import Compiled
from s7spec.pipeline.foretelling import better_said, foretell
from s7spec.plan import make_plan, not_plannable
from s7spec.ports import AssetCatalog, Clock, IpsGateway, Ledger, Observer
from s7spec.resolve import Refreshed, observe, refresh, resolve

PLAN_LIFETIME = timedelta(hours=24)

NOT_CHECKED = (
    "sizes are foretold by the documentation, not asked of IPS",
    "bytes of converted files are estimates",
    "whether pictures have transparency of their own",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A plan with the handles to carry it out, or the findings that stand in its way."""

    plan: Plan | None
    jobs: Mapping[JobKey, ResolvedJob]
    diagnostics: tuple[Diagnostic, ...]
    ignored: int = 0


def plan_exports(
    compiled: Compiled,
    *,
    catalog: AssetCatalog,
    gateway: IpsGateway,
    snapshot: LedgerSnapshot,
    now: datetime,
    tool_version: str,
    assumptions: tuple[str, ...] = (),
) -> Planned:
    """resolve -> observe -> plan. Reads only, and nothing at all when there is something in the
    manifests that no plan can be made of yet. ``assumptions`` are what was not checked beside the
    usual."""
    refused = not_plannable(_planned(compiled), compiled.jobs)
    if refused:
        return Planned(plan=None, jobs={}, diagnostics=refused)
    resolution = resolve(compiled.jobs, catalog)
    ignores = compiled.ignores
    looked_for = SEEN_ON_IPS if compiled.whole else frozenset[Rule]()
    jobs, foretold = foretell(compiled, resolution)
    found = (*resolution.diagnostics, *foretold)
    findings = apply_ignores(found, ignores, looked_for=looked_for)
    ignored = compiled.ignored + len(ignored_by(found, ignores))
    if has_errors(findings):
        return Planned(plan=None, jobs={}, diagnostics=findings, ignored=ignored)
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
        jobs=jobs,
        snapshot=snapshot,
        observed=observe(snapshot, gateway),
        header=header,
        limits=environment.limits,
        warnings=in_order(better_said(compiled.diagnostics, findings)),
        assumptions=NOT_CHECKED + assumptions,
        whole=compiled.whole,
    )
    by_key = {job.key: job for job in jobs}
    return Planned(plan=plan, jobs=by_key, diagnostics=plan.warnings, ignored=ignored)


def _planned(compiled: Compiled) -> Iterable[Manifest]:
    """A narrowed plan says nothing about manifests of which it takes no job."""
    if compiled.whole:
        return compiled.manifests
    names = {job.key.manifest for job in compiled.jobs}
    return [manifest for manifest in compiled.manifests if manifest.name in names]


def first_submissions(
    jobs: Iterable[ExpandedJob], catalog: AssetCatalog
) -> tuple[Mapping[JobKey, Submission], tuple[Diagnostic, ...]]:
    """What would be sent for each job if it had never been sent before, and what is in the way."""
    jobs = tuple(jobs)
    refused = not_plannable((), jobs)
    if refused:
        return {}, refused
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
