"""The run's hand on the ledger: every write goes under the lease, renewed in time."""

from __future__ import annotations

from dataclasses import replace

from s7spec.apply.stopwatch import Stopwatch
from s7spec.model.job import JobKey
from s7spec.model.ledger import Attempt, Lease
from s7spec.ports import Ledger


class Books:
    """Raises LedgerConflict from any method once somebody else has taken the lease over: then
    this run must not touch anything any more."""

    def __init__(self, *, ledger: Ledger, lease: Lease, seconds: int, watch: Stopwatch) -> None:
        self._ledger = ledger
        self._lease = lease
        self._seconds = seconds
        self._watch = watch
        self._renewed = watch.seconds()

    @property
    def renewal_seconds(self) -> float:
        """How long the run may stay away from ``keep_lease``."""
        return self._seconds / 3

    def keep_lease(self) -> None:
        if self._watch.seconds() - self._renewed < self.renewal_seconds:
            return
        self._lease = self._ledger.renew(self._lease, now=self._watch.wall(), seconds=self._seconds)
        self._renewed = self._watch.seconds()

    def intend(
        self, attempt: Attempt, *, prior: Attempt | None, spec_digest: bytes | None
    ) -> Attempt:
        """Durable when it returns: only then may the job be sent."""
        return self._ledger.intend(attempt, prior=prior, lease=self._lease, spec_digest=spec_digest)

    def record(self, attempt: Attempt) -> Attempt:
        return self._ledger.record(
            replace(attempt, updated_at=self._watch.wall()), lease=self._lease
        )

    def forget(self, key: JobKey) -> None:
        self._ledger.forget(key, at=self._watch.wall(), lease=self._lease)

    def release(self) -> None:
        self._ledger.release(self._lease)
