"""Jobs of a ledger, watched on IPS."""

from datetime import timedelta

import pytest

from s7spec.model.ips import JobPhase
from s7spec.model.ledger import AttemptState
from s7spec.model.schedule import Timing
from s7spec.model.submission import Submission
from s7spec.pipeline.following import LedgerWatch, Whereabouts
from tests.fakes.clock import ManualClock
from tests.fakes.gateway import ScriptedIps
from tests.fakes.jobs import attempt, resolved_job
from tests.fakes.view import head_of

HOURLY = Timing(cron="0 0 * * * ?")


@pytest.mark.parametrize(
    ("hours", "where"),
    [(0.5, Whereabouts.SCHEDULED), (1.0, Whereabouts.AT_WORK), (1.5, Whereabouts.SCHEDULED)],
)
def test_what_recurs_does_not_end_with_a_run(hours: float, where: Whereabouts) -> None:
    clock = ManualClock()
    ips = ScriptedIps(clock=clock)
    latest = attempt(state=AttemptState.SCHEDULED, timing=HOURLY)
    ips.take(Submission.of(resolved_job(), latest.name, description="", timing=HOURLY))
    clock.move(hours * ips.cron_every)
    watch = LedgerWatch(ips, patience=timedelta(seconds=9))
    [seen] = watch.look([head_of(latest)], clock.now())
    assert seen.whereabouts is where
    assert watch.goes_on is (where is Whereabouts.AT_WORK)


def test_what_starts_once_does() -> None:
    clock = ManualClock()
    ips = ScriptedIps(clock=clock)
    timing = Timing(at=clock.now() + timedelta(hours=1))
    latest = attempt(state=AttemptState.SCHEDULED, timing=timing)
    ips.take(Submission.of(resolved_job(), latest.name, description="", timing=timing))
    clock.move(7200)
    watch = LedgerWatch(ips, patience=timedelta(seconds=9))
    [seen] = watch.look([head_of(latest)], clock.now())
    assert seen.whereabouts is Whereabouts.ENDED
    assert seen.snapshot is not None
    assert seen.snapshot.phase is JobPhase.ENDED
