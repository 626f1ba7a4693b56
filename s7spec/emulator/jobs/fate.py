"""What fault injection has in store for a job. Decided when it is submitted, stored with it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from s7spec.emulator.store.job import NewJob


@dataclass(frozen=True, slots=True, kw_only=True)
class JobFate:
    """The fate of one submission; every run of a schedule shares it.

    - ``accepted_after``: submitJob answers at once, the job is there only so much later.
    - ``seen_after``: the job is there and runs, but for so long nobody sees it in active and
      scheduled jobs and in logs, and nobody can address it.
    - ``fails``: it does nothing but end, with this reason in its log.
    - ``failing_assets``: places in assetHandleArray, from 0, whose assets are not exported.
    - ``hangs_after``: once so many assets are done it stays Running until it is stopped. A job
      of fewer assets ends as usual.
    """

    accepted_after: timedelta = timedelta()
    seen_after: timedelta = timedelta()
    fails: str | None = None
    failing_assets: frozenset[int] = frozenset()
    hangs_after: int | None = None


FateOf = Callable[[NewJob], JobFate]

NO_FATE = JobFate()


def spared(new: NewJob) -> JobFate:
    """Nothing out of the ordinary, for any job."""
    return NO_FATE


def to_text(fate: JobFate) -> str:
    """What a run still needs to know of its fate, for the store. Empty for nothing."""
    if fate == NO_FATE:
        return ""
    return json.dumps(
        {
            "seen_after": fate.seen_after.total_seconds(),
            "fails": fate.fails,
            "failing_assets": sorted(fate.failing_assets),
            "hangs_after": fate.hangs_after,
        }
    )


def from_text(text: str) -> JobFate:
    if not text:
        return NO_FATE
    known = json.loads(text)
    return JobFate(
        seen_after=timedelta(seconds=known["seen_after"]),
        fails=known["fails"],
        failing_assets=frozenset(known["failing_assets"]),
        hangs_after=known["hangs_after"],
    )
