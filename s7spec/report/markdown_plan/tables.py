"""The jobs of a plan as tables, in as much detail as there is room for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from s7spec.model.plan import Plan
from s7spec.report.figures import count
from s7spec.report.markdown import code, html_code
from s7spec.report.markdown_plan.notes import Told, group_notes
from s7spec.report.markdown_plan.room import Room
from s7spec.report.markdown_plan.rows import HEAD, group_row
from s7spec.report.plan_outline import (
    Section,
    alike,
    counts_text,
    groups,
    is_quiet,
    sections,
)

_OPEN_UP_TO = 20
_END = "\n</details>\n\n"
_SUMMARY_BYTES = 150
_MOST_ALONE = 100


def job_table(section: Section, made: datetime, told: Told, room: Room) -> Iterator[str]:
    """A manifest's jobs, a row for each or for those of which the same is told; then what they ask
    for and their assets. A set of assets that stands in ``told`` is not listed again."""
    found = alike(section.loud)
    yield from _opened(section, room, rows=len(found))
    for group in found:
        yield group_row(group, room, made)
    for group in found:
        yield from group_notes(group, told, room)
    yield from _closed(section)


def group_table(section: Section, made: datetime, _told: Told, room: Room) -> Iterator[str]:
    """A manifest's jobs, those together that change in the same way."""
    found = groups(section.loud)
    yield from _opened(section, room, rows=len(found))
    for group in found:
        yield group_row(group, room, made)
    yield from _closed(section)


def partly_table(section: Section, made: datetime, room: Room, most_bytes: int) -> str | None:
    """The same, and folded below it as many of the single jobs as ``most_bytes`` are enough for;
    None where they are not enough for any."""
    together = "".join(group_table(section, made, {}, room)).removesuffix(_END)
    most_bytes -= len(f"{together}{HEAD}{2 * _END}".encode()) + _SUMMARY_BYTES
    rows, jobs = [], 0
    for group in alike(section.loud)[:_MOST_ALONE]:
        row = group_row(group, room, made)
        most_bytes -= len(row.encode())
        if most_bytes < 0:
            break
        rows.append(row)
        jobs += len(group.items)
    if not rows:
        return None
    summary = f"{jobs:,} of these {count(len(section.loud), 'job')}, one by one"
    alone = f"<details><summary>{summary}</summary>\n\n{HEAD}{''.join(rows)}{_END}"
    return f"{together}\n{alone}{_END}"


def merged_table(plan: Plan, room: Room) -> Iterator[str]:
    """One table of groups over all manifests, the largest first, at most ``room.rows``."""
    found = groups(item for item in plan.items if not is_quiet(item))
    yield HEAD
    for group in found[: room.rows]:
        yield group_row(group, room, plan.header.created_at)
    left = found[room.rows :]
    if left:
        jobs = sum(len(group.items) for group in left)
        yield f"\n… and {count(jobs, 'more job')} that change in {count(len(left), 'other way')}.\n"
    yield "\n"


def manifest_table(plan: Plan, room: Room) -> Iterator[str]:
    """One row of counts per manifest, those with changes first."""
    parts = sorted(sections(plan), key=lambda section: not section.loud)
    yield "| Manifest | Jobs |\n|---|---|\n"
    for section in parts[: room.rows]:
        name = code(section.manifest, limit=room.limit)
        yield f"| {name} | {counts_text(section.counts)} |\n"
    if len(parts) > room.rows:
        yield f"\n… and {count(len(parts) - room.rows, 'more manifest')}.\n"
    yield "\n"


def _opened(section: Section, room: Room, *, rows: int) -> Iterator[str]:
    state = " open" if 0 < rows <= _OPEN_UP_TO else ""
    name = html_code(section.manifest, limit=room.limit)
    yield f"<details{state}><summary>{name}: {counts_text(section.counts)}</summary>\n\n"
    yield HEAD if rows else ""


def _closed(section: Section) -> Iterator[str]:
    if section.quiet:
        yield f"\n{section.quiet:,} unchanged.\n"
    yield _END
