"""Jobs that got a new key: whose history goes with them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from s7spec.model.job import JobKey, ResolvedJob
from s7spec.model.ledger import JobHead
from s7spec.plan.evidence import Evidence


def histories_of_heirs(jobs: Iterable[ResolvedJob], evidence: Evidence) -> Mapping[JobKey, JobHead]:
    """The heads that jobs take over, by what the jobs are called now. Only a job without a history
    of its own takes one, and only that of a job that is declared no more; each goes once."""
    surgery = evidence.surgery
    if not surgery.moved:
        return {}
    declared = {job.key for job in jobs}
    staying = declared | surgery.forgotten
    found: dict[JobKey, JobHead] = {}
    for key, before in sorted(surgery.moved.items()):
        if key not in declared or before in staying or evidence.view.head(key) is not None:
            continue
        head = evidence.view.head(before)
        if head is not None and not head.forgotten:
            found[key] = head
            staying |= {before}
    return found
