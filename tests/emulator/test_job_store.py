"""The store of jobs itself: what it keeps, and who waits for whom."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from http.client import HTTPException
from typing import TYPE_CHECKING

import pytest

from s7spec.emulator import SimulatedClock
from s7spec.emulator.store.database import Database
from s7spec.emulator.store.job import Detail, ExportOrder, NewJob, Tally
from s7spec.emulator.store.job_lists import DetailPage, JobLists
from s7spec.emulator.store.job_tables import JOB_TABLES, JOB_VERSION
from s7spec.emulator.store.jobs import JobStore

if TYPE_CHECKING:
    from pathlib import Path

    from tests.emulator.conftest import Ips, Serve

NEW = NewJob(
    company=110,
    original_name="job",
    submit_user="demo@example.com",
    mail_to="demo@example.com",
    locale=None,
    description="",
    export=ExportOrder(
        assetHandleArray=("a|3", "a|1", "a|3"),
        fmt="convert",
        is_modifier=" wid=9\n",
        macro="",
        emailSetting="None",
        clientId=None,
    ),
)
CLOCK = SimulatedClock(datetime(2026, 3, 1, 12, tzinfo=UTC))


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(tmp_path / "ips.sqlite3", tables=JOB_TABLES, version=JOB_VERSION)
    yield database
    database.close()


def lists(database: Database) -> JobLists:
    return JobLists(database, CLOCK, logs_at_end=False, keep_done=timedelta())


def page(number: int, size: int = 1000, **changes: object) -> DetailPage:
    plain = {"log_types": (), "sort_by": "Date", "descending": False}
    return DetailPage(number=number, size=size, **{**plain, **changes})  # type: ignore[arg-type]


def test_an_order_comes_back_as_it_went_in(database: Database) -> None:
    store = JobStore(database, CLOCK)
    job = store.get(store.add(NEW))
    assert job is not None
    assert job.export == NEW.export
    assert (job.locale, job.description) == (None, "")
    assert job.submitted == job.triggered == CLOCK.now()
    assert store.get(1) is None


def test_readers_do_not_wait_for_a_writer(database: Database) -> None:
    store = JobStore(database, CLOCK)
    store.add(NEW)
    found = []
    with database.writing() as connection:
        connection.execute("UPDATE jobs SET original_name = 'other'")
        reader = threading.Thread(
            target=lambda: found.extend(lists(database).active(110)), daemon=True
        )
        reader.start()
        reader.join(30)
        assert [job.original_name for job in found] == ["job"]
    assert [job.original_name for job in lists(database).active(110)] == ["other"]


def test_a_reader_cannot_write(database: Database) -> None:
    with (
        database.reading() as connection,
        pytest.raises(sqlite3.OperationalError, match="readonly"),
    ):
        connection.execute("DELETE FROM jobs")


def test_a_transaction_that_fails_leaves_nothing(database: Database) -> None:
    store = JobStore(database, CLOCK)
    with suppress(RuntimeError), database.writing() as connection:
        connection.execute("UPDATE sqlite_sequence SET seq = 5 WHERE name = 'jobs'")
        raise RuntimeError("half way")
    assert store.add(NEW) == 100001


def test_pages_of_a_long_log(database: Database) -> None:
    store = JobStore(database, CLOCK)
    run_id = store.add(NEW)
    assert store.start(run_id) is not None
    for first in range(0, 2500, 500):
        lines = [
            Detail(log_type="Odd" if number % 2 else "Even", message=str(number))
            for number in range(first, first + 500)
        ]
        store.log(run_id, lines, Tally(successes=500))
    view = lists(database)
    (run,) = view.runs(110, run_id=run_id)
    assert (run.successes, run.lines) == (2500, 2500)

    def messages(wanted: DetailPage) -> tuple[int, list[int]]:
        total, details = view.details(run, wanted)
        return total, [int(detail.message) for detail in details]

    assert messages(page(1)) == (2500, list(range(1000)))
    assert messages(page(3)) == (2500, list(range(2000, 2500)))
    assert messages(page(4)) == (2500, [])
    assert messages(page(2, 7)) == (2500, list(range(7, 14)))
    assert messages(page(1, 3, descending=True)) == (2500, [2499, 2498, 2497])
    assert messages(page(2, log_types=("Odd",))) == (1250, list(range(2001, 2500, 2)))
    assert messages(page(1, log_types=("Odd", "Even"))) == (2500, list(range(1000)))
    assert messages(page(1, log_types=("None",))) == (0, [])
    many = ("Odd", *(f"Type {number}" for number in range(300_000)))
    assert messages(page(2, log_types=many))[0] == 1250
    both = messages(page(2, sort_by="LogType"))[1]
    assert both == [*range(2000, 2500, 2), *range(1, 1500, 2)]


def test_pages_are_found_by_an_index(database: Database) -> None:
    """Nothing here reads a whole table: SCAN would say so."""
    for query in (
        "SELECT * FROM details WHERE run_id = 1 ORDER BY position LIMIT 1000 OFFSET 9000",
        "SELECT * FROM details JOIN jobs USING (run_id) WHERE asset_handle = 'a|1'"
        " ORDER BY run_id DESC, position DESC LIMIT 1000",
        "SELECT * FROM jobs WHERE state <> 'Done' AND company = 1 AND original_name = 'x'"
        " ORDER BY run_id",
        "SELECT * FROM jobs WHERE finished > 5",
        "SELECT min(next_fire) FROM schedules WHERE paused = 0",
        "SELECT * FROM schedules WHERE paused = 0 AND next_fire <= 5 ORDER BY next_fire",
    ):
        with database.reading() as connection:
            plan = [row["detail"] for row in connection.execute(f"EXPLAIN QUERY PLAN {query}")]
        assert all(step.startswith(("SEARCH", "USE TEMP")) for step in plan), plan


CHILD = """
import sys
from pathlib import Path
from s7spec.emulator import EmbeddedIps, EmbeddedIpsOptions
catalog, data, contract = map(Path, sys.argv[1:])
options = EmbeddedIpsOptions(
    catalog=catalog, data=data, contract=contract, seconds_per_asset=100, workers=1
)
with EmbeddedIps(options) as ips:
    print(ips.endpoint, flush=True)
    ips.serve_forever()
"""


def test_no_accepted_job_is_lost_to_a_kill(serve: Serve, ips: Ips) -> None:
    """SIGKILL amid submissions of several callers, some of them scheduled."""
    handle = ips.handles()["PS_1"]
    options = ips.options
    ips.server.close()
    paths = [str(path) for path in (options.catalog, options.data, options.contract)]
    child = subprocess.Popen([sys.executable, "-c", CHILD, *paths], stdout=subprocess.PIPE)
    accepted: list[str] = []
    enough = threading.Event()
    try:
        assert child.stdout is not None
        other = ips.at(child.stdout.readline().decode().strip())

        def feed(caller: int) -> None:
            with suppress(OSError, HTTPException):
                for number in range(10_000):
                    name = f"{caller}-{number}"
                    later = "<execTime>2090-01-01T00:00:00Z</execTime>" if number % 3 == 0 else ""
                    job = ips.export_job(name, [handle])
                    reply = other.call("submitJob", job.replace("</jobName>", f"</jobName>{later}"))
                    assert reply.status == 200
                    accepted.append(name)
                    if len(accepted) > 60:
                        enough.set()

        callers = [
            threading.Thread(target=feed, args=(caller,), daemon=True) for caller in range(4)
        ]
        for caller in callers:
            caller.start()
        assert enough.wait(30)
    finally:
        child.send_signal(signal.SIGKILL)
        child.communicate()
    for caller in callers:
        caller.join(30)
    again = serve(seconds_per_asset=100)
    names = again.call("getActiveJobs").texts("jobArray/items/originalName")
    names += again.call("getScheduledJobs").texts("jobArray/items/originalName")
    assert len(names) == len(set(names))
    assert set(accepted) <= set(names)
