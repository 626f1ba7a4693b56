"""What an export says about the runs of its jobs, once its templates are gone."""

from __future__ import annotations

from collections.abc import Mapping

from s7spec.model.manifest import Export
from s7spec.model.policy import USUAL, JobPolicy, OnPartial, RerunOn, age_from
from s7spec.model.schedule import Timing, moment_from


def policy_of(export: Export, further: Mapping[str, str]) -> JobPolicy:
    """``further`` are the finished leaves of the job (``expand.further``)."""
    timing = _timing(further)
    recurs = timing is not None and timing.cron is not None
    policy = JobPolicy(
        mode=export.mode,
        # What IPS starts again and again must not be left with some of its assets for good.
        on_partial=OnPartial.FULL if recurs else export.on_partial,
        on_touch=export.on_touch,
        supersede=export.supersede,
        max_age=None if export.max_age is None else age_from(export.max_age),
        max_attempts=export.max_attempts,
        rerun=further.get("rerun"),
        rerun_on_email=RerunOn.EMAIL_SETTING in export.rerun_on,
        timing=timing,
    )
    # Nearly always: then no job has one of its own.
    return USUAL if policy == USUAL else policy


def _timing(further: Mapping[str, str]) -> Timing | None:
    if "at" in further:
        return Timing(at=moment_from(further["at"]))
    return Timing(cron=further["cron"]) if "cron" in further else None
