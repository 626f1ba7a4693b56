"""What a rebuilding of a ledger found on IPS, and what it made of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from s7spec.model.ips import JobPhase
from s7spec.model.job import JobKey
from s7spec.model.ledger import AttemptState


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundName:
    """A name that IPS lists. ``key`` is whose it is, None when nobody knows; ``copies`` how many
    jobs have it. ``phase`` and ``startDate`` are of one of them."""

    name: str
    key: JobKey | None
    phase: JobPhase
    startDate: datetime | None
    copies: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovered:
    """An attempt that goes into the ledger. ``state`` is what became of it, None as long as nothing
    was written: in a trial, or because ``message`` says what stood in the way. ``overtaken_by`` is
    a run of the same job with other content that began later: whether what is wanted now was wanted
    before it or after it, IPS does not tell."""

    key: JobKey
    attempt_name: str
    generation: int
    state: AttemptState | None
    assets: int
    is_doubled: bool = False
    message: str = ""
    overtaken_by: FoundName | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebuilt:
    """``recovered`` and ``left`` are attempts of what is wanted now; the latter did not come into
    the ledger. ``known`` are those it had already. ``history`` are names of jobs declared here
    that were sent with other content, or before those recovered: with what, IPS does not tell.
    ``undeclared`` are names like ours, of no job that was looked at. ``foreign`` counts the names
    of others. ``without`` are declared jobs of which IPS shows nothing, ``unresolved`` those whose
    assets cannot be looked up now.
    """

    company: str
    environment: str
    since: datetime
    is_trial: bool
    listed: int
    recovered: tuple[Recovered, ...]
    left: tuple[Recovered, ...]
    known: tuple[FoundName, ...]
    history: tuple[FoundName, ...]
    undeclared: tuple[FoundName, ...]
    foreign: int
    without: tuple[JobKey, ...]
    unresolved: tuple[JobKey, ...]
    interrupted: bool = False

    @property
    def doubled(self) -> int:
        """How many attempts IPS has more than one job of."""
        return sum(each.is_doubled for each in (*self.recovered, *self.left))

    @property
    def fell_short(self) -> bool:
        """True when something is left for people to look at."""
        return bool(self.left or self.unresolved or self.doubled)
