"""What an export says about the runs of its jobs, once its templates are gone."""

from __future__ import annotations

from collections.abc import Mapping

from s7spec.model.manifest import Export
from s7spec.model.policy import USUAL, JobPolicy, OnPartial, RerunOn, age_from
from s7spec.model.schedule import Timing, moment_from


def policy_of(export: Export, further: Mapping[str, str]) -> JobPolicy:
    """``further`` are the finished leaves of the job (``expand.further``)."""
    timing, rerun = _timing(further), further.get("rerun")
    if timing is None and rerun is None and _stated(export) == _USUAL:
        return USUAL  # as for nearly all: then no job has one of its own
    recurs = timing is not None and timing.recurs
    return JobPolicy(
        mode=export.mode,
        # What IPS starts again and again must not be left with some of its assets for good.
        on_partial=OnPartial.FULL if recurs else export.on_partial,
        on_touch=export.on_touch,
        supersede=export.supersede,
        max_age=None if export.max_age is None else age_from(export.max_age),
        max_attempts=export.max_attempts,
        rerun=rerun,
        rerun_on_email=RerunOn.EMAIL_SETTING in export.rerun_on,
        timing=timing,
    )


def _stated(export: Export) -> tuple[object, ...]:
    return (
        export.mode,
        export.on_partial,
        export.on_touch,
        export.supersede,
        export.max_age,
        export.max_attempts,
        export.rerun_on,
    )


_USUAL = (
    *(USUAL.mode, USUAL.on_partial, USUAL.on_touch, USUAL.supersede),
    *(USUAL.max_age, USUAL.max_attempts, ()),
)


def _timing(further: Mapping[str, str]) -> Timing | None:
    if "at" in further:
        return Timing(at=moment_from(further["at"]))
    return Timing(cron=further["cron"]) if "cron" in further else None
