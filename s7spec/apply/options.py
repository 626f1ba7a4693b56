"""How a plan is to be carried out."""

from __future__ import annotations

from dataclasses import dataclass

from s7spec.model.ledger import Holder


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplyOptions:
    """``max_in_flight`` bounds the jobs at work on IPS at once (not with ``detach``, which leaves
    them all behind). ``quarantine_seconds``: how long an unanswered submit may still surface
    (semantics: Q). ``lease_seconds``: how long others wait for a run that died.

    Looks at a job come ``first_poll_seconds`` apart, later up to ``last_poll_seconds``. Looks that
    fail are repeated for ``patience_seconds``. A job that IPS never shows is sent ``max_sends``
    times at most. A job that ended without naming its ZIP is looked at for ``zip_grace_seconds``
    more: that line may come late. ``description`` goes to IPS with each job: what asked for it.
    """

    holder: Holder
    description: str
    max_in_flight: int = 10
    fail_fast: bool = False
    detach: bool = False
    quarantine_seconds: int = 300
    lease_seconds: int = 60
    first_poll_seconds: float = 0.2
    last_poll_seconds: float = 5.0
    patience_seconds: int = 120
    max_sends: int = 3
    zip_grace_seconds: int = 30
