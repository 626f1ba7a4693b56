"""Puts a plan together: every job gets an action, in the order of the keys."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from dataclasses import replace

from s7spec.model.diagnostics import Diagnostic, in_order
from s7spec.model.job import JobKey, ResolvedJob
from s7spec.model.ledger import JobHead
from s7spec.model.plan import Plan, PlanHeader, PlanItem, Reason, ReasonCode
from s7spec.plan.decide import decide
from s7spec.plan.evidence import Evidence
from s7spec.plan.gone import decide_forgotten, decide_undeclared
from s7spec.plan.heirs import former_keys, histories_of_heirs


def make_plan(
    *,
    jobs: tuple[ResolvedJob, ...],
    evidence: Evidence,
    header: PlanHeader,
    warnings: tuple[Diagnostic, ...] = (),
    assumptions: tuple[str, ...] = (),
    whole: bool,
    takes: Callable[[PlanItem], bool] | None = None,
) -> Plan:
    """Compares what is wanted with the ledger and with what the server shows. Guardrails are asked
    afterwards (``judged``).

    ``whole`` says that they are all the jobs of the environment, ``evidence.walked`` of which
    manifests they are all; only then is a job that the ledger knows and ``jobs`` does not have
    taken for one that is no longer declared. ``takes`` says which items the plan is to hold, once
    they have been decided; None: all. Both sides are walked once, in the order of their keys: the
    ledger is never held whole.

    Raises ValueError when the parts do not belong together: that is a bug of the caller.
    """
    decided = _items(jobs, evidence, header, whole=whole)
    items = tuple(decided if takes is None else filter(takes, decided))
    return Plan(
        header=header,
        items=items,
        warnings=in_order(warnings),
        assumptions=assumptions + _cold_ledger(items, evidence),
    )


def _items(
    jobs: Sequence[ResolvedJob], evidence: Evidence, header: PlanHeader, *, whole: bool
) -> Iterator[PlanItem]:
    former = former_keys((job.key for job in jobs), evidence.surgery, evidence.view)
    inherited = histories_of_heirs(former, evidence.view)
    # With a history there is one former key: that of the history.
    former = {**former, **{key: (head.key,) for key, head in inherited.items()}}
    evidence = replace(evidence, former=former)
    moved_away = {head.key for head in inherited.values()}
    forgotten = evidence.surgery.forgotten
    heads = evidence.view.heads()
    head = next(heads, None)
    for job in _checked(sorted(jobs, key=_key), header):
        key = job.key
        # Equal first: so it is with most.
        while head is not None and head.key != key and head.key < key:
            yield from _without_job(head, evidence, moved_away, whole=whole)
            head = next(heads, None)
        if head is not None and head.key == key:
            yield decide(job, head, evidence)
            head = next(heads, None)
        elif key in inherited:
            yield _moved(job, inherited[job.key], evidence)
        else:
            yield decide(job, None, evidence)
    while head is not None and (whole or evidence.walked or forgotten):
        yield from _without_job(head, evidence, moved_away, whole=whole)
        head = next(heads, None)


def _without_job(
    head: JobHead, evidence: Evidence, moved_away: Set[JobKey], *, whole: bool
) -> Iterator[PlanItem]:
    """At most one item, for a job of the ledger that is not among those looked at."""
    item: PlanItem | None = None
    if head.key in evidence.surgery.forgotten:
        item = decide_forgotten(head)
    elif (whole or head.key.manifest in evidence.walked) and head.key not in moved_away:
        item = decide_undeclared(head, evidence)
    if item is not None:
        yield item


def _moved(job: ResolvedJob, head: JobHead, evidence: Evidence) -> PlanItem:
    item = decide(job, head, evidence)
    told = Reason(code=ReasonCode.MOVED, detail=f"its history is that of {head.key.short}")
    return replace(item, moved_from=head.key, reasons=(*item.reasons, told))


def _checked(jobs: Iterable[ResolvedJob], header: PlanHeader) -> Iterator[ResolvedJob]:
    last: JobKey | None = None
    for job in jobs:
        key = job.key
        if (key.company, key.environment) != (header.company, header.environment):
            raise ValueError(f"{key} is not of {header.company}/{header.environment}")
        if last == key:
            raise ValueError(f"{key} stands twice")
        last = key
        yield job


def _key(job: ResolvedJob) -> JobKey:
    return job.key


def _cold_ledger(items: Iterable[PlanItem], evidence: Evidence) -> tuple[str, ...]:
    if not evidence.view.is_cold() or not any(item.action.sends for item in items):
        return ()
    return (
        # What to do comes first: where there is little room, the rest is cut off.
        "the ledger is empty: if it was lost, restore it before you apply; without it, jobs that "
        "IPS still lists are found by name and not sent again, and apply first waits for those "
        "still on their way to IPS",
    )
