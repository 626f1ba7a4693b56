"""What is told of a job when somebody opens it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import partial

from s7spec.model.job import ExportJob
from s7spec.model.plan import AssetChange, PlanItem
from s7spec.model.preset import bare
from s7spec.report.changed_assets import asset_changes_of
from s7spec.report.changes import version_difference
from s7spec.report.figures import count, start_text
from s7spec.report.html.markup import brief, data, in_turn, plain, plain_name
from s7spec.report.html.modifiers import ExplainedModifiers
from s7spec.report.html.room import Room
from s7spec.report.plan_outline import details_of, part_text
from s7spec.report.predictions import becomes_text, preview_of
from s7spec.report.volume import volume_of

_MOST_CHANGES = 500
_MOST_EXCLUDED = 200
_FEW = 10
_BRIEF = 120
"""Of what is told briefly: entries of a list, and characters of a text."""
_LEAST = 500
"""Bytes: less than what is told of any job."""
_ARROW = "→"
_SIGNS = {"new": "+", "changed": "~", "touched": "~", "gone": "-"}


def detail_lines(
    items: Iterable[PlanItem], modifiers: ExplainedModifiers, room: Room, made: datetime
) -> Iterator[str]:
    """What is known of each job, by its number and without what is empty. When there is no more
    room, it is that of the last ones which is left out."""
    return in_turn(_fitting(items, modifiers, room, made))


def _fitting(
    items: Iterable[PlanItem], modifiers: ExplainedModifiers, room: Room, made: datetime
) -> Iterator[str]:
    for number, item in enumerate(items):
        if room.left < _LEAST:
            return
        told = {name: value for name, value in _detail(item, modifiers, made) if value}
        text = room.fit(data(told), partial(_brief_text, told))
        entry = f'"{number}":'
        if text is not None and room.take(len(entry)):
            yield f"{entry}{text}"


def _brief_text(told: dict[str, object]) -> str:
    return data(_briefly(told))


def _briefly(told: dict[str, object]) -> dict[str, object]:
    """Long texts without their middle, and the first of long lists."""
    short = {name: _brief_value(value) for name, value in told.items()}
    if short == told:
        return told
    for name in ("changes", "excluded"):
        entries, more = told.get(name), told.get(f"more_{name}", 0)
        if isinstance(entries, list) and isinstance(more, int) and len(entries) > _FEW:
            short[f"more_{name}"] = more + len(entries) - _FEW
    preview = told.get("preview")
    if short.get("preview") != preview:
        del short["preview"]  # half an address leads nowhere
    return {**short, "shortened": 1}


def _brief_value(value: object) -> object:
    if isinstance(value, list):
        return [_brief_value(each) for each in value[:_FEW]]
    return brief(value, _BRIEF) if isinstance(value, str) else value


def _detail(
    item: PlanItem, modifiers: ExplainedModifiers, made: datetime
) -> Iterator[tuple[str, object]]:
    yield "why", [[code.value, plain(text)] for code, text in details_of(item)]
    changes = asset_changes_of(item)
    yield "changes", [_change(each) for each in changes[:_MOST_CHANGES]]
    yield "more_changes", max(len(changes) - _MOST_CHANGES, 0)
    if item.export_job is not None:
        yield "payload", _payload(item.export_job)
        yield "modifier", modifiers.number(item)
    yield from _foretold(item)
    excluded = item.excluded[:_MOST_EXCLUDED]
    yield "excluded", [[plain_name(e.path), plain(e.type), plain(e.reason)] for e in excluded]
    yield "more_excluded", max(len(item.excluded) - _MOST_EXCLUDED, 0)
    yield "unsafe", [plain(name) for name in item.unsafe_modifiers]
    yield "facts", [[label, value] for label, value in _facts(item, made) if value]


def _change(change: AssetChange) -> list[str]:
    facts = plain(version_difference(change, _ARROW))
    return [_SIGNS[change.kind], change.kind.value, plain_name(change.path), facts]


def _payload(job: ExportJob) -> list[list[str]]:
    fields = (
        ("fmt", job.fmt.value),
        ("is_modifier", job.is_modifier),
        ("macro", job.macro),
        ("preset", None if job.preset is None else job.preset.urlModifier),
        *((f"preset ${bare(each.name)}$", each.urlModifier) for each in job.presets),
        ("emailSetting", job.emailSetting.value),
        *job.stated.items(),
    )
    return [[plain(label), plain_name(text)] for label, text in fields if text is not None]


def _foretold(item: PlanItem) -> Iterator[tuple[str, object]]:
    if item.predicted is None:
        return
    yield "becomes", plain(becomes_text((item,)))
    preview = preview_of((item,))
    # Nothing but an address that browsers fetch over TLS: plans can come from anywhere.
    yield "preview", plain(preview) if preview.startswith("https://") else ""


def _facts(item: PlanItem, made: datetime) -> Iterator[tuple[str, str]]:
    volume = volume_of((item,))
    source = ", ".join(part for part in (volume.text(), volume.bytes_text()) if part)
    yield "Sources", source if item.export_job is not None else ""
    yield "Sends", part_text((item,)) if item.action.sends else ""
    yield "Starts", plain(start_text(item.timing, made)) if item.timing else ""
    yield "Attempt", plain(item.attempt_name)
    yield "Try", f"{item.tries:,}" if item.action.sends and item.tries > 1 else ""
    yield "Last attempt", plain(item.prior.attempt_name) if item.prior else ""
    yield "Older attempt", "stopped, not waited for" if item.stops_older else ""
    yield "Moved from", plain(item.moved_from.short) if item.moved_from else ""
    yield "Rerun token", plain(item.rerun) if item.rerun else ""
    yield "Declared in", plain(str(item.origin)) if item.origin else ""
    yield "Excluded", count(len(item.excluded), "asset") if item.excluded else ""
