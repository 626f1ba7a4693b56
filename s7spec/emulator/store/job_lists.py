"""What callers of the API see of jobs and logs. Pages are cut by SQLite. Thread-safe."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from s7spec.emulator.clock import ServerClock
from s7spec.emulator.store.database import Database
from s7spec.emulator.store.job import Job, Run, WrittenDetail
from s7spec.emulator.store.job_rows import JOB_COLUMNS, RUN_COLUMNS, read_detail, read_job, read_run
from s7spec.emulator.store.moments import from_ms, to_ms

LOG_ORDERS = {
    "JobName": "run_name",
    "LogType": "run_id",
    "StartDate": "started",
    "CompanyName": "company",
    "UserId": "submit_user",
    "Email": "submit_user",
    "FileErrorCount": "errors",
    "FileWarningCount": "warnings",
    "FileSuccessCount": "successes",
}
"""The constants of getJobLogs/sortBy and what they sort by here."""

DETAIL_ORDERS = ("Date", "LogType")
"""The constants of getJobLogDetails/sortBy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogWindow:
    """Which logs, in which order, and how many. Bounds are included."""

    company: int
    submit_user: str | None
    since: datetime | None
    until: datetime | None
    sort_by: str
    descending: bool
    most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DetailPage:
    """Which lines of a log: of these types (all without any), the ``number``-th page from 1."""

    log_types: tuple[str, ...]
    sort_by: str
    descending: bool
    size: int
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetLine:
    """A log line about an asset, and the job that wrote it."""

    company: int
    run_id: int
    run_name: str
    submit_user: str
    log_type: str
    message: str
    created: datetime

    @property
    def handle(self) -> str:
        return f"j|{self.company}||{self.run_name}|{self.run_id}"


class JobLists:
    """``logs_at_end`` hides the log of a job until it is done; for ``keep_done`` longer, a job that
    is done is listed as active."""

    def __init__(
        self, database: Database, clock: ServerClock, *, logs_at_end: bool, keep_done: timedelta
    ) -> None:
        self._database = database
        self._clock = clock
        self._logged = "finished IS NOT NULL" if logs_at_end else "started IS NOT NULL"
        self._keep_done = keep_done

    def active(
        self, company: int, *, run_id: int | None = None, original_name: str | None = None
    ) -> list[Job]:
        """Jobs that are not done, and those done a little while ago; oldest first."""
        now = self._clock.now()
        active = self._active("state <> 'Done'", (), company, run_id, original_name)
        if not self._keep_done:
            return active
        since = (to_ms(now - self._keep_done),)
        done = self._active("finished > ?", since, company, run_id, original_name)
        return sorted([*active, *done], key=lambda job: job.run_id)

    def has_more_active_than(self, number: int) -> bool:
        """Jobs of any company that are not done."""
        rows = self._rows("SELECT 1 FROM jobs WHERE state <> 'Done' LIMIT ?", (number + 1,))
        return len(rows) > number

    def unfinished(
        self, company: int, *, run_id: int | None = None, original_name: str | None = None
    ) -> list[Job]:
        """Jobs that are not done, oldest first."""
        return self._active("state <> 'Done'", (), company, run_id, original_name)

    def _active(
        self,
        clause: str,
        values: tuple[object, ...],
        company: int,
        run_id: int | None,
        original_name: str | None,
    ) -> list[Job]:
        clause += " AND company = ? AND visible <= ?"
        values += (company, to_ms(self._clock.now()))
        if run_id is not None:
            clause, values = f"{clause} AND run_id = ?", (*values, run_id)
        if original_name is not None:
            clause, values = f"{clause} AND original_name = ?", (*values, original_name)
        rows = self._rows(
            f"SELECT {JOB_COLUMNS} FROM jobs WHERE {clause} ORDER BY run_id",  # noqa: S608
            values,
        )
        return [read_job(row) for row in rows]

    def logs(self, window: LogWindow) -> list[Run]:
        """Runs with a log that started in the window."""
        way = "DESC" if window.descending else "ASC"
        rows = self._rows(
            f"SELECT {RUN_COLUMNS} FROM jobs"  # noqa: S608
            " WHERE started IS NOT NULL AND started BETWEEN ?1 AND ?2 AND company = ?3"
            f" AND visible <= ?4 AND (?5 IS NULL OR submit_user = ?5) AND {self._logged}"
            f" ORDER BY {LOG_ORDERS[window.sort_by]} {way}, run_id {way} LIMIT ?6",
            (
                to_ms(window.since) if window.since else -(2**62),
                to_ms(window.until) if window.until else 2**62,
                window.company,
                to_ms(self._clock.now()),
                window.submit_user,
                window.most,
            ),
        )
        return [read_run(row) for row in rows]

    def runs(
        self, company: int, *, run_id: int | None = None, original_name: str | None = None
    ) -> list[Run]:
        """Runs with a log by their number or name, oldest first."""
        column, value = (
            ("run_id", run_id) if run_id is not None else ("original_name", original_name)
        )
        rows = self._rows(
            f"SELECT {RUN_COLUMNS} FROM jobs"  # noqa: S608
            f" WHERE {column} = ? AND company = ? AND visible <= ?"
            f" AND {self._logged} ORDER BY run_id",
            (value, company, to_ms(self._clock.now())),
        )
        return [read_run(row) for row in rows]

    def lines(self, *, run_id: int | None, original_name: str | None) -> int:
        """Of all logs with this number, or name, whoever may see them."""
        column, value = (
            ("run_id", run_id) if run_id is not None else ("original_name", original_name)
        )
        ((lines,),) = self._rows(
            f"SELECT coalesce(sum(lines), 0) FROM jobs WHERE {column} = ?",  # noqa: S608
            (value,),
        )
        return int(lines)

    def details(self, run: Run, page: DetailPage) -> tuple[int, list[WrittenDetail]]:
        """How many lines there are on all pages, and those of this one."""
        clause = "run_id = ?"
        values: tuple[object, ...] = (run.run_id,)
        if page.log_types:
            # As one value: callers may name more types than a statement takes values.
            clause += " AND log_type IN (SELECT value FROM json_each(?))"
            values += (json.dumps(page.log_types),)
        way = "DESC" if page.descending else "ASC"
        order = f"log_type {way}, " if page.sort_by == "LogType" else ""
        order += f"position {way}"
        with self._database.reading() as connection:
            total = run.lines
            if page.log_types:
                (total,) = connection.execute(
                    f"SELECT count(*) FROM details WHERE {clause}",  # noqa: S608
                    values,
                ).fetchone()
            rows = connection.execute(
                f"SELECT * FROM details WHERE {clause} ORDER BY {order} LIMIT ? OFFSET ?",  # noqa: S608
                (*values, page.size, (page.number - 1) * page.size),
            ).fetchall()
        return total, [read_detail(row) for row in rows]

    def about_asset(self, company: int, asset_handle: str, *, most: int) -> list[AssetLine]:
        """Lines of all logs about one asset, the newest first."""
        rows = self._rows(
            "SELECT company, run_id, run_name, submit_user, log_type, message, created"  # noqa: S608
            " FROM details JOIN jobs USING (run_id)"
            f" WHERE asset_handle = ? AND company = ? AND visible <= ? AND {self._logged}"
            " ORDER BY run_id DESC, position DESC LIMIT ?",
            (asset_handle, company, to_ms(self._clock.now()), most),
        )
        return [
            AssetLine(
                company=row["company"],
                run_id=row["run_id"],
                run_name=row["run_name"],
                submit_user=row["submit_user"],
                log_type=row["log_type"],
                message=row["message"],
                created=from_ms(row["created"]),
            )
            for row in rows
        ]

    def _rows(self, query: str, values: Sequence[object]) -> list[sqlite3.Row]:
        with self._database.reading() as connection:
            return connection.execute(query, values).fetchall()
