"""Submissions that run later, on disk. Every method is one transaction and thread-safe."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime, timedelta

from s7spec.emulator.clock import ServerClock
from s7spec.emulator.store.database import Database
from s7spec.emulator.store.job import NewJob, Schedule
from s7spec.emulator.store.job_rows import ORDER_COLUMNS, order_row, read_schedule
from s7spec.emulator.store.jobs import insert_run, refuse_known_name
from s7spec.emulator.store.moments import from_ms, to_ms

_INSERT = (
    f"INSERT INTO schedules ({ORDER_COLUMNS}, cron, next_fire)"  # noqa: S608
    f" VALUES ({', '.join('?' * 16)})"
)


class ScheduleStore:
    def __init__(self, database: Database, clock: ServerClock) -> None:
        self._database = database
        self._clock = clock

    def add(
        self,
        new: NewJob,
        *,
        next_fire: datetime,
        cron: str | None,
        fate: str,
        visible: datetime | None,
        unique: bool,
    ) -> None:
        """Raises NameTaken when the name must be ``unique`` and is not."""
        row = (*order_row(new, fate=fate, visible=visible), cron, to_ms(next_fire))
        with self._database.writing() as connection:
            if unique:
                refuse_known_name(connection, new)
            connection.execute(_INSERT, row)

    def recurring(self) -> list[Schedule]:
        """Those with a cron expression."""
        return self._select("cron IS NOT NULL", ())

    def due(self) -> list[Schedule]:
        """Those that should have fired by now, the longest due first."""
        now = to_ms(self._clock.now())
        return self._select("paused = 0 AND next_fire <= ? ORDER BY next_fire, schedule_id", (now,))

    def listed(
        self, company: int, *, original_name: str | None = None, handle: str | None = None
    ) -> list[Schedule]:
        """The schedules that callers may see, the oldest first."""
        clause, values = "company = ? AND visible <= ?", [company, to_ms(self._clock.now())]
        conditions: list[tuple[str, object]] = [
            ("original_name = ?", original_name),
            ("'j|' || company || '|' || original_name || '||' = ?", handle),
        ]
        given = [(text, value) for text, value in conditions if value is not None]
        clause = " AND ".join([clause, *(text for text, _ in given)])
        return self._select(
            f"{clause} ORDER BY schedule_id", (*values, *(value for _, value in given))
        )

    def _select(self, clause: str, values: Sequence[object]) -> list[Schedule]:
        with self._database.reading() as connection:
            rows = connection.execute(
                f"SELECT * FROM schedules WHERE {clause}",  # noqa: S608 - clauses of this module
                values,
            ).fetchall()
        return [read_schedule(row) for row in rows]

    def next_fire(self) -> datetime | None:
        """When something falls due next; None when nothing does."""
        with self._database.reading() as connection:
            (value,) = connection.execute(
                "SELECT min(next_fire) FROM schedules WHERE paused = 0"
            ).fetchone()
        return None if value is None else from_ms(value)

    def fire(self, schedule: Schedule, then: datetime | None, *, lag: timedelta) -> int | None:
        """Turn what is due into a run, and answer its number; ``then`` it fires again.

        Without ``then`` the schedule is over. None when it was deleted, paused or fired meanwhile.
        """
        with self._database.writing() as connection:
            found = connection.execute(
                "SELECT 1 FROM schedules WHERE schedule_id = ? AND paused = 0 AND next_fire = ?",
                (schedule.schedule_id, to_ms(schedule.next_fire)),
            ).fetchone()
            if found is None:
                return None
            if then is None:
                self._remove(connection, schedule.schedule_id)
            else:
                connection.execute(
                    "UPDATE schedules SET next_fire = ? WHERE schedule_id = ?",
                    (to_ms(then), schedule.schedule_id),
                )
            return insert_run(
                connection,
                self._clock,
                schedule,
                triggered=schedule.next_fire,
                fate=schedule.fate,
                lag=lag,
            )

    def execute(self, schedule: Schedule, *, lag: timedelta) -> int | None:
        """A run at once. It uses up a schedule that would fire only one more time.

        None when the schedule is gone.
        """
        now = self._clock.now()
        with self._database.writing() as connection:
            row = connection.execute(
                "SELECT 1 FROM schedules WHERE schedule_id = ?", (schedule.schedule_id,)
            ).fetchone()
            if row is None:
                return None
            if schedule.cron is None:
                self._remove(connection, schedule.schedule_id)
            return insert_run(
                connection,
                self._clock,
                schedule,
                triggered=now,
                fate=schedule.fate,
                lag=lag,
            )

    def set_next_fire(self, schedule_id: int, moment: datetime) -> None:
        with self._database.writing() as connection:
            connection.execute(
                "UPDATE schedules SET next_fire = ? WHERE schedule_id = ?",
                (to_ms(moment), schedule_id),
            )

    def set_paused(self, schedule_id: int, *, paused: bool) -> bool:
        """Tells whether it was still there."""
        with self._database.writing() as connection:
            cursor = connection.execute(
                "UPDATE schedules SET paused = ? WHERE schedule_id = ?", (paused, schedule_id)
            )
            return cursor.rowcount == 1

    def delete(self, schedule_id: int) -> bool:
        """Tells whether it was still there."""
        with self._database.writing() as connection:
            return self._remove(connection, schedule_id)

    @staticmethod
    def _remove(connection: sqlite3.Connection, schedule_id: int) -> bool:
        cursor = connection.execute("DELETE FROM schedules WHERE schedule_id = ?", (schedule_id,))
        return cursor.rowcount == 1
