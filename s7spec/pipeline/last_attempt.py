"""What a ledger knows of one job, without asking IPS anything."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from s7spec.model.job import JobKey
from s7spec.model.ledger import AttemptState
from s7spec.ports import Ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class LastAttempt:
    """``at`` is when the ledger heard of it last. ``is_asked_alike``: its manifest asked for the
    same then as now (format, modifier, preset, selection); None when that is not known. Whether its
    assets are the same, only IPS can tell."""

    attempt_name: str
    generation: int
    state: AttemptState
    forgotten: bool
    at: datetime
    message: str
    is_asked_alike: bool | None


def last_attempt(ledger: Ledger, key: JobKey, spec_digest: bytes | None) -> LastAttempt | None:
    """None: the ledger has no attempt of this job. Raises the errors of the ledger port."""
    with ledger.reading(key.company, key.environment) as view:
        head = view.head(key)
        attempt = None if head is None else view.attempt(head.attempt_name)
    if attempt is None:
        return None
    known = ledger.spec_digests(key.company, key.environment, key.manifest).get(key.export)
    is_known = known is not None and spec_digest is not None
    return LastAttempt(
        attempt_name=attempt.name,
        generation=attempt.generation,
        state=attempt.state,
        forgotten=attempt.forgotten,
        at=attempt.updated_at,
        message=attempt.message,
        is_asked_alike=known == spec_digest if is_known else None,
    )
