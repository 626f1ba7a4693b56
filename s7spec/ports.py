"""The seams: few methods, nouns in and out, and the errors that may come through them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Protocol

from s7spec.model.asset import Asset
from s7spec.model.ips import ActiveJob, JobSnapshot
from s7spec.model.job import JobKey
from s7spec.model.ledger import Attempt, AttemptEvent, Holder, Lease, LedgerSnapshot
from s7spec.model.preset import Preset
from s7spec.model.receipt import RunItem
from s7spec.model.selection import Condition
from s7spec.model.submission import Submission


class PortError(Exception):
    """Anything a port can fail with. ``str()`` is one plain sentence without secrets.

    ``remedy`` says what to do where an error knows that better than its kind does.
    """

    remedy: str = ""


class IpsUnreachable(PortError):
    """No connection: name, route, TLS or timeout before anything was answered."""


class CredentialsMissing(PortError):
    """No user or password was given, or IPS says that there was none (fault 10000)."""


class CredentialsRefused(PortError):
    """IPS does not accept this user and password (faults 10001, 10002)."""


class CompanyUnknown(PortError):
    """IPS does not know the company, or the user may not use it (faults 20000, 20006)."""


class IpsFault(PortError):
    """Any other fault IPS answered with (facts: IPS API section 4)."""

    def __init__(self, fault: str, code: int, reason: str) -> None:
        super().__init__(f"{fault} {code}: {reason}")
        self.fault = fault
        self.code = code
        self.reason = reason


class IpsAnswerUnreadable(PortError):
    """The answer was no SOAP answer we can read: a proxy's page, broken XML, a missing field."""


class SubmitRefused(PortError):
    """IPS certainly did not take the job: it may be sent again (semantics: section 4, step 4)."""


class SubmitAmbiguous(PortError):
    """The job may or may not have been taken: never send again without looking for it."""


class LedgerError(PortError):
    """The ledger cannot be used. ``path`` is the file or the location, without secrets."""

    def __init__(self, path: str, message: str) -> None:
        super().__init__(message)
        self.path = path


class LedgerUnwritable(LedgerError):
    """Missing rights, a folder in the way, a full disk."""


class LedgerCorrupt(LedgerError):
    """Not a ledger, or a damaged one."""


class LedgerNewer(LedgerError):
    """Written by a newer s7spec."""


class LedgerConflict(PortError):
    """Another writer was faster: the attempt is no longer in the version we saw."""


class LeaseHeld(PortError):
    """Somebody else is applying in this environment."""

    def __init__(self, lease: Lease) -> None:
        super().__init__(
            f"{lease.holder.user}@{lease.holder.host} (pid {lease.holder.pid}) holds the lease "
            f"until {lease.expires_at:%Y-%m-%d %H:%M:%S} UTC"
        )
        self.lease = lease


class Clock(Protocol):
    """Time, as a port: rooms never look at the wall themselves."""

    def now(self) -> datetime:
        """The current time, aware, in UTC."""
        ...

    def sleep(self, seconds: float) -> None:
        """Waits; a raised KeyboardInterrupt passes through."""
        ...


class IpsGateway(Protocol):
    """IPS's jobs, keyed by the name we gave them."""

    def submit(self, submission: Submission) -> str:
        """Sends exactly one submitJob and returns its job handle.

        Raises SubmitRefused, SubmitAmbiguous; never sends twice. CredentialsMissing,
        CredentialsRefused and CompanyUnknown also mean that nothing was taken.
        """
        ...

    def find(self, attempt_name: str) -> JobSnapshot | None:
        """Looks in active, scheduled and logged jobs, then in active again; None: not there.

        Raises IpsUnreachable, IpsFault, IpsAnswerUnreadable, Credentials*, CompanyUnknown.
        """
        ...

    def active_jobs(self) -> tuple[ActiveJob, ...]:
        """Everything that runs in the company now."""
        ...


class AssetCatalog(Protocol):
    """The company's assets and presets. Same errors as IpsGateway.find."""

    def by_name(self, names: Iterable[str]) -> tuple[Asset, ...]:
        """The assets that exist, in no particular order; unknown names are simply not there."""
        ...

    def in_folder(
        self,
        folder: str,
        *,
        recursive: bool,
        types: tuple[str, ...],
        where: tuple[Condition, ...],
    ) -> Iterator[Asset]:
        """Assets below ``folder`` page by page; empty ``types`` means all types.

        All conditions of ``where`` hold for them, as IPS understands its operators: whether upper
        and lower case differ, and what an asset without a value is, is up to IPS.
        """
        ...

    def presets(self) -> tuple[Preset, ...]: ...


class Ledger(Protocol):
    """The append-only record. Each writing method is one durable transaction."""

    def snapshot(self, company: str, environment: str) -> LedgerSnapshot: ...

    def attempts(self, key: JobKey) -> tuple[Attempt, ...]:
        """All attempts of a job, oldest first."""
        ...

    def events(self, attempt_name: str) -> tuple[AttemptEvent, ...]:
        """An attempt's history, oldest first."""
        ...

    def spec_digests(self, company: str, environment: str, manifest: str) -> Mapping[str, bytes]:
        """What the last attempts of a manifest's jobs were asked for, by the export's key:
        ``ExpandedJob.spec_digest`` of then. Jobs of which it is not known are not there: those
        never sent, forgotten ones, and what a ledger of an older s7spec had written."""
        ...

    def intend(
        self,
        attempt: Attempt,
        *,
        prior: Attempt | None,
        lease: Lease,
        spec_digest: bytes | None = None,
    ) -> Attempt:
        """Writes the intent before anything is sent. ``prior`` is the job's latest attempt as we
        saw it; raises LedgerConflict when it is not the latest any more, or the lease was lost.
        Intending an attempt that exists (an ambiguous one sent again) needs ``prior`` to be it.
        ``spec_digest`` (32 bytes) is written with it; None: it is not known.
        """
        ...

    def record(self, attempt: Attempt, *, lease: Lease) -> Attempt:
        """Writes a new state; ``attempt.version`` is the version we saw. Raises LedgerConflict."""
        ...

    def forget(self, key: JobKey, *, at: datetime, lease: Lease) -> None:
        """Marks a job's attempts as forgotten; history stays."""
        ...

    def acquire(
        self, company: str, environment: str, *, holder: Holder, now: datetime, seconds: int
    ) -> Lease:
        """Takes the lease or raises LeaseHeld. An expired lease is taken over, with a new fence."""
        ...

    def renew(self, lease: Lease, *, now: datetime, seconds: int) -> Lease:
        """Raises LedgerConflict when the lease was lost."""
        ...

    def release(self, lease: Lease) -> None: ...


class Observer(Protocol):
    """Hears how a run goes. Must not raise."""

    def planned(self, jobs: int, assets: int) -> None:
        """Called once, before anything is sent."""
        ...

    def moved(self, item: RunItem, *, assets: int) -> None:
        """An item came into a new state; ``assets`` is its size."""
        ...

    def progressed(self, key: JobKey, percent: int | None, message: str) -> None: ...
