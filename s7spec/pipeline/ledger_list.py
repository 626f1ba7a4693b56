"""The jobs of a ledger, one line each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass
from datetime import datetime

from s7spec.model.ledger import AttemptState, JobHead
from s7spec.ports import LedgerView


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedJob:
    """``at`` is when the latest attempt ended or, while it is open, when the ledger heard of it
    last; None where an older s7spec did not say."""

    head: JobHead
    at: datetime | None


def listed_jobs(
    view: LedgerView,
    *,
    states: Set[AttemptState] = frozenset(),
    takes: Callable[[JobHead], bool] | None = None,
) -> Iterator[ListedJob]:
    """Sorted by key, read as they are taken. Empty ``states`` take all, as no ``takes`` does.
    Only of open attempts more than the head is read."""
    for head in view.heads():
        if states and head.state not in states:
            continue
        if takes is not None and not takes(head):
            continue
        at = head.ended_at
        if head.state.is_open:
            at = view.attempt(head.attempt_name).updated_at
        yield ListedJob(head=head, at=at)
