"""Fires schedules when their time has come."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from s7spec.emulator.clock import ServerClock
from s7spec.emulator.jobs.cron import CronExpression
from s7spec.emulator.jobs.fate import from_text
from s7spec.emulator.store.job import Schedule
from s7spec.emulator.store.schedules import ScheduleStore

_LOG = logging.getLogger(__name__)
_RETRY_SECONDS = 1.0
_TURNED_BACK = timedelta(seconds=1)


class Scheduler:
    """A thread that sleeps until the next schedule is due. ``take`` gets the new run.

    What came due while no server ran, or while the clock jumped ahead, fires once. A clock that
    was turned back has every cron schedule reckoned anew.
    """

    def __init__(
        self, schedules: ScheduleStore, clock: ServerClock, take: Callable[[int], None]
    ) -> None:
        self._schedules = schedules
        self._clock = clock
        self._take = take
        self._changed = threading.Condition()
        self._closing = False
        self._seen = clock.now()
        self._thread = threading.Thread(target=self._watch, name="ips-scheduler")

    def start(self) -> None:
        self._reckon_anew()
        self._thread.start()

    def look_again(self) -> None:
        """Something about the schedules has changed."""
        with self._changed:
            self._changed.notify_all()

    def execute(self, schedule: Schedule) -> bool:
        """Run it now; tells whether it was still there."""
        run_id = self._schedules.execute(schedule, lag=from_text(schedule.fate).seen_after)
        if run_id is None:
            return False
        self._take(run_id)
        return True

    def resume(self, schedule: Schedule) -> None:
        """Let a paused schedule go on. What a cron schedule missed is not made up for."""
        if schedule.paused:
            then = self.next_fire(schedule)
            if then is not None:
                self._schedules.set_next_fire(schedule.schedule_id, then)
            self._schedules.set_paused(schedule.schedule_id, paused=False)
            self.look_again()

    def next_fire(self, schedule: Schedule) -> datetime | None:
        """When the schedule fires next, or would if it were not paused."""
        now = self._clock.now()
        if schedule.cron is None or schedule.next_fire > now:
            return schedule.next_fire
        return self._after(schedule, now)

    def close(self) -> None:
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        if self._thread.is_alive():
            self._thread.join()

    def _watch(self) -> None:
        with self._changed:
            while not self._closing:
                try:
                    self._look()
                    self._clock.wait(self._changed, self._schedules.next_fire())
                except Exception:  # noqa: BLE001 - schedules must go on firing
                    _LOG.exception("schedules could not be looked at")
                    self._changed.wait(_RETRY_SECONDS)

    def _look(self) -> None:
        now = self._clock.now()
        if now < self._seen - _TURNED_BACK:
            self._reckon_anew()
        self._seen = now
        for schedule in self._schedules.due():
            then = None if schedule.cron is None else self._after(schedule, now)
            lag = from_text(schedule.fate).seen_after
            run_id = self._schedules.fire(schedule, then, lag=lag)
            if run_id is not None:
                self._take(run_id)

    def _reckon_anew(self) -> None:
        """No cron schedule waits longer than from now to its next time."""
        now = self._clock.now()
        for schedule in self._schedules.recurring():
            then = self._after(schedule, now)
            if then is not None and then < schedule.next_fire:
                self._schedules.set_next_fire(schedule.schedule_id, then)

    def _after(self, schedule: Schedule, moment: datetime) -> datetime | None:
        assert schedule.cron is not None
        return CronExpression(schedule.cron, self._clock.zone).next_after(moment)
