"""How a plan is to be carried out."""

from __future__ import annotations

from dataclasses import dataclass

from s7spec.model.ledger import Holder


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplyOptions:
    """``max_in_flight`` bounds the jobs at work on IPS at once (not with ``detach``, which leaves
    them all behind), ``max_parallel`` the calls to it. ``max_failures``: nothing more is started
    when so many jobs have failed; None: however many fail. ``skip_stale``: items that no longer fit
    stay away from the others, instead of stopping the whole plan.

    ``quarantine_seconds``: how long an unanswered submit may still surface (semantics: Q).
    ``cold_wait_seconds``: how long a run with an empty ledger waits for what a lost one may have
    sent. ``hold``: what stays ambiguous is never sent again. ``lease_seconds``: how long others
    wait for a run that died. ``first_run``: a ledger that is empty was not lost, so nothing was
    sent longer ago than all that IPS lists of late.

    ``follow_seconds``: no attempt is followed for longer, it is left as it is; None: to its end.
    Looks at all jobs come ``first_poll_seconds`` apart, later up to ``last_poll_seconds``. Looks
    that fail are repeated for ``patience_seconds``. A job that IPS never shows is sent
    ``max_sends`` times at most. A job that ended without naming its ZIP is looked at for
    ``zip_grace_seconds`` more: that line may come late. An interrupted run waits
    ``drain_seconds`` for submits on their way. ``description`` goes to IPS with each job: what
    asked for it.
    """

    holder: Holder
    description: str
    max_in_flight: int = 10
    max_parallel: int = 8
    max_failures: int | None = None
    skip_stale: bool = False
    detach: bool = False
    hold: bool = False
    quarantine_seconds: int = 300
    cold_wait_seconds: int = 0
    lease_seconds: int = 60
    first_run: bool = False
    first_poll_seconds: float = 0.2
    last_poll_seconds: float = 5.0
    patience_seconds: int = 120
    follow_seconds: int | None = None
    max_sends: int = 3
    zip_grace_seconds: int = 30
    drain_seconds: float = 5.0
