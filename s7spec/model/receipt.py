"""What a run did."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from s7spec.model.job import JobKey
from s7spec.model.ledger import AssetOutcome, AttemptState
from s7spec.model.plan import Action


class RunOutcome(StrEnum):
    """``outcome`` of a run; each has one exit code (see the CLI contract)."""

    OK = "ok"
    INCOMPLETE = "incomplete"
    STALE = "stale"
    REFUSED = "refused"
    AMBIGUOUS = "ambiguous"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunItem:
    """What became of one plan item. ``state`` is None where no attempt was involved (forget).
    ``stale``: it no longer fitted the ledger, so that nothing was done about it."""

    key: JobKey
    action: Action
    attempt_name: str
    state: AttemptState | None
    message: str = ""
    zip_urls: tuple[str, ...] = ()
    outcomes: tuple[AssetOutcome, ...] = ()
    stale: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RunReport:
    """``items`` are in the plan's order; of a stale plan of which nothing was started they are
    only the stale ones.

    ``message`` says what concerns the run as a whole: why nothing was started, or why it stopped
    starting jobs; empty when there is nothing to say.
    """

    company: str
    environment: str
    started_at: datetime
    ended_at: datetime
    outcome: RunOutcome
    items: tuple[RunItem, ...]
    message: str = ""

    def is_stale(self, item: RunItem) -> bool:
        """Where none is marked, all items of a stale plan are meant."""
        return item.stale or (
            self.outcome is RunOutcome.STALE and not any(each.stale for each in self.items)
        )
