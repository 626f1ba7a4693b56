"""Faults of jobs from a file of rules, over SOAP: late, unseen, failing, hanging, a wrong clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

import pytest

from s7spec.emulator.clock import SimulatedClock

if TYPE_CHECKING:
    from pathlib import Path

    from tests.emulator.conftest import Ips, Serve

COMPANY = "<companyHandle>c|110</companyHandle>"
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
START = "jobLogArray/items/startDate"


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock(NOON)


def faulty(serve: Serve, folder: Path, clock: SimulatedClock, *rules: str) -> Ips:
    file = folder / "faults.yaml"
    file.write_text("faults:\n" + "".join(f"  - {rule}\n" for rule in rules))
    return serve(faults=file, clock=clock)


def submit(ips: Ips, name: str) -> None:
    handles = ips.handles()
    ips.submit(ips.export_job(name, [handles["PS_1"], handles["PS_2"], handles["logo"]]))


def active(ips: Ips, name: str) -> list[str]:
    """States of the runs that are shown."""
    inner = f"{COMPANY}<originalName>{name}</originalName>"
    return ips.call("getActiveJobs", inner).texts("jobArray/items/state")


def test_a_late_job_is_not_there_before_its_time(
    serve: Serve, tmp_path: Path, clock: SimulatedClock
) -> None:
    ips = faulty(serve, tmp_path, clock, "{kind: delayed-acceptance, seconds: 60}")
    submit(ips, "late")
    assert active(ips, "late") == []
    assert ips.log("late").texts(START) == []
    clock.advance(timedelta(seconds=59))
    assert ips.log("late").texts(START) == []
    clock.advance(timedelta(seconds=1))
    assert ips.finished("late").texts(START) == ["2026-03-01T12:01:00.000Z"]


def test_a_job_works_unseen(serve: Serve, tmp_path: Path, clock: SimulatedClock) -> None:
    ips = faulty(serve, tmp_path, clock, "{kind: lookup-lag, seconds: 60, nth: 1}")
    submit(ips, "unseen")
    submit(ips, "seen")
    ips.finished("seen")
    assert ips.log("unseen").texts(START) == []
    clock.advance(timedelta(seconds=60))
    assert ips.finished("unseen").texts(START) == ["2026-03-01T12:00:00.000Z"]


def test_jobs_fail_wholly_and_in_part(serve: Serve, tmp_path: Path, clock: SimulatedClock) -> None:
    ips = faulty(
        serve,
        tmp_path,
        clock,
        "{kind: job-fails, reason: no space left, nth: 1}",
        "{kind: job-fails-assets, share: 1, nth: 2}",
    )
    counts = "jobLogArray/items/{}"
    submit(ips, "wholly")
    log = ips.finished("wholly")
    assert log.text(counts.format("fatalError")) == "true"
    assert "no space left" in log.texts(counts.format("detailArray/items/logMessage"))[-1]
    submit(ips, "in part")
    log = ips.finished("in part")
    assert log.text(counts.format("fileErrorCount")) == "4"  # three assets and the ZIP
    submit(ips, "well")
    assert ips.finished("well").text(counts.format("fileErrorCount")) == "0"


def test_a_hanging_job_can_be_stopped(serve: Serve, tmp_path: Path, clock: SimulatedClock) -> None:
    ips = faulty(serve, tmp_path, clock, "{kind: job-hangs, after: 1, times: 1}")
    submit(ips, "hanging")
    look = f"{COMPANY}<originalName>hanging</originalName>"
    done = "jobArray/items/taskProgressArray/items/numProcessed"
    ips.until(lambda: ips.call("getActiveJobs", look), lambda reply: reply.texts(done) == ["1"])
    submit(ips, "well")
    ips.finished("well")
    assert active(ips, "hanging") == ["Running"]
    ips.call("stopJob", f"{COMPANY}<jobHandle>j|110|hanging||</jobHandle>")
    log = ips.finished("hanging")
    assert log.text("jobLogArray/items/fatalError") == "true"


def test_a_wrong_clock_shows_in_answers_and_jobs(
    serve: Serve, tmp_path: Path, clock: SimulatedClock
) -> None:
    ips = faulty(serve, tmp_path, clock, "{kind: clock-skew, seconds: 7200}")
    submit(ips, "skewed")
    assert ips.finished("skewed").texts(START) == ["2026-03-01T14:00:00.000Z"]
    date = parsedate_to_datetime(ips.log("skewed").headers["Date"])
    ahead = date - datetime.now(UTC)
    assert timedelta(minutes=119) < ahead < timedelta(minutes=121)
