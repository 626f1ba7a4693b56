"""What a run tells a tracer, and one that does not listen."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import Protocol

from s7spec.apply import Crew
from s7spec.model.job import JobKey
from s7spec.model.plan import Plan
from s7spec.model.receipt import RunItem
from s7spec.ports import Observer, PortError


class Tracing(Observer, Protocol):
    """It hears of a run like any observer, and never raises."""

    def run(self, command: str, run_id: str) -> AbstractContextManager[None]:
        """The span of a whole command; everything else in the block belongs below it."""
        ...

    def call(self, operation: str) -> AbstractContextManager[None]:
        """The span of one request to IPS. An exception of the block is that of the request."""
        ...

    def crew(self, crew: Crew) -> Crew:
        """The same crew, whose calls belong to the jobs they are made for."""
        ...

    def plan(self, plan: Plan) -> None:
        """A plan was made, or read."""
        ...

    def ended(self, outcome: str, exit_code: int) -> None:
        """How the command ends."""
        ...

    def close(self) -> str:
        """Sends what was not sent yet, for a few seconds at most. Returns what went wrong with
        that, in one sentence; empty when nothing did."""
        ...


class Untraced:
    """Hears everything, and keeps nothing."""

    def run(self, command: str, run_id: str) -> AbstractContextManager[None]:
        return nullcontext()

    def call(self, operation: str) -> AbstractContextManager[None]:
        return nullcontext()

    def crew(self, crew: Crew) -> Crew:
        return crew

    def plan(self, plan: Plan) -> None:
        return None

    def ended(self, outcome: str, exit_code: int) -> None:
        return None

    def close(self) -> str:
        return ""

    def planned(self, jobs: int, assets: int) -> None:
        return None

    def moved(self, item: RunItem, *, assets: int) -> None:
        return None

    def progressed(self, key: JobKey, percent: int | None, message: str) -> None:
        return None

    def said(self, message: str) -> None:
        return None

    def silent(self, error: PortError, *, seconds: float, patience: float) -> None:
        return None

    def answers(self, seconds: float) -> None:
        return None

    def waits(self, message: str, *, seconds: float, key: JobKey | None = None) -> None:
        return None
