"""All that a decision about one job rests on, beside the job itself."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from datetime import datetime

from s7spec.model.fingerprint import Fingerprint
from s7spec.model.job import JobKey, attempt_name
from s7spec.model.ledger import Attempt, JobHead
from s7spec.model.sight import Observed, Sight
from s7spec.ports import LedgerView


@dataclass(frozen=True, slots=True, kw_only=True)
class Surgery:
    """What manifests say about the past of jobs. ``moved`` are the keys under which jobs stood
    before, by what they are called now; ``forgotten`` jobs are to be closed; ``adopted`` names the
    job on IPS that is a job's attempt."""

    moved: Mapping[JobKey, JobKey] = field(default_factory=dict)
    forgotten: Set[JobKey] = frozenset()
    adopted: Mapping[JobKey, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """``forced`` are the jobs that a person wants to run once more. ``hold`` says that an ambiguous
    submit is never sent again."""

    view: LedgerView
    observed: Observed
    now: datetime
    forced: Set[JobKey] = frozenset()
    surgery: Surgery = field(default_factory=Surgery)
    hold: bool = False

    def latest(self, head: JobHead) -> Attempt:
        return self.view.attempt(head.attempt_name)

    def sight(self, attempt: Attempt) -> Sight:
        return self.observed.attempts.get(attempt.name)

    def copies(self, name: str) -> int:
        """How many jobs of this name IPS lists; 0 also when nobody looked."""
        listing = self.observed.listing
        return 0 if listing is None else listing.copies(name)

    def next_generation(self, key: JobKey, fingerprint: Fingerprint) -> int:
        """1 for content that this job was never sent with."""
        return self.view.last_generation(key, fingerprint.data) + 1

    def unknown_generation(self, key: JobKey, fingerprint: Fingerprint) -> int:
        """The highest generation of this content that IPS lists and the ledger does not know: it
        was lost, or is an older copy. 0: there is none."""
        listing = self.observed.listing
        if listing is None:
            return 0
        listed = listing.last_generation(attempt_name(key, fingerprint, 1))
        return listed if listed > self.view.last_generation(key, fingerprint.data) else 0
