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
class JobEcho:
    """The exportJob of an active or scheduled job (facts: IPS API section 2, ActiveJob). None
    where IPS shows nothing; ``assets`` is how many handles there are."""

    fmt: str | None
    is_modifier: str | None
    macro: str | None
    emailSetting: str | None
    assets: int


@dataclass(frozen=True, slots=True, kw_only=True)
class JobSnapshot:
    """A job as the server shows it now, found by the name we gave it.

    ``progress`` is 0..100 or None. ``details`` are there once the job has ended.
    ``copies`` is the number of jobs of this name: more than one means a double submit. ``echo`` is
    the payload as IPS shows it for jobs at work or scheduled; job logs have none.
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
    echo: JobEcho | None = None


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
    progressMessage: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownJob:
    """One line of what IPS lists, whoever submitted it. ``description`` may be missing in logs
    (facts: IPS API section 9)."""

    originalName: str
    jobHandle: str
    phase: JobPhase
    description: str = ""
    startDate: datetime | None = None
    endDate: datetime | None = None
