"""What can be done to jobs and schedules: execute, stop, pause, resume, delete."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from s7spec.emulator.operations.call import Answer, Call
from s7spec.emulator.operations.job_handle import run_id_of
from s7spec.emulator.soap.faults import IpsFault, invalid_parameter
from s7spec.emulator.store.job import Job, Schedule


def execute_job(call: Call) -> Answer:
    """Run a scheduled job now."""
    target = _target(call)
    executed = [call.engine.execute(schedule) for schedule in target.schedules]
    if not any(executed):
        raise invalid_parameter(f"no scheduled job has the handle {target.handle!r}")
    return Answer()


def stop_job(call: Call) -> Answer:
    """End active runs; without any, end the schedule."""
    target = _target(call)
    if target.runs:
        return _each_run(target, call.engine.stop)
    return _each_schedule(target, call)


def delete_job(call: Call) -> Answer:
    """Runs vanish with their logs, and so does the schedule."""
    target = _target(call)
    deleted = [call.engine.delete_schedule(schedule) for schedule in target.schedules]
    # Looked for again: a schedule may have fired since, and what ran may have ended.
    runs = _runs(call, target.handle) if target.schedules else target.runs
    deleted += [call.engine.delete(run.run_id) for run in runs]
    if not any(deleted):
        raise _no_such_job(target.handle)
    return Answer()


def pause_job(call: Call) -> Answer:
    """A handle of a schedule pauses the schedule, any other one the runs."""
    target = _target(call)
    paused = [call.engine.pause_schedule(schedule) for schedule in target.schedules]
    if any(paused):
        return Answer()
    # What has fired meanwhile is a run now.
    runs = _runs(call, target.handle) if target.schedules else target.runs
    return _each_run(replace(target, runs=runs), call.engine.pause)


def resume_job(call: Call) -> Answer:
    target = _target(call)
    for schedule in target.schedules:
        call.engine.resume_schedule(schedule)
    return Answer() if target.schedules else _each_run(target, call.engine.resume)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Target:
    """What a handle names: one run, or all runs and schedules of a submission."""

    handle: str
    runs: tuple[Job, ...]
    schedules: tuple[Schedule, ...]


def _target(call: Call) -> _Target:
    """Raises ipsApiFault 30001 for a handle of nothing that is active or scheduled."""
    company = call.company().number
    handle = call.params.required("jobHandle")
    of_run = run_id_of(handle) is not None
    schedules = () if of_run else tuple(call.engine.schedules(company, handle=handle))
    target = _Target(handle=handle, runs=_runs(call, handle), schedules=schedules)
    if not target.runs and not target.schedules:
        raise _no_such_job(handle)
    return target


def _runs(call: Call, handle: str) -> tuple[Job, ...]:
    """The run of a handle, or all active runs of a submission."""
    company, run_id = call.company().number, run_id_of(handle)
    if run_id is not None:
        found = call.jobs.unfinished(company, run_id=run_id)
        return tuple(job for job in found if job.handle == handle)
    found = call.jobs.unfinished(company, original_name=_original_name(handle))
    return tuple(job for job in found if job.submit_handle == handle)


def _original_name(handle: str) -> str:
    """The name in ``j|company|name||``; names may hold bars themselves."""
    return handle.removesuffix("||").split("|", 2)[-1]


def _each_run(target: _Target, act: Callable[[int], bool]) -> Answer:
    """Several runs may end by themselves meanwhile; if all have, nothing was there to act on."""
    acted = [act(run.run_id) for run in target.runs]
    if not any(acted):
        raise _no_such_job(target.handle)
    return Answer()


def _each_schedule(target: _Target, call: Call) -> Answer:
    deleted = [call.engine.delete_schedule(schedule) for schedule in target.schedules]
    if not any(deleted):
        raise _no_such_job(target.handle)
    return Answer()


def _no_such_job(handle: str) -> IpsFault:
    return invalid_parameter(f"no active or scheduled job has the handle {handle!r}")
