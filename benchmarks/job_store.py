"""How fast the embedded IPS takes jobs in and reads their logs, without HTTP and SOAP.

    python benchmarks/job_store.py [JOBS]

Prints a table; a row is the median of five rounds. Nothing is asserted.
"""

from __future__ import annotations

import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from statistics import median

from s7spec.emulator.clock import ServerClock
from s7spec.emulator.jobs.control import RunControl
from s7spec.emulator.jobs.engine import JobEngine
from s7spec.emulator.store.database import Database
from s7spec.emulator.store.job import Detail, ExportOrder, Job, NewJob, Tally
from s7spec.emulator.store.job_lists import DetailPage, JobLists, LogWindow
from s7spec.emulator.store.job_tables import JOB_TABLES, JOB_VERSION
from s7spec.emulator.store.jobs import JobStore

ROUNDS = 5
LINES = 100_000
ORDER = ExportOrder(
    assetHandleArray=tuple(f"a|{number}" for number in range(1001, 1101)),
    fmt="convert",
    is_modifier="wid=100",
    macro=None,
    emailSetting="None",
    clientId=None,
)
JOB = NewJob(
    company=110,
    original_name="job",
    submit_user="demo@example.com",
    mail_to="demo@example.com",
    locale=None,
    description=None,
    export=ORDER,
)


def hang(job: Job, control: RunControl) -> None:
    """Jobs that never end: all others keep waiting."""
    control.hang()


def submissions(folder: Path, jobs: int, threads: int) -> float:
    """Jobs with 100 handles per second through the engine, from so many threads."""
    database = Database(folder / "ips.sqlite3", tables=JOB_TABLES, version=JOB_VERSION)
    engine = JobEngine(database, ServerClock(), hang, workers=2)
    engine.start()
    batch = [replace(JOB, original_name=f"job {number}") for number in range(jobs)]

    def submit(first: int) -> None:
        for new in batch[first::threads]:
            engine.submit(new)

    crew = [threading.Thread(target=submit, args=(place,)) for place in range(threads)]
    begin = time.perf_counter()
    for thread in crew:
        thread.start()
    for thread in crew:
        thread.join()
    seconds = time.perf_counter() - begin
    engine.close()
    database.close()
    return jobs / seconds


def milliseconds(action: Callable[[], object]) -> float:
    taken = []
    for _ in range(ROUNDS):
        begin = time.perf_counter()
        action()
        taken.append(time.perf_counter() - begin)
    return 1000 * median(taken)


def row(what: str, value: float, unit: str) -> None:
    print(f"{what:<58}{value:>12,.2f}  {unit}")


def write_rates(jobs: int) -> None:
    for threads in (1, 8):
        rates = []
        for _ in range(ROUNDS):
            with tempfile.TemporaryDirectory() as folder:
                rates.append(submissions(Path(folder), jobs, threads))
        row(f"submit, 100 handles, {threads} thread(s)", median(rates), "jobs/s")


def read_times(folder: Path) -> None:
    database = Database(folder / "ips.sqlite3", tables=JOB_TABLES, version=JOB_VERSION)
    clock = ServerClock()
    store = JobStore(database, clock)
    lists = JobLists(database, clock, logs_at_end=False, keep_done=timedelta())
    run_id = store.add(JOB)
    store.start(run_id)
    store.log(
        run_id,
        [
            Detail(log_type="ExportJobRenderFileSuccess", message="x" * 60, asset_handle=f"a|{n}")
            for n in range(LINES)
        ],
        Tally(successes=LINES),
    )
    for number in range(10_000):
        store.add(replace(JOB, original_name=f"job {number}"))
    (run,) = lists.runs(110, run_id=run_id)
    first = DetailPage(log_types=(), sort_by="Date", descending=False, size=1000, number=1)
    window = LogWindow(
        company=110,
        submit_user=None,
        since=None,
        until=None,
        sort_by="StartDate",
        descending=True,
        most=1000,
    )
    typed = replace(first, log_types=("ZipFileExportJobSuccess",))
    for what, action in {
        f"first page of {LINES:,} lines": lambda: lists.details(run, first),
        "last page": lambda: lists.details(run, replace(first, number=LINES // 1000)),
        "one type of line, of which there is none": lambda: lists.details(run, typed),
        "a page sorted by type": lambda: lists.details(run, replace(first, sort_by="LogType")),
        "lines about one asset": lambda: lists.about_asset(110, "a|5000", most=1000),
        "logs of the newest jobs": lambda: lists.logs(window),
        "one active job of 10,000, by its name": lambda: lists.active(
            110, original_name="job 5000"
        ),
        "all 10,000 active jobs": lambda: lists.active(110),
    }.items():
        row(what, milliseconds(action), "ms")
    database.close()


def main() -> None:
    jobs = int(sys.argv[1]) if len(sys.argv) > 1 else 5000
    write_rates(jobs)
    with tempfile.TemporaryDirectory() as folder:
        read_times(Path(folder))


if __name__ == "__main__":
    main()
