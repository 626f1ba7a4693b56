"""What a job sends: its payload, and its assets one by one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TypeAlias

from s7spec.model.asset import AssetVersion
from s7spec.model.job import ExportJob
from s7spec.model.plan import AssetChange, AssetChangeKind, PlanItem
from s7spec.report.asked import fields_of, presets_beside
from s7spec.report.changed_assets import SIGNS, asset_changes_of
from s7spec.report.changes import (
    Difference,
    FieldDifference,
    asset_facts,
    counts_text,
    version_difference,
)
from s7spec.report.plan_outline import part_text
from s7spec.report.terminal import Line, Span, Tone, cut, labelled
from s7spec.report.view import View
from s7spec.report.visible import named, visible

INDENT = 12
_ROOM = 14
_FEW = 3
_ASSET_TONES = {
    AssetChangeKind.NEW: Tone.GOOD,
    AssetChangeKind.CHANGED: Tone.CAUTION,
    AssetChangeKind.TOUCHED: Tone.QUIET,
    AssetChangeKind.GONE: Tone.GONE,
}

Told: TypeAlias = dict[tuple[AssetVersion, ...], str]
"""Asset sets that were listed already, and with which job."""


def remark(label: str, *body: Span, whole: bool = False) -> Line:
    """A line below a job's own."""
    return labelled(label, *body, indent=INDENT, room=_ROOM, whole=whole)


def payload_brief(job: ExportJob, view: View) -> Line:
    """The payload in one line, its end cut off when it is too long for that."""
    fields = fields_of(job)
    text = "; ".join(each for _, each in fields)
    room = max(view.width - INDENT - _ROOM, _ROOM)
    return remark(fields[0][0], (cut(named(text), room, view), Tone.PLAIN), whole=True)


def payload_lines(job: ExportJob, changes: Difference, view: View) -> Iterator[Line]:
    """The whole payload; what changed stands below each field that did."""
    fields = (
        ("fmt", job.fmt.value),
        ("is_modifier", job.is_modifier),
        ("macro", job.macro),
        ("preset", None if job.preset is None else job.preset.urlModifier),
        ("presets", presets_beside(job)),
        ("emailSetting", job.emailSetting.value),
        ("code_version", job.code_version),
        ("inputs", ", ".join(f"{name}: {value}" for name, value in job.inputs) or None),
    )
    changed: dict[str, list[FieldDifference]] = {}
    for change in changes:
        changed.setdefault(change.label, []).append(change)
    for label, value in fields:
        if value is not None or label in changed:
            yield remark(label, ("(not set)" if value is None else named(value), Tone.PLAIN))
        for change in changed.get(label, ()):
            yield remark("", (change.text(view.arrow), Tone.CAUTION))


def effective_lines(item: PlanItem) -> Iterator[Line]:
    """What prevails of the modifier, and who says it; nothing where presets have no say: then it is
    what is written."""
    if all(each.origin == "is_modifier" and not each.overrides for each in item.effective):
        return
    label = "in force"
    for each in item.effective:
        about = [each.origin, *(f"over {visible(text)}" for text in each.overrides)]
        about += ["which of them prevails is inferred"] if each.order_is_inferred else []
        told = (f"  {', '.join(about)}", Tone.QUIET)
        yield remark(label, (named(each.command), Tone.PLAIN), told)
        label = ""


def asset_lines(item: PlanItem, told: Told, view: View) -> Iterator[Line]:
    """What changed about the job's assets, then all the others that it sends. A set that stands
    in ``told`` is not listed again."""
    changes = asset_changes_of(item)
    assets = item.sent_assets
    known = told.get(assets) if len(assets) > _FEW else None
    part = part_text((item,))
    facts = (
        "" if item.export_job is None or part else f"{len(assets):,}",
        f"sends {part}" if part else "",
        counts_text(Counter(change.kind for change in changes)),
        "" if known is None else f"the same as for {known}",
    )
    yield remark("assets", ("; ".join(fact for fact in facts if fact), Tone.PLAIN))
    for change in changes:
        yield _changed_asset(change, view)
    if known is None:
        changed = {change.path for change in changes}
        margin = "  " if changes else ""
        for asset in assets:
            if asset.path not in changed:
                name = f"{margin}{named(asset.path)}"
                yield _asset(name, Tone.PLAIN, asset_facts(asset))
        told[assets] = item.key.short


def _changed_asset(change: AssetChange, view: View) -> Line:
    facts = version_difference(change, view.arrow)
    name = f"{SIGNS[change.kind]} {named(change.path)}"
    return _asset(name, _ASSET_TONES[change.kind], facts)


def _asset(name: str, tone: Tone, facts: str) -> Line:
    """Never folded: paths can have blanks in them."""
    return remark("", (name, tone), (f"  {facts}", Tone.QUIET), whole=True)
