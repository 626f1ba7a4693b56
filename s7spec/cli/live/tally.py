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
from s7spec.ports import IpsUnreachable, PortError

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
    """``seconds`` are left, at most. ``is_silence``: it is IPS that does not answer."""

    message: str
    seconds: int
    is_silence: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Silence:
    error: PortError
    since: float
    until: float

    def waiting(self, now: float) -> Waiting:
        message = silence_text(self.error, now - self.since)
        return Waiting(message=message, seconds=round(max(self.until - now, 0)), is_silence=True)


def silence_text(error: PortError, seconds: float) -> str:
    """``IPS has not answered for 30 s (ips.example:443 refused the connection)``."""
    what = "not answered" if isinstance(error, IpsUnreachable) else "answered with errors only"
    return f"IPS has {what} for {seconds:.0f} s ({error})"


def answers_text(seconds: float) -> str:
    return f"IPS answers again, after {seconds:.0f} s"


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
        self._silence: _Silence | None = None
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
        """That IPS does not answer, while that is so: nothing else goes on then. Otherwise what is
        waited for longest from now on, and how many wait beside it."""
        now = self._now()
        with self._lock:
            if self._silence is not None:
                return self._silence.waiting(now)
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

    def silent(self, error: PortError, *, seconds: float, patience: float) -> None:
        now = self._now()
        with self._lock:
            self._silence = _Silence(error=error, since=now - seconds, until=now + patience)

    def answers(self, seconds: float) -> None:
        with self._lock:
            self._silence = None

    def waits(self, message: str, *, seconds: float, key: JobKey | None = None) -> None:
        with self._lock:
            self._waits[key] = (message, self._now() + seconds)
