"""Reading jobs: the lookup by the name we gave, over all the places where IPS may have the job."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from s7spec.adapters.ips_soap.calls import Calls
from s7spec.adapters.ips_soap.element import Element
from s7spec.adapters.ips_soap.limits import PAGE_ROWS
from s7spec.adapters.ips_soap.scrubbing import handle_shown
from s7spec.adapters.ips_soap.snapshots import (
    DONE,
    active_snapshot,
    copies_in,
    details_in,
    log_snapshot,
    named,
    percent,
    says_end,
    scheduled_snapshot,
    zip_urls,
)
from s7spec.adapters.ips_soap.templates import is_xml_text
from s7spec.model.ips import ActiveJob, JobDetail, JobSnapshot

_LAST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Log:
    """The log of a name's oldest run, with all its lines."""

    job: Element
    details: tuple[JobDetail, ...]
    copies: int


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

    def scheduled(self, name: str) -> JobSnapshot | None:
        """What the list of scheduled jobs alone tells."""
        jobs = self._scheduled(name) if is_xml_text(name) else []
        return self._shown(scheduled_snapshot(name, jobs)) if jobs else None

    def logged(self, name: str) -> JobSnapshot | None:
        """What the logs alone tell. Without an end in the log the job is active, ZIP or not."""
        log = self._log(name) if is_xml_text(name) else None
        return None if log is None else self._shown(_snapshot(name, log, says_end(log.job)))

    def active(self) -> tuple[ActiveJob, ...]:
        reply = self._calls.read("getActiveJobs", includeWaitingJobs=True)
        return tuple(self._active_job(job) for job in reply.each("jobArray"))

    def _found(self, name: str) -> JobSnapshot | None:
        active = self._active(name)
        running = [job for job in active if job.text("state") != DONE]
        if running:
            return active_snapshot(name, running[0], copies=copies_in(active))
        scheduled = self._scheduled(name)
        if scheduled:
            return scheduled_snapshot(name, scheduled)
        log = self._log(name)
        if log is not None:
            return _snapshot(name, log, says_end(log.job) or self._seems_ended(name, log))
        late = self._active(name) or active
        return active_snapshot(name, late[0], copies=copies_in(late)) if late else None

    def _seems_ended(self, name: str, log: _Log) -> bool:
        """A ZIP, and nothing at work any more, is an end, too."""
        if not zip_urls(log.details):
            return False
        return all(job.text("state") == DONE for job in self._active(name))

    def _shown(self, job: JobSnapshot) -> JobSnapshot:
        """Without the password in what is kept and shown."""
        scrub, name = self._calls.scrub, job.originalName
        return replace(
            job,
            jobHandle=handle_shown(job.jobHandle, name, scrub),
            progressMessage=scrub(job.progressMessage, name),
            details=tuple(
                replace(detail, logMessage=scrub(detail.logMessage, name)) for detail in job.details
            ),
        )

    def _active_job(self, job: Element) -> ActiveJob:
        scrub, name = self._calls.scrub, job.text("originalName") or ""
        return ActiveJob(
            originalName=name,
            jobHandle=handle_shown(job.text("jobHandle") or "", name, scrub),
            state=scrub(job.text("state") or "Unknown"),
            submitUserEmail=scrub(job.text("submitUserEmail") or ""),
            description=scrub(job.text("description") or "", name),
            progress=percent(job),
            startDate=job.moment("startDate"),
        )

    def _active(self, name: str) -> list[Element]:
        reply = self._calls.read("getActiveJobs", originalName=name, includeWaitingJobs=True)
        jobs = named(reply.each("jobArray"), "originalName", name)
        return sorted(jobs, key=lambda job: job.moment("startDate") or _LAST)

    def _scheduled(self, name: str) -> list[Element]:
        reply = self._calls.read("getScheduledJobs", originalName=name)
        return named(reply.each("jobArray"), "originalName", name)

    def _log(self, name: str) -> _Log | None:
        """The oldest run of this name; with a double submit that is the one to adopt."""
        logs = self._log_page(name, 1)
        if not logs:
            return None
        oldest = min(logs, key=lambda log: log.moment("startDate") or _LAST)
        details = tuple(self._details(name, oldest))
        return _Log(job=oldest, details=details, copies=copies_in(logs))

    def _details(self, name: str, log: Element) -> Iterator[JobDetail]:
        """All details of a log, page by page. Ends on a page without news, whatever the total
        says: a server that repeats or loses a page must not keep us here."""
        total = log.integer("detailTotalRows")
        page = details_in(log)
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
            details_in(other)
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
        return named(reply.each("jobLogArray"), "originalJobName", name)


def _snapshot(name: str, log: _Log, ended: bool) -> JobSnapshot:
    return log_snapshot(name, log.job, log.details, ended=ended, copies=log.copies)
