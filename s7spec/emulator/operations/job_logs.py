"""Job logs, whole and in detail (facts: IPS API section 9)."""

from __future__ import annotations

from urllib.parse import quote

from s7spec.emulator.catalog.model import Company
from s7spec.emulator.jobs import log_types
from s7spec.emulator.operations.call import Answer, Call
from s7spec.emulator.operations.job_handle import run_id_of
from s7spec.emulator.soap.faults import invalid_parameter, missing_parameter
from s7spec.emulator.soap.writing import Reply
from s7spec.emulator.store.job import Run, WrittenDetail
from s7spec.emulator.store.job_lists import (
    DETAIL_ORDERS,
    LOG_ORDERS,
    AssetLine,
    DetailPage,
    LogWindow,
)

_MOST_ROWS = 1000
_DIRECTIONS = ("Ascending", "Descending")
_MANY = 100


def has_many_lines(call: Call) -> bool:
    """Whether getJobLogDetails may have to read a great many of them."""
    handle, name = call.params.text("jobHandle"), call.params.text("originalName")
    return call.jobs.lines(run_id=run_id_of(handle or ""), original_name=name) > _MANY


def get_job_logs(call: Call) -> Answer:
    """Without details. The newest first unless asked otherwise; no more than numRows of them, and
    than the server gives at all."""
    company = call.company()
    params = call.params
    rows = params.number("numRows")
    if rows is not None and rows < 0:
        raise invalid_parameter("numRows is negative")
    window = LogWindow(
        company=company.number,
        submit_user=call.user("userHandle").email if params.text("userHandle") else None,
        since=params.moment("startDate"),
        until=params.moment("endDate"),
        sort_by=params.choice("sortBy", tuple(LOG_ORDERS), "StartDate"),
        descending=params.choice("sortDirection", _DIRECTIONS, "Descending") == "Descending",
        most=min(rows or call.quirks.most_job_logs, call.quirks.most_job_logs),
    )
    logs = [_job_log(run, company) for run in call.jobs.logs(window)]
    return Answer(reply={"jobLogArray": logs})


def get_job_log_details(call: Call) -> Answer:
    """The logs of one run, or of all runs of a name."""
    company = call.company()
    page = _page(call)
    logs = []
    for run in _runs(call, company):
        total, details = call.jobs.details(run, page)
        logs.append(
            {
                **_job_log(run, company),
                "detailTotalRows": total,
                "detailArray": [_detail(detail, call.url) for detail in details],
            }
        )
    return Answer(reply={"jobLogArray": logs})


def get_asset_job_logs(call: Call) -> Answer:
    """Log lines about one asset over all jobs, the newest first, at most 1000.

    An asset without any, or that is not there, has none.
    """
    company = call.company()
    handle = call.params.required("assetHandle")
    lines = call.jobs.about_asset(company.number, handle, most=_MOST_ROWS)
    return Answer(reply={"jobLogArray": [_asset_line(line) for line in lines]})


def _runs(call: Call, company: Company) -> list[Run]:
    handle, name = call.params.text("jobHandle"), call.params.text("originalName")
    if not handle and not name:
        raise missing_parameter("one of jobHandle and originalName is needed")
    if not handle:
        return call.jobs.runs(company.number, original_name=name)
    run_id = run_id_of(handle)
    found = [] if run_id is None else call.jobs.runs(company.number, run_id=run_id)
    return [run for run in found if run.handle == handle and name in (None, "", run.original_name)]


def _page(call: Call) -> DetailPage:
    params = call.params
    size, number = params.number("recordsPerPage"), params.number("resultsPage")
    if (size is not None and size < 1) or (number is not None and number < 0):
        raise invalid_parameter("recordsPerPage and resultsPage must be positive")
    return DetailPage(
        log_types=tuple(dict.fromkeys(params.strings("logTypeArray"))),
        sort_by=params.choice("sortBy", DETAIL_ORDERS, "Date"),
        descending=params.choice("sortDirection", _DIRECTIONS, "Ascending") == "Descending",
        size=min(size or _MOST_ROWS, _MOST_ROWS),
        number=number or 1,
    )


def _job_log(job: Run, company: Company) -> Reply:
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


def _detail(detail: WrittenDetail, server: str) -> Reply:
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


def _asset_line(line: AssetLine) -> Reply:
    return {
        "jobHandle": line.handle,
        "jobName": line.run_name,
        "logMessage": line.message,
        "logType": line.log_type,
        "submitUserEmail": line.submit_user,
        "logDate": line.created,
        "auxArray": (),
    }
