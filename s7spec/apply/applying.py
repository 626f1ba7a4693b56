"""Takes the lease, checks the whole plan, and only then starts anything."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime

from s7spec.apply.books import Books
from s7spec.apply.courses import Stale, course_of
from s7spec.apply.options import ApplyOptions
from s7spec.apply.run import Run, Step
from s7spec.apply.stopwatch import Stopwatch
from s7spec.apply.tower import Tower
from s7spec.model.job import JobKey, ResolvedJob
from s7spec.model.ledger import Attempt
from s7spec.model.plan import Plan
from s7spec.model.receipt import RunItem, RunOutcome, RunReport
from s7spec.ports import Clock, IpsGateway, Ledger, Observer, PortError


def apply_plan(
    plan: Plan,
    *,
    jobs: Mapping[JobKey, ResolvedJob],
    ledger: Ledger,
    gateway: IpsGateway,
    clock: Clock,
    observer: Observer,
    options: ApplyOptions,
) -> RunReport:
    """Submits, follows and records what the plan says. ``jobs`` hold this run's handles.

    Nothing at all is started when a guardrail refuses the plan (outcome ``refused``), or when it
    has expired or any item no longer fits the ledger (``stale``; the report's items are those).
    A run that died or was interrupted goes on with a new plan: plan again and apply. What was
    sent is found by its name. The old plan may do as well, but is stale as soon as one of its jobs
    has ended otherwise than well.

    The first KeyboardInterrupt ends the run: nothing more is started, what runs on IPS goes on
    and stays in the ledger as it is. Raises LeaseHeld when somebody else is applying here,
    LedgerConflict when somebody else took over, and LedgerError when the ledger fails.
    """
    started = clock.now()
    obstacle = _obstacle(plan, started)
    if obstacle is not None:
        outcome, message = obstacle
        return _report(plan, started, started, outcome, message=message)
    watch = Stopwatch(clock)
    lease = ledger.acquire(
        plan.header.company,
        plan.header.environment,
        holder=options.holder,
        now=started,
        seconds=options.lease_seconds,
    )
    books = Books(ledger=ledger, lease=lease, seconds=options.lease_seconds, watch=watch)
    tower = Tower(gateway=gateway, books=books, watch=watch, observer=observer, options=options)
    try:
        report = _carried_out(plan, jobs, ledger, started, tower)
    except BaseException:
        # The reason why the run ends is worth more than a second failure to give the lease back.
        with suppress(PortError):
            books.release()
        raise
    books.release()
    return report


def _obstacle(plan: Plan, now: datetime) -> tuple[RunOutcome, str] | None:
    refused = [verdict for verdict in plan.verdicts if verdict.refused]
    if refused:
        figures = ", ".join(f"{v.found} {v.limit} where {v.allowed} are allowed" for v in refused)
        return RunOutcome.REFUSED, f"the environment's limits refuse the plan: {figures}"
    if now >= plan.header.expires_at:
        expired = f"{plan.header.expires_at:%Y-%m-%d %H:%M:%S %Z}"
        return RunOutcome.STALE, f"the plan expired at {expired}"
    return None


def _carried_out(
    plan: Plan,
    jobs: Mapping[JobKey, ResolvedJob],
    ledger: Ledger,
    started: datetime,
    tower: Tower,
) -> RunReport:
    latest = _latest(plan, ledger)
    steps: list[Step] = []
    stale: list[RunItem] = []
    for item in plan.items:
        course = course_of(item, latest.get(item.key), jobs.get(item.key))
        if isinstance(course, Stale):
            stale.append(_stale_item(course, latest.get(item.key)))
        else:
            steps.append(course)
    if stale:
        message = f"{len(stale)} of {len(plan.items)} items no longer fit: nothing was started"
        now = tower.watch.wall()
        return _report(plan, started, now, RunOutcome.STALE, tuple(stale), message)
    run = Run(steps, tower)
    run.carry_out()
    items = run.items(_latest(plan, ledger) if run.interrupted else {})
    return _report(plan, started, tower.watch.wall(), run.outcome(items), items, run.halted)


def _latest(plan: Plan, ledger: Ledger) -> Mapping[JobKey, Attempt]:
    snapshot = ledger.snapshot(plan.header.company, plan.header.environment)
    return {attempt.key: attempt for attempt in snapshot.latest}


def _stale_item(course: Stale, latest: Attempt | None) -> RunItem:
    return RunItem(
        key=course.item.key,
        action=course.item.action,
        attempt_name=course.item.attempt_name,
        state=None if latest is None else latest.state,
        message=course.why,
    )


def _report(
    plan: Plan,
    started: datetime,
    ended: datetime,
    outcome: RunOutcome,
    items: tuple[RunItem, ...] = (),
    message: str = "",
) -> RunReport:
    return RunReport(
        company=plan.header.company,
        environment=plan.header.environment,
        started_at=started,
        ended_at=ended,
        outcome=outcome,
        items=items,
        message=message,
    )
