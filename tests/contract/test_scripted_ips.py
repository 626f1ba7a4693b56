"""What the scripted IPS can be told to do beyond what the real one is known to do."""

from __future__ import annotations

from datetime import timedelta

import pytest

from s7spec.model.ips import JobPhase
from s7spec.model.manifest import EmailSetting, Fmt
from s7spec.model.schedule import Timing
from s7spec.model.submission import Submission
from s7spec.ports import CredentialsRefused, IpsFault, IpsUnreachable, PortError
from tests.fakes.clock import NOON, ManualClock
from tests.fakes.gateway import Fate, Result, ScriptedIps

NAME = "s7-shop-1"
HOURLY = Timing(cron="0 0 * * * ?")


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def ips(clock: ManualClock) -> ScriptedIps:
    return ScriptedIps(clock=clock)


def submission(timing: Timing | None = None, name: str = NAME) -> Submission:
    return Submission(
        attempt_name=name,
        description="",
        assetHandleArray=("a|one", "a|two"),
        fmt=Fmt.ORIG,
        is_modifier=None,
        macro=None,
        emailSetting=EmailSetting.NONE,
        timing=timing,
    )


def is_scheduled(ips: ScriptedIps) -> bool:
    found = ips.find(NAME)
    return found is not None and found.phase is JobPhase.SCHEDULED


FATES: list[tuple[Fate, type[PortError], bool]] = [
    (Fate.REQUEST_LOST, IpsUnreachable, False),
    (Fate.REPLY_LOST, IpsUnreachable, True),
    (Fate.REFUSED, IpsFault, False),
    (Fate.NO_ACCESS, CredentialsRefused, False),
]


@pytest.mark.parametrize("method", ["stop", "delete"])
@pytest.mark.parametrize(("fate", "kind", "gone"), FATES)
def test_fates_of_stops_and_deletes(
    fate: Fate, kind: type[PortError], gone: bool, method: str, ips: ScriptedIps
) -> None:
    handle = ips.submit(submission(HOURLY))
    ips.control_fate_of = lambda method, handle: fate
    with pytest.raises(kind):
        getattr(ips, method)(handle)
    assert ips.controls == [(method, handle)]
    assert is_scheduled(ips) is not gone


def test_a_delete_may_come_late(ips: ScriptedIps, clock: ManualClock) -> None:
    handle = ips.submit(submission(Timing(at=NOON + timedelta(seconds=20))))
    ips.control_fate_of = lambda method, handle: Fate.LATE
    with pytest.raises(IpsUnreachable):
        ips.delete(handle)
    assert is_scheduled(ips)
    clock.move(ips.late_by)
    assert ips.find(NAME) is None


def test_a_job_may_fire_before_its_delete_comes(ips: ScriptedIps, clock: ManualClock) -> None:
    ips.stops_after = 30
    ips.delete(ips.submit(submission(Timing(at=NOON + timedelta(seconds=20)))))
    clock.move(60)
    found = ips.find(NAME)
    assert found is not None
    assert found.phase is JobPhase.ENDED


def test_a_stop_takes_a_while(ips: ScriptedIps, clock: ManualClock) -> None:
    ips.runs_for, ips.stops_after = 60, 10
    ips.submit(submission())
    (running,) = ips.active_jobs()
    ips.stop(running.jobHandle)
    clock.move(9)
    assert ips.active_jobs()
    clock.move(1)
    found = ips.logged(NAME)
    assert found is not None
    assert [detail.logType for detail in found.details] == ["FileCancel"]


def test_a_stop_that_comes_after_the_end_changes_nothing(
    ips: ScriptedIps, clock: ManualClock
) -> None:
    ips.stops_after = 10
    ips.submit(submission())
    ips.stop(ips.active_jobs()[0].jobHandle)
    clock.move(20)
    found = ips.logged(NAME)
    assert found is not None
    assert len(found.zip_urls) == 1


def test_logs_may_lag(ips: ScriptedIps, clock: ManualClock) -> None:
    ips.logged_after = 10
    ips.submit(submission())
    clock.move(5)
    assert ips.find(NAME) is None, "between its lists"
    assert ips.known_jobs(NOON) == ()
    clock.move(5)
    assert ips.logged(NAME) == ips.find(NAME) is not None


def test_a_cron_runs_as_often_as_time_goes_by(ips: ScriptedIps, clock: ManualClock) -> None:
    ips.submit(submission(HOURLY))
    clock.move(3 * ips.cron_every + 10)
    found = ips.logged(NAME)
    assert found is not None
    assert found.copies == 3
    assert is_scheduled(ips)
    assert ips.names() == [NAME], "it was taken once"
    assert len(ips.known_jobs(NOON)) == 4


@pytest.mark.parametrize("spares_runs", [False, True])
def test_a_delete_may_leave_the_run_of_a_cron_alone(
    spares_runs: bool, ips: ScriptedIps, clock: ManualClock
) -> None:
    ips.runs_for, ips.spares_runs = 60, spares_runs
    handle = ips.submit(submission(HOURLY))
    clock.move(ips.cron_every + 10)
    assert len(ips.active_jobs()) == 1
    ips.delete(handle)
    assert ips.scheduled(NAME) is None
    assert len(ips.active_jobs()) == spares_runs


def test_each_method_has_its_own_outage_and_latency(ips: ScriptedIps, clock: ManualClock) -> None:
    ips.outages = {"logged": IpsUnreachable("no route")}
    ips.latencies = {"known_jobs": 7}
    assert ips.find(NAME) is None
    with pytest.raises(IpsUnreachable):
        ips.logged(NAME)
    assert clock.true_time == NOON
    ips.known_jobs(NOON)
    assert clock.true_time == NOON + timedelta(seconds=7)


def test_an_outage_fails_all_but_submit(ips: ScriptedIps) -> None:
    handle = ips.submit(submission(HOURLY))
    ips.outage = IpsUnreachable("no route")
    ips.submit(submission(name="other"))
    for call in (
        lambda: ips.find(NAME),
        lambda: ips.logged(NAME),
        ips.active_jobs,
        lambda: ips.known_jobs(NOON),
        lambda: ips.stop(handle),
        lambda: ips.delete(handle),
    ):
        with pytest.raises(IpsUnreachable):
            call()


def test_what_is_lost_is_in_no_list(ips: ScriptedIps, clock: ManualClock) -> None:
    ips.submit(submission())
    ips.submit(submission(HOURLY))
    ips.lose(NAME)
    assert ips.find(NAME) is None
    assert ips.known_jobs(NOON) == ()
    assert ips.names() == []


def test_results_are_in_the_logs(ips: ScriptedIps, clock: ManualClock) -> None:
    ips.result_of = lambda name: Result(errors=frozenset({"one"}), zip_late_by=20)
    ips.submit(submission())
    clock.move(ips.runs_for)
    early = ips.logged(NAME)
    clock.move(20)
    found = ips.logged(NAME)
    assert early is not None
    assert found is not None
    assert (early.fileErrorCount, early.zip_urls, len(found.zip_urls)) == (1, (), 1)
