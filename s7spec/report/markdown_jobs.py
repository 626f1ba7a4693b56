"""The jobs of a plan as Markdown tables, in as much detail as there is room for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from s7spec.model.asset import AssetVersion, ExcludedAsset
from s7spec.model.job import ExportJob
from s7spec.model.plan import AssetChange, AssetChangeKind, Plan, PlanItem
from s7spec.model.preset import bare
from s7spec.report.changed_assets import asset_changes_of
from s7spec.report.changes import (
    Difference,
    FieldDifference,
    ValueChange,
    asset_facts,
    counts_text,
    version_difference,
)
from s7spec.report.figures import count, start_text
from s7spec.report.markdown import code, html_code, prose
from s7spec.report.plan_outline import (
    Group,
    Section,
    asset_counts_of,
    changes_of,
    codes_of,
    details_of,
    groups,
    is_quiet,
    part_text,
    sections,
)
from s7spec.report.plan_outline import counts_text as action_counts_text
from s7spec.report.predictions import becomes_text, preview_of
from s7spec.report.symbols import symbol
from s7spec.report.volume import volume_of

_TABLE = "| Action | Job | Size | Why |\n|---|---|---|---|\n"
_OPEN_UP_TO = 20
_NAMES_OF_GROUP = 3
_FEW = 3

_Told: TypeAlias = dict[tuple[AssetVersion, ...], str]
"""Asset sets that were listed already, and with which job."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """How much may be said: ``names`` of changed and ``assets`` other assets per job, ``rows`` of
    a table, ``limit`` characters of any one text, and whether payloads are shown."""

    limit: int
    names: int = 0
    assets: int = 0
    rows: int = 0
    payloads: bool = False


def job_tables(plan: Plan, room: Room) -> Iterator[str]:
    """A table per manifest with a row per job, then each job's payload and assets. A set of
    assets that many jobs share is listed once."""
    told: _Told = {}
    for section in sections(plan):
        yield from _opened(section, room)
        if section.loud:
            yield _TABLE
        for item in section.loud:
            yield _item_row(item, room, plan.header.created_at)
        for item in section.loud:
            yield from _item_notes(item, told, room)
        yield from _closed(section)


def group_tables(plan: Plan, room: Room) -> Iterator[str]:
    """A table per manifest with a row per group of jobs that change in the same way."""
    for section in sections(plan):
        yield from _opened(section, room)
        if section.loud:
            yield _TABLE
        for group in groups(section.loud):
            yield _group_row(group, room, plan.header.created_at)
        yield from _closed(section)


def merged_table(plan: Plan, room: Room) -> Iterator[str]:
    """One table of groups over all manifests, the largest first, at most ``room.rows``."""
    found = groups(item for item in plan.items if not is_quiet(item))
    yield _TABLE
    for group in found[: room.rows]:
        yield _group_row(group, room, plan.header.created_at)
    left = found[room.rows :]
    if left:
        jobs = sum(len(group.items) for group in left)
        yield f"\n… and {count(jobs, 'more job')} that change in {count(len(left), 'other way')}.\n"


def manifest_table(plan: Plan, room: Room) -> Iterator[str]:
    """One row of counts per manifest, those with changes first."""
    parts = sorted(sections(plan), key=lambda section: not section.loud)
    yield "| Manifest | Jobs |\n|---|---|\n"
    for section in parts[: room.rows]:
        name = code(section.manifest, limit=room.limit)
        yield f"| {name} | {action_counts_text(section.counts)} |\n"
    if len(parts) > room.rows:
        yield f"\n… and {count(len(parts) - room.rows, 'more manifest')}.\n"


def _opened(section: Section, room: Room) -> Iterator[str]:
    state = " open" if 0 < len(section.loud) <= _OPEN_UP_TO else ""
    name = html_code(section.manifest, limit=room.limit)
    counts = action_counts_text(section.counts)
    yield f"<details{state}><summary>{name}: {counts}</summary>\n\n"


def _closed(section: Section) -> Iterator[str]:
    if section.quiet:
        yield f"\n{section.quiet:,} unchanged.\n"
    yield "\n</details>\n\n"


def _item_row(item: PlanItem, room: Room, made: datetime) -> str:
    size = "" if item.export_job is None else volume_of((item,)).text()
    why = [
        _reasons(item, room),
        *_fields(changes_of(item), room),
        *_start((item,), room, made),
        *_asset_summary((item,)),
    ]
    return _row(
        f"{symbol(item.action, codes_of(item), unicode=True)} {item.action.value}",
        code(item.key.short, limit=room.limit),
        size,
        "<br>".join(part for part in why if part),
    )


def _group_row(group: Group, room: Room, made: datetime) -> str:
    if len(group.items) == 1:
        return _item_row(group.items[0], room, made)
    first = group.items[:_NAMES_OF_GROUP]
    names = ", ".join(code(item.key.short, limit=room.limit) for item in first)
    more = len(group.items) - len(first)
    size = "" if group.items[0].export_job is None else volume_of(group.items).text()
    why = [
        ", ".join(group.codes),
        *_fields(group.changes, room),
        *_start(group.items, room, made),
        *_asset_summary(group.items),
    ]
    return _row(
        f"{symbol(group.action, group.codes, unicode=True)} {group.action.value}",
        f"{len(group.items):,} jobs: {names}{f', … and {more:,} more' if more else ''}",
        size,
        "<br>".join(part for part in why if part),
    )


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |\n"


def _reasons(item: PlanItem, room: Room) -> str:
    parts = [
        f"{reason}: {prose(detail, limit=room.limit)}" if detail else reason.value
        for reason, detail in details_of(item)
    ]
    if item.action.sends and item.tries > 1:
        parts.append(f"try {item.tries}")
    return "; ".join(parts)


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


def _start(items: Iterable[PlanItem], room: Room, made: datetime) -> Iterator[str]:
    """When IPS starts what is sent now, where that is not at once."""
    timings = {item.timing: None for item in items if item.action.sends and item.timing}
    if timings:
        first, *others = timings
        more = f" (and {count(len(others), 'other time')})" if others else ""
        yield f"starts {code(start_text(first, made), limit=room.limit)}{more}"


def _asset_summary(items: Sequence[PlanItem]) -> Iterator[str]:
    counts = asset_counts_of(items)
    if counts:
        yield f"assets: {counts_text(counts)}"
    part = part_text(item for item in items if item.action.sends)
    if part:
        yield f"sends {part}"
    becomes = becomes_text(items)
    if becomes:
        yield f"becomes {becomes}"
        preview = preview_of(items)
        if preview:
            yield f"[preview]({preview})"
    unsafe = dict.fromkeys(name for item in items for name in item.unsafe_modifiers)
    if unsafe:
        yield f"**unsafe**: uses {', '.join(code(name, limit=60) for name in unsafe)}"
    excluded = sum(len(item.excluded) for item in items)
    if excluded:
        yield f"excluded: {count(excluded, 'asset')}"


def _item_notes(item: PlanItem, told: _Told, room: Room) -> Iterator[str]:
    job = item.export_job if room.payloads else None
    assets = asset_changes_of(item) if room.names else ()
    excluded = item.excluded if room.names else ()
    if job is None and not assets and not excluded:
        return
    yield f"\n{code(item.key.short, limit=room.limit)}{_payload(job, room)}\n"
    if assets or excluded:
        yield "\n"
    for kind in AssetChangeKind:
        yield from _asset_list(kind, [each for each in assets if each.kind is kind], room)
    yield from _excluded_list(excluded, room)
    yield from _sent_list(item, told, room)


def _payload(job: ExportJob | None, room: Room) -> str:
    if job is None:
        return ""
    named_values = (("is_modifier", job.is_modifier), ("macro", job.macro))
    parts = [f"fmt {code(job.fmt.value, limit=room.limit)}"]
    parts += [f"{name} {code(text, limit=room.limit)}" for name, text in named_values if text]
    if job.preset is not None:
        parts.append(f"preset {code(job.preset.urlModifier, limit=room.limit)}")
    for preset in job.presets:
        meaning = f"${bare(preset.name)}$ = {preset.urlModifier}"
        parts.append(f"preset {code(meaning, limit=room.limit)}")
    parts += [f"{name} {code(text, limit=room.limit)}" for name, text in job.stated.items()]
    return f": {', '.join(parts)}, e-mail {job.emailSetting.value}"


def _asset_list(kind: AssetChangeKind, changes: Sequence[AssetChange], room: Room) -> Iterator[str]:
    for change in changes[: room.names]:
        facts = _bracketed(version_difference(change, "→"), room)
        yield f"- {kind}: {code(change.path, limit=room.limit)}{facts}\n"
    if len(changes) > room.names:
        yield f"- … and {len(changes) - room.names:,} more {kind}\n"


def _sent_list(item: PlanItem, told: _Told, room: Room) -> Iterator[str]:
    """The assets that the job sends and that are not listed as changes, folded away."""
    if item.export_job is None or not room.assets:
        return
    assets = item.sent_assets
    name = html_code(item.key.short, limit=room.limit)
    known = told.setdefault(assets, name) if len(assets) > _FEW else name
    if known != name:
        yield f"\n{count(len(assets), 'asset')}: the same as for {known}\n"
        return
    changed = {change.path for change in asset_changes_of(item)}
    others = [asset for asset in assets if asset.path not in changed]
    if not others:
        return
    word = "other asset" if changed else "asset"
    yield f"\n<details><summary>{count(len(others), word)} of {name}</summary>\n\n"
    for asset in others[: room.assets]:
        facts = _bracketed(asset_facts(asset), room)
        yield f"- {code(asset.path, limit=room.limit)}{facts}\n"
    if len(others) > room.assets:
        yield f"- … and {len(others) - room.assets:,} more\n"
    yield "\n</details>\n"


def _bracketed(facts: str, room: Room) -> str:
    return f" ({prose(facts, limit=room.limit)})" if facts else ""


def _excluded_list(excluded: Iterable[ExcludedAsset], room: Room) -> Iterator[str]:
    assets = tuple(excluded)
    for each in assets[: room.names]:
        why = prose(f"{each.type}: {each.reason}", limit=room.limit)
        yield f"- excluded: {code(each.path, limit=room.limit)} ({why})\n"
    if len(assets) > room.names:
        yield f"- … and {len(assets) - room.names:,} more excluded\n"
