"""What can be wrong with a job once the assets are known, and where it was written."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from unicodedata import normalize

from s7spec.model.asset import Asset, ExcludedAsset
from s7spec.model.diagnostics import Diagnostic, RelatedPlace
from s7spec.model.job import ExpandedJob
from s7spec.model.rules import Rule
from s7spec.model.selection import Selection
from s7spec.model.source import Place
from s7spec.modifiers.effective import Source
from s7spec.modifiers.job_places import finding_place
from s7spec.modifiers.lint import Spot
from s7spec.resolve import emptiness
from s7spec.resolve.inventory import MAX_ASSETS, Inventory
from s7spec.resolve.presets import Mention, PresetShelf

_LISTED = 5
_PATTERN = re.compile(r"[*?]|\[.+\]")


def unknown_name(job: ExpandedJob, index: int, inventory: Inventory) -> Diagnostic:
    name = job.selection.names[index]
    near = inventory.near.get(name)
    finding = _at(
        job,
        _place_of_name(job.selection, index),
        rule=Rule.UNKNOWN_ASSET,
        summary=f"asset `{name}` does not exist in {job.key.company}",
        hint=_near_hint(name, near),
    )
    return replace(finding, related=(*_row_of_name(job.selection, index), *finding.related))


def _near_hint(name: str, near: str | None) -> str:
    if near is None and _PATTERN.search(name):
        return "names are no patterns: select a `folder`, with `where` or `exclude`"
    if near is None:
        return "asset names are case-sensitive in IPS"
    if normalize("NFC", near) == normalize("NFC", name):
        return (
            f"did you mean `{near}`? It looks the same, but IPS composes its letters of other "
            f"Unicode characters: write {json.dumps(near)}"
        )
    return f"did you mean `{near}`?"


def unknown_preset(job: ExpandedJob, mention: Mention, shelf: PresetShelf) -> Diagnostic:
    """For a job that is planned: ``shelf`` holds what the company has now."""
    return _at_preset(
        job,
        mention,
        rule=Rule.UNKNOWN_PRESET,
        summary=f"{_told_preset(mention)} does not exist in {job.key.company}",
        hint=_near_presets(mention, shelf) or "presets are named by their Image Preset name",
    )


def unknown_offline(
    job: ExpandedJob, mention: Mention, shelf: PresetShelf, *, path: str
) -> Diagnostic:
    """For a job that is only looked at: ``shelf`` holds the snapshot at ``path``."""
    refresh = "`s7spec presets --save` brings the snapshot up to date, `s7spec plan` asks IPS"
    near = _near_presets(mention, shelf)
    return _at_preset(
        job,
        mention,
        rule=Rule.UNKNOWN_PRESET_OFFLINE,
        summary=f"{_told_preset(mention)} is not in the snapshot {path}",
        hint=f"{near} If it is new on IPS: {refresh}" if near else refresh,
    )


def _at_preset(
    job: ExpandedJob, mention: Mention, *, rule: Rule, summary: str, hint: str
) -> Diagnostic:
    """At the name in the field that leads to the preset."""
    finding = _at(job, job.place_of(mention.field), rule=rule, summary=summary, hint=hint)
    if mention.span is None:
        return finding
    start, end, _ = mention.span
    where, document = finding_place(job, Spot(source=Source.MODIFIER, start=start, end=end))
    return replace(finding, where=where, snippet=document.file.snippet(where.line))


def _told_preset(mention: Mention) -> str:
    through = " in ".join(f"`${name}$`" for name in reversed(mention.inside))
    return f"image preset `${mention.name}$`" + (f" in {through}" if through else "")


def _near_presets(mention: Mention, shelf: PresetShelf) -> str:
    near = ", ".join(f"${name}$" for name in shelf.near(mention.name))
    return f"did you mean {near}?" if near else ""


def nothing_selected(
    job: ExpandedJob, left_out: Sequence[ExcludedAsset], inventory: Inventory
) -> Diagnostic:
    return _at(
        job,
        job.selection.place,
        rule=Rule.EMPTY_SELECTION,
        summary=emptiness.summary(job.selection, left_out),
        hint=emptiness.hint(job.selection, left_out, inventory),
    )


def most_assets(job: ExpandedJob) -> int:
    """What IPS takes at once, and what the export's own ``max_assets`` allows: the tighter one."""
    own = job.settings.max_assets
    return MAX_ASSETS if own is None else min(own, MAX_ASSETS)


def too_many(job: ExpandedJob, count: int) -> list[Diagnostic]:
    """More assets than ``most_assets``: at most one finding."""
    own = job.settings.max_assets
    if count <= most_assets(job):
        return []
    finding = _at(
        job,
        job.selection.place,
        rule=Rule.TOO_MANY_ASSETS,
        summary=f"{count} assets selected, but one export takes {MAX_ASSETS}",
        hint="splitting is not built yet: divide the selection by folder, names or `exclude`",
    )
    if own is None or own >= MAX_ASSETS:
        return [finding]
    limit = job.place_of("max_assets")
    there = limit.locate()
    written = RelatedPlace(
        where=there,
        message=f"`max_assets: {own}` stands here",
        snippet=limit.document.file.snippet(there.line),
    )
    summary = f"{count} assets selected, but `max_assets` allows {own}"
    return [replace(finding, summary=summary, related=(written, *finding.related))]


def unsupported(job: ExpandedJob, assets: Sequence[tuple[Asset, str]]) -> list[Diagnostic]:
    """One finding for each asset that was named, one list for those a folder search found."""
    hint = "leave them out of the selection, or say `on_unsupported: exclude`"
    if job.selection.folder is None:
        return [
            _at(
                job,
                _place_of_name(job.selection, job.selection.names.index(asset.name)),
                rule=Rule.UNSUPPORTED_TYPE,
                summary=f"asset `{asset.name}`: {why}",
                hint=hint,
            )
            for asset, why in assets
        ]
    shown = "; ".join(f"{asset.path}: {why}" for asset, why in assets[:_LISTED])
    more = f"; and {len(assets) - _LISTED} more" if len(assets) > _LISTED else ""
    summary = f"{len(assets)} of the assets selected cannot be exported: {shown}{more}"
    place = job.selection.place
    return [_at(job, place, rule=Rule.UNSUPPORTED_TYPE, summary=summary, hint=hint)]


def left_out(job: ExpandedJob, excluded: ExcludedAsset) -> Diagnostic:
    return _at(
        job,
        job.selection.place,
        rule=Rule.EXCLUDED_ASSET,
        summary=f"{excluded.path} is left out: {excluded.reason}",
    )


def _place_of_name(selection: Selection, index: int) -> Place:
    """Names that come from a file stand where the manifest names the file."""
    if selection.file is not None:
        return selection.file.place
    return selection.place.below("names", index)


def _row_of_name(selection: Selection, index: int) -> tuple[RelatedPlace, ...]:
    if selection.came_from is None:
        return ()
    where = selection.came_from.locate(index)
    snippet = selection.came_from.file.file.snippet(where.line)
    return (RelatedPlace(where=where, message="the name stands here", snippet=snippet),)


def _at(
    job: ExpandedJob, place: Place, *, rule: Rule, summary: str, hint: str | None = None
) -> Diagnostic:
    """What stands in a template is found for those who use it: they are named as well."""
    where = place.locate()
    snippet = place.document.file.snippet(where.line)
    entry = job.settings.entry
    related: tuple[RelatedPlace, ...] = ()
    if entry.document is not place.document:
        there = entry.locate()
        use = entry.document.file.snippet(there.line)
        related = (RelatedPlace(where=there, message="the template is used here", snippet=use),)
    return Diagnostic(
        rule=rule, summary=summary, where=where, hint=hint, snippet=snippet, related=related
    )
