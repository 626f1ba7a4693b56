"""The assets that changed, each told once however many jobs it is in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from s7spec.model.plan import AssetChange, AssetChangeKind, PlanItem
from s7spec.report.changes import asset_name, counts_text
from s7spec.report.figures import count
from s7spec.report.visible import named

SIGNS = {
    AssetChangeKind.NEW: "+",
    AssetChangeKind.CHANGED: "~",
    AssetChangeKind.TOUCHED: "~",
    AssetChangeKind.GONE: "-",
}


def asset_changes_of(item: PlanItem) -> tuple[AssetChange, ...]:
    return tuple(change for reason in item.reasons for change in reason.assets)


def distinct_changes(items: Iterable[PlanItem]) -> tuple[AssetChange, ...]:
    """Those of all jobs, each once, in the order of the kinds and paths."""
    found = {
        (change.kind, change.path): change
        for item in items
        for reason in item.reasons
        for change in reason.assets
    }
    order = {kind: place for place, kind in enumerate(AssetChangeKind)}
    return tuple(found[each] for each in sorted(found, key=lambda key: (order[key[0]], key[1])))


def changed_text(items: Sequence[PlanItem], most: int, ellipsis: str) -> str:
    """``2 new, 1 gone: +PS_1, +PS_2, -PS_9``; empty where none changed."""
    counts, names = changed(items)
    if not names:
        return ""
    more = f", {ellipsis}" if len(names) > most else ""
    return f"{counts}: {', '.join(names[:most])}{more}"


def changed(items: Sequence[PlanItem]) -> tuple[str, list[str]]:
    """``2 new, 1 gone``, of several jobs ``1 new in each`` or ``5 new in 3 of 8 jobs``; and the
    names, with their signs."""
    changes = distinct_changes(items)
    counts = Counter(change.kind for change in changes)
    if len(items) == 1:
        text = counts_text(counts)
    elif all(len(asset_changes_of(item)) == len(changes) for item in items):
        text = f"{counts_text(counts)} in each"
    else:
        text = ", ".join(
            f"{counts_text({kind: counts[kind]})} in {_jobs(items, kind)}"
            for kind in AssetChangeKind
            if counts[kind]
        )
    return text, _signed_names(changes)


def _signed_names(changes: Sequence[AssetChange]) -> list[str]:
    """``+PS_1``; with its folder where another one is called the same, as when it was moved."""
    names = Counter(asset_name(change.path) for change in changes)
    return [
        f"{SIGNS[change.kind]}{named(name if names[name] == 1 else change.path)}"
        for change in changes
        for name in (asset_name(change.path),)
    ]


def _jobs(items: Sequence[PlanItem], kind: AssetChangeKind) -> str:
    concerned = sum(any(each.kind is kind for each in asset_changes_of(item)) for item in items)
    return f"{concerned:,} of {count(len(items), 'job')}"
