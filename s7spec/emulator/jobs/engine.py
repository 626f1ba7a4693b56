"""The job engine: what callers do with jobs, over the store, the workers and the scheduler."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from s7spec.emulator.clock import ServerClock
from s7spec.emulator.jobs.control import Progress
from s7spec.emulator.jobs.cron import CronError, CronExpression
from s7spec.emulator.jobs.fate import FateOf, JobFate, spared, to_text
from s7spec.emulator.jobs.scheduler import Scheduler
from s7spec.emulator.jobs.workers import STOPPED, Work, Workers
from s7spec.emulator.store.database import Database
from s7spec.emulator.store.job import JobState, NewJob, Run, Schedule, Tally
from s7spec.emulator.store.jobs import JobStore
from s7spec.emulator.store.schedules import ScheduleStore
from s7spec.emulator.time_zone import zone_name


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """When a submission runs: now, once at a time, or by a cron expression."""

    at: datetime | None = None
    cron: str | None = None


NOW = When()
_NEVER = datetime(9999, 1, 1, tzinfo=UTC)


class JobEngine:
    """Takes jobs in and runs ``workers`` of them at once, oldest first. Thread-safe.

    Jobs that an earlier process left behind start again with ``start()``: their logs begin anew.
    """

    def __init__(
        self,
        database: Database,
        clock: ServerClock,
        work: Work,
        *,
        workers: int,
        unique_names: bool = False,
        fate_of: FateOf = spared,
    ) -> None:
        self._clock = clock
        self._jobs = JobStore(database, clock)
        self._schedules = ScheduleStore(database, clock)
        self._workers = Workers(self._jobs, work, clock, number=workers)
        self._scheduler = Scheduler(self._schedules, clock, self._workers.take)
        self._unique = unique_names
        self._fate_of = fate_of

    def start(self) -> None:
        for run_id, state in self._jobs.unfinished():
            if state is JobState.STOPPING:
                self._jobs.finish(run_id, [STOPPED], Tally(), fatal=True)
                continue
            if state is JobState.RUNNING:
                self._jobs.reset(run_id)
            self._workers.take(run_id)
        self._workers.start()
        self._scheduler.start()

    def close(self) -> None:
        """Interrupt what runs, wait for all threads. What is not done starts again next time."""
        self._scheduler.close()
        self._workers.close()

    def submit(self, new: NewJob, when: When = NOW) -> None:
        """Store the job and queue it; it is safe on disk when this returns.

        Raises CronError, and NameTaken where names must be unique.
        """
        fate = self._fate_of(new)
        now = self._clock.now()
        accepted = now + fate.accepted_after
        fires = self._fires(when, accepted)
        if fires <= now:
            run_id = self._jobs.add(
                new, fate=to_text(fate), lag=fate.seen_after, unique=self._unique
            )
            self._workers.take(run_id)
            return
        # A job that is accepted late waits as a schedule that nobody sees: a crash loses nothing.
        self._schedules.add(
            new,
            next_fire=fires,
            cron=when.cron,
            fate=to_text(fate),
            visible=_visible(fate, accepted, fires),
            unique=self._unique,
        )
        self._scheduler.look_again()

    def _fires(self, when: When, accepted: datetime) -> datetime:
        """The first time at which a submission runs, not before it is accepted."""
        if when.cron is None:
            return max(when.at or accepted, accepted)
        fires = CronExpression(when.cron, self._clock.zone).next_after(accepted)
        if fires is None:
            raise CronError("it names no time that is still to come")
        return fires

    def state(self, run: Run) -> JobState:
        """ActiveJob/state: whether a job waits is known here only."""
        waits = run.state is JobState.NEW and self._workers.is_waiting(run.run_id)
        return JobState.WAITING if waits else run.state

    def progress(self, run_id: int) -> Progress | None:
        """None for a job that does not run."""
        return self._workers.progress(run_id)

    def stop(self, run_id: int) -> bool:
        """End a job early; its log stays. A running one ends after the asset at work."""
        return self._jobs.stop_waiting(run_id, STOPPED) or self._halt(run_id, forget=False)

    def delete(self, run_id: int) -> bool:
        """Stop a job and remove it with its log."""
        return self._jobs.delete_waiting(run_id) or self._halt(run_id, forget=True)

    def _halt(self, run_id: int, *, forget: bool) -> bool:
        if not self._jobs.stop_running(run_id, forget=forget):
            return False
        self._workers.halt(run_id)
        return True

    def pause(self, run_id: int) -> bool:
        """Hold a job before its next asset; tells whether it was active."""
        return self._workers.pause(run_id, paused=True)

    def resume(self, run_id: int) -> bool:
        return self._workers.pause(run_id, paused=False)

    def schedules(
        self, company: int, *, original_name: str | None = None, handle: str | None = None
    ) -> list[Schedule]:
        """The schedules that callers may see, the oldest first."""
        return self._schedules.listed(company, original_name=original_name, handle=handle)

    def next_fire(self, schedule: Schedule) -> datetime | None:
        return self._scheduler.next_fire(schedule)

    @property
    def time_zone(self) -> str:
        """The zone in which cron schedules are read."""
        return zone_name(self._clock.zone)

    def execute(self, schedule: Schedule) -> bool:
        """Run a schedule now. A one-time one is used up; tells whether it was still there."""
        return self._scheduler.execute(schedule)

    def pause_schedule(self, schedule: Schedule) -> bool:
        """Tells whether it was still there."""
        return self._schedules.set_paused(schedule.schedule_id, paused=True)

    def resume_schedule(self, schedule: Schedule) -> None:
        self._scheduler.resume(schedule)

    def delete_schedule(self, schedule: Schedule) -> bool:
        return self._schedules.delete(schedule.schedule_id)


def _visible(fate: JobFate, accepted: datetime, fires: datetime) -> datetime | None:
    """From when on a schedule is seen; None for always."""
    if fires == accepted:
        return _NEVER
    if not fate.accepted_after and not fate.seen_after:
        return None
    return accepted + fate.seen_after
