"""The ledger's nouns: what was sent, what became of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from s7spec.model.asset import AssetVersion
from s7spec.model.fingerprint import Fingerprint
from s7spec.model.job import ExportJob, JobKey
from s7spec.model.schedule import Timing
from s7spec.model.values import made_quickly


class AttemptState(StrEnum):
    """``intent -> accepted -> active -> ok | partial | failed | stopped``; ``unknown`` when the
    answer to a submit was lost; ``refused`` when IPS certainly did not take it. One with a timing
    is ``scheduled`` until IPS starts it, or as long as IPS starts it again and again; ``cancelled``
    when it was taken back."""

    INTENT = "intent"
    UNKNOWN = "unknown"
    ACCEPTED = "accepted"
    SCHEDULED = "scheduled"
    ACTIVE = "active"
    OK = "ok"
    PARTIAL = "partial"
    FAILED = "failed"
    STOPPED = "stopped"
    CANCELLED = "cancelled"
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
    {
        AttemptState.INTENT,
        AttemptState.UNKNOWN,
        AttemptState.ACCEPTED,
        AttemptState.SCHEDULED,
        AttemptState.ACTIVE,
    }
)


class FailureClass(StrEnum):
    """What kind of bad end an attempt came to (semantics: section 3)."""

    NO_ACCESS = "no-access"
    NOT_SENT = "not-sent"
    INVALID = "invalid"
    NEVER_ARRIVED = "never-arrived"
    DISAPPEARED = "disappeared"
    FATAL = "fatal"
    ASSETS = "assets"
    NO_ARCHIVE = "no-archive"
    STOPPED = "stopped"

    @property
    def is_permanent(self) -> bool:
        """True when the same content would come to the same end again: IPS called the request
        itself wrong (faults 30001 to 30003)."""
        return self is FailureClass.INVALID


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

    ``export_job`` is what was wanted. ``only`` are those of its assets that were sent, when not
    all were: the others had been delivered before with the same settings. ``fingerprint`` is that
    of what was sent, ``wanted`` that of ``export_job``.

    ``name`` is the jobName sent and the only key shared with the server. ``generation`` counts
    the deliberate runs of this job with this payload: so the name of a first run follows from
    its content alone, and is found on IPS also by a ledger that has lost its memory. ``version``
    counts the ledger's writes of this attempt: a write must name the version it saw
    (compare-and-swap).
    ``intended_at`` is t0 of the quarantine. ``handle`` is what submitJob answered: a hint only.
    ``zip_urls`` are where the delivered archives could be fetched. ``tries`` counts the attempts in
    a row for the same wanted content, this one included. ``rerun`` is the token that was in force,
    ``timing`` when IPS was to start it. ``ended_at`` is when it ended, as IPS says or as it was
    seen; ``failure`` is what kind of bad end it was.
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
    only: tuple[AssetVersion, ...] | None = None
    timing: Timing | None = None
    rerun: str | None = None
    tries: int = 1
    ended_at: datetime | None = None
    failure: FailureClass | None = None

    @property
    def recurs(self) -> bool:
        """True when IPS starts it again and again."""
        return self.timing is not None and self.timing.recurs

    @property
    def wanted(self) -> Fingerprint:
        """By today's algorithm, whatever it was when the attempt was written."""
        return self.export_job.fingerprint

    @property
    def sent(self) -> tuple[AssetVersion, ...]:
        return self.export_job.assets if self.only is None else self.only

    @property
    def prior(self) -> Prior:
        """What a later write must name to show that it has seen this one."""
        return Prior(attempt_name=self.name, version=self.version)


@made_quickly
@dataclass(frozen=True, slots=True, kw_only=True)
class Prior:
    """The latest attempt of a job as somebody saw it: what they decide is void when it is not the
    latest any more, or not in that version (compare-and-swap)."""

    attempt_name: str
    version: int


@made_quickly
@dataclass(frozen=True, slots=True, kw_only=True)
class JobHead:
    """What the ledger tells of a job at one glance: its latest attempt without the payload.

    ``wanted`` is the fingerprint of the attempt's ``export_job`` by the algorithm of
    ``fingerprint_version``: with another version than today's only the payload can be compared.
    """

    key: JobKey
    attempt_name: str
    version: int
    generation: int
    state: AttemptState
    forgotten: bool
    wanted: Fingerprint
    fingerprint_version: int
    rerun: str | None
    ended_at: datetime | None

    @property
    def prior(self) -> Prior:
        """What a later write must name to show that it has seen this one."""
        return Prior(attempt_name=self.attempt_name, version=self.version)


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptEvent:
    """One line of an attempt's history, never changed once written."""

    attempt_name: str
    version: int
    state: AttemptState
    at: datetime
    message: str = ""


def complaints_about_history(attempt: Attempt, events: Sequence[AttemptEvent]) -> Iterator[str]:
    """What does not fit between an attempt and its history: at most one thing."""
    if [event.version for event in events] != list(range(1, attempt.version + 1)):
        yield (
            f"the history of attempt {attempt.name} has {len(events)} steps, "
            f"which do not lead to version {attempt.version}"
        )
    elif events[-1].state is not attempt.state:
        yield (
            f"the history of attempt {attempt.name} ends with {events[-1].state}, "
            f"but it is {attempt.state}"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerRecord:
    """An attempt with its whole history: what a backup consists of.

    ``is_latest`` says that it is its job's latest attempt; then ``spec_digest`` is what the job was
    asked for last, None when that is not known.
    """

    attempt: Attempt
    events: tuple[AttemptEvent, ...]
    is_latest: bool
    spec_digest: bytes | None = None


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
