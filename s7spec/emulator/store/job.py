"""The nouns of the job store. Times are aware and UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class JobState(StrEnum):
    """ActiveJob/state, as far as this server uses it (facts: IPS API section 7)."""

    NEW = "New"
    WAITING = "WaitingCoordinator"
    RUNNING = "Running"
    STOPPING = "Stopping"
    DONE = "Done"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportOrder:
    """The exportJob payload as it came; None where a child was absent."""

    assetHandleArray: tuple[str, ...]
    fmt: str
    is_modifier: str | None
    macro: str | None
    emailSetting: str
    clientId: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewJob:
    """A job as submitted. ``company`` is the number of the company."""

    company: int
    original_name: str
    submit_user: str
    mail_to: str
    locale: str | None
    description: str | None
    export: ExportOrder

    @property
    def submit_handle(self) -> str:
        """The handle that submitJob answers: it names the submission and never a run."""
        return submit_handle(self.company, self.original_name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run of a submission, as its log shows it.

    ``started`` is None while it waits, ``finished`` until it is done; ``triggered`` is the time
    for which it was submitted or scheduled. The counts hold one for each file and one for the ZIP.
    """

    run_id: int
    run_name: str
    company: int
    original_name: str
    submit_user: str
    description: str | None
    state: JobState
    submitted: datetime
    triggered: datetime
    started: datetime | None
    finished: datetime | None
    successes: int
    errors: int
    warnings: int
    lines: int
    fatal: bool

    @property
    def handle(self) -> str:
        """The handle of the run, as active jobs and job logs show it."""
        return f"j|{self.company}||{self.run_name}|{self.run_id}"

    @property
    def submit_handle(self) -> str:
        return submit_handle(self.company, self.original_name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job(Run):
    """A run with its orders. ``fate`` is what was in store for it when it was submitted."""

    mail_to: str
    locale: str | None
    paused: bool
    fate: str
    export: ExportOrder


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule(NewJob):
    """A submission that runs later: at ``next_fire`` only, or again and again by ``cron``."""

    schedule_id: int
    cron: str | None
    next_fire: datetime
    paused: bool
    fate: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """A line for a job log. ``zip_path`` is the path of the ZIP below the data folder."""

    log_type: str
    message: str = ""
    asset_name: str | None = None
    asset_type: str | None = None
    asset_handle: str | None = None
    zip_path: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenDetail(Detail):
    """A line of a job log."""

    created: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What one step adds to the counts of a log."""

    successes: int = 0
    errors: int = 0
    warnings: int = 0


def submit_handle(company: int, original_name: str) -> str:
    return f"j|{company}|{original_name}||"
