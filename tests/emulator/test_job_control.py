"""Active jobs under the hands of their callers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from s7spec.emulator import SimulatedClock
from s7spec.emulator.jobs.control import RunControl

if TYPE_CHECKING:
    from tests.emulator.conftest import Ips, Reply, Serve

ITEM = "jobArray/items"
TASK = f"{ITEM}/taskProgressArray/items"
LOG = "jobLogArray/items"
START = datetime(2026, 3, 1, 12, tzinfo=UTC)
ASSET = timedelta(seconds=60)


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock(START)


@pytest.fixture
def ips(serve: Serve, clock: SimulatedClock) -> Ips:
    """One worker, a minute for each asset."""
    return serve(clock=clock, seconds_per_asset=60, workers=1)


def submit(ips: Ips, name: str) -> str:
    return ips.submit(ips.export_job(name, list(ips.handles().values())[:3]))


def active(ips: Ips, **wanted: str) -> Reply:
    """The one active job, once its fields are as wanted."""
    return ips.until(
        lambda: ips.call("getActiveJobs"),
        lambda reply: all(
            reply.texts(f"{ITEM}/{name}") == [value] for name, value in wanted.items()
        ),
    )


def act(ips: Ips, operation: str, handle: str) -> Reply:
    return ips.call(operation, ips.children(companyHandle="c|110", jobHandle=handle))


def test_a_paused_job_holds_before_its_next_asset(ips: Ips, clock: SimulatedClock) -> None:
    submitted = submit(ips, "job")
    handle = active(ips, state="Running").text(f"{ITEM}/jobHandle")
    ips.wait_out(clock, ASSET)
    active(ips, progressMessage="1 of 3 assets")
    assert b"<pauseJobReturn" in act(ips, "pauseJob", handle).body
    held = active(ips, state="Running", progressMessage="paused, 1 of 3 assets", progress="33")
    assert held.text(f"{TASK}/numProcessed") == "1"
    assert held.text(f"{TASK}/taskState") == "Processing"
    clock.advance(10 * ASSET)
    active(ips, progressMessage="paused, 1 of 3 assets")
    assert b"<resumeJobReturn" in act(ips, "resumeJob", submitted).body
    active(ips, progressMessage="2 of 3 assets")
    ips.wait_out(clock, ASSET)
    log = ips.finished("job")
    assert log.text(f"{LOG}/fileSuccessCount") == "4"


def test_a_waiting_job_can_be_paused(ips: Ips, clock: SimulatedClock) -> None:
    submit(ips, "first")
    second = submit(ips, "second")
    ips.until(
        lambda: ips.call("getActiveJobs"),
        lambda reply: reply.texts(f"{ITEM}/state") == ["Running", "WaitingCoordinator"],
    )
    act(ips, "pauseJob", second)
    texts = ips.call("getActiveJobs").texts(f"{ITEM}/progressMessage")
    assert texts == ["0 of 3 assets", "paused"]
    act(ips, "stopJob", "j|110|first||")
    active(ips, state="Running", progressMessage="paused, 0 of 3 assets")
    act(ips, "resumeJob", second)

    def a_minute_later() -> Reply:
        clock.advance(ASSET)
        return ips.log("second")

    log = ips.until(a_minute_later, lambda log: len(log.find(f"{LOG}/endDate")) == 1)
    assert log.text(f"{LOG}/fileSuccessCount") == "4"


def test_a_pause_outlives_a_restart(serve: Serve, ips: Ips, clock: SimulatedClock) -> None:
    handle = submit(ips, "job")
    active(ips, state="Running")
    act(ips, "pauseJob", handle)
    ips.server.close()
    again = serve(clock=clock)
    active(again, state="Running", progressMessage="paused, 0 of 3 assets")
    act(again, "resumeJob", handle)
    again.finished("job")


def test_a_paused_job_can_be_stopped(ips: Ips) -> None:
    handle = submit(ips, "job")
    active(ips, state="Running")
    act(ips, "pauseJob", handle)
    act(ips, "stopJob", handle)
    assert ips.finished("job").text(f"{LOG}/fatalError") == "true"


def test_pausing_and_resuming_twice_does_no_harm(ips: Ips) -> None:
    handle = submit(ips, "job")
    for operation in ("pauseJob", "pauseJob", "resumeJob", "resumeJob"):
        assert act(ips, operation, handle).status == 200


NOBODY = (
    "j|110|nobody||",
    "j|110||job_2026-03-01-12:00:00.000|100002",
    "j|110||other_2026-03-01-12:00:00.000|100001",
    "j|110||job|9999999999999999999999",
    "j|7|job||",
    "nonsense",
    "||",
)


@pytest.mark.parametrize(
    "operation", ["executeJob", "stopJob", "pauseJob", "resumeJob", "deleteJob"]
)
def test_handles_of_nothing(ips: Ips, operation: str) -> None:
    submit(ips, "job")
    for handle in NOBODY:
        reply = act(ips, operation, handle)
        assert reply.fault[:2] == ("ipsApiFault", 30001)
        assert handle in reply.fault[2]
    assert len(ips.call("getActiveJobs").find(ITEM)) == 1


def test_a_done_job_cannot_be_acted_on(serve: Serve) -> None:
    ips = serve()
    handle = submit(ips, "job")
    run = ips.finished("job").text(f"{LOG}/jobHandle")
    for operation in ("executeJob", "stopJob", "pauseJob", "resumeJob", "deleteJob"):
        assert act(ips, operation, handle).fault[1] == 30001
        assert act(ips, operation, run).fault[1] == 30001
    assert act(ips, "stopJob", "").fault[1] == 30002


def test_a_submission_is_not_executed_twice(ips: Ips) -> None:
    assert act(ips, "executeJob", submit(ips, "job")).fault[1] == 30001


def test_a_name_with_bars_and_quotes(ips: Ips) -> None:
    handle = submit(ips, "a|b||'c|1")
    run = active(ips, state="Running").text(f"{ITEM}/jobHandle")
    assert act(ips, "pauseJob", run).status == 200
    assert act(ips, "stopJob", handle).status == 200
    ips.finished("a|b||'c|1")


def test_log_lines_about_one_asset(serve: Serve) -> None:
    ips = serve()
    handles = ips.handles()
    for name in ("one", "two"):
        ips.export(ips.export_job(name, [handles["PS_2"], handles["PS_1"]]), name)
    ips.export(ips.export_job("other", [handles["PS_2"]]), "other")

    def lines(handle: str) -> Reply:
        inner = ips.children(companyHandle="c|110", assetHandle=handle)
        return ips.call("getAssetJobLogs", inner)

    found = lines(handles["PS_1"])
    runs = [ips.log(name).text(f"{LOG}/jobHandle") for name in ("two", "one")]
    assert found.texts(f"{LOG}/jobHandle") == runs
    assert found.texts(f"{LOG}/jobName") == [run.split("|")[3] for run in runs]
    assert found.texts(f"{LOG}/logType") == ["ExportJobRenderFileSuccess"] * 2
    assert found.texts(f"{LOG}/logMessage") == ["PS_1.jpg is exported to PS_1.jpg"] * 2
    assert found.texts(f"{LOG}/submitUserEmail") == ["demo@example.com"] * 2
    dates = [datetime.fromisoformat(text) for text in found.texts(f"{LOG}/logDate")]
    assert dates[0] >= dates[1]
    assert len(lines(handles["PS_2"]).find(LOG)) == 3
    assert lines(handles["logo"]).find(LOG) == []
    assert lines("a|424242").find(LOG) == []
    assert lines("").fault[1] == 30002


def test_times_shown_are_the_clock_s(serve: Serve, clock: SimulatedClock) -> None:
    ips = serve(clock=clock)
    job = ips.export_job("dated", [ips.handles()["PS_1"]], emailSetting="All")
    log = ips.export(job, "dated")
    assert log.text(f"{LOG}/jobName") == "dated_2026-03-01-12:00:00.000"
    times = [
        log.text(f"{LOG}/startDate"),
        log.text(f"{LOG}/endDate"),
        *log.texts(f"{LOG}/detailArray/items/dateCreated"),
    ]
    assert {datetime.fromisoformat(text) for text in times} == {START}
    (mail,) = (ips.options.data / "outbox").iterdir()
    assert b"Date: Sun, 01 Mar 2026 12:00:00 +0000" in mail.read_bytes()


def test_a_run_that_has_not_begun_shows_no_progress() -> None:
    """A job that is about to start must not look like one that is about to end."""
    control = RunControl(SimulatedClock(START))
    assert control.progress.percent == 0
    control.expect(2)
    control.begin("a")
    control.done()
    assert (control.progress.percent, control.progress.message) == (50, "1 of 2 assets")
