"""What is told of a job when somebody opens it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from s7spec.model.job import ExportJob
from s7spec.model.plan import AssetChange, PlanItem
from s7spec.model.preset import bare
from s7spec.report.changes import version_difference
from s7spec.report.figures import byte_size, count, start_text
from s7spec.report.html.markup import data, in_turn, plain, plain_name
from s7spec.report.html.modifiers import ExplainedModifiers
from s7spec.report.html.numbered import Room, bytes_of
from s7spec.report.plan_outline import asset_changes_of, details_of, is_quiet, part_text
from s7spec.report.predictions import becomes_text, flag_texts, preview_of
from s7spec.report.volume import volume_of

_MOST_CHANGES = 500
_MOST_EXCLUDED = 200
_ARROW = "→"
_SIGNS = {"new": "+", "changed": "~", "touched": "~", "gone": "-"}


def detail_lines(
    items: Sequence[PlanItem], modifiers: ExplainedModifiers, room: Room, made: datetime
) -> Iterator[str]:
    """What is known of each job, by its number and without what is empty. Those that change come
    first: when there is no more room, it is the unchanged that are left out."""
    numbered = sorted(enumerate(items), key=lambda pair: is_quiet(pair[1]))
    return in_turn(_fitting(numbered, modifiers, room, made))


def _fitting(
    numbered: Iterable[tuple[int, PlanItem]],
    modifiers: ExplainedModifiers,
    room: Room,
    made: datetime,
) -> Iterator[str]:
    for number, item in numbered:
        text = data({name: value for name, value in _detail(item, modifiers, made) if value})
        if room.take(bytes_of(text)):
            yield f'"{number}":{text}'


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
    predicted = item.predicted
    if predicted is None:
        return
    yield "becomes", plain(becomes_text((item,)))
    yield "flags", [[plain(words), number] for words, number in flag_texts(predicted)]
    if predicted.likely_bytes:
        bounds = f"{byte_size(predicted.least_bytes)} to {byte_size(predicted.most_bytes)}"
        yield "bytes", f"about {byte_size(predicted.likely_bytes)} ({bounds})"
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
