"""Jobs that got a new key: whose history goes with them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from s7spec.model.job import JobKey
from s7spec.model.ledger import JobHead
from s7spec.plan.evidence import Surgery
from s7spec.ports import LedgerView


def former_keys(
    keys: Iterable[JobKey], surgery: Surgery, view: LedgerView
) -> Mapping[JobKey, tuple[JobKey, ...]]:
    """The keys that jobs had before, nearest first, by what they are called now. Only a job without
    a history of its own has any, and only those that are no other job's: neither declared nor
    forgotten; each goes once. ``keys`` are the declared jobs."""
    if not surgery.moved:
        return {}
    declared = set(keys)
    taken = set(declared)
    found: dict[JobKey, tuple[JobKey, ...]] = {}
    for key in sorted(declared & surgery.moved.keys()):
        if view.head(key) is not None:
            continue
        former: list[JobKey] = []
        before: JobKey | None = surgery.moved[key]
        while before is not None and before not in taken and not _forgotten(before, surgery, view):
            former.append(before)
            taken.add(before)
            before = surgery.moved.get(before)
        if former:
            found[key] = tuple(former)
    return found


def histories_of_heirs(
    former: Mapping[JobKey, tuple[JobKey, ...]], view: LedgerView
) -> Mapping[JobKey, JobHead]:
    """The heads that jobs take over, by what the jobs are called now: that of the nearest key that
    has one."""
    heads = {key: next(filter(None, map(view.head, keys)), None) for key, keys in former.items()}
    return {key: head for key, head in heads.items() if head is not None}


def misses_history(keys: Iterable[JobKey], surgery: Surgery, view: LedgerView) -> bool:
    """Whether a job was moved of which the ledger knows nothing at all: if it was sent, then under
    a name that only IPS can tell."""
    former = former_keys(keys, surgery, view)
    return former.keys() != histories_of_heirs(former, view).keys()


def _forgotten(key: JobKey, surgery: Surgery, view: LedgerView) -> bool:
    if key in surgery.forgotten:
        return True
    head = view.head(key)
    return head is not None and head.forgotten
