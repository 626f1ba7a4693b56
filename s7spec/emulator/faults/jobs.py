"""What the faults of a submitJob call mean for its job, and the clock that may be wrong.

The one place where jobs and fault injection meet. The faults of the call at work are known to the
thread that answers it; whoever stores a job in that thread asks `fate_of_new_job` once and keeps
the answer with the job, and takes the time from `faulty_now`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

from s7spec.emulator.faults.book import Decision
from s7spec.emulator.faults.rules import (
    ClockSkew,
    DelayedAcceptance,
    FaultRule,
    JobEffect,
    JobFails,
    JobFailsAssets,
    JobHangs,
    LookupLag,
)

CARRIED_OUT: tuple[type, ...] = ()
"""The kinds that the job engine carries out; rules of the others are refused."""

_CALL: ContextVar[Decision | None] = ContextVar("faults of the call", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class JobFate:
    """What will happen to a job. Times are seconds after its submission.

    ``accepted_after`` later it is taken in; until ``found_after`` no list or log shows it.
    ``fails`` is why it ends without a ZIP; ``failing_share`` of its assets fail, which ones
    decides ``fails_asset``; ``hangs_after`` so many assets it hangs. None: it does not.
    """

    accepted_after: float = 0.0
    found_after: float = 0.0
    fails: str | None = None
    failing_share: float = 0.0
    hangs_after: int | None = None
    salt: int = 0

    def fails_asset(self, position: int) -> bool:
        """Whether the asset at this place of the job fails (from 0), always answered alike."""
        if self.failing_share == 0:
            return False
        draw = Random(f"{self.salt}/{position}").random()  # noqa: S311 - chance for tests
        return draw < self.failing_share


GOOD_FATE = JobFate()


@contextmanager
def during(decision: Decision | None) -> Iterator[None]:
    """Within, this thread answers the call with these faults."""
    token = _CALL.set(decision)
    try:
        yield
    finally:
        _CALL.reset(token)


def fate_of_new_job() -> JobFate:
    """The fate of the job that the call at work submits."""
    decision = _CALL.get()
    if decision is None or not decision.of_job:
        return GOOD_FATE
    fate: dict[str, object] = {"salt": decision.salt}
    for effect in decision.of_job:
        fate.update(_part_of_fate(effect))
    return JobFate(**fate)  # type: ignore[arg-type]


def _part_of_fate(effect: JobEffect) -> dict[str, object]:
    match effect:
        case DelayedAcceptance():
            return {"accepted_after": effect.seconds}
        case LookupLag():
            return {"found_after": effect.seconds}
        case JobFails():
            return {"fails": effect.reason}
        case JobFailsAssets():
            return {"failing_share": effect.share}
        case JobHangs():
            return {"hangs_after": effect.after}


def skew() -> timedelta:
    """How far the clock is ahead for the call at work."""
    decision = _CALL.get()
    if decision is None or decision.clock is None:
        return timedelta()
    return timedelta(seconds=decision.clock.seconds)


def faulty_now() -> datetime:
    """The time as the server believes it, for the call at work."""
    return datetime.now(UTC) + skew()


def complaint_about(rule: FaultRule) -> str | None:
    """Why the rule cannot be carried out, None when it can."""
    belongs_to_jobs = isinstance(rule.effect, JobEffect | ClockSkew)
    if not belongs_to_jobs or isinstance(rule.effect, CARRIED_OUT):
        return None
    where = f"{rule.place}: " if rule.place else ""
    return f"{where}the job engine of the embedded IPS does not carry out {rule.effect.kind!r} yet"
