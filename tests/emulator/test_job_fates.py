"""What fault injection can do to jobs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from s7spec.emulator import SimulatedClock
from s7spec.emulator.jobs.fate import JobFate, from_text, to_text

if TYPE_CHECKING:
    from s7spec.emulator.store.job import NewJob
    from tests.emulator.conftest import Ips, Reply, Serve

ITEM = "jobArray/items"
LOG = "jobLogArray/items"
DETAIL = f"{LOG}/detailArray/items"
START = datetime(2026, 3, 1, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
HOURLY = "<execSchedule>0 0 * * * ?</execSchedule>"


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock(START)


def start(serve: Serve, clock: SimulatedClock, **options: object) -> Ips:
    """A server that has the fate in store for jobs whose name begins with ``bad``."""
    fate = JobFate(**options)  # type: ignore[arg-type]

    def fate_of(new: NewJob) -> JobFate:
        return fate if new.original_name.startswith("bad") else JobFate()

    return serve(clock=clock, fate_of=fate_of, workers=1)


def submit(ips: Ips, name: str, when: str = "") -> str:
    handles = ips.handles()
    job = ips.export_job(name, [handles[asset] for asset in ("PS_1", "PS_2", "guide")])
    return ips.submit(job.replace("</jobName>", f"</jobName>{when}"))


def act(ips: Ips, operation: str, handle: str) -> Reply:
    return ips.call(operation, ips.children(companyHandle="c|110", jobHandle=handle))


def seen(ips: Ips, name: str) -> bool:
    """In any list that a caller can ask for."""
    by_name = f"<originalName>{name}</originalName>"
    return any(
        name in reply.texts(path)
        for reply, path in (
            (ips.call("getActiveJobs", by_name), f"{ITEM}/originalName"),
            (ips.call("getScheduledJobs", by_name), f"{ITEM}/originalName"),
            (ips.call("getJobLogs"), f"{LOG}/originalJobName"),
            (ips.log(name), f"{LOG}/originalJobName"),
        )
    )


def test_lookup_lag(serve: Serve, clock: SimulatedClock) -> None:
    """The job runs at once; for ten seconds nobody sees it, nor can address it."""
    ips = start(serve, clock, seen_after=10 * SECOND)
    handle = submit(ips, "bad")
    submit(ips, "good")
    ips.finished("good")
    assert not seen(ips, "bad")
    assert act(ips, "stopJob", handle).fault[1] == 30001
    clock.advance(10 * SECOND - timedelta(milliseconds=1))
    assert not seen(ips, "bad")
    clock.advance(timedelta(milliseconds=1))
    log = ips.finished("bad")
    assert datetime.fromisoformat(log.text(f"{LOG}/endDate")) == START


def test_lookup_lag_of_schedules_and_their_runs(serve: Serve, clock: SimulatedClock) -> None:
    ips = start(serve, clock, seen_after=10 * SECOND)
    handle = submit(ips, "bad", HOURLY)
    assert not seen(ips, "bad")
    assert act(ips, "pauseJob", handle).fault[1] == 30001
    clock.advance(10 * SECOND)
    assert ips.call("getScheduledJobs").texts(f"{ITEM}/originalName") == ["bad"]
    clock.set(START + timedelta(hours=1))
    zips = ips.options.data / "Exports"
    ips.until(lambda: ips.log("bad"), lambda _: bool(list(zips.rglob("*.zip"))))
    assert ips.log("bad").find(LOG) == []
    clock.advance(10 * SECOND)
    ips.finished("bad")


def test_delayed_acceptance(serve: Serve, clock: SimulatedClock) -> None:
    ips = start(serve, clock, accepted_after=10 * SECOND)
    handle = submit(ips, "bad")
    assert handle == "j|110|bad||"
    submit(ips, "good")
    ips.finished("good")
    clock.advance(10 * SECOND - timedelta(milliseconds=1))
    assert not seen(ips, "bad")
    assert act(ips, "deleteJob", handle).fault[1] == 30001
    clock.advance(timedelta(milliseconds=1))
    log = ips.finished("bad")
    assert log.text(f"{LOG}/jobName") == "bad_2026-03-01-12:00:10.000"
    assert ips.call("getScheduledJobs").find(ITEM) == []


def test_delayed_acceptance_outlives_a_restart(serve: Serve, clock: SimulatedClock) -> None:
    ips = start(serve, clock, accepted_after=10 * SECOND)
    submit(ips, "bad")
    ips.server.close()
    clock.advance(60 * SECOND)
    again = serve(clock=clock)
    again.finished("bad")
    assert len(again.log("bad").find(LOG)) == 1


def test_delayed_acceptance_of_a_schedule(serve: Serve, clock: SimulatedClock) -> None:
    ips = start(serve, clock, accepted_after=timedelta(minutes=90))
    submit(ips, "bad", HOURLY)
    clock.advance(timedelta(minutes=89))
    assert not seen(ips, "bad")
    clock.advance(timedelta(minutes=1))
    found = ips.call("getScheduledJobs")
    fires = datetime.fromisoformat(found.text(f"{ITEM}/nextFireTime"))
    assert fires == START + timedelta(hours=2)
    clock.advance(timedelta(minutes=30))
    ips.finished("bad")


def test_a_job_that_fails(serve: Serve, clock: SimulatedClock) -> None:
    ips = start(serve, clock, fails="No space <left>")
    submit(ips, "bad")
    log = ips.finished("bad")
    assert log.text(f"{LOG}/fatalError") == "true"
    assert log.text(f"{LOG}/fileErrorCount") == "1"
    assert log.texts(f"{DETAIL}/logMessage") == ["No space <left>"]
    assert list((ips.options.data / "Exports").rglob("*.*")) == []


def test_a_job_that_fails_some_assets(serve: Serve, clock: SimulatedClock) -> None:
    ips = start(serve, clock, failing_assets=frozenset({0, 2, 17}))
    submit(ips, "bad")
    log = ips.finished("bad")
    assert log.text(f"{LOG}/fatalError") == "false"
    assert (log.text(f"{LOG}/fileSuccessCount"), log.text(f"{LOG}/fileErrorCount")) == ("2", "2")
    messages = log.texts(f"{DETAIL}/logMessage")
    assert messages[0] == "PS_1.jpg is not exported: fault injection: this asset fails"
    assert messages[1] == "PS_2.png is exported to PS_2.png"


@pytest.mark.parametrize("operation", ["stopJob", "deleteJob"])
def test_a_job_that_hangs(serve: Serve, clock: SimulatedClock, operation: str) -> None:
    ips = start(serve, clock, hangs_after=0)
    handle = submit(ips, "bad")
    submit(ips, "good")
    active = ips.until(
        lambda: ips.call("getActiveJobs"),
        lambda r: r.texts(f"{ITEM}/state") == ["Running", "WaitingCoordinator"],
    )
    assert active.texts(f"{ITEM}/progressMessage")[0] == "0 of 3 assets"
    clock.advance(timedelta(days=30))
    assert ips.call("getActiveJobs").texts(f"{ITEM}/state")[0] == "Running"
    act(ips, operation, handle)
    ips.finished("good")
    assert len(ips.log("bad").find(LOG)) == (1 if operation == "stopJob" else 0)


@pytest.mark.parametrize(("after", "done"), [(2, "2"), (3, "3"), (4, None)])
def test_a_job_that_hangs_on_its_way(
    serve: Serve, clock: SimulatedClock, after: int, done: str | None
) -> None:
    ips = start(serve, clock, hangs_after=after)
    handle = submit(ips, "bad")
    if done is not None:
        task = f"{ITEM}/taskProgressArray/items"
        active = ips.until(
            lambda: ips.call("getActiveJobs"), lambda r: r.texts(f"{task}/numProcessed") == [done]
        )
        assert active.text(f"{task}/numProcessing") == "0"
        act(ips, "stopJob", handle)
    log = ips.finished("bad")
    assert log.text(f"{LOG}/fatalError") == ("true" if done else "false")


def test_a_job_that_hung_hangs_again_after_a_restart(serve: Serve, clock: SimulatedClock) -> None:
    """Its fate is stored with it, also where the next server has nothing in store for anybody."""
    ips = start(serve, clock, hangs_after=0)
    handle = submit(ips, "bad")
    ips.server.close()
    again = serve(clock=clock)
    again.until(
        lambda: again.call("getActiveJobs"), lambda r: r.texts(f"{ITEM}/state") == ["Running"]
    )
    act(again, "stopJob", handle)
    again.finished("bad")


@pytest.mark.parametrize(
    "fate",
    [
        JobFate(),
        JobFate(seen_after=1.5 * SECOND),
        JobFate(hangs_after=0),
        JobFate(fails="x", failing_assets=frozenset({3, 1})),
    ],
)
def test_the_text_of_a_fate(fate: JobFate) -> None:
    assert from_text(to_text(fate)) == fate
    assert (to_text(fate) == "") is (fate == JobFate())
