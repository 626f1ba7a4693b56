"""The time of the server: every moment that it shows or waits for comes from here."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta, tzinfo

from s7spec.emulator.time_zone import local_zone

_LONGEST_NAP = 30.0
"""Seconds after which a waiter looks again: the system's clock may have been set meanwhile."""


class ServerClock:
    """The system's clock, shown ``skew`` fast, in a time zone (the system's own by default).

    Thread-safe. ``skew`` may change while the server runs: to all who wait it is as if somebody
    had set the clock, which they notice within half a minute.
    """

    def __init__(self, *, skew: timedelta = timedelta(), zone: tzinfo | None = None) -> None:
        self.skew = skew
        self.zone = zone or local_zone()

    def now(self) -> datetime:
        """This moment to the millisecond, in UTC."""
        return _to_milliseconds(datetime.now(UTC) + self.skew)

    def local(self, moment: datetime) -> datetime:
        """The same moment as the clock on the server's wall shows it."""
        return moment.astimezone(self.zone)

    def wait(self, condition: threading.Condition, until: datetime | None) -> None:
        """Give the held ``condition`` back until it is notified or ``until`` has come.

        Without ``until`` only a notification ends it. It may also end early: callers look again.
        """
        if until is None:
            condition.wait()
            return
        seconds = (until - self.now()).total_seconds()
        if seconds > 0:
            condition.wait(min(seconds, _LONGEST_NAP))


class SimulatedClock(ServerClock):
    """A clock for tests that stands still until somebody advances it."""

    def __init__(self, start: datetime, *, zone: tzinfo = UTC) -> None:
        super().__init__(zone=zone)
        self._now = _to_milliseconds(start.astimezone(UTC))
        self._lock = threading.Lock()
        self._waiting: list[tuple[threading.Condition, datetime | None]] = []

    def now(self) -> datetime:
        return self._now

    def is_awaited(self, moment: datetime) -> bool:
        """Whether somebody waits until just then: to move on before that may be too early."""
        with self._lock:
            return any(until == moment for _, until in self._waiting)

    def advance(self, by: timedelta) -> None:
        """Move on (or, with a negative ``by``, back), and wake whoever waits."""
        self.set(self._now + by)

    def set(self, moment: datetime) -> None:
        with self._lock:
            self._now = _to_milliseconds(moment.astimezone(UTC))
            waiting = tuple(self._waiting)
        for condition, _ in waiting:
            with condition:
                condition.notify_all()

    def wait(self, condition: threading.Condition, until: datetime | None) -> None:
        # Registered before the look at the time: an advance after the look finds the condition,
        # and can notify only once this thread has given it back, which is in condition.wait().
        entry = (condition, until)
        with self._lock:
            self._waiting.append(entry)
        try:
            if until is None or self._now < until:
                condition.wait()
        finally:
            with self._lock:
                self._waiting.remove(entry)


def _to_milliseconds(moment: datetime) -> datetime:
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)
