"""A plan for a pull request: GitHub flavoured Markdown that always fits a comment."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from s7spec.model.plan import Plan
from s7spec.report.figures import count
from s7spec.report.markdown_plan.frame import foot, head, totals_text
from s7spec.report.markdown_plan.notes import Told
from s7spec.report.markdown_plan.room import Room
from s7spec.report.markdown_plan.tables import (
    group_table,
    job_table,
    manifest_table,
    merged_table,
    partly_table,
)
from s7spec.report.plan_outline import Section, sections

MOST_BYTES = 60_000
"""GitHub takes 65,536 characters in a comment; the rest is for whoever wraps this."""

_NOTE_BYTES = 400
"""Room for what is said about the detail that was dropped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Level:
    """One degree of detail, the same for each manifest. ``dropped`` says what it leaves out."""

    room: Room
    table: Callable[[Section, datetime, Told, Room], Iterator[str]]
    dropped: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Overview:
    """All manifests in one table, where theirs do not fit."""

    room: Room
    table: Callable[[Plan, Room], Iterator[str]]
    dropped: str


_LEVELS = (
    _Level(
        room=Room(limit=500, names=1000, assets=1000, notes=50, payloads=True),
        table=job_table,
        dropped="",
    ),
    _Level(
        room=Room(limit=500, names=100, assets=20, notes=50, payloads=True),
        table=job_table,
        dropped="asset names beyond 100 per job and kind of change, and 20 others per job",
    ),
    _Level(
        room=Room(limit=500, names=100, notes=50, payloads=True),
        table=job_table,
        dropped="names of assets that did not change, those of new jobs among them, and asset "
        "names beyond 100 per job and kind of change",
    ),
    _Level(
        room=Room(limit=300, names=5, notes=20),
        table=job_table,
        dropped="payloads, names of assets that did not change, those of new jobs among them, and "
        "asset names beyond five per job and kind of change",
    ),
    _Level(
        room=Room(limit=300, notes=20),
        table=group_table,
        dropped="single jobs, and asset names beyond three: jobs that change in the same way, and "
        "new ones, share a row",
    ),
)


def _nothing(_plan: Plan, _room: Room) -> Iterator[str]:
    return iter(())


_OVERVIEWS = (
    _Overview(
        room=Room(limit=200, rows=150, notes=10),
        table=merged_table,
        dropped="single jobs, and asset names beyond three: jobs that change in the same way, and "
        "new ones, share a row over all manifests",
    ),
    _Overview(
        room=Room(limit=100, rows=60, notes=5),
        table=manifest_table,
        dropped="everything about single jobs",
    ),
    _Overview(
        room=Room(limit=100, notes=3, jobs=0),
        table=_nothing,
        dropped="everything about manifests and jobs",
    ),
)


def plan_markdown(
    plan: Plan, *, digest: str, command: str | None, most_bytes: int = MOST_BYTES
) -> str:
    """At most ``most_bytes`` of UTF-8: detail is dropped step by step until it fits, and the text
    says what was dropped; what room is left then goes to as many manifests as it is enough for.
    ``command`` is what applies exactly this plan. The least that there is to say takes less than
    ``MOST_BYTES``."""
    text = _Text(plan, digest, command, most_bytes)
    for place in range(len(_LEVELS)):
        found = text.by_manifest(place)
        if found is not None:
            return found
    for overview in _OVERVIEWS[:-1]:
        found = text.at_a_glance(overview)
        if found is not None:
            return found
    return text.least(_OVERVIEWS[-1])


class _Text:
    """One plan in so many bytes at the most."""

    def __init__(self, plan: Plan, digest: str, command: str | None, most_bytes: int) -> None:
        self._plan = plan
        self._digest = digest
        self._command = command
        self._most = most_bytes
        self._sections = sections(plan)
        self._totals = totals_text(plan)

    def by_manifest(self, place: int) -> str | None:
        """All manifests in the same detail, then those in more for which there is room; None when
        they do not fit."""
        level = _LEVELS[place]
        head_text, foot_text, room = self._frame(level.room, is_shortened=bool(place))
        if room < 0:
            return None
        told: Told = {}
        tables: list[str] = []
        for section in self._sections:
            table = self._within(level, section, told, room)
            if table is None:
                return None
            room -= _size(table)
            tables.append(table)
        richer = self._refilled(tables, place - 1, room) if place else 0
        note = _note(level.dropped, richer, len(tables))
        return _tidy("".join((head_text, note, *tables, foot_text)))

    def at_a_glance(self, overview: _Overview) -> str | None:
        """One table of everything, then the manifests that there is room for."""
        head_text, foot_text, room = self._frame(overview.room, is_shortened=True)
        table = _fitting(overview.table(self._plan, overview.room), room)
        if room < 0 or table is None:
            return None
        told = [""] * len(self._sections)
        richer = self._refilled(told, len(_LEVELS) - 1, room - _size(table))
        note = _note(overview.dropped, richer, len(told))
        return _tidy("".join((head_text, note, table, *told, foot_text)))

    def least(self, overview: _Overview) -> str:
        head_text, foot_text, _ = self._frame(overview.room, is_shortened=True)
        return _tidy("".join((head_text, _note(overview.dropped, 0, 0), foot_text)))

    def _refilled(self, tables: list[str], place: int, room: int) -> int:
        """Puts the tables of level ``place`` in the place of those of manifests with something to
        tell, as far as there is room, or a part of them; gives of how many manifests."""
        richer, told = 0, Told()
        for at, section in enumerate(self._sections):
            if not section.loud:
                continue
            known, most = dict(told), room + _size(tables[at])
            table = self._within(_LEVELS[place], section, known, most)
            if table is None and tables[at]:
                table = self._partly(section, place, most)
            if table is not None:
                room = most - _size(table)
                tables[at], told = table, known
                richer += 1
        return richer

    def _partly(self, section: Section, place: int, most_bytes: int) -> str | None:
        """Where jobs share rows, some of them alone below those."""
        if place + 1 != len(_LEVELS) - 1:
            return None
        return partly_table(section, self._plan.header.created_at, _LEVELS[-1].room, most_bytes)

    def _within(self, level: _Level, section: Section, told: Told, room: int) -> str | None:
        made = self._plan.header.created_at
        return _fitting(level.table(section, made, told, level.room), room)

    def _frame(self, room: Room, *, is_shortened: bool) -> tuple[str, str, int]:
        """What stands before and after the jobs, and how many bytes are left between."""
        before = "".join(head(self._plan, room, digest=self._digest))
        after = "".join(foot(self._plan, room, totals=self._totals, command=self._command))
        note = _NOTE_BYTES if is_shortened else 0
        return before, after, self._most - _size(before) - _size(after) - note


def _note(dropped: str, richer: int, manifests: int) -> str:
    if not dropped:
        return ""
    more = ""
    if richer:
        more = f"; less of {count(richer, 'manifest')} of {manifests:,}, for which there was room"
    return (
        f"> **Shortened** to fit. Left out: {dropped}{more}. "
        "`s7spec plan --detail full` shows everything.\n\n"
    )


def _fitting(parts: Iterable[str], most_bytes: int) -> str | None:
    """The whole text, or None as soon as it has become too long."""
    kept: list[str] = []
    for part in parts:
        most_bytes -= _size(part)
        if most_bytes < 0:
            return None
        kept.append(part)
    return "".join(kept)


def _size(text: str) -> int:
    return len(text.encode())


def _tidy(text: str) -> str:
    return re.sub(r"\n{3,}", "\n\n", text).rstrip("\n") + "\n"
