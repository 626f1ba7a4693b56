"""Jobs and job logs on disk, for the engine. Every method is one transaction and thread-safe."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import datetime, timedelta

from s7spec.emulator.clock import ServerClock
from s7spec.emulator.store.database import Database
from s7spec.emulator.store.job import Detail, Job, JobState, NewJob, Tally
from s7spec.emulator.store.job_rows import JOB_COLUMNS, ORDER_COLUMNS, order_row, read_job
from s7spec.emulator.store.moments import to_ms

_INSERT = (
    f"INSERT INTO jobs ({ORDER_COLUMNS}, run_name, submitted, triggered)"  # noqa: S608
    f" VALUES ({', '.join('?' * 17)})"
)


class NameTaken(Exception):
    """A job of this name was submitted before."""


class JobStore:
    def __init__(self, database: Database, clock: ServerClock) -> None:
        self._database = database
        self._clock = clock

    def add(
        self, new: NewJob, *, fate: str = "", lag: timedelta = timedelta(), unique: bool = False
    ) -> int:
        """Store a submission as a new run and answer its number.

        Two submissions of one name are two runs; with ``unique`` the second raises NameTaken.
        Callers of the API see it after ``lag``.
        """
        now = self._clock.now()
        with self._database.writing() as connection:
            if unique:
                refuse_known_name(connection, new)
            return insert_run(connection, self._clock, new, triggered=now, fate=fate, lag=lag)

    def get(self, run_id: int) -> Job | None:
        with self._database.reading() as connection:
            row = connection.execute(
                f"SELECT {JOB_COLUMNS} FROM jobs WHERE run_id = ?",  # noqa: S608
                (run_id,),
            ).fetchone()
        return None if row is None else read_job(row)

    def unfinished(self) -> list[tuple[int, JobState]]:
        """Numbers and states of the jobs that are not done, oldest first."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT run_id, state FROM jobs WHERE state <> 'Done' ORDER BY run_id"
            ).fetchall()
        return [(row[0], JobState(row[1])) for row in rows]

    def start(self, run_id: int) -> Job | None:
        """New -> Running; None when the job was stopped or deleted meanwhile."""
        with self._database.writing() as connection:
            row = connection.execute(
                "UPDATE jobs SET state = 'Running', started = ?"  # noqa: S608
                " WHERE run_id = ? AND state = 'New'"
                f" RETURNING {JOB_COLUMNS}",
                (to_ms(self._clock.now()), run_id),
            ).fetchone()
        return None if row is None else read_job(row)

    def log(self, run_id: int, details: Iterable[Detail], tally: Tally) -> None:
        """Append lines to the log of a running job."""
        with self._database.writing() as connection:
            self._append(connection, run_id, details, tally)

    def finish(
        self, run_id: int, details: Iterable[Detail], tally: Tally, *, fatal: bool = False
    ) -> None:
        """Append the last lines and end the job, in one step. A job marked forget vanishes."""
        with self._database.writing() as connection:
            self._append(connection, run_id, details, tally)
            (forget,) = connection.execute(
                "UPDATE jobs SET state = 'Done', finished = ?, fatal = ? WHERE run_id = ?"
                " RETURNING forget",
                (to_ms(self._clock.now()), fatal, run_id),
            ).fetchone()
            if forget:
                connection.execute("DELETE FROM jobs WHERE run_id = ?", (run_id,))

    def stop_waiting(self, run_id: int, detail: Detail) -> bool:
        """End a job that has not started, with a log of one line; tells whether it was waiting."""
        with self._database.writing() as connection:
            now = to_ms(self._clock.now())
            cursor = connection.execute(
                "UPDATE jobs SET state = 'Done', started = ?, finished = ?, fatal = 1"
                " WHERE run_id = ? AND state = 'New'",
                (now, now, run_id),
            )
            if cursor.rowcount == 1:
                self._append(connection, run_id, [detail], Tally())
            return cursor.rowcount == 1

    def delete_waiting(self, run_id: int) -> bool:
        with self._database.writing() as connection:
            cursor = connection.execute(
                "DELETE FROM jobs WHERE run_id = ? AND state = 'New'", (run_id,)
            )
            return cursor.rowcount == 1

    def stop_running(self, run_id: int, *, forget: bool) -> bool:
        """Running or Stopping -> Stopping; tells whether the job was at work."""
        with self._database.writing() as connection:
            cursor = connection.execute(
                "UPDATE jobs SET state = 'Stopping', forget = max(forget, ?)"
                " WHERE run_id = ? AND state IN ('Running', 'Stopping')",
                (forget, run_id),
            )
            return cursor.rowcount == 1

    def set_paused(self, run_id: int, *, paused: bool) -> bool:
        """Hold a job, also one that waits, or let it go on; tells whether it was active."""
        with self._database.writing() as connection:
            cursor = connection.execute(
                "UPDATE jobs SET paused = ? WHERE run_id = ? AND state <> 'Done'", (paused, run_id)
            )
            return cursor.rowcount == 1

    def reset(self, run_id: int) -> None:
        """Back to New with an empty log, for a run that a dying process left behind."""
        with self._database.writing() as connection:
            connection.execute("DELETE FROM details WHERE run_id = ?", (run_id,))
            connection.execute(
                "UPDATE jobs SET state = 'New', started = NULL, successes = 0, errors = 0,"
                " warnings = 0, lines = 0 WHERE run_id = ?",
                (run_id,),
            )

    def _append(
        self, connection: sqlite3.Connection, run_id: int, details: Iterable[Detail], tally: Tally
    ) -> None:
        lines = list(details)
        row = connection.execute(
            "UPDATE jobs SET successes = successes + ?, errors = errors + ?,"
            " warnings = warnings + ?, lines = lines + ? WHERE run_id = ? RETURNING lines",
            (tally.successes, tally.errors, tally.warnings, len(lines), run_id),
        ).fetchone()
        created = to_ms(self._clock.now())
        connection.executemany(
            "INSERT INTO details (run_id, position, log_type, message, created, asset_name,"
            " asset_type, asset_handle, zip_path) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    run_id,
                    position,
                    d.log_type,
                    d.message,
                    created,
                    d.asset_name,
                    d.asset_type,
                    d.asset_handle,
                    d.zip_path,
                )
                for position, d in enumerate(lines, row[0] - len(lines) + 1)
            ],
        )


def insert_run(
    connection: sqlite3.Connection,
    clock: ServerClock,
    new: NewJob,
    *,
    triggered: datetime,
    fate: str,
    lag: timedelta,
) -> int:
    """A new run within the transaction of the caller. Its name carries the server's local time."""
    now = clock.now()
    stamp = clock.local(now).strftime("%Y-%m-%d-%H:%M:%S.%f")[:-3]
    row = (
        *order_row(new, fate=fate, visible=now + lag if lag else None),
        f"{new.original_name}_{stamp}",
        to_ms(now),
        to_ms(triggered),
    )
    run_id = connection.execute(_INSERT, row).lastrowid
    assert run_id is not None
    return run_id


def refuse_known_name(connection: sqlite3.Connection, new: NewJob) -> None:
    """Raises NameTaken for the name of any run or schedule of the company."""
    known = connection.execute(
        "SELECT 1 FROM jobs WHERE original_name = ?1 AND company = ?2"
        " UNION ALL SELECT 1 FROM schedules WHERE original_name = ?1 AND company = ?2 LIMIT 1",
        (new.original_name, new.company),
    ).fetchone()
    if known is not None:
        raise NameTaken(new.original_name)
