"""A scripted IPS behind the IpsGateway port, with a little model of the server's jobs.

Like the real one it takes every submitJob as a new job, even of a name it has already (semantics:
section 1, F1 and F2); requests and replies can be lost or late, and new jobs can stay invisible
for a while.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from s7spec.model.ips import ActiveJob, JobDetail, JobPhase, JobSnapshot
from s7spec.model.submission import Submission
from s7spec.ports import CredentialsRefused, PortError, SubmitAmbiguous, SubmitRefused
from tests.fakes.clock import ManualClock


class Fate(StrEnum):
    """What becomes of one submit."""

    TAKEN = "taken"
    REQUEST_LOST = "request lost"
    REPLY_LOST = "reply lost"
    LATE = "taken late, reply lost"
    REFUSED = "refused"
    NO_ACCESS = "no access"


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
    number: int
    submission: Submission
    taken_at: datetime
    visible_at: datetime
    ends_at: datetime

    @property
    def name(self) -> str:
        return self.submission.attempt_name

    @property
    def run_handle(self) -> str:
        return f"j|7||{self.name}_2026-07-01-12:00:00.000|{self.number}"


@dataclass(kw_only=True)
class ScriptedIps:
    """``fate_of`` and ``result_of`` are asked with the attempt's name."""

    clock: ManualClock
    runs_for: float = 3.0
    visible_after: float = 0.0
    late_by: float = 5.0
    latency: float = 0.0
    fate_of: Callable[[str], Fate] = lambda name: Fate.TAKEN
    result_of: Callable[[str], Result] = lambda name: Result()
    outage: PortError | None = None
    jobs: list[ServerJob] = field(default_factory=list)
    sent: list[Submission] = field(default_factory=list)
    looks: list[str] = field(default_factory=list)

    def submit(self, submission: Submission) -> str:
        self.sent.append(submission)
        self.clock.move(self.latency)
        name = submission.attempt_name
        match self.fate_of(name):
            case Fate.TAKEN:
                self.take(submission)
                return f"j|7|{name}||"
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
        self.looks.append(attempt_name)
        self.clock.move(self.latency)
        if self.outage is not None:
            raise self.outage
        now = self.clock.true_time
        shown = [job for job in self.jobs if job.name == attempt_name and job.visible_at <= now]
        if not shown:
            return None
        return self._snapshot(shown[0], copies=len(shown))

    def active_jobs(self) -> tuple[ActiveJob, ...]:
        now = self.clock.true_time
        return tuple(
            ActiveJob(
                originalName=job.name,
                jobHandle=job.run_handle,
                state="Running",
                submitUserEmail="dam@example.com",
                description=job.submission.description,
                progress=50,
                startDate=job.taken_at,
            )
            for job in self.jobs
            if job.visible_at <= now < job.ends_at
        )

    def take(self, submission: Submission, *, after: float = 0.0) -> None:
        """A job comes into being, whoever sent it."""
        taken_at = self.clock.true_time + timedelta(seconds=after)
        self.jobs.append(
            ServerJob(
                number=5000 + len(self.jobs),
                submission=submission,
                taken_at=taken_at,
                visible_at=taken_at + timedelta(seconds=self.visible_after),
                ends_at=taken_at + timedelta(seconds=self.runs_for),
            )
        )

    def lose(self, attempt_name: str) -> None:
        """The server forgets a job, as when somebody deletes it."""
        self.jobs = [job for job in self.jobs if job.name != attempt_name]

    def names(self) -> list[str]:
        """One entry for each job the server ever took, late ones included."""
        return sorted(job.name for job in self.jobs)

    def _snapshot(self, job: ServerJob, *, copies: int) -> JobSnapshot:
        now = self.clock.true_time
        if now < job.ends_at:
            done = (now - job.taken_at) / (job.ends_at - job.taken_at)
            return JobSnapshot(
                originalName=job.name,
                jobHandle=job.run_handle,
                phase=JobPhase.ACTIVE,
                copies=copies,
                progress=int(done * 100),
                progressMessage="exporting",
                startDate=job.taken_at,
            )
        return self._ended(job, copies)

    def _ended(self, job: ServerJob, copies: int) -> JobSnapshot:
        result = self.result_of(job.name)
        if self.clock.true_time < job.ends_at + timedelta(seconds=result.zip_late_by):
            result = replace(result, zip_made=False)
        url = f"https://ips.example.com/Exports/Acme/{job.number}/files.zip"
        details = _details(job.submission, result, url)
        kinds = [detail.logType for detail in details]
        return JobSnapshot(
            originalName=job.name,
            jobHandle=job.run_handle,
            phase=JobPhase.ENDED,
            copies=copies,
            startDate=job.taken_at,
            endDate=job.ends_at,
            fileSuccessCount=sum(kind.endswith("Success") for kind in kinds),
            fileErrorCount=sum(kind.endswith("Error") for kind in kinds),
            fileWarningCount=sum(kind.endswith("Warning") for kind in kinds),
            fatalError=result.fatal,
            details=tuple(details),
            zip_urls=(url,) if result.zip_made else (),
        )


def _details(submission: Submission, result: Result, url: str) -> list[JobDetail]:
    details = []
    for handle in submission.assetHandleArray:
        name = handle.removeprefix("a|")
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
