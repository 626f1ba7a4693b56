"""Puts a plan together: every job gets an action, in the order of the keys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from s7spec.model.diagnostics import Diagnostic, in_order
from s7spec.model.ips import JobSnapshot
from s7spec.model.job import JobKey, ResolvedJob
from s7spec.model.ledger import LedgerSnapshot
from s7spec.model.plan import Action, Plan, PlanHeader, PlanItem
from s7spec.model.project import Limits
from s7spec.plan.decide import decide, decide_undeclared
from s7spec.plan.guard import guard


def make_plan(
    *,
    jobs: tuple[ResolvedJob, ...],
    snapshot: LedgerSnapshot,
    observed: Mapping[str, JobSnapshot | None],
    header: PlanHeader,
    limits: Limits,
    warnings: tuple[Diagnostic, ...] = (),
    assumptions: tuple[str, ...] = (),
    whole: bool,
) -> Plan:
    """Compares what is wanted with the ledger and with what the server shows.

    ``observed`` holds the open attempts by name (None: not on the server). ``whole`` says that
    ``jobs`` are all the jobs of the environment; only then is a job that the ledger knows and
    ``jobs`` does not have taken for one that is no longer declared.

    Raises ValueError when the parts do not belong together: that is a bug of the caller.
    """
    _check(jobs, snapshot, header)
    latest = {attempt.key: attempt for attempt in snapshot.latest}
    wanted = {job.key: job for job in jobs}
    items: list[PlanItem] = []
    for key in sorted(wanted.keys() | latest.keys()):
        attempt = latest.get(key)
        seen = None if attempt is None else observed.get(attempt.name)
        job = wanted.get(key)
        if job is not None:
            generation = snapshot.next_generation(key, job.export_job.fingerprint)
            items.append(decide(job, attempt, seen, generation=generation))
        elif whole and attempt is not None and (item := decide_undeclared(attempt, seen)):
            items.append(item)
    return Plan(
        header=header,
        items=tuple(items),
        verdicts=guard(items, limits),
        warnings=in_order(warnings),
        assumptions=assumptions + _cold_ledger(items, snapshot),
    )


def _cold_ledger(items: Iterable[PlanItem], snapshot: LedgerSnapshot) -> tuple[str, ...]:
    if snapshot.latest or not any(item.action is Action.SUBMIT for item in items):
        return ()
    return (
        f"the ledger knows no attempt in {snapshot.company}/{snapshot.environment}: of what a lost "
        "ledger had sent, the jobs of the same content that IPS still lists are found by name and "
        "not sent again, but jobs retried after a failure, and jobs still on their way to IPS, may "
        "run again",
    )


def _check(jobs: tuple[ResolvedJob, ...], snapshot: LedgerSnapshot, header: PlanHeader) -> None:
    here = (header.company, header.environment)
    if (snapshot.company, snapshot.environment) != here:
        raise ValueError(f"the ledger snapshot is not of {header.company}/{header.environment}")
    keys: set[JobKey] = set()
    for job in jobs:
        if (job.key.company, job.key.environment) != here or job.key in keys:
            raise ValueError(f"{job.key} is not of {here} or stands twice")
        keys.add(job.key)
