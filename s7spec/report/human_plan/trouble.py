"""What waits for people: before anything else, and loudly."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from s7spec.model.plan import Plan
from s7spec.report.figures import count
from s7spec.report.human_plan.entry import Layout, group_lines, item_lines, layout_of
from s7spec.report.plan_outline import Group, alike, counts_text, for_people, groups
from s7spec.report.terminal import EMPTY, Line, Tone, column_width, line
from s7spec.report.view import View

_MOST_KINDS = 8
_MOST_LINES = 12
_WIDEST_KEY = 36


def trouble_lines(plan: Plan, view: View, *, full: bool) -> Iterator[Line]:
    """Conflicts and blocked jobs, those together of which the same is told."""
    items = for_people(plan)
    if not items:
        return
    yield EMPTY
    are = "waits" if len(items) == 1 else "wait"
    counts = counts_text(Counter(item.action for item in items))
    text = f"{count(len(items), 'job')} {are} for people: {counts}"
    yield line(text, Tone.BAD)
    layout = layout_of(plan, items)
    if full:
        room = column_width((item.key.short for item in items), view, most=_WIDEST_KEY)
        for item in items:
            yield from item_lines(item, view, replace(layout, key=room))
    else:
        found = alike(items)
        yield from _together(found if len(found) <= _MOST_KINDS else groups(items), view, layout)


def _together(found: Sequence[Group], view: View, layout: Layout) -> Iterator[Line]:
    room = _MOST_LINES
    for place, group in enumerate(found):
        lines = list(islice(group_lines(group, view, layout), room + 1))
        if place and len(lines) > room:
            rest = sum(len(each.items) for each in found[place:])
            text = f"{view.ellipsis} and {rest:,} more that wait for people (--detail full)"
            yield line(text, Tone.BAD, indent=2)
            return
        room -= len(lines)
        yield from lines
