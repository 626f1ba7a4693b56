"""How a running job is watched and held from outside its thread."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from datetime import datetime

from s7spec.emulator.store.jobs import now


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
    updated: datetime

    @property
    def percent(self) -> float:
        return 100.0 * self.done / self.total if self.total else 100.0

    @property
    def message(self) -> str:
        return f"{self.done} of {self.total} assets"


class RunControl:
    """One run's switch and gauge. Thread-safe."""

    def __init__(self, total: int) -> None:
        self._halt = threading.Event()
        self._closing = False
        self._progress = Progress(total=total, done=0, current=None, updated=now())

    @property
    def progress(self) -> Progress:
        return self._progress

    def begin(self, name: str) -> None:
        self._progress = replace(self._progress, current=name, updated=now())

    def done(self) -> None:
        past = self._progress
        self._progress = replace(past, done=past.done + 1, current=None, updated=now())

    def stop(self) -> None:
        self._halt.set()

    def close(self) -> None:
        self._closing = True
        self._halt.set()

    def pause(self, seconds: float) -> None:
        """Wait, but no longer than the job may run. Raises JobStopped or ServerClosing."""
        if self._halt.is_set() or (seconds > 0 and self._halt.wait(seconds)):
            raise ServerClosing if self._closing else JobStopped
