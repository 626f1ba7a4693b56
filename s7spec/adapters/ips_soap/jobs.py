"""Reading jobs: the lookup by the name we gave, over all the places where IPS may have the job."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from s7spec.adapters.ips_soap.calls import Calls
from s7spec.adapters.ips_soap.element import Element
from s7spec.adapters.ips_soap.limits import PAGE_ROWS
from s7spec.adapters.ips_soap.messages import is_xml_text
from s7spec.model.ips import ActiveJob, JobDetail, JobPhase, JobSnapshot

_DONE = "Done"
_LAST = datetime.max.replace(tzinfo=UTC)


class JobLookup:
    """Finds jobs by originalName. IPS may match loosely, we take exact names only."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def find(self, name: str) -> JobSnapshot | None:
        """Active, then scheduled, then logged, then active again: a job may have moved from one
        list to the next while we looked (semantics: section 4, step 2).

        ``copies`` counts within the list the job was found in: asking all of them each time would
        triple the polling. The logs see every copy in the end.
        """
        if not is_xml_text(name):
            return None  # no request could carry it: IPS never heard of such a job
        found = self._found(name)
        return None if found is None else self._shown(found)

    def active(self) -> tuple[ActiveJob, ...]:
        reply = self._calls.read("getActiveJobs", includeWaitingJobs=True)
        return tuple(self._active_job(job) for job in reply.items("jobArray"))

    def _found(self, name: str) -> JobSnapshot | None:
        active = self._active(name)
        running = [job for job in active if job.text("state") != _DONE]
        if running:
            return _active_snapshot(name, running[0], copies=_copies(active))
        scheduled = self._scheduled(name)
        if scheduled:
            return _scheduled_snapshot(name, scheduled)
        logged = self._logged(name)
        if logged is not None:
            return logged
        late = self._active(name) or active
        return _active_snapshot(name, late[0], copies=_copies(late)) if late else None

    def _shown(self, job: JobSnapshot) -> JobSnapshot:
        """Without the password in what is kept and shown but never sent back."""
        scrub, name = self._calls.scrub, job.originalName
        return replace(
            job,
            jobHandle=scrub(job.jobHandle, name),
            progressMessage=scrub(job.progressMessage, name),
            details=tuple(
                replace(detail, logMessage=scrub(detail.logMessage, name)) for detail in job.details
            ),
        )

    def _active_job(self, job: Element) -> ActiveJob:
        scrub, name = self._calls.scrub, job.text("originalName") or ""
        return ActiveJob(
            originalName=name,
            jobHandle=scrub(job.text("jobHandle") or "", name),
            state=scrub(job.text("state") or "Unknown"),
            submitUserEmail=scrub(job.text("submitUserEmail") or ""),
            description=scrub(job.text("description") or "", name),
            progress=_percent(job),
            startDate=job.moment("startDate"),
        )

    def _active(self, name: str) -> list[Element]:
        reply = self._calls.read("getActiveJobs", originalName=name, includeWaitingJobs=True)
        jobs = _named(reply.items("jobArray"), "originalName", name)
        return sorted(jobs, key=lambda job: job.moment("startDate") or _LAST)

    def _scheduled(self, name: str) -> list[Element]:
        reply = self._calls.read("getScheduledJobs", originalName=name)
        return _named(reply.items("jobArray"), "originalName", name)

    def _logged(self, name: str) -> JobSnapshot | None:
        """The oldest run of this name; with a double submit that is the one to adopt."""
        logs = self._log_page(name, 1)
        if not logs:
            return None
        oldest = min(logs, key=lambda log: log.moment("startDate") or _LAST)
        details = tuple(self._details(name, oldest))
        ended = oldest.moment("endDate") is not None or oldest.flag("fatalError")
        if not ended and zip_urls(details):
            # IPS need not write an end (facts: IPS API section 9). A ZIP, and nothing at work any
            # more, is one too.
            ended = not any(job.text("state") != _DONE for job in self._active(name))
        return _log_snapshot(name, oldest, details, ended=ended, copies=_copies(logs))

    def _details(self, name: str, log: Element) -> Iterator[JobDetail]:
        """All details of a log, page by page. Ends on a page without news, whatever the total
        says: a server that repeats or loses a page must not keep us here."""
        total = log.integer("detailTotalRows")
        page = _details_in(log)
        seen, number = 0, 1
        while page:
            yield from page
            seen += len(page)
            if seen >= total if total is not None else len(page) < PAGE_ROWS:
                return
            number += 1
            before, page = page, self._detail_page(name, log, number)
            if page == before:
                return

    def _detail_page(self, name: str, log: Element, number: int) -> tuple[JobDetail, ...]:
        handle = log.text("jobHandle")
        pages = (
            _details_in(other)
            for other in self._log_page(name, number)
            if other.text("jobHandle") == handle
        )
        return next(pages, ())

    def _log_page(self, name: str, number: int) -> list[Element]:
        reply = self._calls.read(
            "getJobLogDetails",
            originalName=name,
            recordsPerPage=PAGE_ROWS,
            resultsPage=number,
            sortBy="Date",
            sortDirection="Ascending",
        )
        return _named(reply.items("jobLogArray"), "originalJobName", name)


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


def _named(jobs: Iterable[Element], field: str, name: str) -> list[Element]:
    return [job for job in jobs if job.text(field) == name]


def _copies(jobs: Sequence[Element]) -> int:
    """Distinct jobs; without handles every entry counts as one."""
    return len({job.text("jobHandle") or index for index, job in enumerate(jobs)})


def _percent(job: Element) -> int | None:
    """The documentation gives no unit for ``progress``; what is no percentage is not shown."""
    progress = job.integer("progress")
    return progress if progress is not None and 0 <= progress <= 100 else None


def _active_snapshot(name: str, job: Element, *, copies: int) -> JobSnapshot:
    return JobSnapshot(
        originalName=name,
        jobHandle=job.text("jobHandle") or "",
        phase=JobPhase.ACTIVE,
        copies=copies,
        progress=_percent(job),
        progressMessage=job.text("progressMessage") or "",
        startDate=job.moment("startDate"),
    )


def _scheduled_snapshot(name: str, jobs: Sequence[Element]) -> JobSnapshot:
    return JobSnapshot(
        originalName=name,
        jobHandle=jobs[0].text("jobHandle") or "",
        phase=JobPhase.SCHEDULED,
        copies=_copies(jobs),
        startDate=jobs[0].moment("nextFireTime"),
    )


def _log_snapshot(
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


def _details_in(log: Element) -> tuple[JobDetail, ...]:
    return tuple(
        JobDetail(
            logType=detail.text("logType") or "",
            logMessage=detail.text("logMessage") or "",
            assetName=detail.text("assetName"),
            assetType=detail.text("assetType"),
            assetHandle=detail.text("assetHandle"),
        )
        for detail in log.items("detailArray")
    )
