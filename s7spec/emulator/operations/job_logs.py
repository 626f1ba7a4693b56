"""Job logs, whole and in detail (facts: IPS API section 9)."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

from s7spec.emulator.catalog.model import Company
from s7spec.emulator.jobs import log_types
from s7spec.emulator.operations.call import Answer, Call
from s7spec.emulator.soap.faults import invalid_parameter, missing_parameter
from s7spec.emulator.soap.writing import Reply
from s7spec.emulator.store.job import Detail, Job

_MOST_ROWS = 1000
_SORT_KEYS: dict[str, Callable[[Job], tuple[object, ...]]] = {
    "JobName": lambda job: (job.run_name, job.run_id),
    "LogType": lambda job: (job.run_id,),
    "StartDate": lambda job: (job.started, job.run_id),
    "CompanyName": lambda job: (job.run_id,),
    "UserId": lambda job: (job.submit_user, job.run_id),
    "Email": lambda job: (job.submit_user, job.run_id),
    "FileErrorCount": lambda job: (job.errors, job.run_id),
    "FileWarningCount": lambda job: (job.warnings, job.run_id),
    "FileSuccessCount": lambda job: (job.successes, job.run_id),
}


def get_job_logs(call: Call) -> Answer:
    """Without details. The newest first unless asked otherwise; at most numRows of them."""
    company = call.company()
    params = call.params
    rows = params.number("numRows")
    if rows is not None and rows < 0:
        raise invalid_parameter("numRows is negative")
    sort_by = params.choice("sortBy", tuple(_SORT_KEYS), "StartDate")
    direction = params.choice("sortDirection", ("Ascending", "Descending"), "Descending")
    jobs = call.jobs.started(since=params.moment("startDate"), until=params.moment("endDate"))
    jobs = [job for job in jobs if job.company == company.number]
    if params.text("userHandle"):
        email = call.user("userHandle").email
        jobs = [job for job in jobs if job.submit_user == email]
    jobs.sort(key=_SORT_KEYS[sort_by], reverse=direction == "Descending")
    logs = [_job_log(job, company) for job in jobs[: min(rows or _MOST_ROWS, _MOST_ROWS)]]
    return Answer(reply={"jobLogArray": logs})


def get_job_log_details(call: Call) -> Answer:
    """The logs of one run, or of all runs of a name. A run has a log from its first moment on."""
    company = call.company()
    size, number = _page(call)
    logs = []
    for job in _jobs(call, company):
        details = _details(job, call)
        page = details[(number - 1) * size : number * size]
        logs.append(
            {
                **_job_log(job, company),
                "detailTotalRows": len(details),
                "detailArray": [_detail(detail, call.url) for detail in page],
            }
        )
    return Answer(reply={"jobLogArray": logs})


def _jobs(call: Call, company: Company) -> list[Job]:
    handle, name = call.params.text("jobHandle"), call.params.text("originalName")
    if not handle and not name:
        raise missing_parameter("one of jobHandle and originalName is needed")
    if handle:
        run_id = handle.rpartition("|")[2]
        known = run_id.isascii() and run_id.isdigit() and len(run_id) < 19
        found = call.jobs.get(int(run_id)) if known else None
        jobs = [found] if found and found.started and found.handle == handle else []
    else:
        jobs = call.jobs.started_by_name(name or "")
    number = company.number
    return [job for job in jobs if job.company == number and name in (None, "", job.original_name)]


def _page(call: Call) -> tuple[int, int]:
    size, number = call.params.number("recordsPerPage"), call.params.number("resultsPage")
    if (size is not None and size < 1) or (number is not None and number < 0):
        raise invalid_parameter("recordsPerPage and resultsPage must be positive")
    return min(size or _MOST_ROWS, _MOST_ROWS), number or 1


def _details(job: Job, call: Call) -> list[Detail]:
    sort_by = call.params.choice("sortBy", ("Date", "LogType"), "Date")
    direction = call.params.choice("sortDirection", ("Ascending", "Descending"), "Ascending")
    types = frozenset(call.params.strings("logTypeArray"))
    details = [d for d in call.jobs.details(job.run_id) if not types or d.log_type in types]
    if direction == "Descending":
        details.reverse()
    if sort_by == "LogType":
        details.sort(key=lambda detail: detail.log_type, reverse=direction == "Descending")
    return details


def _job_log(job: Job, company: Company) -> Reply:
    """logType keeps its Begin value and totalFileCount stays 0, as observed."""
    return {
        "companyHandle": company.handle,
        "jobHandle": job.handle,
        "jobName": job.run_name,
        "originalJobName": job.original_name,
        "submitUserEmail": job.submit_user,
        "logType": log_types.BEGIN_EXPORT_JOB,
        "jobSubType": "",
        "startDate": job.started,
        "endDate": job.finished,
        "description": job.description or "",
        "fileSuccessCount": job.successes,
        "fileErrorCount": job.errors,
        "fileWarningCount": job.warnings,
        "fileDuplicateCount": 0,
        "fileUpdateCount": 0,
        "totalFileCount": 0,
        "transferSuccessCount": 0,
        "transferErrorCount": 0,
        "transferWarningCount": 0,
        "fatalError": job.fatal,
    }


def _detail(detail: Detail, server: str) -> Reply:
    """The ZIP is stored by its path: its address is that of the server that answers."""
    url = f"{server}/{quote(detail.zip_path)}" if detail.zip_path else None
    return {
        "logMessage": f"{url} has been created" if url else detail.message,
        "logType": detail.log_type,
        "dateCreated": detail.created,
        "assetName": url or detail.asset_name,
        "assetType": detail.asset_type,
        "assetHandle": detail.asset_handle,
        "auxArray": (),
    }
