"""Jobs as the scripted IPS keeps them, and what its lists and logs say of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from s7spec.model.ips import ActiveJob, JobDetail, JobEcho, JobPhase, JobSnapshot, KnownJob
from s7spec.model.submission import Submission


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """How a job ends: asset names by what happens to them; all others are exported.

    ``zip_late_by``: seconds from the end to the line that names the ZIP.
    """

    errors: frozenset[str] = frozenset()
    warnings: frozenset[str] = frozenset()
    silent: frozenset[str] = frozenset()
    fatal: bool = False
    cancelled: bool = False
    zip_made: bool = True
    zip_late_by: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerJob:
    """A run. ``of_schedule`` is the number of the schedule that fired it."""

    number: int
    submission: Submission
    taken_at: datetime
    visible_at: datetime
    ends_at: datetime
    stopped: bool = False
    of_schedule: int | None = None

    @property
    def name(self) -> str:
        return self.submission.attempt_name

    @property
    def run_handle(self) -> str:
        return f"j|7||{self.name}_2026-07-01-12:00:00.000|{self.number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerSchedule:
    """A job that is to fire. ``gone_at``: somebody deletes it then."""

    number: int
    submission: Submission
    visible_at: datetime
    fires_at: datetime
    gone_at: datetime | None = None

    @property
    def name(self) -> str:
        return self.submission.attempt_name

    @property
    def handle(self) -> str:
        return submit_handle(self.submission)


def submit_handle(submission: Submission) -> str:
    return f"j|7|{submission.attempt_name}||"


def echo_of(submission: Submission) -> JobEcho:
    return JobEcho(
        fmt=submission.fmt.value,
        is_modifier=submission.is_modifier,
        macro=submission.macro,
        emailSetting=submission.emailSetting.value,
        assets=len(submission.assetHandleArray),
    )


def at_work(job: ServerJob, now: datetime, *, copies: int, echo: JobEcho | None) -> JobSnapshot:
    """In getActiveJobs."""
    return JobSnapshot(
        originalName=job.name,
        jobHandle=job.run_handle,
        phase=JobPhase.ACTIVE,
        copies=copies,
        progress=percent(job, now),
        progressMessage="exporting",
        startDate=job.taken_at,
        echo=echo,
    )


def to_fire(schedule: ServerSchedule, *, copies: int, echo: JobEcho | None) -> JobSnapshot:
    """In getScheduledJobs."""
    return JobSnapshot(
        originalName=schedule.name,
        jobHandle=schedule.handle,
        phase=JobPhase.SCHEDULED,
        copies=copies,
        startDate=schedule.fires_at,
        echo=echo,
    )


def in_log(job: ServerJob, now: datetime, result: Result, *, copies: int) -> JobSnapshot:
    """In getJobLogDetails: without an end while the job is at work."""
    begun = JobSnapshot(
        originalName=job.name,
        jobHandle=job.run_handle,
        phase=JobPhase.ACTIVE,
        copies=copies,
        startDate=job.taken_at,
    )
    if now < job.ends_at:
        return begun
    if job.stopped:
        assets = frozenset(map(_name_of, job.submission.assetHandleArray))
        result = Result(silent=assets, cancelled=True, fatal=True, zip_made=False)
    elif now < job.ends_at + timedelta(seconds=result.zip_late_by):
        result = replace(result, zip_made=False)
    url = f"https://ips.example.com/Exports/Acme/{job.number}/files.zip"
    details = _details(job.submission, result, url)
    kinds = [detail.logType for detail in details]
    return replace(
        begun,
        phase=JobPhase.ENDED,
        endDate=job.ends_at,
        fileSuccessCount=sum(kind.endswith("Success") for kind in kinds),
        fileErrorCount=sum(kind.endswith("Error") for kind in kinds),
        fileWarningCount=sum(kind.endswith("Warning") for kind in kinds),
        fatalError=result.fatal,
        details=tuple(details),
        zip_urls=(url,) if result.zip_made else (),
    )


def percent(job: ServerJob, now: datetime) -> int:
    return int((now - job.taken_at) / (job.ends_at - job.taken_at) * 100)


def active_line(job: ServerJob, now: datetime) -> ActiveJob:
    return ActiveJob(
        originalName=job.name,
        jobHandle=job.run_handle,
        state="Running",
        submitUserEmail="dam@example.com",
        description=job.submission.description,
        progress=percent(job, now),
        startDate=job.taken_at,
        progressMessage="exporting",
    )


def known_run(job: ServerJob, now: datetime) -> KnownJob:
    ended = now >= job.ends_at
    return KnownJob(
        originalName=job.name,
        jobHandle=job.run_handle,
        phase=JobPhase.ENDED if ended else JobPhase.ACTIVE,
        description=job.submission.description,
        startDate=job.taken_at,
        endDate=job.ends_at if ended else None,
    )


def known_schedule(schedule: ServerSchedule) -> KnownJob:
    return KnownJob(
        originalName=schedule.name,
        jobHandle=schedule.handle,
        phase=JobPhase.SCHEDULED,
        description=schedule.submission.description,
        startDate=schedule.fires_at,
    )


def _name_of(handle: str) -> str:
    return handle.removeprefix("a|")


def _details(submission: Submission, result: Result, url: str) -> list[JobDetail]:
    details = []
    for handle in submission.assetHandleArray:
        name = _name_of(handle)
        if name in result.silent:
            continue
        kind = "Success"
        if name in result.errors:
            kind = "Error"
        elif name in result.warnings:
            kind = "Warning"
        details.append(
            JobDetail(
                logType=f"ExportJobRenderFile{kind}",
                logMessage=f"{name}.jpg: {kind}",
                assetName=name,
                assetType="ExportJobRenderedFile",
                assetHandle=handle,
            )
        )
    if result.cancelled:
        details.append(JobDetail(logType="FileCancel", logMessage="stopped by dam@example.com"))
    if result.zip_made:
        details.append(
            JobDetail(
                logType="ZipFileExportJobSuccess",
                logMessage=f"{url} has been created",
                assetName=url,
                assetType="ExportJobZip",
            )
        )
    return details
