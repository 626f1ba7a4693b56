"""What is sent to IPS."""

from __future__ import annotations

from dataclasses import dataclass

from s7spec.model.job import ResolvedJob
from s7spec.model.manifest import EmailSetting, Fmt


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """What is sent to IPS for one attempt."""

    attempt_name: str
    description: str
    assetHandleArray: tuple[str, ...]
    fmt: Fmt
    is_modifier: str | None
    macro: str | None
    emailSetting: EmailSetting

    @staticmethod
    def of(job: ResolvedJob, name: str, *, description: str) -> Submission:
        """A job's payload with this run's handles, under an attempt's name."""
        payload = job.export_job
        return Submission(
            attempt_name=name,
            description=description,
            assetHandleArray=job.assetHandleArray,
            fmt=payload.fmt,
            is_modifier=payload.is_modifier,
            macro=payload.macro,
            emailSetting=payload.emailSetting,
        )
