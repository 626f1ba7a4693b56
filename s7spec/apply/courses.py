"""Before anything is started: does each item still fit the ledger, and what is it to do?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from s7spec.model.job import ResolvedJob
from s7spec.model.ledger import Attempt, AttemptState
from s7spec.model.plan import Action, PlanItem


@dataclass(frozen=True, slots=True, kw_only=True)
class Launch:
    """To be sent; ``prior`` is the job's latest attempt in the ledger."""

    item: PlanItem
    prior: Attempt | None
    job: ResolvedJob


@dataclass(frozen=True, slots=True, kw_only=True)
class Follow:
    """On its way already; ``job`` is there when it may be sent again if IPS has it not."""

    item: PlanItem
    attempt: Attempt
    job: ResolvedJob | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Drop:
    """To be forgotten."""

    item: PlanItem


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """Nothing is left to do."""

    item: PlanItem
    attempt: Attempt
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stale:
    """The plan does not fit any more."""

    item: PlanItem
    why: str


Course: TypeAlias = Launch | Follow | Drop | Settled | Stale


def course_of(item: PlanItem, latest: Attempt | None, job: ResolvedJob | None) -> Course:
    """Compares one item with the ledger as it is now (semantics: section 6)."""
    if job is not None and not _matches(item, job):
        job = None
    match item.action:
        case Action.SUBMIT | Action.RETRY:
            return _sending(item, latest, job)
        case Action.WAIT:
            return _waiting(item, latest, job)
        case Action.SKIP:
            if latest is not None and _is_done(item, latest):
                return Settled(item=item, attempt=latest, note="")
            return _stale(item, latest)
        case Action.FORGET:
            return _forgetting(item, latest)


def _sending(item: PlanItem, latest: Attempt | None, job: ResolvedJob | None) -> Course:
    if _is_prior(item, latest):
        if job is None:
            return Stale(item=item, why="its assets or its payload are not those of the plan")
        return Launch(item=item, prior=latest, job=job)
    if latest is not None and _is_done(item, latest):
        return Settled(item=item, attempt=latest, note="already applied")
    if latest is not None and latest.state.is_open and is_wanted(item, latest):
        return Follow(item=item, attempt=latest, job=job)
    return _stale(item, latest)


def _waiting(item: PlanItem, latest: Attempt | None, job: ResolvedJob | None) -> Course:
    if latest is None or latest.name != item.attempt_name:
        return _stale(item, latest)
    if latest.state.is_open:
        return Follow(item=item, attempt=latest, job=job)
    return Settled(item=item, attempt=latest, note=latest.message or "ended since the plan")


def _forgetting(item: PlanItem, latest: Attempt | None) -> Course:
    if latest is not None and latest.forgotten:
        return Settled(item=item, attempt=latest, note="already forgotten")
    return Drop(item=item) if _is_prior(item, latest) else _stale(item, latest)


def is_wanted(item: PlanItem, attempt: Attempt) -> bool:
    """True when the attempt delivers what the item wants now."""
    wanted = item.fingerprint
    return wanted is not None and wanted.data == attempt.export_job.fingerprint.data


def is_superseded(item: PlanItem, attempt: Attempt) -> bool:
    """True when the attempt delivers something else than the item wants by now. A job that is no
    longer declared wants nothing."""
    return item.fingerprint is not None and not is_wanted(item, attempt)


def _matches(item: PlanItem, job: ResolvedJob) -> bool:
    wanted = item.fingerprint
    return wanted is not None and wanted.data == job.export_job.fingerprint.data


def _is_done(item: PlanItem, latest: Attempt) -> bool:
    return latest.state is AttemptState.OK and not latest.forgotten and is_wanted(item, latest)


def _is_prior(item: PlanItem, latest: Attempt | None) -> bool:
    if item.prior is None or latest is None:
        return item.prior is None and latest is None
    return (item.prior.attempt_name, item.prior.version) == (latest.name, latest.version)


def _stale(item: PlanItem, latest: Attempt | None) -> Stale:
    before = "no attempt" if item.prior is None else item.prior.attempt_name
    now = "none" if latest is None else f"{latest.name}, {latest.state}"
    if latest is not None and latest.forgotten:
        now += ", forgotten"
    return Stale(item=item, why=f"planned on {before}, but the ledger has moved on: {now}")
