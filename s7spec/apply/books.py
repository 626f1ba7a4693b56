"""The run's hand on the ledger: every write goes under the lease, renewed in time."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from s7spec.apply.stopwatch import Stopwatch
from s7spec.model.ledger import Attempt, Lease
from s7spec.ports import Ledger, LedgerWriter


class Books:
    """Raises LedgerConflict from any method once somebody else has taken the lease over: then
    this run must not touch anything any more."""

    def __init__(
        self, *, ledger: Ledger, lease: Lease, seconds: int, watch: Stopwatch, taken: float
    ) -> None:
        """``taken``: what the watch showed before the lease was asked for."""
        self._ledger = ledger
        self._lease = lease
        self._seconds = seconds
        self._watch = watch
        self._renewed = taken

    @property
    def renewal_seconds(self) -> float:
        """How long the run may stay away from ``keep_lease``."""
        return self._seconds / 3

    @property
    def lease_is_safe(self) -> bool:
        """False when the lease may have run out: somebody else may be at work by now."""
        return self._watch.seconds() - self._renewed < self._seconds

    def keep_lease(self) -> None:
        # Read before the call: a slow ledger must not make the lease look longer than it is.
        asked = self._watch.seconds()
        if asked - self._renewed < self.renewal_seconds:
            return
        self._lease = self._ledger.renew(self._lease, now=self._watch.wall(), seconds=self._seconds)
        self._renewed = asked

    def write(
        self, steps: Iterable[Callable[[LedgerWriter], Attempt | None]]
    ) -> list[Attempt | None]:
        """One transaction: all are durable when it returns, or none is."""
        with self._ledger.writing(self._lease) as writer:
            return [step(writer) for step in steps]

    def release(self) -> None:
        self._ledger.release(self._lease)
