"""Rows of tables: a job, or jobs together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from s7spec.model.plan import PlanItem
from s7spec.report.changed_assets import changed
from s7spec.report.changes import Difference, FieldDifference, ValueChange
from s7spec.report.figures import count
from s7spec.report.markdown import code, prose
from s7spec.report.markdown_plan.room import Room
from s7spec.report.plan_outline import (
    Group,
    changes_of,
    codes_of,
    details_of,
    part_text,
    tries_text,
)
from s7spec.report.predictions import becomes_text, preview_of
from s7spec.report.symbols import symbol
from s7spec.report.together import asked_together, messages, starts, unsafe_users
from s7spec.report.volume import volume_of

HEAD = "| Action | Job | Size | Why |\n|---|---|---|---|\n"
_NAMES = 3


def item_row(item: PlanItem, room: Room, made: datetime) -> str:
    size = "" if item.export_job is None else volume_of((item,)).text()
    why = [
        _reasons(item, room),
        *_fields(changes_of(item), room),
        *(() if room.payloads else _asked((item,), room)),
        *_start((item,), room, made),
        *_changed((item,), room),
        *_asset_summary((item,)),
    ]
    return _row(
        f"{symbol(item.action, codes_of(item), unicode=True)} {item.action.value}",
        code(item.key.short, limit=room.limit),
        size,
        "<br>".join(part for part in why if part),
    )


def group_row(group: Group, room: Room, made: datetime) -> str:
    if len(group.items) == 1:
        return item_row(group.items[0], room, made)
    size = "" if group.items[0].export_job is None else volume_of(group.items).text()
    why = [
        "; ".join(filter(None, [", ".join(group.codes), tries_text(group.items)])),
        *_messages(group.items, room),
        *_fields(group.changes, room),
        *_asked(group.items, room),
        *_start(group.items, room, made),
        *_changed(group.items, room),
        *_asset_summary(group.items),
    ]
    return _row(
        f"{symbol(group.action, group.codes, unicode=True)} {group.action.value}",
        f"{len(group.items):,} jobs{_names(group, room)}",
        size,
        "<br>".join(part for part in why if part),
    )


def _names(group: Group, room: Room) -> str:
    """The first jobs; of several manifests those."""
    names = [item.key.short for item in group.items]
    manifests = list(dict.fromkeys(item.key.manifest for item in group.items))
    if len(manifests) > 1:
        names = manifests
    shown = ", ".join(code(name, limit=room.limit) for name in names[:_NAMES])
    more = len(names) - _NAMES
    rest = f", … and {more:,} more" if more > 0 else ""
    where = f" in {count(len(manifests), 'manifest')}" if len(manifests) > 1 else ""
    return f"{where}: {shown}{rest}"


def _messages(items: Sequence[PlanItem], room: Room) -> Iterator[str]:
    for reason, first, others in messages(items):
        yield f"{reason}: {prose(first, limit=room.limit)}{others}"


def _asked(items: Sequence[PlanItem], room: Room) -> Iterator[str]:
    kinds, rest = asked_together(items)
    for jobs, kind in kinds:
        fields = ", ".join(f"{label} {code(text, limit=room.limit)}" for label, text in kind.fields)
        yield f"{jobs}{fields}"
    if rest:
        yield f"… and {rest:,} of other commands"


def _changed(items: Sequence[PlanItem], room: Room) -> Iterator[str]:
    counts, names = changed(items)
    if names:
        shown = ", ".join(code(name, limit=room.limit) for name in names[:_NAMES])
        yield f"assets {counts}: {shown}{', …' if len(names) > _NAMES else ''}"


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |\n"


def _reasons(item: PlanItem, room: Room) -> str:
    parts = [
        f"{reason}: {prose(detail, limit=room.limit)}" if detail else reason.value
        for reason, detail in details_of(item)
    ]
    return "; ".join((*parts, *filter(None, [tries_text((item,))])))


def _fields(changes: Difference, room: Room) -> Iterator[str]:
    for change in changes:
        yield f"{code(change.field, limit=room.limit)} {_values(change, room)}"


def _values(change: FieldDifference, room: Room) -> str:
    return "; ".join(_value(value, room) for value in change.values)


def _value(value: ValueChange, room: Room) -> str:
    """Before and after apart, so that an arrow inside a value cannot be taken for ours."""
    if value.name and (value.before is None or value.after is None):
        return code(value.text("→"), limit=room.limit)
    name = f"{code(value.name, limit=room.limit)} " if value.name else ""
    before, after = (
        "(not set)" if each is None else code(each, limit=room.limit)
        for each in (value.before, value.after)
    )
    return f"{name}{before} → {after}"


def _start(items: Sequence[PlanItem], room: Room, made: datetime) -> Iterator[str]:
    found = starts(items, made)
    if found is not None:
        first, others = found
        yield f"starts {code(first, limit=room.limit)}{others}"


def _asset_summary(items: Sequence[PlanItem]) -> Iterator[str]:
    part = part_text(item for item in items if item.action.sends)
    if part:
        yield f"sends {part}"
    becomes = becomes_text(items)
    if becomes:
        yield f"becomes {becomes}"
        preview = preview_of(items)
        if preview:
            yield f"[preview]({preview})"
    yield from _unsafe(items)
    excluded = {each.path for item in items for each in item.excluded}
    if excluded:
        jobs = sum(bool(item.excluded) for item in items)
        where = f" in {jobs:,} of {count(len(items), 'job')}" if len(items) > 1 else ""
        yield f"excluded: {count(len(excluded), 'asset')}{where}"


def _unsafe(items: Sequence[PlanItem]) -> Iterator[str]:
    for name, jobs in unsafe_users(items).items():
        more = f", … and {len(jobs) - _NAMES:,} more" if len(jobs) > _NAMES else ""
        shown = ", ".join(code(job, limit=60) for job in jobs[:_NAMES])
        yield f"**unsafe**: uses {code(name, limit=60)}{f': {shown}{more}' if jobs else ''}"
