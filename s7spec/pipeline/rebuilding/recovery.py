"""Adopts what IPS lists of the jobs wanted now, by plans that send nothing.

A rebuilding is a plan of which only the adoptions are kept, carried out under the lease like any
other: each job is looked at once on IPS, and what it shows is written down. That may show more:
once a partial attempt is known, the name of its repair is, too. So it is done again until a plan
finds nothing more to adopt.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass, replace
from datetime import datetime

from s7spec.apply import ApplyOptions, Crew, Means, apply_plan
from s7spec.model.ips import KnownJob
from s7spec.model.job import JobKey, attempt_name
from s7spec.model.plan import Action, Plan, PlanItem, ReasonCode
from s7spec.model.rebuilt import FoundName, Rebuilt, Recovered
from s7spec.model.receipt import RunItem, RunOutcome, RunReport
from s7spec.model.sight import Listing, Observed
from s7spec.pipeline.rebuilding.sorting import sort_names
from s7spec.pipeline.rebuilding.wanted import Wanted
from s7spec.plan import Evidence, former_keys, make_plan
from s7spec.ports import Ledger, LedgerView

_ADOPTING = (Action.ADOPT, Action.CONFLICT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hands:
    """How a rebuilding writes: with what and how a plan is carried out. Each plan closes its crew,
    so ``crew`` makes another one."""

    means: Means
    options: ApplyOptions
    crew: Callable[[], Crew]


def rebuild(
    wanted: Wanted,
    listed: tuple[KnownJob, ...],
    *,
    since: datetime,
    ledger: Ledger,
    hands: Hands | None,
) -> Rebuilt:
    """``listed`` is what IPS lists since then. Without ``hands`` nothing is written: a trial.
    Raises as ``apply_plan`` does."""
    search = _Search(wanted, Listing(listed), ledger)
    names = sort_names(listed, wanted.keys, wanted.surgery.adopted, search.former)
    known = search.known(found.name for found in names.ours)
    done: dict[str, Recovered] = {}
    interrupted = False
    while not interrupted and (items := search.adoptable(done.keys())):
        report = None if hands is None else _adopt(search.plan_of(items), wanted, hands)
        done |= {each.attempt_name: each for each in search.recovered(items, report)}
        interrupted = report is not None and report.outcome is RunOutcome.INTERRUPTED
    history = tuple(found for found in names.ours if found.name not in known | done.keys())
    results = _with_overtakers(done.values(), names.ours, history)
    whose = {found.key for found in names.ours}
    return Rebuilt(
        company=wanted.header.company,
        environment=wanted.header.environment,
        since=since,
        is_trial=hands is None,
        listed=len(listed),
        recovered=tuple(each for each in results if each.state or hands is None),
        left=tuple(each for each in results if not each.state and hands is not None),
        known=tuple(found for found in names.ours if found.name in known),
        history=history,
        undeclared=names.undeclared,
        foreign=names.foreign,
        without=tuple(key for key in wanted.keys if key not in whose),
        unresolved=tuple(key for key in wanted.keys if key not in wanted.jobs),
        interrupted=interrupted,
    )


def _with_overtakers(
    results: Iterable[Recovered], ours: Iterable[FoundName], history: Iterable[FoundName]
) -> tuple[Recovered, ...]:
    starts = {found.name: found.startDate for found in ours}
    later: dict[JobKey | None, FoundName] = {}
    for found in history:
        last = later.get(found.key)
        if found.startDate and (last is None or _start(last) < found.startDate):
            later[found.key] = found
    return tuple(_overtaken(each, starts.get(each.attempt_name), later) for each in results)


def _overtaken(
    result: Recovered, start: datetime | None, later: Mapping[JobKey | None, FoundName]
) -> Recovered:
    found = later.get(result.key)
    if found is None or start is None or _start(found) <= start:
        return result
    return replace(result, overtaken_by=found)


def _start(found: FoundName) -> datetime:
    assert found.startDate is not None
    return found.startDate


def _adopt(plan: Plan, wanted: Wanted, hands: Hands) -> RunReport:
    """Nothing is sent, and a running job is not waited for. What somebody else has written about
    meanwhile is left out."""
    options = replace(hands.options, detach=True, skip_stale=True, cold_wait_seconds=0)
    means = replace(hands.means, crew=hands.crew())
    return apply_plan(plan, jobs=wanted.jobs, means=means, options=options)


class _Search:
    """What is to be adopted, given what the ledger knows by then."""

    def __init__(self, wanted: Wanted, listing: Listing, ledger: Ledger) -> None:
        self._wanted = wanted
        self._listing = listing
        self._ledger = ledger
        header = wanted.header
        self._where = (header.company, header.environment)
        with ledger.reading(*self._where) as view:
            self.former = former_keys(wanted.keys, wanted.surgery, view)

    def known(self, names: Iterable[str]) -> Set[str]:
        with self._ledger.reading(*self._where) as view:
            return {name for name in names if view.knows(name)}

    def adoptable(self, tried: Set[str]) -> tuple[PlanItem, ...]:
        wanted = self._wanted
        with self._ledger.reading(*self._where) as view:
            evidence = Evidence(
                view=view,
                observed=Observed(attempts={}, listing=self._listing),
                now=wanted.header.created_at,
                forced=self._unheard_of(view),
                surgery=wanted.surgery,
            )
            plan = make_plan(
                jobs=tuple(wanted.jobs.values()),
                evidence=evidence,
                header=wanted.header,
                whole=False,
            )
        items = (item for item in plan.items if item.action in _ADOPTING)
        return tuple(_unforced(item) for item in items if item.attempt_name not in tried)

    def plan_of(self, items: tuple[PlanItem, ...]) -> Plan:
        return Plan(header=self._wanted.header, items=items)

    def recovered(self, items: Iterable[PlanItem], report: RunReport | None) -> Iterable[Recovered]:
        ends = {} if report is None else {item.key: item for item in report.items}
        return (_recovered(item, ends.get(item.key)) for item in items)

    def _unheard_of(self, view: LedgerView) -> Set[JobKey]:
        """Jobs that IPS lists a later run of than the ledger knows, with the content wanted now:
        it is adopted also when an earlier one delivered the same."""
        found = set()
        for key, job in self._wanted.jobs.items():
            fingerprint = job.export_job.fingerprint
            for each in (key, *self.former.get(key, ())):
                listed = self._listing.last_generation(attempt_name(each, fingerprint, 1))
                if listed and listed > view.last_generation(each, fingerprint.data):
                    found.add(key)
        return found


def _unforced(item: PlanItem) -> PlanItem:
    """To force is how it is looked for here: nobody asked for a run."""
    kept = (reason for reason in item.reasons if reason.code is not ReasonCode.FORCED)
    return replace(item, reasons=tuple(kept))


def _recovered(item: PlanItem, end: RunItem | None) -> Recovered:
    is_doubled = any(reason.code is ReasonCode.DOUBLED for reason in item.reasons)
    doubled = "; ".join(reason.detail for reason in item.reasons) if is_doubled else ""
    return Recovered(
        key=item.key,
        attempt_name=item.attempt_name,
        generation=item.generation,
        state=None if end is None else end.state,
        assets=len(item.sent_assets),
        is_doubled=is_doubled,
        message=doubled if end is None else end.message,
    )
