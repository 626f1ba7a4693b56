"""All that a decision about one job rests on, beside the job itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from datetime import datetime

from s7spec.model.fingerprint import Fingerprint
from s7spec.model.job import JobKey, ResolvedJob, attempt_name
from s7spec.model.ledger import Attempt, JobHead
from s7spec.model.plan import BY_OPTION, Reason, ReasonCode
from s7spec.model.sight import Observed, Sight, Unobserved
from s7spec.ports import LedgerView


@dataclass(frozen=True, slots=True, kw_only=True)
class Surgery:
    """What manifests say about the past of jobs. ``moved`` are the keys under which jobs stood
    before, by what they are called now; ``forgotten`` jobs are to be closed; ``adopted`` names the
    job on IPS that is a job's attempt."""

    moved: Mapping[JobKey, JobKey] = field(default_factory=dict)
    forgotten: Set[JobKey] = frozenset()
    adopted: Mapping[JobKey, str] = field(default_factory=dict)

    def adopted_twice(self) -> Set[str]:
        """Jobs on IPS that more than one job is said to have made."""
        return {name for name, jobs in Counter(self.adopted.values()).items() if jobs > 1}


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """``forced`` are the jobs that a person wants to run once more. ``hold`` says that an ambiguous
    submit is never sent again. ``former`` are the keys under which a job without a history of its
    own may be known to IPS, nearest first: ``make_plan`` finds them. ``walked`` are the names of
    manifests of which all jobs are planned, or that are gone.
    """

    view: LedgerView
    observed: Observed
    now: datetime
    forced: Set[JobKey] = frozenset()
    surgery: Surgery = field(default_factory=Surgery)
    hold: bool = False
    former: Mapping[JobKey, tuple[JobKey, ...]] = field(default_factory=dict)
    walked: Set[str] = frozenset()

    def latest(self, head: JobHead) -> Attempt:
        return self.view.attempt(head.attempt_name)

    def sight(self, attempt_name: str) -> Sight:
        """Of an open attempt. That nobody looked for it does not mean that it is not there."""
        return self.observed.attempts.get(attempt_name, Unobserved(why="nobody looked for it"))

    def copies(self, attempt_name: str) -> int:
        """How many jobs of this name IPS lists; 0 also when nobody looked."""
        listing = self.observed.listing
        return 0 if listing is None else listing.copies(attempt_name)

    def forcing(self, job: ResolvedJob, rerun: str | None) -> tuple[Reason, ...]:
        """Why the job is to run once more, whatever it delivered; ``rerun`` is the token that was
        in force. A token that was taken away asks for nothing."""
        details = []
        if self.is_asked_for(job.key):
            details.append(BY_OPTION)
        if has_new_token(job, rerun):
            before = "none" if rerun is None else f"`{rerun}`"
            details.append(f"rerun was {before}, is `{job.policy.rerun}`")
        return tuple(Reason(code=ReasonCode.FORCED, detail=detail) for detail in details)

    def is_asked_for(self, key: JobKey) -> bool:
        return bool(self.forced) and key in self.forced

    def next_generation(self, key: JobKey, fingerprint: Fingerprint) -> int:
        """1 for content that this job was never sent with. A name that is taken is passed over: a
        job that moved away and back has attempts of that name under its other key."""
        generation = self.view.last_generation(key, fingerprint.data) + 1
        while self.view.knows(attempt_name(key, fingerprint, generation)):
            generation += 1
        return generation

    def unknown_attempt(self, key: JobKey, fingerprint: Fingerprint) -> tuple[JobKey, int] | None:
        """Under which key, and with which generation, IPS lists this content of a job without the
        ledger's knowing; None: it does not."""
        for each in (key, *self.former.get(key, ())):
            if generation := self.unknown_generation(each, fingerprint):
                return each, generation
        return None

    def unknown_generation(self, key: JobKey, fingerprint: Fingerprint) -> int:
        """The highest generation of this content that IPS lists, if the ledger does not know it: it
        was lost, or is an older copy. 0: there is none."""
        listing = self.observed.listing
        if listing is None:
            return 0
        listed = listing.last_generation(attempt_name(key, fingerprint, 1))
        is_known = listed and self.view.knows(attempt_name(key, fingerprint, listed))
        return 0 if is_known else listed


def has_new_token(job: ResolvedJob, rerun: str | None) -> bool:
    """``rerun`` is the token that was in force."""
    return job.policy.rerun not in (None, rerun)
