"""Jobs that are not done: looking at them, stopping and deleting them."""

from __future__ import annotations

from s7spec.emulator.catalog.model import Company
from s7spec.emulator.jobs import log_types
from s7spec.emulator.jobs.control import Progress
from s7spec.emulator.operations.call import Answer, Call
from s7spec.emulator.soap.faults import IpsFault, invalid_parameter
from s7spec.emulator.soap.writing import Reply
from s7spec.emulator.store.job import ExportOrder, Job, JobState

_WAITING = (JobState.NEW, JobState.WAITING)


def get_active_jobs(call: Call) -> Answer:
    """Jobs from submission to end. Waiting ones hide only when includeWaitingJobs is false."""
    company = call.company()
    handle, name = call.params.text("jobHandle"), call.params.text("originalName")
    hide_waiting = call.params.flag("includeWaitingJobs") is False
    jobs = [
        _active_job(job, company, call)
        for job in call.jobs.active()
        if job.company == company.number
        and handle in (None, job.handle)
        and name in (None, job.original_name)
        and not (hide_waiting and job.state in _WAITING)
    ]
    return Answer(reply={"jobArray": jobs})


def get_scheduled_jobs(call: Call) -> Answer:
    """Always empty: submitJob refuses schedules."""
    call.company()
    return Answer(reply={"jobArray": ()})


def stop_job(call: Call) -> Answer:
    for job in _addressed(call):
        if not call.engine.stop(job.run_id):
            raise _no_such_job(job.handle)
    return Answer()


def delete_job(call: Call) -> Answer:
    for job in _addressed(call):
        if not call.engine.delete(job.run_id):
            raise _no_such_job(job.handle)
    return Answer()


def _addressed(call: Call) -> list[Job]:
    """Active jobs by the handle of the run, or all runs of a submission by its handle."""
    company = call.company()
    handle = call.params.required("jobHandle")
    jobs = [
        job
        for job in call.jobs.active()
        if job.company == company.number and handle in (job.handle, job.submit_handle)
    ]
    if not jobs:
        raise _no_such_job(handle)
    return jobs


def _no_such_job(handle: str) -> IpsFault:
    return invalid_parameter(f"no active or scheduled job has the handle {handle!r}")


def _active_job(job: Job, company: Company, call: Call) -> Reply:
    progress = call.engine.progress(job.run_id)
    updated = progress.updated if progress else job.started or job.submitted
    return {
        "companyHandle": company.handle,
        "jobHandle": job.handle,
        "name": job.run_name,
        "originalName": job.original_name,
        "type": log_types.JOB_TYPE,
        "state": job.state,
        "submitUserEmail": job.submit_user,
        "locale": job.locale,
        "description": job.description,
        "serverName": "embedded",
        "startDate": job.started or job.submitted,
        "triggerTime": job.submitted,
        "totalSize": len(job.export.assetHandleArray),
        "progress": int(progress.percent) if progress else 0,
        "progressMessage": progress.message if progress else "",
        "lastProgressUpdate": updated,
        "taskProgressArray": [_task(job, progress)] if progress else (),
        "exportJob": _export_job(job.export),
    }


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
        "numPending": progress.total - progress.done - working,
        "progress": progress.percent,
        "progressMessage": progress.message,
        "lastProgressUpdate": progress.updated,
        "taskItemProgressArray": items if working else (),
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
