"""Time that only runs forward, whatever happens to the clock on the wall."""

from __future__ import annotations

from datetime import datetime, timedelta

from s7spec.ports import Clock


class Stopwatch:
    """Seconds since it was started. A clock that is set back stands still here until it moves on;
    a jump forward counts, since a machine that slept has really waited."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last = clock.now()
        self._elapsed = timedelta(0)

    def wall(self) -> datetime:
        """The time on the wall: what is written down."""
        return self._clock.now()

    def seconds(self) -> float:
        now = self._clock.now()
        self._elapsed += max(now - self._last, timedelta(0))
        self._last = now
        return self._elapsed.total_seconds()
