"""What IPS tells about jobs and who we are to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class JobPhase(StrEnum):
    """Where a job stands on the server: not yet fired, at work, or ended."""

    SCHEDULED = "scheduled"
    ACTIVE = "active"
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class JobDetail:
    """One JobLogDetail. ``logType`` values are an open list (facts: IPS API sections 7 and 9)."""

    logType: str
    logMessage: str
    assetName: str | None = None
    assetType: str | None = None
    assetHandle: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class JobSnapshot:
    """A job as the server shows it now, found by the name we gave it.

    ``progress`` is 0..100 or None. ``details`` are there once the job has ended.
    ``copies`` is the number of jobs of this name: more than one means a double submit.
    """

    originalName: str
    jobHandle: str
    phase: JobPhase
    copies: int = 1
    progress: int | None = None
    progressMessage: str = ""
    startDate: datetime | None = None
    endDate: datetime | None = None
    fileSuccessCount: int = 0
    fileErrorCount: int = 0
    fileWarningCount: int = 0
    fatalError: bool = False
    details: tuple[JobDetail, ...] = ()
    zip_urls: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ActiveJob:
    """One line of what runs now, whoever submitted it."""

    originalName: str
    jobHandle: str
    state: str
    submitUserEmail: str
    description: str
    progress: int | None
    startDate: datetime | None
