"""A scripted IPS behind the IpsGateway port, with a little model of the server's jobs.

Like the real one it takes every submitJob as a new job, even of a name it has already (semantics:
section 1, F1 and F2); requests and replies can be lost or late, and new jobs can stay invisible
for a while. Scheduled jobs fire when the true time has come; threads may share it.
"""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import count

from s7spec.model.ips import ActiveJob, JobEcho, JobSnapshot, KnownJob
from s7spec.model.submission import Submission
from s7spec.ports import (
    CredentialsRefused,
    IpsFault,
    IpsUnreachable,
    PortError,
    SubmitAmbiguous,
    SubmitRefused,
)
from tests.fakes.clock import ManualClock
from tests.fakes.ips_jobs import (
    Result,
    ServerJob,
    ServerSchedule,
    active_line,
    at_work,
    echo_of,
    in_log,
    known_run,
    known_schedule,
    submit_handle,
    to_fire,
)

__all__ = ["Fate", "Result", "ScriptedIps", "ServerJob", "ServerSchedule"]


class Fate(StrEnum):
    """What becomes of one submit, stop or delete."""

    TAKEN = "taken"
    REQUEST_LOST = "request lost"
    REPLY_LOST = "reply lost"
    LATE = "taken late, reply lost"
    REFUSED = "refused"
    NO_ACCESS = "no access"


@dataclass(kw_only=True)
class ScriptedIps:
    """All times are seconds. Methods go by their names: in ``latencies``, ``outages``.

    ``fate_of`` and ``result_of`` are asked with the attempt's name, ``control_fate_of`` with the
    method (``stop``, ``delete``) and the handle. ``outage`` fails all methods but ``submit``.
    ``logged_after``: from a job's start to its log. ``stops_after``: from a stop or delete to its
    effect. ``cron_every``: whatever a cron expression says. ``spares_runs``: a delete takes the
    schedule alone, a run of it goes on.
    """

    clock: ManualClock
    runs_for: float = 3.0
    visible_after: float = 0.0
    logged_after: float = 0.0
    late_by: float = 5.0
    stops_after: float = 0.0
    cron_every: float = 3600.0
    spares_runs: bool = False
    latency: float = 0.0
    latencies: Mapping[str, float] = field(default_factory=dict)
    outage: PortError | None = None
    outages: Mapping[str, PortError] = field(default_factory=dict)
    fate_of: Callable[[str], Fate] = lambda name: Fate.TAKEN
    control_fate_of: Callable[[str, str], Fate] = lambda method, handle: Fate.TAKEN
    result_of: Callable[[str], Result] = lambda name: Result()
    echo_of: Callable[[Submission], JobEcho | None] = echo_of
    jobs: list[ServerJob] = field(default_factory=list)
    schedules: list[ServerSchedule] = field(default_factory=list)
    sent: list[Submission] = field(default_factory=list)
    looks: list[str] = field(default_factory=list)
    controls: list[tuple[str, str]] = field(default_factory=list)
    _lock: threading.RLock = field(default_factory=threading.RLock, repr=False)
    _numbers: Iterator[int] = field(default_factory=lambda: count(5000), repr=False)

    # The port

    def submit(self, submission: Submission) -> str:
        with self._lock:
            self.sent.append(submission)
            self._pass("submit")
            match self.fate_of(submission.attempt_name):
                case Fate.TAKEN:
                    self.take(submission)
                    return submit_handle(submission)
                case Fate.REQUEST_LOST:
                    raise SubmitAmbiguous("connection reset")
                case Fate.REPLY_LOST:
                    self.take(submission)
                    raise SubmitAmbiguous("timed out after 60 s")
                case Fate.LATE:
                    self.take(submission, after=self.late_by)
                    raise SubmitAmbiguous("timed out after 60 s")
                case Fate.REFUSED:
                    raise SubmitRefused("ipsApiFault 30001: INVALID_PARAMETER")
                case Fate.NO_ACCESS:
                    raise CredentialsRefused("IPS does not accept this user and password")

    def find(self, attempt_name: str) -> JobSnapshot | None:
        with self._reading("find") as now:
            self.looks.append(attempt_name)
            running = [job for job in self._running(now) if job.name == attempt_name]
            if running:
                echo = self.echo_of(running[0].submission)
                return at_work(running[0], now, copies=len(running), echo=echo)
            return self._waiting(attempt_name, now) or self._in_log(attempt_name, now)

    def scheduled(self, attempt_name: str) -> JobSnapshot | None:
        with self._reading("scheduled") as now:
            self.looks.append(attempt_name)
            return self._waiting(attempt_name, now)

    def logged(self, attempt_name: str) -> JobSnapshot | None:
        with self._reading("logged") as now:
            self.looks.append(attempt_name)
            return self._in_log(attempt_name, now)

    def active_jobs(self) -> tuple[ActiveJob, ...]:
        with self._reading("active_jobs") as now:
            return tuple(active_line(job, now) for job in self._running(now))

    def known_jobs(self, since: datetime) -> tuple[KnownJob, ...]:
        with self._reading("known_jobs") as now:
            running = self._running(now)
            logs = [j for j in self._logs(now) if j.taken_at >= since and j not in running]
            schedules = map(known_schedule, self._scheduled(now))
            return (*(known_run(job, now) for job in (*running, *logs)), *schedules)

    def stop(self, jobHandle: str) -> None:
        self._control("stop", jobHandle)

    def delete(self, jobHandle: str) -> None:
        self._control("delete", jobHandle)

    # For tests

    def take(self, submission: Submission, *, after: float = 0.0) -> None:
        """A job comes into being, whoever sent it."""
        with self._lock:
            taken_at = self.clock.true_time + timedelta(seconds=after)
            timing = submission.timing
            fires_at = taken_at
            if timing is not None and timing.cron is not None:
                fires_at = taken_at + timedelta(seconds=self.cron_every)
            elif timing is not None and timing.at is not None:
                fires_at = max(timing.at, taken_at)
            if fires_at == taken_at:
                self._run(submission, taken_at)
                return
            visible_at = taken_at + timedelta(seconds=self.visible_after)
            self.schedules.append(
                ServerSchedule(
                    number=next(self._numbers),
                    submission=submission,
                    visible_at=visible_at,
                    fires_at=fires_at,
                )
            )

    def lose(self, attempt_name: str) -> None:
        """The server forgets a job, as when somebody deletes it."""
        with self._lock:
            self.jobs = [job for job in self.jobs if job.name != attempt_name]
            self.schedules = [each for each in self.schedules if each.name != attempt_name]

    def names(self) -> list[str]:
        """One entry for each job the server ever took, late ones included; the runs of a schedule
        are one."""
        taken = {each.number: each.name for each in self.schedules}
        taken |= {job.of_schedule or job.number: job.name for job in self.jobs}
        return sorted(taken.values())

    # The server

    @contextmanager
    def _reading(self, method: str) -> Iterator[datetime]:
        """The server's time, all that was due by then being done."""
        with self._lock:
            self._pass(method)
            yield self._settle()

    def _pass(self, method: str) -> None:
        self.clock.move(self.latencies.get(method, self.latency))
        error = self.outages.get(method, None if method == "submit" else self.outage)
        if error is not None:
            raise error

    def _settle(self) -> datetime:
        now = self.clock.true_time
        for schedule in tuple(self.schedules):
            self.schedules.remove(schedule)
            self.schedules.extend(self._fired(schedule, now))
        return now

    def _fired(self, schedule: ServerSchedule, now: datetime) -> list[ServerSchedule]:
        """What is left of a schedule once it has fired as often as it was due."""
        while True:
            gone_at = schedule.gone_at
            if gone_at is not None and gone_at <= min(now, schedule.fires_at):
                return []
            if schedule.fires_at > now:
                return [schedule]
            self._run(schedule.submission, schedule.fires_at, of_schedule=schedule.number)
            timing = schedule.submission.timing
            if timing is None or timing.cron is None:
                return []
            following = schedule.fires_at + timedelta(seconds=self.cron_every)
            schedule = replace(schedule, fires_at=following)

    def _run(
        self, submission: Submission, taken_at: datetime, of_schedule: int | None = None
    ) -> None:
        self.jobs.append(
            ServerJob(
                number=next(self._numbers),
                submission=submission,
                taken_at=taken_at,
                visible_at=taken_at + timedelta(seconds=self.visible_after),
                ends_at=taken_at + timedelta(seconds=self.runs_for),
                of_schedule=of_schedule,
            )
        )

    def _running(self, now: datetime) -> list[ServerJob]:
        return [job for job in self.jobs if job.visible_at <= now < job.ends_at]

    def _scheduled(self, now: datetime) -> list[ServerSchedule]:
        return [each for each in self.schedules if each.visible_at <= now]

    def _waiting(self, name: str, now: datetime) -> JobSnapshot | None:
        waiting = [each for each in self._scheduled(now) if each.name == name]
        if not waiting:
            return None
        echo = self.echo_of(waiting[0].submission)
        return to_fire(waiting[0], copies=len(waiting), echo=echo)

    def _logs(self, now: datetime) -> list[ServerJob]:
        begun = now - timedelta(seconds=self.logged_after)
        return [job for job in self.jobs if job.visible_at <= now and job.taken_at <= begun]

    def _in_log(self, name: str, now: datetime) -> JobSnapshot | None:
        logs = [job for job in self._logs(now) if job.name == name]
        return in_log(logs[0], now, self.result_of(name), copies=len(logs)) if logs else None

    def _control(self, method: str, handle: str) -> None:
        with self._reading(method) as now:
            self.controls.append((method, handle))
            fate = self.control_fate_of(method, handle)
            if fate is Fate.NO_ACCESS:
                raise CredentialsRefused("IPS does not accept this user and password")
            if fate is Fate.REFUSED or not self._is_known(handle, now):
                raise IpsFault("ipsApiFault", 30001, f"no active or scheduled job is {handle!r}")
            if fate is not Fate.REQUEST_LOST:
                late = self.late_by if fate is Fate.LATE else 0.0
                self._carry_out(method, handle, now, late + self.stops_after)
            if fate is not Fate.TAKEN:
                raise IpsUnreachable("timed out after 60 s")

    def _is_known(self, handle: str, now: datetime) -> bool:
        runs = any(_is_of(job, handle) for job in self._running(now))
        return runs or any(each.handle == handle for each in self._scheduled(now))

    def _carry_out(self, method: str, handle: str, now: datetime, after: float) -> None:
        """A run ends early, a deleted one without a trace. A schedule goes when it is deleted, or
        stopped while nothing of it runs."""
        then = now + timedelta(seconds=after)
        runs = [job for job in self._running(now) if _is_of(job, handle)]
        self.jobs[:] = [
            _stopped(job, then) if job in runs and method == "stop" else job
            for job in self.jobs
            if method == "stop" or job not in runs or (self.spares_runs and job.of_schedule)
        ]
        if method == "delete" or not runs:
            self.schedules = [
                replace(each, gone_at=then) if each.handle == handle else each
                for each in self.schedules
            ]
            self._settle()


def _stopped(job: ServerJob, then: datetime) -> ServerJob:
    return replace(job, ends_at=then, stopped=True) if then < job.ends_at else job


def _is_of(job: ServerJob, handle: str) -> bool:
    return handle in (job.run_handle, submit_handle(job.submission))
