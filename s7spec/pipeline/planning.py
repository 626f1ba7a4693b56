"""Expanded jobs to a plan, and a plan carried out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from s7spec.apply import ApplyOptions, Means, apply_plan, is_seen_to
from s7spec.model.diagnostics import Diagnostic, has_errors, in_order
from s7spec.model.ignores import apply_ignores, ignored_by
from s7spec.model.job import ExpandedJob, JobKey, ResolvedJob, attempt_name
from s7spec.model.manifest import Manifest
from s7spec.model.plan import PLAN_LIFETIME, Action, Plan, PlanHeader, PlanItem
from s7spec.model.policy import OnAmbiguous
from s7spec.model.preset import preset_hash
from s7spec.model.receipt import RunReport
from s7spec.model.rules import SEEN_ON_IPS, Rule
from s7spec.model.submission import Submission
from s7spec.model.wishes import NO_WISHES, PlanWishes
from s7spec.pipeline.compiled import Compiled
from s7spec.pipeline.foretelling import Foretold, better_said, foretell
from s7spec.pipeline.guarding import judge_plan
from s7spec.pipeline.narrowed import words_on
from s7spec.pipeline.protection import Declared
from s7spec.pipeline.selecting import Sieve, matches
from s7spec.plan import Evidence, Surgery, make_plan, misses_history
from s7spec.ports import AssetCatalog, Clock, IpsGateway, LedgerView
from s7spec.resolve import Refreshed, Resolution, observe, refresh, resolve

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
    view: LedgerView,
    clock: Clock,
    tool_version: str,
    wishes: PlanWishes = NO_WISHES,
) -> Planned:
    """resolve -> observe -> plan -> guard. Reads only."""
    assets_at = clock.now()  # what changes while they are read may have been read before it did
    resolution = resolve(compiled.jobs, catalog)
    refused = _weighed(compiled, resolution.diagnostics, is_all=False)
    if has_errors(refused.findings):
        return _none(refused)
    jobs = resolution.jobs
    now = clock.now()
    evidence = _evidence(compiled, jobs, gateway, view, now, wishes)
    sieve = Sieve(compiled.scope.narrowing, compiled.manifests, view)
    plan = make_plan(
        jobs=jobs,
        evidence=evidence,
        header=plan_header(compiled, resolution, now, tool_version, assets_at=assets_at),
        assumptions=NOT_CHECKED,
        whole=compiled.whole,
        takes=sieve.takes if compiled.scope.narrowing.needs_plan else None,
    )
    # What is unchanged was foretold when it was sent.
    told = {item.key: item for item in plan.items if item.action not in _QUIET}
    foretold = foretell(compiled, resolution, told)
    found = (*resolution.diagnostics, *foretold.findings)
    weighed = _weighed(compiled, found, is_all=all(job.key in told for job in jobs))
    if has_errors(weighed.findings):
        return _none(weighed)
    plan = replace(
        plan,
        items=tuple(_with_pictures(item, foretold) for item in plan.items),
        warnings=in_order(better_said(compiled.diagnostics, weighed.findings)),
        narrowed=words_on(compiled, left_out=compiled.left_out + sieve.left_out),
        assumptions=(*_about_modified(foretold.modified), *plan.assumptions),
    )
    return Planned(
        plan=judge_plan(
            plan, compiled.environment.guardrails, view, lambda: _declared_in(compiled)
        ),
        jobs={job.key: job for job in jobs},
        diagnostics=plan.warnings,
        ignored=weighed.ignored,
    )


def _declared_in(compiled: Compiled) -> Declared:
    since = compiled.scope.since
    is_partly = bool(compiled.scope.paths) or (since is not None and not since.is_all)
    return Declared(manifests=compiled.manifests, is_all=not is_partly)


def _evidence(
    compiled: Compiled,
    jobs: Sequence[ResolvedJob],
    gateway: IpsGateway,
    view: LedgerView,
    now: datetime,
    wishes: PlanWishes,
) -> Evidence:
    surgery = surgery_of(compiled)
    observed = observe(
        view,
        gateway,
        now=now,
        refresh=wishes.refresh,
        first_run=wishes.first_run,
        misses_history=misses_history((job.key for job in jobs), surgery, view),
    )
    return Evidence(
        view=view,
        observed=observed,
        now=now,
        forced=_forced(jobs, wishes),
        surgery=surgery,
        hold=compiled.environment.on_ambiguous is OnAmbiguous.HOLD,
        walked=compiled.walked,
    )


_QUIET = (Action.SKIP, Action.UPDATE_META)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Weighed:
    """Findings without those that comments ignore."""

    findings: tuple[Diagnostic, ...]
    ignored: int


def _weighed(compiled: Compiled, found: tuple[Diagnostic, ...], *, is_all: bool) -> _Weighed:
    """``is_all``: everything was looked at, so a comment that ignores nothing is idle."""
    looked_for = SEEN_ON_IPS if compiled.whole and is_all else frozenset[Rule]()
    ignores = compiled.ignores
    return _Weighed(
        findings=apply_ignores(found, ignores, looked_for=looked_for),
        ignored=compiled.ignored + len(ignored_by(found, ignores)),
    )


def _none(weighed: _Weighed) -> Planned:
    return Planned(plan=None, jobs={}, diagnostics=weighed.findings, ignored=weighed.ignored)


def _about_modified(assets: int) -> Iterator[str]:
    """Modifiers that stand with an asset on IPS reach its pictures past all that is reviewed."""
    if assets:
        have = "1 asset has modifiers" if assets == 1 else f"{assets:,} assets have modifiers"
        yield (
            f"{have} on IPS that change pictures beside those of the job: they are in what is "
            "foretold, but not in the modifiers shown, guardrails do not see them, and when only "
            "they change, a job runs again only if IPS gives the asset a new date"
        )


def _with_pictures(item: PlanItem, foretold: Foretold) -> PlanItem:
    effective = foretold.effective.get(item.key)
    if effective is None:
        return item  # unchanged: it was told when it was sent
    return replace(item, predicted=foretold.predicted.get(item.key), effective=effective)


def plan_header(
    compiled: Compiled,
    resolution: Resolution,
    now: datetime,
    tool_version: str,
    *,
    assets_at: datetime,
) -> PlanHeader:
    environment = compiled.environment
    return PlanHeader(
        company=environment.company,
        environment=environment.name,
        ips=environment.ips,
        created_at=now,
        expires_at=now + PLAN_LIFETIME,
        tool_version=tool_version,
        manifest_hash=compiled.manifest_hash,
        assets_at=assets_at,
        preset_hash=preset_hash(resolution.presets),
    )


def _forced(jobs: Iterable[ResolvedJob], wishes: PlanWishes) -> frozenset[JobKey]:
    if not wishes.rerun:
        return frozenset()
    patterns = wishes.rerun
    return frozenset(job.key for job in jobs if any(matches(job.key, each) for each in patterns))


def surgery_of(compiled: Compiled) -> Surgery:
    """What the manifests say about the past of jobs, by whole keys. A narrowed plan heeds only the
    manifests of which it takes a job, or looks at all."""
    taken = {job.settings.manifest for job in compiled.jobs} | compiled.walked
    manifests = [each for each in compiled.manifests if compiled.whole or each.name in taken]

    def key(manifest: Manifest, export: str) -> JobKey:
        return JobKey(
            company=compiled.environment.company,
            environment=compiled.environment.name,
            manifest=manifest.name,
            export=export,
        )

    return Surgery(
        moved={
            key(each, moved.to_key): key(each, moved.from_key)
            for each in manifests
            for moved in each.moved
        },
        forgotten=frozenset(
            key(each, forgotten.key) for each in manifests for forgotten in each.forget
        ),
        adopted={
            key(each, adopted.key): adopted.job_name for each in manifests for adopted in each.adopt
        },
    )


def first_submissions(
    jobs: Iterable[ExpandedJob], catalog: AssetCatalog
) -> tuple[Mapping[JobKey, Submission], tuple[Diagnostic, ...]]:
    """What would be sent for each job if it had never been sent before, and what is in the way."""
    resolution = resolve(jobs, catalog)
    submissions = {
        job.key: Submission.of(
            job,
            attempt_name(job.key, job.export_job.fingerprint, 1),
            description="",
            timing=job.policy.timing,
        )
        for job in resolution.jobs
    }
    return submissions, resolution.diagnostics


def refresh_plan(plan: Plan, catalog: AssetCatalog, view: LedgerView) -> Refreshed:
    """For a saved plan: today's handles, and the items that no longer fit. What an earlier apply
    of it has done is done: there it does not matter what the assets are now."""
    refreshed = refresh(plan, catalog)
    items = {item.key: item for item in plan.items}
    stale = tuple(each for each in refreshed.stale if not is_seen_to(items[each.key], view))
    return replace(refreshed, stale=stale)


def carry_out(
    plan: Plan,
    jobs: Iterable[ResolvedJob],
    *,
    means: Means,
    options: ApplyOptions,
) -> RunReport:
    """Applies a plan through the ports."""
    return apply_plan(plan, jobs={job.key: job for job in jobs}, means=means, options=options)
