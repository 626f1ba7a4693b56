"""What is about to be written down and sent, put into nouns."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from s7spec.model.job import ResolvedJob
from s7spec.model.ledger import Attempt, AttemptState
from s7spec.model.plan import PlanItem


def first_intent(item: PlanItem, job: ResolvedJob, now: datetime, message: str) -> Attempt:
    assert item.fingerprint is not None, "only items with a payload are launched"
    return Attempt(
        name=item.attempt_name,
        key=item.key,
        generation=item.generation,
        fingerprint=item.fingerprint,
        export_job=job.export_job,
        state=AttemptState.INTENT,
        intended_at=now,
        updated_at=now,
        message=message,
    )


def next_intent(attempt: Attempt, job: ResolvedJob, now: datetime) -> Attempt:
    """The same name again, so that a late first one is still recognised. ``job`` has the same
    data; what it says beyond that (emailSetting) may be newer."""
    return replace(
        attempt,
        state=AttemptState.INTENT,
        export_job=job.export_job,
        fingerprint=replace(attempt.fingerprint, meta=job.export_job.fingerprint.meta),
        intended_at=now,
        updated_at=now,
        message="sent again under the same name: IPS did not have it",
    )
