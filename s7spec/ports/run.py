"""What a run has around it: time, and somebody who hears how it goes."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from s7spec.model.job import JobKey
from s7spec.model.receipt import RunItem
from s7spec.ports.errors import PortError


class Clock(Protocol):
    """Time, as a port: rooms never look at the wall themselves."""

    def now(self) -> datetime:
        """The current time, aware, in UTC."""
        ...

    def sleep(self, seconds: float) -> None:
        """Waits; a raised KeyboardInterrupt passes through."""
        ...


class Observer(Protocol):
    """Hears how a run goes. Must not raise."""

    def planned(self, jobs: int, assets: int) -> None:
        """Called once, before anything is sent."""
        ...

    def moved(self, item: RunItem, *, assets: int) -> None:
        """An item came into a new state; ``assets`` is its size."""
        ...

    def progressed(self, key: JobKey, percent: int | None, message: str) -> None: ...

    def said(self, message: str) -> None:
        """Something that concerns the run as a whole."""
        ...

    def silent(self, error: PortError, *, seconds: float, patience: float) -> None:
        """IPS has not answered as it should for so many seconds, ``error`` says how. It is asked
        for ``patience`` more, then what it is asked about is left as it is."""
        ...

    def answers(self, seconds: float) -> None:
        """It does again, after so many seconds of silence."""
        ...

    def waits(self, message: str, *, seconds: float, key: JobKey | None = None) -> None:
        """What the run, or one of its jobs, waits for, and for how long at most from now on. Of a
        job its next move ends it."""
        ...
