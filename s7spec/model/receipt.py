"""What a run did."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from s7spec.model.job import JobKey
from s7spec.model.ledger import AssetOutcome, AttemptState
from s7spec.model.plan import Action, Verdict


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
    ``is_stale``: it no longer fits, and nothing was done about it; ``state`` is then that of an
    earlier run."""

    key: JobKey
    action: Action
    attempt_name: str
    state: AttemptState | None
    message: str = ""
    zip_urls: tuple[str, ...] = ()
    outcomes: tuple[AssetOutcome, ...] = ()
    is_stale: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RunReport:
    """``items`` are in the plan's order; those of a stale plan of which nothing was carried out are
    only the stale ones.

    ``message`` says what concerns the run as a whole: why nothing was started, or why it stopped
    starting jobs; empty when there is nothing to say. ``verdicts`` are the guardrails' on its plan.
    """

    company: str
    environment: str
    started_at: datetime
    ended_at: datetime
    outcome: RunOutcome
    items: tuple[RunItem, ...]
    message: str = ""
    verdicts: tuple[Verdict, ...] = ()
