"""What many new jobs ask for, put together: what they share once, what differs as a range."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from s7spec.model.job import ExportJob
from s7spec.model.plan import Action, PlanItem, ReasonCode
from s7spec.model.preset import bare
from s7spec.report.changes import modifier_commands

_FEW = 4
_LONGEST = 40
_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?", re.ASCII).fullmatch

_Commands: TypeAlias = tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Of ``jobs`` jobs with the same commands in the same order: their fields by name, with
    ``<100 to 1000, 10 values>`` where they differ."""

    jobs: int
    fields: tuple[tuple[str, str], ...]


def is_new(item: PlanItem) -> bool:
    """Nothing is there to compare its payload with."""
    return item.action is Action.SUBMIT and ReasonCode.NEW in (each.code for each in item.reasons)


def asked_by(items: Iterable[PlanItem]) -> tuple[Asked, ...]:
    """Of the new ones among them, most jobs first."""
    return kinds_of(item.export_job for item in items if item.export_job and is_new(item))


def kinds_of(payloads: Iterable[ExportJob]) -> tuple[Asked, ...]:
    """Most jobs first."""
    kinds: dict[tuple[object, ...], list[ExportJob]] = {}
    for job in payloads:
        kinds.setdefault(_kind(job), []).append(job)
    ordered = sorted(kinds.values(), key=lambda jobs: -len(jobs))
    return tuple(Asked(jobs=len(jobs), fields=tuple(_fields(jobs))) for jobs in ordered)


def fields_of(job: ExportJob) -> tuple[tuple[str, str], ...]:
    """What tells what becomes of its pictures, by the fields' names; ``fmt`` where nothing does."""
    texts = {
        "is_modifier": job.is_modifier,
        "macro": _macro(job),
        "presets": presets_beside(job),
    }
    found = tuple((label, text) for label, text in texts.items() if text is not None)
    return found or (("fmt", job.fmt.value),)


def _fields(jobs: Sequence[ExportJob]) -> Iterator[tuple[str, str]]:
    for label, text in fields_of(jobs[0]):
        yield label, _together(jobs) if label == "is_modifier" else text


def _together(jobs: Sequence[ExportJob]) -> str:
    texts = dict.fromkeys(job.is_modifier or "" for job in jobs)
    parts = zip(*map(_commands, texts), strict=True)  # of a kind, so of the same commands
    return "&".join(_part(part) for part in parts)


def _part(commands: tuple[tuple[str, str, str], ...]) -> str:
    name, sign, _ = commands[0]
    return f"{name}{sign}{_spread(tuple(dict.fromkeys(value for *_, value in commands)))}"


def _spread(values: tuple[str, ...]) -> str:
    if len(values) == 1:
        return values[0]
    are_numbers = all(map(_NUMBER, values))
    shown = sorted(values, key=float) if are_numbers else values
    listed = "; ".join(shown)  # values have commas of their own
    if len(values) <= _FEW and len(listed) <= _LONGEST:
        return f"<{listed}>"
    range_of = f"{shown[0]} to {shown[-1]}, " if are_numbers else ""
    return f"<{range_of}{len(values):,} values>"


def _kind(job: ExportJob) -> tuple[object, ...]:
    names = None
    if job.is_modifier is not None:
        names = tuple((name, sign) for name, sign, _ in _commands(job.is_modifier))
    return (job.fmt, names, job.macro, job.preset, job.presets)


@lru_cache(maxsize=1024)
def _commands(modifier: str) -> _Commands:
    return tuple(command.partition("=") for command in modifier_commands(modifier))


def _macro(job: ExportJob) -> str | None:
    if job.macro is None or job.preset is None:
        return job.macro
    return f"{job.macro} = {job.preset.urlModifier}"


def presets_beside(job: ExportJob) -> str | None:
    """``$zoom$ = wid=2000``, of all presets beside that of ``macro``; None without any."""
    texts = (f"${bare(preset.name)}$ = {preset.urlModifier}" for preset in job.presets)
    return "; ".join(texts) or None
