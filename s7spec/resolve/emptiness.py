"""Why a selection finds nothing: what was looked for, and what is there instead."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence

from s7spec.model.asset import Asset, ExcludedAsset
from s7spec.model.selection import Condition, Selection
from s7spec.resolve.inventory import MAX_AROUND, Inventory

_KINDS = 5


def summary(selection: Selection, left_out: Sequence[ExcludedAsset]) -> str:
    """``left_out`` are assets that were found but cannot be exported."""
    if left_out:
        return f"nothing is left to export: IPS can export none of the {len(left_out)} assets found"
    if selection.folder is None:
        return "nothing is left to export: `exclude` or `types` leaves none of the names"
    below = "in or below" if selection.recursive else "directly in"
    types = f" of type {' or '.join(selection.types)}" if selection.types else ""
    patterns = f" besides {', '.join(selection.exclude)}" if selection.exclude else ""
    return f"no assets{types} {below} `{selection.folder}`{_where(selection, 'with')}{patterns}"


def hint(selection: Selection, left_out: Sequence[ExcludedAsset], inventory: Inventory) -> str:
    """What was looked for, how many assets were dropped and by what, and what to change."""
    found = inventory.found(selection)
    if selection.folder is None:
        source = "`names`" if selection.file is None else f"`{selection.file.path}`"
        return f"{_names(selection, found)}: change `exclude` or {source}"
    looked = "in this folder and all below it" if selection.recursive else "in this folder only"
    types = f" for {' or '.join(selection.types)}" if selection.types else ""
    types += _where(selection, "with" if selection.types else "for assets with")
    if found:
        seen = _dropped(selection, found, left_out)
    else:
        seen = _around(selection, inventory.around.get(selection.folder, ()))
    return f"looked {looked}{types} and found {seen}"


def _names(selection: Selection, found: Sequence[Asset]) -> str:
    others = [asset for asset in found if selection.types and asset.type not in selection.types]
    count = len(selection.names)
    text = f"{count} name{'s' * (count != 1)} given"
    return f"{text}, of other types: {_kinds(others)}" if others else f"{text}, all excluded"


def _where(selection: Selection, word: str) -> str:
    """`` with Name StartsWith "boot" and FileSize LessThan 1000``; empty without conditions."""
    if not selection.where:
        return ""
    return f" {word} {' and '.join(_condition(each) for each in selection.where)}"


def _condition(condition: Condition) -> str:
    value = condition.value
    stated = json.dumps(value, ensure_ascii=False) if isinstance(value, str) else str(value)
    return f"{condition.field} {condition.op} {stated}"


def _dropped(
    selection: Selection, found: Sequence[Asset], left_out: Sequence[ExcludedAsset]
) -> str:
    different = {(asset.path, asset.type, asset.handle) for asset in found}
    excluded = len(different) - len(left_out)
    reasons = []
    if excluded:
        reasons.append(f"`exclude` drops {excluded} ({', '.join(selection.exclude)})")
    if left_out:
        kinds = Counter(asset.type for asset in left_out)
        reasons.append(f"IPS cannot export {_counted(kinds)}")
    return f"{_assets(len(different))}: {'; '.join(reasons)}"


def _around(selection: Selection, around: Sequence[Asset]) -> str:
    if not around:
        return (
            "none; nor is there any asset of any type below it: check the folder's spelling, from "
            "the company's root folder on, upper and lower case as in IPS"
        )
    if len(around) >= MAX_AROUND:
        return f"none, but at least {MAX_AROUND} assets in or below it: {_kinds(around)}"
    folder = f"{(selection.folder or '').strip('/')}/"
    here = [asset for asset in around if selection.recursive or asset.folder == folder]
    below = [asset for asset in around if asset not in here]
    if selection.where and (unmet := [asset for asset in here if _is_of(asset, selection)]):
        return _unmet(unmet)
    wanted = [asset for asset in below if _is_of(asset, selection)]
    text = f"none, but {_assets(len(here))} of other types: {_kinds(here)}" if here else "none"
    if wanted:
        return f"{text}; {_assets(len(wanted))} in folders below it: say `recursive: true`"
    if below:
        return f"{text}; in folders below it {_kinds(below)}"
    return f"{text}: change `types`"


def _unmet(here: Sequence[Asset]) -> str:
    """Only ``where`` can be what stands in the way of these."""
    text = f"none, but {_assets(len(here))} for which not all conditions of `where` hold"
    return f"{text}: {_kinds(here)}; what counts as the same text is up to IPS"


def _is_of(asset: Asset, selection: Selection) -> bool:
    return not selection.types or asset.type in selection.types


def _assets(count: int) -> str:
    return f"{count} asset{'s' * (count != 1)}"


def _kinds(assets: Iterable[Asset]) -> str:
    return _counted(Counter(asset.type for asset in assets))


def _counted(kinds: Counter[str]) -> str:
    """``3 Image, 1 Pdf``, the most frequent first."""
    ordered = sorted(kinds.items(), key=lambda kind: (-kind[1], kind[0]))
    named = [f"{count} {kind}" for kind, count in ordered[:_KINDS]]
    rest = sum(count for _, count in ordered[_KINDS:])
    return ", ".join([*named, *([f"{rest} of other types"] if rest else [])])
