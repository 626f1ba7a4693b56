"""The log of a run at work."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import replace

from s7spec.emulator.store.job import Detail, Job, Tally
from s7spec.emulator.store.jobs import JobStore

_MOMENT = 0.2


class RunLog:
    """Keeps lines for a moment: what a run does at one go is one step in the store. Whoever waits
    for something calls ``write`` first, so that callers see how far the run is."""

    def __init__(self, jobs: JobStore, job: Job) -> None:
        self._jobs = jobs
        self._job = job
        self._lines: list[Detail] = []
        self._kept = Tally()
        self._written = time.monotonic()

    def add(self, details: Iterable[Detail], tally: Tally) -> None:
        self._lines.extend(details)
        self._kept = _sum(self._kept, tally)
        if time.monotonic() - self._written > _MOMENT:
            self.write()

    def write(self) -> None:
        if self._lines:
            self._jobs.log(self._job.run_id, self._lines, self._kept)
            self._begin_anew()

    def counted(self) -> Job:
        """The job with the counts so far."""
        job, kept = self._job, self._kept
        return replace(
            job,
            successes=job.successes + kept.successes,
            errors=job.errors + kept.errors,
            warnings=job.warnings + kept.warnings,
        )

    def finish(self, detail: Detail, tally: Tally, *, fatal: bool) -> None:
        """The last line: it ends the job."""
        lines, counts = [*self._lines, detail], _sum(self._kept, tally)
        self._jobs.finish(self._job.run_id, lines, counts, fatal=fatal)

    def _begin_anew(self) -> None:
        self._job = self.counted()
        self._lines, self._kept = [], Tally()
        self._written = time.monotonic()


def _sum(one: Tally, other: Tally) -> Tally:
    return Tally(
        successes=one.successes + other.successes,
        errors=one.errors + other.errors,
        warnings=one.warnings + other.warnings,
    )
