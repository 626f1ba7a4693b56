"""Takes the lease, checks the whole plan, and only then starts anything."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from s7spec.apply.books import Books
from s7spec.apply.contact import Contact
from s7spec.apply.doubles import unsaid_doubles, write_down
from s7spec.apply.fitting import Course, Note, Stale, course_of
from s7spec.apply.means import Means
from s7spec.apply.options import ApplyOptions
from s7spec.apply.run import Run, Step
from s7spec.apply.stopwatch import Stopwatch
from s7spec.apply.tower import Tower
from s7spec.model.job import JobKey, ResolvedJob
from s7spec.model.ledger import Attempt, JobHead
from s7spec.model.plan import Action, Plan, PlanItem
from s7spec.model.receipt import RunItem, RunOutcome, RunReport
from s7spec.model.sight import Listing
from s7spec.ports import Ledger, LedgerWriter, PortError


def apply_plan(
    plan: Plan,
    *,
    jobs: Mapping[JobKey, ResolvedJob],
    means: Means,
    options: ApplyOptions,
) -> RunReport:
    """Submits, follows and records what the plan says. ``jobs`` hold this run's handles.

    Nothing at all is started when a guardrail refuses the plan (outcome ``refused``), or when it
    has expired or any item no longer fits the ledger (``stale``; the report's items are those).
    With ``skip_stale`` the others are carried out, and the outcome is ``stale`` all the same.
    A run that died or was interrupted goes on with a new plan: plan again and apply. What was
    sent is found by its name. The old plan may do as well, but is stale as soon as one of its jobs
    has ended otherwise than well.

    ``means.stop``, or a KeyboardInterrupt, ends the run: nothing more is started, submits on their
    way are waited for and written down, what runs on IPS goes on and stays in the ledger as it is.
    Raises LeaseHeld when somebody else is applying here, LedgerConflict when somebody else took
    over, LedgerError when the ledger fails, and what ``IpsGateway.known_jobs`` raises before
    anything was sent.
    """
    started = means.clock.now()
    obstacle = _obstacle(plan, started)
    if obstacle is not None:
        outcome, message = obstacle
        return _report(plan, started, started, outcome, message=message)
    watch = Stopwatch(means.clock)
    books = _books(plan, means, options, watch, started)
    tower = Tower(
        gateway=means.gateway,
        books=books,
        watch=watch,
        observer=means.observer,
        options=options,
        contact=Contact(watch, means.observer, patience=options.patience_seconds),
    )
    means.stop.tell(means.crew.wake)
    try:
        report = _carried_out(plan, jobs, means, tower)
    finally:
        # First no more calls, then the lease. What the run did, or why it ends, is worth more than
        # a failure to give the lease back: that runs out by itself.
        means.crew.close()
        with suppress(PortError):
            books.release()
    return replace(report, started_at=started)


def _books(
    plan: Plan, means: Means, options: ApplyOptions, watch: Stopwatch, now: datetime
) -> Books:
    """Takes the lease. What it is good for counts from when it was asked for."""
    asked = watch.seconds()
    lease = means.ledger.acquire(
        plan.header.company,
        plan.header.environment,
        holder=options.holder,
        now=now,
        seconds=options.lease_seconds,
    )
    return Books(
        ledger=means.ledger, lease=lease, seconds=options.lease_seconds, watch=watch, taken=asked
    )


def _obstacle(plan: Plan, now: datetime) -> tuple[RunOutcome, str] | None:
    refused = [verdict for verdict in plan.verdicts if verdict.refused]
    if refused:
        why = "; ".join(f"{verdict.guard}: {verdict.detail}" for verdict in refused)
        return RunOutcome.REFUSED, f"guardrails refuse the plan: {why}"
    if now >= plan.header.expires_at:
        expired = f"{plan.header.expires_at:%Y-%m-%d %H:%M:%S %Z}"
        return RunOutcome.STALE, f"the plan expired at {expired}"
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fitted:
    """The plan against the ledger as it is now. ``noted`` are the attempts that notes need."""

    steps: tuple[Step, ...]
    stale: tuple[Stale, ...]
    noted: Mapping[str, Attempt]
    is_cold: bool


def _carried_out(
    plan: Plan,
    jobs: Mapping[JobKey, ResolvedJob],
    means: Means,
    tower: Tower,
) -> RunReport:
    ledger = means.ledger
    fitted = _fitted(plan, jobs, ledger)
    now = tower.watch.wall()
    stale = tuple(map(_stale_item, fitted.stale))
    message = f"{len(stale)} of {len(plan.items)} items no longer fit"
    if stale and not tower.options.skip_stale:
        return _report(plan, now, now, RunOutcome.STALE, stale, f"{message}: nothing was started")
    if _move(plan.items, ledger, fitted, tower):
        fitted = _fitted(plan, jobs, ledger)
    run = Run(fitted.steps, tower, means.crew, means.stop)
    run.carry_out(fitted.noted, is_cold=fitted.is_cold)
    said = [run.halted, _doubles(run.listing, plan, ledger, tower)]
    items = run.items(_latest(run.open_keys, plan, ledger))
    outcome = run.outcome(items)
    if outcome is RunOutcome.OK and any(said):
        outcome = RunOutcome.INCOMPLETE
    if stale:
        said.append(f"{message}: left out")
        items = tuple(sorted((*items, *stale), key=lambda item: item.key))
        if outcome is not RunOutcome.INTERRUPTED:
            outcome = RunOutcome.STALE
    ended = tower.watch.wall()
    return _report(plan, ended, ended, outcome, items, "; ".join(filter(None, said)))


def _doubles(listing: Listing | None, plan: Plan, ledger: Ledger, tower: Tower) -> str:
    if listing is None:
        return ""
    with ledger.reading(plan.header.company, plan.header.environment) as view:
        doubles = list(unsaid_doubles(listing, view))
    return write_down(doubles, tower)


def _fitted(plan: Plan, jobs: Mapping[JobKey, ResolvedJob], ledger: Ledger) -> _Fitted:
    steps: list[Step] = []
    stale: list[Stale] = []
    noted: dict[str, Attempt] = {}
    with ledger.reading(plan.header.company, plan.header.environment) as view:
        for item in plan.items:
            course: Course = course_of(item, view, jobs.get(item.key))
            if isinstance(course, Stale):
                stale.append(course)
                continue
            steps.append(course)
            if isinstance(course, Note) and item.action is Action.UPDATE_META:
                noted[course.prior.attempt_name] = view.attempt(course.prior.attempt_name)
        return _Fitted(steps=tuple(steps), stale=tuple(stale), noted=noted, is_cold=view.is_cold())


def _move(items: Iterable[PlanItem], ledger: Ledger, fitted: _Fitted, tower: Tower) -> bool:
    """Histories go to their new keys before anything else is done; all or none."""
    good = {step.item.key for step in fitted.steps}
    # Without a prior there is no history: the job has another key on IPS only.
    moving = [item for item in items if item.moved_from and item.prior and item.key in good]
    if not moving:
        return False
    with ledger.reading(moving[0].key.company, moving[0].key.environment) as view:
        # An apply of this plan that broke off may have moved some.
        left = [item for item in moving if item.moved_from and view.head(item.moved_from)]
    at = tower.watch.wall()
    tower.books.write(partial(_move_one, item, at) for item in left)
    return bool(left)


def _move_one(item: PlanItem, at: datetime, writer: LedgerWriter) -> None:
    assert item.moved_from is not None
    assert item.prior is not None
    writer.move(item.moved_from, to=item.key, prior=item.prior, at=at)


def _latest(keys: Iterable[JobKey], plan: Plan, ledger: Ledger) -> Mapping[JobKey, Attempt]:
    with ledger.reading(plan.header.company, plan.header.environment) as view:
        heads = (view.head(key) for key in keys)
        return {head.key: view.attempt(head.attempt_name) for head in heads if head is not None}


def _stale_item(course: Stale) -> RunItem:
    head: JobHead | None = course.head
    return RunItem(
        key=course.item.key,
        action=course.item.action,
        attempt_name=course.item.attempt_name,
        state=None if head is None else head.state,
        message=course.why,
        is_stale=True,
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
        verdicts=plan.verdicts,
    )
