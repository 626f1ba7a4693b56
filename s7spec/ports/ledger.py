"""The ledger: read at one moment, written in durable steps, held by a lease."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from s7spec.model.job import JobKey
from s7spec.model.ledger import Attempt, AttemptEvent, Holder, JobHead, Lease, LedgerRecord, Prior


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
