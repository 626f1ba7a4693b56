"""What a person asks of a plan beside the manifests."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Refresh(StrEnum):
    """What is asked of IPS about jobs: about those that are open, and about all when the ledger
    knows none; about all it lists; or nothing."""

    AUTO = "auto"
    FULL = "full"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanWishes:
    """``rerun`` are patterns of the jobs that run once more; ``first_run``: a ledger that is empty
    was not lost."""

    refresh: Refresh = Refresh.AUTO
    rerun: tuple[str, ...] = ()
    first_run: bool = False


NO_WISHES = PlanWishes()
