"""The seams: few methods, nouns in and out, and the errors that may come through them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from s7spec.model.asset import Asset
from s7spec.model.ips import ActiveJob, JobSnapshot, KnownJob
from s7spec.model.job import JobKey
from s7spec.model.ledger import Attempt, AttemptEvent, Holder, JobHead, Lease, LedgerRecord, Prior
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


class SubmitInvalid(SubmitRefused):
    """IPS calls the request itself wrong: the same content is refused again (faults 30001 to
    30003)."""


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
    """IPS's jobs, keyed by the name we gave them. Threads may share it."""

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

    def logged(self, attempt_name: str) -> JobSnapshot | None:
        """What the job logs alone tell: one call. None: they do not know the name, which says
        nothing about the other lists. Raises as ``find`` does."""
        ...

    def active_jobs(self) -> tuple[ActiveJob, ...]:
        """Everything that runs or waits in the company now: one call. Raises as ``find`` does."""
        ...

    def known_jobs(self, since: datetime) -> tuple[KnownJob, ...]:
        """Everything the company's lists show: active, scheduled, logged since then, and active
        again, each job (name and handle) once. Raises as ``find`` does."""
        ...

    def stop(self, jobHandle: str) -> None:
        """Asks IPS to stop a job at work. It answers nothing: look for the effect (semantics: F10).
        Raises as ``find`` does; never repeated on its own."""
        ...

    def delete(self, jobHandle: str) -> None:
        """Asks IPS to take back a scheduled job; otherwise like ``stop``."""
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


class LedgerView(Protocol):
    """The ledger of one (company, environment) at one moment, whoever writes meanwhile."""

    def heads(self) -> Iterator[JobHead]:
        """Every job's latest attempt, sorted by key; forgotten ones are among them. Read as they
        are taken: a million take the memory of a few."""
        ...

    def head(self, key: JobKey) -> JobHead | None: ...

    def attempt(self, name: str) -> Attempt:
        """Raises LedgerConflict when there is none of this name."""
        ...

    def knows(self, name: str) -> bool:
        """Whether there is an attempt of this name."""
        ...

    def open_attempts(self) -> tuple[Attempt, ...]:
        """The latest attempts that are open, sorted by key."""
        ...

    def last_generation(self, key: JobKey, data: str) -> int:
        """The highest generation of the attempts of a job that were sent with this content (the
        data fingerprint of what was sent); 0 when it was never sent. Those count, too, that went
        to another key since: the server knows their names."""
        ...

    def is_cold(self) -> bool:
        """True when no attempt at all was ever written for this company and environment: it may be
        the first run, or the ledger was lost."""
        ...


class LedgerWriter(Protocol):
    """One durable transaction over the jobs of a lease. Raises LedgerConflict when the lease was
    lost, or a job is not in the state the caller saw: then nothing of it was written, even when
    the caller catches it inside the block."""

    def intend(
        self, attempt: Attempt, *, prior: Prior | None, spec_digest: bytes | None = None
    ) -> Attempt:
        """Writes an intent. ``prior`` is the job's latest attempt as the caller saw it, None:
        none. To intend an attempt that exists (to send an ambiguous one again) ``prior`` must be
        it. ``spec_digest`` (32 bytes) is what the job is asked for; None: it is not known."""
        ...

    def record(self, attempt: Attempt) -> Attempt:
        """Writes a new state and what was learned; ``attempt.version`` is the version seen.
        Payload and what was intended stay as they are."""
        ...

    def amend(self, attempt: Attempt, *, spec_digest: bytes | None = None) -> Attempt:
        """Like ``record``, and also writes payload, ``rerun`` and spec digest: what is wanted
        differs in nothing that counts. Raises ValueError when the data fingerprint differs."""
        ...

    def forget(self, key: JobKey, *, prior: Prior, at: datetime, message: str) -> None:
        """Marks a job's attempts as forgotten; history stays. Its spec digest goes."""
        ...

    def move(self, key: JobKey, *, to: JobKey, prior: Prior, at: datetime) -> None:
        """A job's whole history goes under another key, which must have none."""
        ...


class Ledger(Protocol):
    """The append-only record of what was sent."""

    def reading(self, company: str, environment: str) -> AbstractContextManager[LedgerView]:
        """A consistent view for as long as the block lasts. Takes no lock that others feel."""
        ...

    def writing(self, lease: Lease) -> AbstractContextManager[LedgerWriter]:
        """One transaction: everything in the block is durable when it ends, or nothing is when it
        raises. Several steps may share one: then none may be acted on before its end."""
        ...

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

    def acquire(
        self, company: str, environment: str, *, holder: Holder, now: datetime, seconds: int
    ) -> Lease:
        """Takes the lease or raises LeaseHeld. An expired lease is taken over, with a new fence."""
        ...

    def renew(self, lease: Lease, *, now: datetime, seconds: int) -> Lease:
        """Raises LedgerConflict when the lease was lost."""
        ...

    def release(self, lease: Lease) -> None: ...

    def lease(self, company: str, environment: str) -> Lease | None:
        """The lease that was taken last and not given back, run out or not."""
        ...

    def break_lease(self, lease: Lease) -> None:
        """Gives a lease back for somebody else: whoever held it can write no more. Raises
        LedgerConflict when it is not the latest."""
        ...

    def check(self) -> tuple[str, ...]:
        """Looks at the whole ledger; one sentence for each thing that is wrong with it."""
        ...

    def records(self) -> Iterator[LedgerRecord]:
        """Everything, for a backup: attempts of all companies and environments, oldest first."""
        ...

    def restore(self, records: Iterable[LedgerRecord]) -> int:
        """Fills an empty ledger, all or nothing; how many attempts. Raises LedgerConflict when it
        is not empty, ValueError when the records contradict each other."""
        ...


class Observer(Protocol):
    """Hears how a run goes. Must not raise."""

    def planned(self, jobs: int, assets: int) -> None:
        """Called once, before anything is sent."""
        ...

    def moved(self, item: RunItem, *, assets: int) -> None:
        """An item came into a new state; ``assets`` is its size."""
        ...

    def progressed(self, key: JobKey, percent: int | None, message: str) -> None: ...

    def said(self, message: str) -> None:
        """Something that concerns the run as a whole."""
        ...

    def waits(self, message: str, *, seconds: float, key: JobKey | None = None) -> None:
        """What the run, or one of its jobs, waits for, and for how long at most from now on. Of a
        job its next move ends it."""
        ...
