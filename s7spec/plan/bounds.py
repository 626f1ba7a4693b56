"""Numbers and times of a plan that was read: none that cannot be."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime

from s7spec.model.asset import AssetVersion
from s7spec.model.pictures import PredictedPictures
from s7spec.model.plan import Plan, PlanItem
from s7spec.model.schedule import Timing, cron_problem
from s7spec.model.source import SourceRange
from s7spec.plan.failure import PlanFileError

_MOST = 2**53
"""What every reader of JSON keeps exactly."""

_OF_LEDGER = -_MOST
"""Of sizes that the ledger tells: older s7specs put negative ones into it, as IPS told them."""

_SHA256 = re.compile("[0-9a-f]{64}").fullmatch
_YEARS = range(1900, 9000)
"""With room on both sides: any zone can show them."""

_FIRST_MS = -62_135_596_800_000 + 86_400_000
_LAST_MS = 253_402_300_799_999 - 86_400_000
"""Since 1970; what lies beyond is in no year of a calendar."""


def check_bounds(plan: Plan) -> None:
    """Raises PlanFileError, with the place, for what is out of all bounds."""
    header = plan.header
    for name in ("created_at", "expires_at", "assets_at"):
        _check_moment(getattr(header, name), f"header.{name}")
    for index, item in enumerate(plan.items):
        _check_item(item, f"items[{index}]")
    for index, verdict in enumerate(plan.verdicts):
        numbers = {name: getattr(verdict, name) for name in _COUNTS}
        _check_counts(numbers, f"verdicts[{index}]")
    for index, warning in enumerate(plan.warnings):
        for where in (warning.where, *(each.where for each in warning.related)):
            if where is not None:
                _check_range(where, f"warnings[{index}].where")


def _check_item(item: PlanItem, place: str) -> None:
    if item.spec_digest is not None and not _SHA256(item.spec_digest):
        raise PlanFileError(f"`{place}.spec_digest` is not a SHA-256 in hexadecimal digits")
    _check_counts({"generation": item.generation}, place)
    _check_counts({"tries": item.tries}, place, least=1)
    if item.prior is not None:
        _check_counts({"version": item.prior.version}, f"{place}.prior")
    if item.origin is not None:
        _check_range(item.origin, f"{place}.origin")
    if item.predicted is not None:
        _check_predicted(item.predicted, f"{place}.predicted")
    if item.timing is not None:
        _check_timing(item.timing, f"{place}.timing")
    if item.export_job is not None:
        _check_assets(item.export_job.assets, f"{place}.export_job.assets")
    _check_assets(item.only or (), f"{place}.only", least=0 if item.action.sends else _OF_LEDGER)
    for reason in item.reasons:
        befores = (each.before for each in reason.assets if each.before is not None)
        _check_assets(befores, f"{place}.reasons", least=_OF_LEDGER)
        afters = (each.after for each in reason.assets if each.after is not None)
        _check_assets(afters, f"{place}.reasons")


def _check_assets(assets: Iterable[AssetVersion], place: str, *, least: int = 0) -> None:
    for index, asset in enumerate(assets):
        modified = asset.last_modified_ms
        if modified is not None and not _FIRST_MS <= modified <= _LAST_MS:
            raise _impossible(f"{place}[{index}].last_modified_ms")
        for number in (asset.file_size, asset.width, asset.height):
            if number is not None and not least <= number <= _MOST:
                name = next(each for each in _SIZES if getattr(asset, each) == number)
                raise _impossible(f"{place}[{index}].{name}")


def _check_predicted(told: PredictedPictures, place: str) -> None:
    _check_counts({name: getattr(told, name) for name in _FIGURES}, place)
    for index, flag in enumerate(told.flags):
        _check_counts({"pictures": flag.pictures}, f"{place}.flags[{index}]")


def _check_range(where: SourceRange, place: str) -> None:
    _check_counts({name: getattr(where, name) for name in _ENDS}, place)


def _check_counts(numbers: Mapping[str, int | None], place: str, *, least: int = 0) -> None:
    for name, number in numbers.items():
        if number is not None and not least <= number <= _MOST:
            raise _impossible(f"{place}.{name}")


def _check_timing(timing: Timing, place: str) -> None:
    if (timing.at is None) == (timing.cron is None):
        raise PlanFileError(f"`{place}` is no timing: it names a moment or a cron expression")
    if timing.at is not None:
        _check_moment(timing.at, f"{place}.at")
        if timing.at.utcoffset():
            raise PlanFileError(f"`{place}.at` is not in UTC")
    elif timing.cron is not None and (problem := cron_problem(timing.cron)):
        raise PlanFileError(f"`{place}` is no timing: it {problem}")


def _check_moment(moment: datetime, place: str) -> None:
    if moment.tzinfo is None:
        raise PlanFileError(f"`{place}` is not a time with its zone")
    if moment.year not in _YEARS:
        raise PlanFileError(f"`{place}` is not a time that can be")


def _impossible(place: str) -> PlanFileError:
    return PlanFileError(f"`{place}` is not a number that can be")


_COUNTS = ("allowed", "found", "job_count", "note_count")
_SIZES = ("file_size", "width", "height")
_ENDS = ("line", "column", "end_line", "end_column")
_FIGURES = (
    *("pictures", "unknown", "least_width", "most_width", "least_height", "most_height"),
    *("least_bytes", "likely_bytes", "most_bytes"),
)
