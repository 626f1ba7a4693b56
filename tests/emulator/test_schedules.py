"""Jobs that run later, on a clock that the tests advance."""

from __future__ import annotations

import re
import threading
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from s7spec.emulator import SimulatedClock

if TYPE_CHECKING:
    from tests.emulator.conftest import Ips, Reply, Serve

ITEM = "jobArray/items"
LOG = "jobLogArray/items"
# A Sunday, 13:00 in Berlin.
START = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
HOURLY = "<execSchedule>0 0 * * * ?</execSchedule>"
AT_TWO = "<execTime>2026-03-01T15:00:00+01:00</execTime>"


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock(START, zone=ZoneInfo("Europe/Berlin"))


@pytest.fixture
def ips(serve: Serve, clock: SimulatedClock) -> Ips:
    return serve(clock=clock)


def submit(ips: Ips, name: str, when: str = "", **parts: str) -> str:
    job = ips.export_job(name, [ips.handles()["PS_1"]], **parts)
    return ips.submit(job.replace("</jobName>", f"</jobName>{when}"))


def scheduled(ips: Ips, inner: str = "") -> Reply:
    return ips.call("getScheduledJobs", inner)


def act(ips: Ips, operation: str, handle: str) -> Reply:
    return ips.call(operation, ips.children(companyHandle="c|110", jobHandle=handle))


def runs(ips: Ips, name: str, number: int) -> Reply:
    """The log once so many runs are done, and no more than those."""
    return ips.finished(name, runs=number)


def test_once_at_a_time(ips: Ips, clock: SimulatedClock) -> None:
    handle = submit(ips, "later", AT_TWO)
    assert handle == "j|110|later||"
    found = scheduled(ips)
    assert found.texts(f"{ITEM}/jobHandle") == [handle]
    assert found.find(f"{ITEM}/execSchedule") == []
    assert ips.call("getActiveJobs").find(ITEM) == []
    clock.set(START + 2 * HOUR - timedelta(milliseconds=1))
    assert len(scheduled(ips).find(ITEM)) == 1
    clock.advance(timedelta(milliseconds=1))
    log = runs(ips, "later", 1)
    assert re.fullmatch(
        r"j\|110\|\|later_2026-03-01-15:00:00\.000\|\d+", log.text(f"{LOG}/jobHandle")
    )
    assert log.text(f"{LOG}/originalJobName") == "later"
    assert scheduled(ips).find(ITEM) == []
    clock.advance(DAY)
    assert len(ips.log("later").find(LOG)) == 1


@pytest.mark.parametrize("when", ["2026-03-01T12:00:00Z", "2020-01-01T00:00:00Z"])
def test_a_time_that_has_come_runs_now(ips: Ips, when: str) -> None:
    submit(ips, "now", f"<execTime>{when}</execTime>")
    runs(ips, "now", 1)
    assert scheduled(ips).find(ITEM) == []


def test_all_fields_of_a_scheduled_job(ips: Ips) -> None:
    handles = ips.handles()
    chosen = [handles[name] for name in ("PS_2", "PS_1", "PS_2")]
    job = ips.export_job(
        "all | of it",
        chosen,
        fmt="convert",
        is_modifier="wid=9 & <hei>",
        macro="$M$",
        emailSetting="Error",
        description="words",
    )
    when = "<locale>de-DE</locale><execSchedule> 0 30 2 ? * mon </execSchedule>"
    ips.submit(job.replace("</jobName>", f"</jobName>{when}"))
    found = scheduled(ips)
    expected = {
        "companyHandle": "c|110",
        "jobHandle": "j|110|all | of it||",
        "name": "all | of it",
        "originalName": "all | of it",
        "type": "ExportJob",
        "submitUserEmail": "demo@example.com",
        "locale": "de-DE",
        "description": "words",
        "execSchedule": " 0 30 2 ? * mon ",
        "timeZone": "Europe/Berlin",
        "triggerState": "Normal",
        "exportJob/fmt": "convert",
        "exportJob/is_modifier": "wid=9 & <hei>",
        "exportJob/macro": "$M$",
        "exportJob/emailSetting": "Error",
    }
    assert {name: found.text(f"{ITEM}/{name}") for name in expected} == expected
    fires = datetime.fromisoformat(found.text(f"{ITEM}/nextFireTime"))
    assert fires == datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
    assert found.texts(f"{ITEM}/exportJob/assetHandleArray/items") == chosen
    assert found.find(f"{ITEM}/exportJob/clientId") == []


def test_filters_of_scheduled_jobs(ips: Ips) -> None:
    first, second = submit(ips, "a", HOURLY), submit(ips, "b", AT_TWO)
    name = f"{ITEM}/originalName"
    assert scheduled(ips).texts(name) == ["a", "b"]
    assert scheduled(ips, "<originalName>b</originalName>").texts(name) == ["b"]
    assert scheduled(ips, f"<jobHandle>{first}</jobHandle>").texts(name) == ["a"]
    both = f"<jobHandle>{second}</jobHandle><originalName>a</originalName>"
    assert scheduled(ips, both).texts(name) == []
    assert scheduled(ips, "<companyHandle>c|1</companyHandle>").fault[1] == 20000


def test_again_and_again(ips: Ips, clock: SimulatedClock) -> None:
    submit(ips, "hourly", HOURLY)
    for hour in (1, 2, 3):
        clock.set(START + hour * HOUR)
        log = runs(ips, "hourly", hour)
    names = log.texts(f"{LOG}/jobName")
    assert names == [f"hourly_2026-03-01-{hour}:00:00.000" for hour in (14, 15, 16)]
    fires = scheduled(ips).text(f"{ITEM}/nextFireTime")
    assert datetime.fromisoformat(fires) == START + 4 * HOUR


def test_a_schedule_that_comes_to_its_end(ips: Ips, clock: SimulatedClock) -> None:
    submit(ips, "last", "<execSchedule>0 0 0 1 1 ? 2027</execSchedule>")
    clock.set(datetime(2026, 12, 31, 23, tzinfo=UTC))
    runs(ips, "last", 1)
    assert scheduled(ips).find(ITEM) == []


def test_a_clock_that_jumps_ahead_fires_once(ips: Ips, clock: SimulatedClock) -> None:
    submit(ips, "hourly", HOURLY)
    clock.advance(30 * HOUR + HOUR / 2)
    runs(ips, "hourly", 1)
    fires = scheduled(ips).text(f"{ITEM}/nextFireTime")
    assert datetime.fromisoformat(fires) == START + 31 * HOUR


def test_a_clock_that_is_turned_back_goes_on_firing(ips: Ips, clock: SimulatedClock) -> None:
    submit(ips, "hourly", HOURLY)
    ips.awaited(clock, START + HOUR)
    clock.advance(-10 * HOUR)
    expected = START - 9 * HOUR
    ips.until(
        lambda: scheduled(ips),
        lambda reply: datetime.fromisoformat(reply.text(f"{ITEM}/nextFireTime")) == expected,
    )
    clock.advance(HOUR)
    runs(ips, "hourly", 1)


def test_what_a_server_that_was_down_missed_fires_once(serve: Serve, clock: SimulatedClock) -> None:
    ips = serve(clock=clock)
    submit(ips, "hourly", HOURLY)
    submit(ips, "once", AT_TWO)
    submit(ips, "still to come", "<execTime>2026-04-01T00:00:00Z</execTime>")
    ips.server.close()
    clock.advance(50 * HOUR)
    again = serve(clock=clock)
    runs(again, "once", 1)
    runs(again, "hourly", 1)
    found = scheduled(again)
    assert found.texts(f"{ITEM}/originalName") == ["hourly", "still to come"]
    fires = datetime.fromisoformat(found.texts(f"{ITEM}/nextFireTime")[0])
    assert fires == START + 51 * HOUR


def test_schedules_outlive_a_turned_back_restart(serve: Serve, clock: SimulatedClock) -> None:
    ips = serve(clock=clock)
    submit(ips, "hourly", HOURLY)
    ips.server.close()
    clock.advance(-DAY)
    again = serve(clock=clock)
    fires = datetime.fromisoformat(scheduled(again).text(f"{ITEM}/nextFireTime"))
    assert fires == START - DAY + HOUR


def test_the_real_clock_fires_too(serve: Serve) -> None:
    ips = serve()
    submit(ips, "every second", "<execSchedule>* * * * * ?</execSchedule>")
    ips.until(lambda: ips.log("every second"), lambda log: len(log.find(f"{LOG}/endDate")) >= 2)
    act(ips, "deleteJob", "j|110|every second||")
    assert scheduled(ips).find(ITEM) == []


def test_execute_uses_up_a_single_time(ips: Ips, clock: SimulatedClock) -> None:
    handle = submit(ips, "once", AT_TWO)
    assert b"<executeJobReturn" in act(ips, "executeJob", handle).body
    runs(ips, "once", 1)
    assert scheduled(ips).find(ITEM) == []
    clock.advance(DAY)
    assert act(ips, "executeJob", handle).fault[:2] == ("ipsApiFault", 30001)
    assert len(ips.log("once").find(LOG)) == 1


def test_execute_leaves_a_cron_schedule(ips: Ips, clock: SimulatedClock) -> None:
    handle = submit(ips, "hourly", HOURLY)
    act(ips, "executeJob", handle)
    runs(ips, "hourly", 1)
    fires = scheduled(ips).text(f"{ITEM}/nextFireTime")
    assert datetime.fromisoformat(fires) == START + HOUR
    clock.advance(HOUR)
    runs(ips, "hourly", 2)


def test_a_paused_schedule_does_not_fire(ips: Ips, clock: SimulatedClock) -> None:
    """What a cron schedule missed while paused is gone; a single time fires when resumed."""
    handles = [submit(ips, "hourly", HOURLY), submit(ips, "once", AT_TWO)]
    for handle in handles:
        assert b"<pauseJobReturn" in act(ips, "pauseJob", handle).body
    clock.advance(5 * HOUR + HOUR / 2)
    found = scheduled(ips)
    assert found.texts(f"{ITEM}/triggerState") == ["Paused", "Paused"]
    fires = [datetime.fromisoformat(text) for text in found.texts(f"{ITEM}/nextFireTime")]
    assert fires == [START + 6 * HOUR, START + 2 * HOUR]
    for handle in handles:
        assert b"<resumeJobReturn" in act(ips, "resumeJob", handle).body
    runs(ips, "once", 1)
    assert ips.log("hourly").find(LOG) == []
    assert scheduled(ips).texts(f"{ITEM}/triggerState") == ["Normal"]
    clock.advance(HOUR / 2)
    runs(ips, "hourly", 1)


def test_a_pause_outlives_a_restart(serve: Serve, clock: SimulatedClock) -> None:
    ips = serve(clock=clock)
    act(ips, "pauseJob", submit(ips, "hourly", HOURLY))
    ips.server.close()
    again = serve(clock=clock)
    assert scheduled(again).texts(f"{ITEM}/triggerState") == ["Paused"]


@pytest.mark.parametrize("operation", ["stopJob", "deleteJob"])
def test_ending_a_schedule(ips: Ips, clock: SimulatedClock, operation: str) -> None:
    handle = submit(ips, "hourly", HOURLY)
    assert act(ips, operation, handle).status == 200
    assert scheduled(ips).find(ITEM) == []
    clock.advance(DAY)
    assert ips.log("hourly").find(LOG) == []
    assert act(ips, operation, handle).fault[:2] == ("ipsApiFault", 30001)


def test_stop_ends_the_run_and_keeps_the_schedule(serve: Serve, clock: SimulatedClock) -> None:
    ips = serve(clock=clock, seconds_per_asset=60)
    handle = submit(ips, "hourly", HOURLY)
    clock.advance(HOUR)
    ips.until(lambda: ips.call("getActiveJobs"), lambda r: r.texts(f"{ITEM}/state") == ["Running"])
    act(ips, "stopJob", handle)
    log = runs(ips, "hourly", 1)
    assert log.text(f"{LOG}/fatalError") == "true"
    assert len(scheduled(ips).find(ITEM)) == 1


def test_the_trigger_time_is_the_time_of_the_schedule(serve: Serve, clock: SimulatedClock) -> None:
    ips = serve(clock=clock, seconds_per_asset=60)
    submit(ips, "hourly", HOURLY)
    clock.advance(HOUR + timedelta(seconds=7))
    active = ips.until(lambda: ips.call("getActiveJobs"), lambda r: len(r.find(ITEM)) == 1)
    trigger = datetime.fromisoformat(active.text(f"{ITEM}/triggerTime"))
    start = datetime.fromisoformat(active.text(f"{ITEM}/startDate"))
    assert (trigger, start) == (START + HOUR, START + HOUR + timedelta(seconds=7))


def test_two_schedules_of_one_name(ips: Ips, clock: SimulatedClock) -> None:
    handle = submit(ips, "both", HOURLY)
    assert submit(ips, "both", AT_TWO) == handle
    act(ips, "deleteJob", handle)
    assert scheduled(ips).find(ITEM) == []


def test_many_schedules_fire_each_once(ips: Ips, clock: SimulatedClock) -> None:
    """Submitted from several threads while the clock moves."""

    def feed(first: int) -> None:
        for number in range(first, first + 10):
            submit(ips, f"job {number}", AT_TWO)

    threads = [threading.Thread(target=feed, args=(first,)) for first in range(0, 40, 10)]
    for thread in threads:
        thread.start()
    clock.advance(3 * HOUR)
    for thread in threads:
        thread.join()
    for number in range(40):
        runs(ips, f"job {number}", 1)
    assert scheduled(ips).find(ITEM) == []
