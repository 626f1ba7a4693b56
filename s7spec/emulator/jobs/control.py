"""How a running job is watched and held from outside its thread."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta

from s7spec.emulator.clock import ServerClock


class JobStopped(Exception):
    """Somebody asked for this job to stop."""


class ServerClosing(Exception):
    """The server shuts down; the job is to start again with the next server."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a run is, in assets. ``current`` is the name of the asset at work."""

    total: int
    done: int
    current: str | None
    paused: bool
    updated: datetime

    @property
    def percent(self) -> float:
        return 100.0 * self.done / self.total if self.total else 0.0

    @property
    def message(self) -> str:
        return f"{'paused, ' if self.paused else ''}{self.done} of {self.total} assets"


class RunControl:
    """One run's switch and gauge. Thread-safe."""

    def __init__(self, clock: ServerClock) -> None:
        self._clock = clock
        self._changed = threading.Condition()
        self._halted = False
        self._closing = False
        self._paused = False
        self._gauge: tuple[int, int, str | None, datetime] = (0, 0, None, clock.now())

    @property
    def progress(self) -> Progress:
        total, done, current, updated = self._gauge
        return Progress(
            total=total, done=done, current=current, paused=self._paused, updated=updated
        )

    @property
    def is_paused(self) -> bool:
        return self._paused

    def expect(self, total: int) -> None:
        """So many assets are to be done."""
        self._gauge = (total, 0, None, self._clock.now())

    def begin(self, name: str) -> None:
        total, done, _, _ = self._gauge
        self._gauge = (total, done, name, self._clock.now())

    def done(self) -> None:
        total, done, _, _ = self._gauge
        self._gauge = (total, done + 1, None, self._clock.now())

    def pause(self, *, paused: bool) -> None:
        """Hold the job before its next asset, or let it go on."""
        with self._changed:
            self._paused = paused
            self._changed.notify_all()

    def stop(self) -> None:
        with self._changed:
            self._halted = True
            self._changed.notify_all()

    def close(self) -> None:
        self._closing = True
        self.stop()

    def wait(self, seconds: float) -> None:
        """Wait so long, and while the job is paused. Raises JobStopped or ServerClosing."""
        if seconds <= 0 and not self._paused:
            self._check()
            return
        until = self._clock.now() + timedelta(seconds=seconds)
        with self._changed:
            while True:
                self._check()
                paused = self._paused
                if not paused and (seconds <= 0 or self._clock.now() >= until):
                    return
                self._clock.wait(self._changed, None if paused else until)

    def hang(self) -> None:
        """Wait for the end, which is JobStopped or ServerClosing."""
        with self._changed:
            while True:
                self._check()
                self._clock.wait(self._changed, None)

    def _check(self) -> None:
        if self._halted:
            raise ServerClosing if self._closing else JobStopped
