"""The jobs of a plan: one line each while they fit, else put together by what changes.

Jobs that wait for people were told before all others, and are told again only in full.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from s7spec.model.plan import Action, Plan, PlanItem
from s7spec.report.figures import count
from s7spec.report.human_plan.entry import (
    Layout,
    full_item_lines,
    group_lines,
    layout_of,
)
from s7spec.report.human_plan.payload import Told
from s7spec.report.plan_outline import (
    Group,
    Section,
    alike,
    counts_text,
    groups,
    is_for_people,
    sections,
)
from s7spec.report.terminal import EMPTY, Line, Tone, column_width, line
from s7spec.report.view import View

BUDGET = 36
"""How many lines jobs may take; with heading and footer a plan stays below 60."""

_WIDEST_KEY = 36
_MOST_NAMES = 20
_MANY = 10
"""One change to fewer jobs is told manifest by manifest."""


def full_lines(plan: Plan, view: View) -> Iterator[Line]:
    """Every job with everything that is known about it; an asset set is listed once."""
    told: Told = {}
    layout = layout_of(plan, plan.items)
    for section in sections(plan):
        yield EMPTY
        yield _heading(section)
        keys = (item.key.short for item in section.items)
        room = column_width(keys, view, most=_WIDEST_KEY)
        for item in section.items:
            yield from full_item_lines(item, told, view, replace(layout, key=room))


def job_lines(plan: Plan, view: View, *, room: int) -> Iterator[Line]:
    """The most telling of the layouts that keeps within ``room`` lines; all manifests together
    where one change goes through many of them."""
    parts = sections(plan)
    layout = layout_of(plan, (item for section in parts for item in _told(section)))
    if not _is_one_change(parts):
        for lines in (
            _job_by_job(parts, view, layout),
            _without_pictures(parts, view, layout),
            _grouped(parts, view, layout),
        ):
            shown = _within(room, lines)
            if shown is not None:
                yield from shown
                return
    yield from _merged(parts, view, layout, room=room)


def _is_one_change(parts: Sequence[Section]) -> bool:
    """Most of the jobs change in a way that jobs of other manifests do, too."""
    told = [item for section in parts for item in _told(section)]
    across = sum(
        len(group.items)
        for group in groups(told)
        if group.changes and len({item.key.manifest for item in group.items}) > 1
    )
    return across >= _MANY and 2 * across > len(told)


def _within(room: int, lines: Iterator[Line]) -> list[Line] | None:
    """The lines, or None as soon as there are too many: large plans are not laid out thrice."""
    shown: list[Line] = []
    for each in lines:
        shown.append(each)
        if len(shown) > room:
            return None
    return shown


def _job_by_job(parts: Sequence[Section], view: View, layout: Layout) -> Iterator[Line]:
    for section in _loud(parts):
        yield EMPTY
        yield _heading(section)
        keys = (item.key.short for item in _told(section))
        room = column_width(keys, view, most=_WIDEST_KEY)
        for group in alike(_told(section)):
            yield from group_lines(group, view, replace(layout, key=room))
        yield from _quiet(section.quiet)
    yield from _unchanged(parts)


def _without_pictures(parts: Sequence[Section], view: View, layout: Layout) -> Iterator[Line]:
    """Job by job: what each asks for is worth more than what becomes of its pictures."""
    yield from _job_by_job(parts, view, replace(layout, becomes=False))
    text = f"{view.ellipsis} what becomes of the pictures of each job: --detail full"
    yield line(text, Tone.CAUTION, indent=2)


def _grouped(parts: Sequence[Section], view: View, layout: Layout) -> Iterator[Line]:
    for section in _loud(parts):
        yield EMPTY
        yield _heading(section)
        for group in groups(_told(section)):
            yield from group_lines(group, view, layout)
        yield from _quiet(section.quiet)
    yield from _unchanged(parts)


def _told(section: Section) -> tuple[PlanItem, ...]:
    """What has a line here."""
    return tuple(item for item in section.loud if not is_for_people(item))


def _loud(parts: Sequence[Section]) -> Iterator[Section]:
    return (section for section in parts if _told(section))


def _unchanged(parts: Sequence[Section]) -> Iterator[Line]:
    """All manifests without a change in one line: they are not what a reviewer looks for."""
    still = [section for section in parts if section.quiet and not _told(section)]
    if still:
        jobs = sum(section.quiet for section in still)
        yield EMPTY
        yield Line(
            (("unchanged", Tone.STRONG),),
            ((f" ({count(jobs, 'job')}): {_names(still)}", Tone.QUIET),),
        )


def _names(parts: Sequence[Section]) -> str:
    shown = ", ".join(section.manifest for section in parts[:_MOST_NAMES])
    rest = len(parts) - _MOST_NAMES
    return f"{shown} and {rest:,} more" if rest > 0 else shown


def _merged(parts: Sequence[Section], view: View, layout: Layout, *, room: int) -> Iterator[Line]:
    """All manifests together, the largest groups first, as many as there is room for."""
    yield EMPTY
    one = len(parts) == 1
    yield _heading(parts[0]) if one else line(count(len(parts), "manifest"), Tone.STRONG)
    room -= 4
    left: list[Group] = []
    told = (item for section in parts for item in _told(section))
    for group in groups(told):
        lines = list(group_lines(group, view, layout))
        if left or len(lines) > room:
            left.append(group)
            continue
        room -= len(lines)
        yield from lines
    yield from _rest(left, view)
    yield from _quiet(sum(section.quiet for section in parts))


def _rest(left: Sequence[Group], view: View) -> Iterator[Line]:
    if not left:
        return
    counts: Counter[Action] = Counter()
    for group in left:
        counts[group.action] += len(group.items)
    text = counts_text(counts)
    one = len(counts) == 1
    more = text.replace(" ", " more ", 1) if one else f"{counts.total():,} more: {text}"
    yield line(f"{view.ellipsis} and {more} (--detail full)", Tone.CAUTION, indent=2)


def _heading(section: Section) -> Line:
    path = f" ({section.path})" if section.path else ""
    return Line(
        ((section.manifest, Tone.STRONG),),
        ((f"{path}: {counts_text(section.counts)}", Tone.QUIET),),
    )


def _quiet(jobs: int) -> Iterator[Line]:
    if jobs:
        yield line(f"= {jobs:,} unchanged", Tone.QUIET, indent=2)
