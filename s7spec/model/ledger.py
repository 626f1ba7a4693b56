"""The ledger's nouns: what was sent, what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from s7spec.model.asset import AssetVersion
from s7spec.model.fingerprint import Fingerprint
from s7spec.model.job import ExportJob, JobKey


class AttemptState(StrEnum):
    """``intent -> accepted -> active -> ok | partial | failed | stopped``; ``unknown`` when the
    answer to a submit was lost; ``refused`` when IPS certainly did not take it."""

    INTENT = "intent"
    UNKNOWN = "unknown"
    ACCEPTED = "accepted"
    ACTIVE = "active"
    OK = "ok"
    PARTIAL = "partial"
    FAILED = "failed"
    STOPPED = "stopped"
    REFUSED = "refused"

    @property
    def is_open(self) -> bool:
        """True while the server may still be working on it, or may yet turn out to have it."""
        return self in _OPEN

    @property
    def is_in_doubt(self) -> bool:
        """True when we cannot say whether IPS has the job."""
        return self in (AttemptState.INTENT, AttemptState.UNKNOWN)


_OPEN = frozenset(
    {AttemptState.INTENT, AttemptState.UNKNOWN, AttemptState.ACCEPTED, AttemptState.ACTIVE}
)


class OutcomeKind(StrEnum):
    OK = "ok"
    WARNING = "warning"
    ERROR = "error"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetOutcome:
    """What the job log said about one asset of an attempt."""

    asset: AssetVersion
    kind: OutcomeKind
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One submission of a job, as the ledger knows it now.

    ``name`` is the jobName sent and the only key shared with the server. ``generation`` counts
    the deliberate runs of this job with this payload: so the name of a first run follows from
    its content alone, and is found on IPS also by a ledger that has lost its memory. ``version``
    counts the ledger's writes of this attempt: a write must name the version it saw
    (compare-and-swap).
    ``intended_at`` is t0 of the quarantine. ``handle`` is what submitJob answered: a hint only.
    ``zip_urls`` are where the delivered archives could be fetched.
    """

    name: str
    key: JobKey
    generation: int
    fingerprint: Fingerprint
    export_job: ExportJob
    state: AttemptState
    intended_at: datetime
    updated_at: datetime
    version: int = 0
    handle: str | None = None
    run_handle: str | None = None
    message: str = ""
    zip_urls: tuple[str, ...] = ()
    outcomes: tuple[AssetOutcome, ...] = ()
    forgotten: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptEvent:
    """One line of an attempt's history, never changed once written."""

    attempt_name: str
    version: int
    state: AttemptState
    at: datetime
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerSnapshot:
    """The latest attempt of each job of one (company, environment), sorted by key.

    Forgotten ones are in it: their names still count. ``generations`` holds the highest
    generation of each (job, data fingerprint) that was ever intended.
    """

    company: str
    environment: str
    latest: tuple[Attempt, ...]
    generations: Mapping[tuple[JobKey, str], int]

    def next_generation(self, key: JobKey, fingerprint: Fingerprint) -> int:
        """1 for a payload that this job was never sent with."""
        return self.generations.get((key, fingerprint.data), 0) + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Who holds a lease: enough for a colleague to go and ask."""

    host: str
    pid: int
    user: str
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """The right to apply in one (company, environment) until ``expires_at``.

    ``fence`` grows with each lease taken: a writer with an older one is refused.
    """

    company: str
    environment: str
    fence: int
    holder: Holder
    taken_at: datetime
    expires_at: datetime
