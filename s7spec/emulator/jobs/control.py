"""How a running job is watched and held from outside its thread."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
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
        self._progress = Progress(total=0, done=0, current=None, paused=False, updated=clock.now())

    @property
    def progress(self) -> Progress:
        return self._progress

    def expect(self, total: int) -> None:
        """So many assets are to be done."""
        self._update(total=total)

    def begin(self, name: str) -> None:
        self._update(current=name)

    def done(self) -> None:
        self._update(done=self._progress.done + 1, current=None)

    def _update(self, **changes: object) -> None:
        with self._changed:
            self._progress = replace(
                self._progress,
                updated=self._clock.now(),
                **changes,  # type: ignore[arg-type]
            )

    def pause(self, *, paused: bool) -> None:
        """Hold the job before its next asset, or let it go on."""
        with self._changed:
            self._progress = replace(self._progress, paused=paused)
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
        until = self._clock.now() + timedelta(seconds=seconds)
        with self._changed:
            while True:
                self._check()
                paused = self._progress.paused
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
