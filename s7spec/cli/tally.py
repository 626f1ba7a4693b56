"""Counts how a run goes: what bars, heartbeats and events tell from time to time."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from s7spec.model.job import JobKey
from s7spec.model.ledger import AttemptState
from s7spec.model.receipt import RunItem

_WELL = (AttemptState.OK, AttemptState.CANCELLED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Jobs by where they stand. ``queued`` are those of which nothing was heard yet, ``scheduled``
    those that IPS starts by itself."""

    jobs: int
    queued: int
    in_flight: int
    scheduled: int
    done: int
    failed: int

    def text(self) -> str:
        """``3 in flight, 12 queued, 5 done, 1 failed``; what there is none of is left out."""
        parts = (
            (self.in_flight, "in flight"),
            (self.queued, "queued"),
            (self.scheduled, "scheduled"),
            (self.done, "done"),
            (self.failed, "failed"),
        )
        return ", ".join(f"{number:,} {what}" for number, what in parts if number)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """``seconds`` are left, at most."""

    message: str
    seconds: int


class Tally:
    """An observer that threads may ask while another one tells it.

    ``begun`` turns true with the first attempt that was written down, and so may have been sent.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self.begun = False
        self._now = now
        self._jobs = 0
        self._states: dict[JobKey, AttemptState] = {}
        self._waits: dict[JobKey | None, tuple[str, float]] = {}
        self._lock = threading.Lock()

    def counts(self) -> Counts:
        with self._lock:
            states = Counter(self._states.values())
            jobs = max(self._jobs, len(self._states))
        scheduled = states[AttemptState.SCHEDULED]
        done = sum(states[state] for state in _WELL)
        in_flight = sum(number for state, number in states.items() if state.is_open) - scheduled
        return Counts(
            jobs=jobs,
            queued=jobs - states.total(),
            in_flight=in_flight,
            scheduled=scheduled,
            done=done,
            failed=states.total() - scheduled - done - in_flight,
        )

    def waiting(self) -> Waiting | None:
        """What is waited for longest from now on, and how many wait beside it."""
        now = self._now()
        with self._lock:
            going = [(until, message) for message, until in self._waits.values() if until > now]
        if not going:
            return None
        until, message = max(going)
        more = f" (and {len(going) - 1} more)" if len(going) > 1 else ""
        return Waiting(message=f"{message}{more}", seconds=round(until - now))

    def planned(self, jobs: int, assets: int) -> None:
        with self._lock:
            self._jobs += jobs

    def moved(self, item: RunItem, *, assets: int) -> None:
        if item.state is None:
            return
        self.begun = True
        with self._lock:
            self._states[item.key] = item.state
            self._waits.pop(item.key, None)

    def progressed(self, key: JobKey, percent: int | None, message: str) -> None:
        return None

    def said(self, message: str) -> None:
        return None

    def waits(self, message: str, *, seconds: float, key: JobKey | None = None) -> None:
        with self._lock:
            self._waits[key] = (message, self._now() + seconds)
