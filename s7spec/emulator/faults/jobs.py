"""What the faults of a submitJob call mean for its job, and the clock that may be wrong.

The one place where jobs and fault injection meet. The faults of the call at work are known to the
thread that answers it: the engine asks ``fate_of`` there when it stores a job.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from random import Random

from s7spec.emulator.clock import ServerClock
from s7spec.emulator.faults.book import Decision
from s7spec.emulator.faults.live import LiveFaults
from s7spec.emulator.faults.rules import (
    DelayedAcceptance,
    JobEffect,
    JobFails,
    JobFailsAssets,
    JobHangs,
    LookupLag,
)
from s7spec.emulator.jobs.fate import NO_FATE, JobFate
from s7spec.emulator.store.job import NewJob

_CALL: ContextVar[Decision | None] = ContextVar("faults of the call", default=None)


@contextmanager
def during(decision: Decision | None) -> Iterator[None]:
    """Within, this thread answers the call with these faults."""
    token = _CALL.set(decision)
    try:
        yield
    finally:
        _CALL.reset(token)


def fate_of(new: NewJob) -> JobFate:
    """The fate of a job that the call at work submits."""
    decision = _CALL.get()
    if decision is None or not decision.of_job:
        return NO_FATE
    fate: dict[str, object] = {}
    for effect in decision.of_job:
        fate.update(_part_of_fate(effect, decision.salt, len(new.export.assetHandleArray)))
    return JobFate(**fate)  # type: ignore[arg-type]


def _part_of_fate(effect: JobEffect, salt: int, assets: int) -> dict[str, object]:
    match effect:
        case DelayedAcceptance():
            return {"accepted_after": timedelta(seconds=effect.seconds)}
        case LookupLag():
            return {"seen_after": timedelta(seconds=effect.seconds)}
        case JobFails():
            return {"fails": effect.reason}
        case JobFailsAssets():
            chance = Random(salt)  # noqa: S311 - chance for tests
            draws = [chance.random() for _ in range(assets)]
            failing = frozenset(p for p, draw in enumerate(draws) if draw < effect.share)
            return {"failing_assets": failing}
        case JobHangs():
            return {"hangs_after": effect.after}


def skew_of_call() -> timedelta | None:
    """How far the clock is ahead for the call at work, None when no fault says so."""
    decision = _CALL.get()
    if decision is None or decision.clock is None:
        return None
    return timedelta(seconds=decision.clock.seconds)


class FaultyClock(ServerClock):
    """Another clock as the faults have it: wrong for the calls that a ``clock-skew`` rule hits, and
    for the work between calls when such a rule hits all of them."""

    def __init__(self, clock: ServerClock, faults: LiveFaults) -> None:
        super().__init__(zone=clock.zone)
        self._clock = clock
        self._faults = faults

    def now(self) -> datetime:
        skew = skew_of_call()
        return self._clock.now() + (self._faults.standing_skew() if skew is None else skew)

    def wait(self, condition: threading.Condition, until: datetime | None) -> None:
        ahead = self._faults.standing_skew()
        self._clock.wait(condition, None if until is None else until - ahead)
