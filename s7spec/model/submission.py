"""What is sent to IPS."""

from __future__ import annotations

from dataclasses import dataclass

from s7spec.model.asset import AssetVersion
from s7spec.model.job import ResolvedJob
from s7spec.model.manifest import EmailSetting, Fmt
from s7spec.model.schedule import Timing


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """What is sent to IPS for one attempt. Without a ``timing`` it starts at once."""

    attempt_name: str
    description: str
    assetHandleArray: tuple[str, ...]
    fmt: Fmt
    is_modifier: str | None
    macro: str | None
    emailSetting: EmailSetting
    timing: Timing | None = None

    @staticmethod
    def of(
        job: ResolvedJob,
        name: str,
        *,
        description: str,
        only: tuple[AssetVersion, ...] | None = None,
        timing: Timing | None = None,
    ) -> Submission:
        """A job's payload with this run's handles, under an attempt's name. ``only``: these of its
        assets; None: all."""
        payload = job.export_job
        wanted = None if only is None else set(only)
        handles = (each.handle for each in job.assets if wanted is None or each.version in wanted)
        return Submission(
            attempt_name=name,
            description=description,
            assetHandleArray=tuple(handles),
            fmt=payload.fmt,
            is_modifier=payload.is_modifier,
            macro=payload.macro,
            emailSetting=payload.emailSetting,
            timing=timing,
        )
