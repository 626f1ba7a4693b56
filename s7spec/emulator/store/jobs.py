"""Jobs and job logs on disk. Every method is one transaction and thread-safe."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta

from s7spec.emulator.store.database import Database
from s7spec.emulator.store.job import Detail, ExportOrder, Job, JobState, NewJob, Tally

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_WAITING = (JobState.NEW, JobState.WAITING)


def now() -> datetime:
    """This moment to the millisecond, in UTC."""
    moment = datetime.now(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


class JobStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, new: NewJob) -> Job:
        """Store a submission as a new run. Two submissions of one name are two runs."""
        submitted = now()
        stamp = submitted.astimezone().strftime("%Y-%m-%d-%H:%M:%S.%f")[:-3]
        row = {
            "company": new.company,
            "original_name": new.original_name,
            "run_name": f"{new.original_name}_{stamp}",
            "submit_user": new.submit_user,
            "mail_to": new.mail_to,
            "locale": new.locale,
            "description": new.description,
            "export": json.dumps(asdict(new.export)),
            "state": JobState.NEW,
            "submitted": _to_ms(submitted),
        }
        with self._database.writing() as connection:
            cursor = connection.execute(
                "INSERT INTO jobs (company, original_name, run_name, submit_user, mail_to, locale,"
                " description, export, state, submitted) VALUES (:company, :original_name,"
                " :run_name, :submit_user, :mail_to, :locale, :description, :export, :state,"
                " :submitted) RETURNING *",
                row,
            )
            return _job(cursor.fetchone())

    def get(self, run_id: int) -> Job | None:
        return next(iter(self._select("WHERE run_id = ?", (run_id,))), None)

    def active(self) -> list[Job]:
        """Jobs that are not done, oldest first."""
        return self._select("WHERE state <> 'Done' ORDER BY run_id")

    def started_by_name(self, original_name: str) -> list[Job]:
        """Runs with a log, oldest first."""
        return self._select(
            "WHERE original_name = ? AND started IS NOT NULL ORDER BY run_id", (original_name,)
        )

    def started(self, *, since: datetime | None, until: datetime | None) -> list[Job]:
        """Runs with a log that started in the window, bounds included, oldest first."""
        low = _to_ms(since) if since else -(2**62)
        high = _to_ms(until) if until else 2**62
        return self._select("WHERE started BETWEEN ? AND ? ORDER BY started, run_id", (low, high))

    def _select(self, clause: str, values: Sequence[object] = ()) -> list[Job]:
        with self._database.reading() as connection:
            rows = connection.execute(f"SELECT * FROM jobs {clause}", values).fetchall()  # noqa: S608
        return [_job(row) for row in rows]

    def details(self, run_id: int) -> list[Detail]:
        """The log lines of a run in the order in which they were written."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT * FROM details WHERE run_id = ? ORDER BY position", (run_id,)
            ).fetchall()
        return [_detail(row) for row in rows]

    def move(self, run_id: int, source: JobState, target: JobState) -> bool:
        """Change the state if it is still ``source``; tells whether it was."""
        with self._database.writing() as connection:
            cursor = connection.execute(
                "UPDATE jobs SET state = ? WHERE run_id = ? AND state = ?",
                (target, run_id, source),
            )
            return cursor.rowcount == 1

    def start(self, run_id: int) -> Job | None:
        """WaitingCoordinator -> Running; None when the job was stopped or deleted meanwhile."""
        with self._database.writing() as connection:
            row = connection.execute(
                "UPDATE jobs SET state = ?, started = ? WHERE run_id = ? AND state = ? RETURNING *",
                (JobState.RUNNING, _to_ms(now()), run_id, JobState.WAITING),
            ).fetchone()
        return None if row is None else _job(row)

    def log(self, run_id: int, details: Iterable[Detail], tally: Tally) -> None:
        """Append lines to the log of a running job."""
        with self._database.writing() as connection:
            _append(connection, run_id, details, tally)

    def finish(
        self, run_id: int, details: Iterable[Detail], tally: Tally, *, fatal: bool = False
    ) -> None:
        """Append the last lines and end the job, in one step. A job marked forget vanishes."""
        with self._database.writing() as connection:
            _append(connection, run_id, details, tally)
            connection.execute(
                "UPDATE jobs SET state = ?, finished = ?, fatal = ? WHERE run_id = ?",
                (JobState.DONE, _to_ms(now()), fatal, run_id),
            )
            connection.execute("DELETE FROM jobs WHERE run_id = ? AND forget = 1", (run_id,))

    def stop_waiting(self, run_id: int, detail: Detail) -> bool:
        """End a job that has not started, with a log of one line; tells whether it was waiting."""
        with self._database.writing() as connection:
            moment = _to_ms(now())
            cursor = connection.execute(
                "UPDATE jobs SET state = ?, started = ?, finished = ?, fatal = 1"
                " WHERE run_id = ? AND state IN (?, ?)",
                (JobState.DONE, moment, moment, run_id, *_WAITING),
            )
            if cursor.rowcount == 1:
                _append(connection, run_id, [detail], Tally())
            return cursor.rowcount == 1

    def delete_waiting(self, run_id: int) -> bool:
        with self._database.writing() as connection:
            cursor = connection.execute(
                "DELETE FROM jobs WHERE run_id = ? AND state IN (?, ?)", (run_id, *_WAITING)
            )
            return cursor.rowcount == 1

    def stop_running(self, run_id: int, *, forget: bool) -> bool:
        """Running or Stopping -> Stopping; tells whether the job was at work."""
        with self._database.writing() as connection:
            cursor = connection.execute(
                "UPDATE jobs SET state = ?, forget = max(forget, ?)"
                " WHERE run_id = ? AND state IN (?, ?)",
                (JobState.STOPPING, forget, run_id, JobState.RUNNING, JobState.STOPPING),
            )
            return cursor.rowcount == 1

    def reset(self, run_id: int) -> None:
        """Back to New with an empty log, for a run that a dying process left behind."""
        with self._database.writing() as connection:
            connection.execute("DELETE FROM details WHERE run_id = ?", (run_id,))
            connection.execute(
                "UPDATE jobs SET state = ?, started = NULL, successes = 0, errors = 0,"
                " warnings = 0 WHERE run_id = ?",
                (JobState.NEW, run_id),
            )


def _append(
    connection: sqlite3.Connection, run_id: int, details: Iterable[Detail], tally: Tally
) -> None:
    (last,) = connection.execute(
        "SELECT coalesce(max(position), 0) FROM details WHERE run_id = ?", (run_id,)
    ).fetchone()
    created = _to_ms(now())
    connection.executemany(
        "INSERT INTO details VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
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
            for position, d in enumerate(details, last + 1)
        ],
    )
    connection.execute(
        "UPDATE jobs SET successes = successes + ?, errors = errors + ?, warnings = warnings + ?"
        " WHERE run_id = ?",
        (tally.successes, tally.errors, tally.warnings, run_id),
    )


def _job(row: sqlite3.Row) -> Job:
    export = json.loads(row["export"])
    export["assetHandleArray"] = tuple(export["assetHandleArray"])
    return Job(
        run_id=row["run_id"],
        company=row["company"],
        original_name=row["original_name"],
        run_name=row["run_name"],
        submit_user=row["submit_user"],
        mail_to=row["mail_to"],
        locale=row["locale"],
        description=row["description"],
        export=ExportOrder(**export),
        state=JobState(row["state"]),
        forget=bool(row["forget"]),
        submitted=_from_ms(row["submitted"]),
        started=None if row["started"] is None else _from_ms(row["started"]),
        finished=None if row["finished"] is None else _from_ms(row["finished"]),
        successes=row["successes"],
        errors=row["errors"],
        warnings=row["warnings"],
        fatal=bool(row["fatal"]),
    )


def _detail(row: sqlite3.Row) -> Detail:
    return Detail(
        log_type=row["log_type"],
        message=row["message"],
        asset_name=row["asset_name"],
        asset_type=row["asset_type"],
        asset_handle=row["asset_handle"],
        zip_path=row["zip_path"],
        created=_from_ms(row["created"]),
    )


def _to_ms(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(milliseconds=1)


def _from_ms(value: int) -> datetime:
    return _EPOCH + timedelta(milliseconds=value)
