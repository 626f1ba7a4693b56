"""What IPS says of a job, as a snapshot: from its element in a list, or from its log."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from s7spec.adapters.ips_soap.element import Element
from s7spec.model.ips import JobDetail, JobEcho, JobPhase, JobSnapshot

DONE = "Done"


def active_snapshot(name: str, job: Element, *, copies: int) -> JobSnapshot:
    return JobSnapshot(
        originalName=name,
        jobHandle=job.text("jobHandle") or "",
        phase=JobPhase.ACTIVE,
        copies=copies,
        progress=percent(job),
        progressMessage=job.text("progressMessage") or "",
        startDate=job.moment("startDate"),
        echo=_echo(job),
    )


def scheduled_snapshot(name: str, jobs: Sequence[Element]) -> JobSnapshot:
    return JobSnapshot(
        originalName=name,
        jobHandle=jobs[0].text("jobHandle") or "",
        phase=JobPhase.SCHEDULED,
        copies=copies_in(jobs),
        startDate=jobs[0].moment("nextFireTime"),
        echo=_echo(jobs[0]),
    )


def log_snapshot(
    name: str, log: Element, details: tuple[JobDetail, ...], *, ended: bool, copies: int
) -> JobSnapshot:
    return JobSnapshot(
        originalName=name,
        jobHandle=log.text("jobHandle") or "",
        # A log without an end and no active job: IPS is between its lists.
        phase=JobPhase.ENDED if ended else JobPhase.ACTIVE,
        copies=copies,
        startDate=log.moment("startDate"),
        endDate=log.moment("endDate"),
        fileSuccessCount=log.count("fileSuccessCount"),
        fileErrorCount=log.count("fileErrorCount"),
        fileWarningCount=log.count("fileWarningCount"),
        fatalError=log.flag("fatalError"),
        details=details if ended else (),
        zip_urls=zip_urls(details) if ended else (),
    )


def says_end(log: Element) -> bool:
    """Whether a log tells its end. IPS need not write one (facts: IPS API section 9)."""
    return log.moment("endDate") is not None or log.flag("fatalError")


def details_in(log: Element) -> tuple[JobDetail, ...]:
    return tuple(
        JobDetail(
            logType=detail.text("logType") or "",
            logMessage=detail.text("logMessage") or "",
            assetName=detail.text("assetName"),
            assetType=detail.text("assetType"),
            assetHandle=detail.text("assetHandle"),
        )
        for detail in log.each("detailArray")
    )


def zip_urls(details: Iterable[JobDetail]) -> tuple[str, ...]:
    """Where the archives lie: the assetName of ZIP details, or of any that holds a URL when none
    is marked as ZIP (facts: IPS API section 9). Possibly several, in order, without repeats."""
    located = [(d, d.assetName) for d in details if d.assetName and _is_url(d.assetName)]
    marked = [url for d, url in located if _is_zip(d)]
    return tuple(dict.fromkeys(marked or [url for _, url in located]))


def _is_zip(detail: JobDetail) -> bool:
    return detail.logType == "ZipFileExportJobSuccess" or detail.assetType == "ExportJobZip"


def _is_url(text: str) -> bool:
    return text.startswith(("http://", "https://"))


def named(jobs: Iterable[Element], field: str, name: str) -> list[Element]:
    return [job for job in jobs if job.text(field) == name]


def copies_in(jobs: Sequence[Element]) -> int:
    """Distinct jobs; without handles every entry counts as one."""
    return len({job.text("jobHandle") or index for index, job in enumerate(jobs)})


def percent(job: Element) -> int | None:
    """The documentation gives no unit for ``progress``; what is no percentage is not shown."""
    progress = job.integer("progress")
    return progress if progress is not None and 0 <= progress <= 100 else None


def _echo(job: Element) -> JobEcho | None:
    """As IPS wrote it, for a comparison with what was sent: to take the password out of it could
    change what we sent ourselves."""
    export = job.child("exportJob")
    if export is None:
        return None
    return JobEcho(
        fmt=export.text("fmt"),
        is_modifier=export.text("is_modifier"),
        macro=export.text("macro"),
        emailSetting=export.text("emailSetting"),
        assets=export.size("assetHandleArray"),
    )
