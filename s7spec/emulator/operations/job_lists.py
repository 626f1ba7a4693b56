"""Active and scheduled jobs as callers see them."""

from __future__ import annotations

from s7spec.emulator.catalog.model import Company
from s7spec.emulator.jobs import log_types
from s7spec.emulator.jobs.control import Progress
from s7spec.emulator.operations.call import Answer, Call
from s7spec.emulator.operations.job_handle import run_id_of
from s7spec.emulator.soap.writing import Reply
from s7spec.emulator.store.job import ExportOrder, Job, JobState, Schedule

_WAITING = (JobState.NEW, JobState.WAITING)
_MANY = 50


def has_many_active_jobs(call: Call) -> bool:
    """Whether getActiveJobs may have to list a great many of them."""
    if call.params.text("jobHandle") or call.params.text("originalName"):
        return False
    return call.jobs.has_more_active_than(_MANY)


def get_active_jobs(call: Call) -> Answer:
    """Jobs from submission to end. Waiting ones hide only when includeWaitingJobs is false."""
    company = call.company()
    handle, name = call.params.text("jobHandle"), call.params.text("originalName")
    hide_waiting = call.params.flag("includeWaitingJobs") is False
    run_id = run_id_of(handle) if handle is not None else None
    if handle is not None and run_id is None:
        return Answer(reply={"jobArray": ()})
    jobs = [
        _active_job(job, company, call)
        for job in call.jobs.active(company.number, run_id=run_id, original_name=name)
        if handle in (None, job.handle) and not (hide_waiting and job.state in _WAITING)
    ]
    return Answer(reply={"jobArray": jobs})


def get_scheduled_jobs(call: Call) -> Answer:
    """Submissions that run later, in the order in which they came."""
    company = call.company()
    schedules = call.engine.schedules(
        company.number,
        handle=call.params.text("jobHandle"),
        original_name=call.params.text("originalName"),
    )
    jobs = [_scheduled_job(schedule, company, call) for schedule in schedules]
    return Answer(reply={"jobArray": jobs})


def _active_job(job: Job, company: Company, call: Call) -> Reply:
    state = call.engine.state(job)
    progress = call.engine.progress(job.run_id) if job.state not in _WAITING else None
    updated = progress.updated if progress else job.finished or job.started or job.submitted
    return {
        "companyHandle": company.handle,
        "jobHandle": job.handle,
        "name": job.run_name,
        "originalName": job.original_name,
        "type": log_types.JOB_TYPE,
        "state": state,
        "submitUserEmail": job.submit_user,
        "locale": job.locale,
        "description": job.description,
        "serverName": "embedded",
        "startDate": job.started or job.submitted,
        "triggerTime": job.triggered,
        "totalSize": len(job.export.assetHandleArray),
        "progress": _percent(job, progress),
        "progressMessage": progress.message if progress else "paused" if job.paused else "",
        "lastProgressUpdate": updated,
        "taskProgressArray": [_task(job, progress)] if progress else (),
        "exportJob": _export_job(job.export),
    }


def _percent(job: Job, progress: Progress | None) -> int:
    if job.state is JobState.DONE:
        return 100
    return int(progress.percent) if progress else 0


def _task(job: Job, progress: Progress) -> Reply:
    working = 1 if progress.current is not None else 0
    items = [
        {
            "itemName": progress.current,
            "progress": 0.0,
            "progressMessage": "",
            "lastProgressUpdate": progress.updated,
        }
    ]
    return {
        "taskType": log_types.TASK_TYPE,
        "taskState": "Stopping" if job.state is JobState.STOPPING else "Processing",
        "numProcessed": progress.done,
        "numProcessing": working,
        "numPending": max(progress.total - progress.done - working, 0),
        "progress": progress.percent,
        "progressMessage": progress.message,
        "lastProgressUpdate": progress.updated,
        "taskItemProgressArray": items if working else (),
    }


def _scheduled_job(schedule: Schedule, company: Company, call: Call) -> Reply:
    return {
        "companyHandle": company.handle,
        "jobHandle": schedule.submit_handle,
        "name": schedule.original_name,
        "originalName": schedule.original_name,
        "type": log_types.JOB_TYPE,
        "submitUserEmail": schedule.submit_user,
        "locale": schedule.locale,
        "description": schedule.description,
        "execSchedule": schedule.cron,
        "nextFireTime": call.engine.next_fire(schedule),
        "timeZone": call.engine.time_zone,
        "triggerState": "Paused" if schedule.paused else "Normal",
        "exportJob": _export_job(schedule.export),
    }


def _export_job(order: ExportOrder) -> Reply:
    return {
        "assetHandleArray": order.assetHandleArray,
        "fmt": order.fmt,
        "is_modifier": order.is_modifier,
        "macro": order.macro,
        "emailSetting": order.emailSetting,
        "clientId": order.clientId,
    }
