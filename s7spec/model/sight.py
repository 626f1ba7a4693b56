"""What was seen of jobs on IPS when a plan was made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

from s7spec.model.ips import JobEcho, JobPhase, JobSnapshot, KnownJob
from s7spec.model.job import split_attempt_name
from s7spec.model.ledger import Attempt

RECENT = timedelta(days=30)
"""How far back a run that sends something lists the job logs: for names that the ledger does not
know, and for doubles. What is older it asks for by name."""

THE_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
"""Long before there was any IPS: from here on the job logs are listed when the ledger cannot tell
what was sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unobserved:
    """A look that failed: never taken for "not there"."""

    why: str


Sight: TypeAlias = JobSnapshot | Unobserved | None
"""None: IPS does not show the job."""


class Listing:
    """The names of all jobs that IPS lists."""

    def __init__(self, jobs: Iterable[KnownJob]) -> None:
        runs: Counter[str] = Counter()
        schedules: Counter[str] = Counter()
        for job in jobs:
            counted = schedules if job.phase is JobPhase.SCHEDULED else runs
            counted[job.originalName] += 1
        # While a schedule waits, the runs of its name come from it: they are no copies.
        self._copies = Counter(dict(runs) | dict(schedules))
        self._generations: dict[str, int] = {}
        for name in self._copies:
            stem, generation = split_attempt_name(name)
            self._generations[stem] = max(generation, self._generations.get(stem, 0))

    def copies(self, attempt_name: str) -> int:
        """How many jobs have this name."""
        return self._copies[attempt_name]

    def doubled(self) -> tuple[str, ...]:
        """The names of which there is more than one job, sorted."""
        return tuple(sorted(name for name, copies in self._copies.items() if copies > 1))

    def last_generation(self, attempt_name: str) -> int:
        """The highest generation among the names that differ from this one in nothing else; 0 when
        there is none."""
        return self._generations.get(split_attempt_name(attempt_name)[0], 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """``attempts`` are the open ones of the ledger, by name. ``listing`` is what IPS lists; None:
    nobody looked."""

    attempts: Mapping[str, Sight]
    listing: Listing | None = None


def echo_difference(attempt: Attempt, echo: JobEcho | None) -> str | None:
    """What the job of an attempt's name on IPS does otherwise than the ledger says; None: nothing
    that could be seen. Handles differ between sessions (semantics: F6), so assets are counted."""
    if echo is None:
        return None
    job = attempt.export_job
    pairs = (
        ("fmt", job.fmt.value, echo.fmt or job.fmt.value),
        ("is_modifier", job.is_modifier or None, echo.is_modifier or None),
        ("macro", job.macro or None, echo.macro or None),
        ("number of assets", str(len(attempt.sent)), str(echo.assets)),
    )
    for name, ours, theirs in pairs:
        if ours != theirs:
            return f"its {name} is {theirs or 'not set'}, ours is {ours or 'not set'}"
    return None
