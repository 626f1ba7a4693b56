"""What can be wrong with a job once the assets are known, and where it was written."""

from __future__ import annotations

import json
from collections.abc import Sequence
from difflib import get_close_matches
from unicodedata import normalize

from s7spec.model.diagnostics import Diagnostic
from s7spec.model.job import Asset, ExcludedAsset, ExpandedJob
from s7spec.model.manifest import Selection
from s7spec.model.rules import Rule
from s7spec.model.source import Pointer, SourceRange
from s7spec.resolve import emptiness
from s7spec.resolve.inventory import MAX_ASSETS, Inventory, bare

_LISTED = 5


def unknown_name(job: ExpandedJob, index: int, inventory: Inventory) -> Diagnostic:
    name = job.selection.names[index]
    near = inventory.near.get(name)
    return _at(
        job,
        (*job.selection.pointer, "names", index),
        rule=Rule.UNKNOWN_ASSET,
        summary=f"asset `{name}` does not exist in {job.key.company}",
        hint=_near_hint(name, near),
    )


def _near_hint(name: str, near: str | None) -> str:
    if near is None:
        return "asset names are case-sensitive in IPS"
    if normalize("NFC", near) == normalize("NFC", name):
        return (
            f"did you mean `{near}`? It looks the same, but IPS composes its letters of other "
            f"Unicode characters: write {json.dumps(near)}"
        )
    return f"did you mean `{near}`?"


def unknown_preset(job: ExpandedJob, macro: str, inventory: Inventory) -> Diagnostic:
    names = sorted(bare(preset.name) for preset in inventory.presets.values())
    near = get_close_matches(bare(macro), names, n=3)
    known = ", ".join(f"${name}$" for name in near)
    return _at(
        job,
        (*job.pointer, "macro"),
        rule=Rule.UNKNOWN_PRESET,
        summary=f"image preset `${bare(macro)}$` does not exist in {job.key.company}",
        hint=f"did you mean {known}?" if near else "presets are named by their Image Preset name",
    )


def nothing_selected(
    job: ExpandedJob, left_out: Sequence[ExcludedAsset], inventory: Inventory
) -> Diagnostic:
    return _at(
        job,
        job.selection.pointer,
        rule=Rule.EMPTY_SELECTION,
        summary=emptiness.summary(job.selection, left_out),
        hint=emptiness.hint(job.selection, left_out, inventory),
    )


def too_many(job: ExpandedJob, count: int) -> Diagnostic:
    return _at(
        job,
        job.selection.pointer,
        rule=Rule.TOO_MANY_ASSETS,
        summary=f"{count} assets selected, but one export takes {MAX_ASSETS}",
        hint="s7spec cannot split a selection yet: divide it by folder, names or `exclude`",
    )


def unsupported(job: ExpandedJob, assets: Sequence[tuple[Asset, str]]) -> list[Diagnostic]:
    """One finding for each asset that was named, one list for those a folder search found."""
    hint = "leave them out of the selection, or say `on_unsupported: exclude`"
    if job.selection.folder is None:
        return [
            _at(
                job,
                _place_of(job.selection, asset),
                rule=Rule.UNSUPPORTED_TYPE,
                summary=f"asset `{asset.name}`: {why}",
                hint=hint,
            )
            for asset, why in assets
        ]
    shown = "; ".join(f"{asset.path}: {why}" for asset, why in assets[:_LISTED])
    more = f"; and {len(assets) - _LISTED} more" if len(assets) > _LISTED else ""
    summary = f"{len(assets)} of the assets selected cannot be exported: {shown}{more}"
    place = job.selection.pointer
    return [_at(job, place, rule=Rule.UNSUPPORTED_TYPE, summary=summary, hint=hint)]


def left_out(job: ExpandedJob, excluded: ExcludedAsset) -> Diagnostic:
    return _at(
        job,
        job.selection.pointer,
        rule=Rule.EXCLUDED_ASSET,
        summary=f"{excluded.path} is left out: {excluded.reason}",
    )


def _place_of(selection: Selection, asset: Asset) -> Pointer:
    return (*selection.pointer, "names", selection.names.index(asset.name))


def _at(
    job: ExpandedJob, pointer: Pointer, *, rule: Rule, summary: str, hint: str | None = None
) -> Diagnostic:
    where: SourceRange = job.document.locate(pointer)
    snippet = job.document.file.snippet(where.line)
    return Diagnostic(rule=rule, summary=summary, where=where, hint=hint, snippet=snippet)
