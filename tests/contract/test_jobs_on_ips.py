"""What IpsGateway promises about jobs, held by the SOAP gateway against the embedded IPS and by the
scripted IPS that the other tests use: they must not tell two stories."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol, TypeVar
from zoneinfo import ZoneInfo

import pytest
from PIL import Image

from s7spec.adapters.bundled import contract_folder
from s7spec.adapters.credentials import Credentials
from s7spec.adapters.ips_soap import IpsSoapGateway
from s7spec.emulator import (
    DEFAULT_PASSWORD,
    DEFAULT_USER,
    EmbeddedIps,
    EmbeddedIpsOptions,
    Quirks,
    SimulatedClock,
)
from s7spec.model.ips import JobEcho, JobPhase, JobSnapshot, KnownJob
from s7spec.model.manifest import EmailSetting, Fmt
from s7spec.model.schedule import Timing
from s7spec.model.submission import Submission
from s7spec.ports import IpsFault, IpsGateway
from tests.fakes.clock import ManualClock
from tests.fakes.gateway import ScriptedIps

# Today, for the SOAP gateway asks for logs up to now; full hours make cron easy to read.
START = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
HOUR = timedelta(hours=1)
HOURLY = Timing(cron="0 0 * * * ?")
SECONDS_PER_ASSET = 2.0
THREADS = 32
Found = TypeVar("Found")
_QUIRKS = Quirks()


class Stand(Protocol):
    """A gateway, and the time of the server behind it."""

    @property
    def gateway(self) -> IpsGateway: ...

    def handles(self, number: int) -> tuple[str, ...]: ...

    def pass_time(self, by: timedelta) -> None: ...

    def is_settled(self) -> bool:
        """Whether all that was due has surely happened; waits a little where it has not."""
        ...


class ScriptedStand:
    def __init__(self) -> None:
        self._clock = ManualClock(START)
        self.gateway = ScriptedIps(clock=self._clock, runs_for=2 * SECONDS_PER_ASSET)

    def handles(self, number: int) -> tuple[str, ...]:
        return tuple(f"a|{1001 + place}" for place in range(number))

    def pass_time(self, by: timedelta) -> None:
        self._clock.move(by.total_seconds())

    def is_settled(self) -> bool:
        return True


class EmbeddedStand:
    """Jobs take their time by a clock that the tests advance."""

    def __init__(self, gateway: IpsSoapGateway, clock: SimulatedClock) -> None:
        self.gateway = gateway
        self._clock = clock
        self._handles = [each.handle for each in gateway.by_name([f"p{n}" for n in range(10)])]

    def handles(self, number: int) -> tuple[str, ...]:
        return tuple(self._handles[:number])

    def pass_time(self, by: timedelta) -> None:
        self._clock.advance(by)

    def is_settled(self) -> bool:
        time.sleep(0.01)  # its threads are at work
        return False


@contextmanager
def embedded(folder: Path, *, quirks: Quirks = _QUIRKS) -> Iterator[EmbeddedStand]:
    (folder / "catalog").mkdir()
    for number in range(10):
        Image.new("RGB", (4, 4)).save(folder / "catalog" / f"p{number}.png")
    clock = SimulatedClock(START, zone=ZoneInfo("Europe/Berlin"))
    options = EmbeddedIpsOptions(
        catalog=folder / "catalog",
        data=folder / "data",
        contract=contract_folder(),
        clock=clock,
        seconds_per_asset=SECONDS_PER_ASSET,
        workers=THREADS,
        quirks=quirks,
    )
    login = Credentials(user=DEFAULT_USER, password=DEFAULT_PASSWORD)
    with (
        EmbeddedIps(options) as server,
        IpsSoapGateway(
            endpoint=server.endpoint,
            company="Acme",
            credentials=login,
            contract=contract_folder(),
        ) as gateway,
    ):
        yield EmbeddedStand(gateway, clock)


@pytest.fixture(params=["soap", "scripted"])
def stand(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stand]:
    if request.param == "scripted":
        yield ScriptedStand()
        return
    with embedded(tmp_path) as made:
        yield made


def submission(stand: Stand, name: str = "s7-shop-1", timing: Timing | None = None) -> Submission:
    return Submission(
        attempt_name=name,
        description="plan 5",
        assetHandleArray=stand.handles(2),
        fmt=Fmt.CONVERT,
        is_modifier="wid=20&fmt=jpeg",
        macro=None,
        emailSetting=EmailSetting.NONE,
        timing=timing,
    )


ECHO = JobEcho(
    fmt="convert", is_modifier="wid=20&fmt=jpeg", macro=None, emailSetting="None", assets=2
)


def until(stand: Stand, look: Callable[[], Found | None]) -> Found:
    """What ``look`` finds, while the server's time goes by."""
    for _ in range(500):
        found = look()
        if found is not None:
            return found
        stand.pass_time(timedelta(seconds=0.5))
        stand.is_settled()
    raise AssertionError("it never comes")


def soon(stand: Stand, look: Callable[[], Found | None]) -> Found:
    """What ``look`` finds without any time going by on the server."""
    for _ in range(500):
        found = look()
        if found is not None or stand.is_settled():
            break
    assert found is not None
    return found


def in_phase(
    stand: Stand, phase: JobPhase, name: str = "s7-shop-1"
) -> Callable[[], JobSnapshot | None]:
    def look() -> JobSnapshot | None:
        found = stand.gateway.find(name)
        return found if found is not None and found.phase is phase else None

    return look


def known(stand: Stand, since: datetime = START) -> list[tuple[str, JobPhase]]:
    return [(job.originalName, job.phase) for job in stand.gateway.known_jobs(since)]


def test_nothing_is_known(stand: Stand) -> None:
    assert stand.gateway.find("s7-shop-1") is None
    assert stand.gateway.scheduled("s7-shop-1") is None
    assert stand.gateway.logged("s7-shop-1") is None
    assert stand.gateway.active_jobs() == ()
    assert stand.gateway.known_jobs(START) == ()


def test_at_work(stand: Stand) -> None:
    stand.gateway.submit(submission(stand))
    found = soon(stand, in_phase(stand, JobPhase.ACTIVE))
    assert (found.copies, found.details, found.zip_urls) == (1, (), ())
    assert found.echo == ECHO
    (listed,) = stand.gateway.active_jobs()
    assert (listed.originalName, listed.jobHandle) == ("s7-shop-1", found.jobHandle)
    assert listed.description == "plan 5"
    log = soon(stand, lambda: stand.gateway.logged("s7-shop-1"))
    assert (log.phase, log.jobHandle) == (JobPhase.ACTIVE, found.jobHandle)
    assert (log.endDate, log.details, log.zip_urls, log.echo) == (None, (), (), None)
    (job,) = stand.gateway.known_jobs(START)
    assert job == KnownJob(
        originalName="s7-shop-1",
        jobHandle=found.jobHandle,
        phase=JobPhase.ACTIVE,
        description="plan 5",
        startDate=log.startDate,
    )


def test_ended(stand: Stand) -> None:
    stand.gateway.submit(submission(stand))
    found = until(stand, in_phase(stand, JobPhase.ENDED))
    assert stand.gateway.logged("s7-shop-1") == found
    assert len(found.details) == 3
    assert len(found.zip_urls) == 1
    assert (found.fileSuccessCount, found.fatalError, found.echo) == (3, False, None)
    assert stand.gateway.active_jobs() == ()
    (job,) = stand.gateway.known_jobs(START)
    assert (job.phase, job.jobHandle) == (JobPhase.ENDED, found.jobHandle)
    assert (job.startDate, job.endDate) == (found.startDate, found.endDate)


def test_two_of_one_name(stand: Stand) -> None:
    for _ in range(2):
        stand.gateway.submit(submission(stand))
    running = soon(stand, in_phase(stand, JobPhase.ACTIVE))
    assert running.copies == 2
    found = until(stand, in_phase(stand, JobPhase.ENDED))
    assert found.copies == 2
    assert found.jobHandle == running.jobHandle, "the oldest one counts"
    assert known(stand) == [("s7-shop-1", JobPhase.ENDED)] * 2


def test_what_ended_before_is_not_known_since(stand: Stand) -> None:
    stand.gateway.submit(submission(stand))
    until(stand, in_phase(stand, JobPhase.ENDED))
    stand.pass_time(HOUR)
    stand.gateway.submit(submission(stand, "s7-shop-2"))
    soon(stand, in_phase(stand, JobPhase.ACTIVE, "s7-shop-2"))
    assert known(stand, START + HOUR / 2) == [("s7-shop-2", JobPhase.ACTIVE)]
    assert len(known(stand)) == 2


class TestScheduled:
    def test_it_waits_for_its_time(self, stand: Stand) -> None:
        at = START + HOUR
        stand.gateway.submit(submission(stand, timing=Timing(at=at)))
        stand.pass_time(HOUR - timedelta(seconds=1))
        found = stand.gateway.find("s7-shop-1")
        assert found is not None
        assert (found.phase, found.copies, found.startDate) == (JobPhase.SCHEDULED, 1, at)
        assert found.echo == ECHO
        assert stand.gateway.scheduled("s7-shop-1") == found
        assert stand.gateway.logged("s7-shop-1") is None
        assert stand.gateway.active_jobs() == ()
        (job,) = stand.gateway.known_jobs(START)
        assert (job.phase, job.jobHandle) == (JobPhase.SCHEDULED, found.jobHandle)
        assert (job.description, job.startDate) == ("plan 5", at)

    def test_then_it_runs_and_is_scheduled_no_more(self, stand: Stand) -> None:
        stand.gateway.submit(submission(stand, timing=Timing(at=START + HOUR)))
        stand.pass_time(HOUR)
        found = soon(stand, in_phase(stand, JobPhase.ACTIVE))
        assert found.startDate is not None
        assert found.startDate >= START + HOUR
        assert stand.gateway.scheduled("s7-shop-1") is None
        assert known(stand) == [("s7-shop-1", JobPhase.ACTIVE)]
        assert until(stand, in_phase(stand, JobPhase.ENDED)).copies == 1
        assert known(stand) == [("s7-shop-1", JobPhase.ENDED)]

    def test_a_time_that_has_passed_is_now(self, stand: Stand) -> None:
        stand.gateway.submit(submission(stand, timing=Timing(at=START - HOUR)))
        assert soon(stand, in_phase(stand, JobPhase.ACTIVE)).copies == 1

    def test_by_cron_it_runs_and_stays_scheduled(self, stand: Stand) -> None:
        stand.gateway.submit(submission(stand, timing=HOURLY))
        waiting = stand.gateway.find("s7-shop-1")
        assert waiting is not None
        assert (waiting.phase, waiting.startDate) == (JobPhase.SCHEDULED, START + HOUR)
        stand.pass_time(HOUR)
        running = soon(stand, in_phase(stand, JobPhase.ACTIVE))
        assert running.jobHandle != waiting.jobHandle
        still = stand.gateway.scheduled("s7-shop-1")
        assert still is not None
        assert (still.phase, still.jobHandle) == (JobPhase.SCHEDULED, waiting.jobHandle)
        again = until(stand, in_phase(stand, JobPhase.SCHEDULED))
        assert (again.jobHandle, again.startDate) == (waiting.jobHandle, START + 2 * HOUR)
        log = stand.gateway.logged("s7-shop-1")
        assert log is not None
        assert (log.phase, log.jobHandle) == (JobPhase.ENDED, running.jobHandle)
        phases = {JobPhase.SCHEDULED, JobPhase.ENDED}
        assert {job.phase for job in stand.gateway.known_jobs(START)} == phases
        stand.gateway.delete(again.jobHandle)
        assert stand.gateway.scheduled("s7-shop-1") is None
        assert in_phase(stand, JobPhase.ENDED)() is not None, "its log stays"

    @pytest.mark.parametrize("timing", [Timing(at=START + HOUR), HOURLY], ids=str)
    @pytest.mark.parametrize("method", ["stop", "delete"])
    def test_it_is_taken_back(self, method: str, timing: Timing, stand: Stand) -> None:
        sent = stand.gateway.submit(submission(stand, timing=timing))
        found = stand.gateway.find("s7-shop-1")
        assert found is not None
        assert found.jobHandle == sent
        getattr(stand.gateway, method)(found.jobHandle)
        assert stand.gateway.find("s7-shop-1") is None
        assert stand.gateway.known_jobs(START) == ()
        stand.pass_time(2 * HOUR)
        assert stand.gateway.find("s7-shop-1") is None

    def test_another_one_stays(self, stand: Stand) -> None:
        for name in ("s7-shop-1", "s7-shop-2"):
            stand.gateway.submit(submission(stand, name, Timing(at=START + HOUR)))
        found = stand.gateway.find("s7-shop-1")
        assert found is not None
        stand.gateway.delete(found.jobHandle)
        assert known(stand) == [("s7-shop-2", JobPhase.SCHEDULED)]


class TestStop:
    def test_a_stopped_job_ends_and_says_so(self, stand: Stand) -> None:
        stand.gateway.submit(submission(stand))
        stand.gateway.stop(soon(stand, in_phase(stand, JobPhase.ACTIVE)).jobHandle)
        found = soon(stand, in_phase(stand, JobPhase.ENDED))
        assert (found.fatalError, found.zip_urls) == (True, ())
        assert any("Cancel" in d.logType or "Stop" in d.logType for d in found.details)
        assert known(stand) == [("s7-shop-1", JobPhase.ENDED)]

    def test_a_deleted_job_was_never_there(self, stand: Stand) -> None:
        stand.gateway.submit(submission(stand))
        stand.gateway.delete(soon(stand, in_phase(stand, JobPhase.ACTIVE)).jobHandle)
        assert soon(stand, lambda: stand.gateway.find("s7-shop-1") is None or None)
        assert stand.gateway.logged("s7-shop-1") is None
        assert stand.gateway.known_jobs(START) == ()

    @pytest.mark.parametrize("method", ["stop", "delete"])
    def test_what_is_not_there_is_a_fault(self, method: str, stand: Stand) -> None:
        stand.gateway.submit(submission(stand))
        ended = until(stand, in_phase(stand, JobPhase.ENDED)).jobHandle
        for handle in (ended, "j|110|s7-shop-2||", "no handle"):
            with pytest.raises(IpsFault, match="ipsApiFault 30001"):
                getattr(stand.gateway, method)(handle)


def test_threads_share_it(stand: Stand) -> None:
    """Each job is taken once, and found by all that look."""
    names = [f"s7-shop-{number}" for number in range(2 * THREADS)]
    timings = [None, Timing(at=START + HOUR)]

    def whole(place: int) -> JobSnapshot | None:
        name = names[place]
        stand.gateway.submit(submission(stand, name, timings[place % 2]))
        stand.gateway.logged(name)
        stand.gateway.active_jobs()
        found = stand.gateway.find(name)
        if found is not None and found.phase is JobPhase.SCHEDULED:
            stand.gateway.delete(found.jobHandle)
        return found

    with ThreadPoolExecutor(THREADS) as pool:
        found = list(pool.map(whole, range(len(names))))
    assert [each and (each.originalName, each.copies) for each in found] == [(n, 1) for n in names]
    run = sorted(names[::2])
    assert sorted(name for name, _ in known(stand)) == run
    assert until(stand, lambda: None if (JobPhase.ACTIVE in dict(known(stand)).values()) else True)
    assert all((log := stand.gateway.logged(name)) and log.copies == 1 for name in run)


@pytest.mark.parametrize("most", [3, 10])
def test_all_logs_of_a_server_that_cuts_its_lists(most: int, tmp_path: Path) -> None:
    with embedded(tmp_path, quirks=Quirks(most_job_logs=most)) as stand:
        for name in (f"s7-shop-{number}" for number in range(12)):
            stand.gateway.submit(submission(stand, name))
            soon(stand, lambda name=name: stand.gateway.logged(name))  # type: ignore[misc]
            stand.pass_time(timedelta(seconds=0.01))
        assert len(known(stand)) == 12
        until(stand, lambda: JobPhase.ACTIVE not in dict(known(stand)).values() or None)
        assert len(known(stand)) == 12


def test_a_changed_modifier_shows_in_the_echo(stand: Stand) -> None:
    sent = replace(submission(stand), fmt=Fmt.ORIG, is_modifier=None, macro="$Large$")
    stand.gateway.submit(replace(sent, assetHandleArray=stand.handles(10)))
    found = soon(stand, in_phase(stand, JobPhase.ACTIVE))
    assert found.echo == JobEcho(
        fmt="orig", is_modifier=None, macro="$Large$", emailSetting="None", assets=10
    )
