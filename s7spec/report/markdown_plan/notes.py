"""What jobs send, below a table: payloads, and assets one by one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

from s7spec.model.asset import AssetVersion, ExcludedAsset
from s7spec.model.job import ExportJob
from s7spec.model.plan import AssetChange, AssetChangeKind, PlanItem
from s7spec.report.asked import kinds_of
from s7spec.report.changed_assets import distinct_changes
from s7spec.report.changes import asset_facts, version_difference
from s7spec.report.figures import count
from s7spec.report.markdown import code, html_code, prose
from s7spec.report.markdown_plan.room import Room
from s7spec.report.plan_outline import Group

_FEW = 3
_NAMES = 3

Told: TypeAlias = dict[tuple[AssetVersion, ...], str]
"""Asset sets that were listed already, and with which job."""


def group_notes(group: Group, told: Told, room: Room) -> Iterator[str]:
    """Of a job, or of jobs of which the same is told (``alike``): what they ask for, which assets
    changed or are left out, and what each of them sends."""
    jobs = [item.export_job for item in group.items if item.export_job is not None]
    changes = distinct_changes(group.items) if room.names else ()
    excluded = {each.path: each for item in group.items for each in item.excluded}
    if not (room.payloads and jobs) and not changes and not (room.names and excluded):
        return
    names = ", ".join(code(item.key.short, limit=room.limit) for item in group.items[:_NAMES])
    more = len(group.items) - _NAMES
    rest = f", … and {more:,} more" if more > 0 else ""
    yield f"\n{names}{rest}{_payloads(jobs, room) if room.payloads else ''}\n"
    if changes or excluded:
        yield "\n"
    for kind in AssetChangeKind:
        yield from _asset_list(kind, [each for each in changes if each.kind is kind], room)
    if room.names:
        yield from _excluded_list(excluded.values(), room)
    yield from _sent_list(group.items[0], told, room)


def _payloads(jobs: Sequence[ExportJob], room: Room) -> str:
    """``: fmt convert, is_modifier wid=100``; of jobs together what they share and what differs."""
    if not jobs:
        return ""
    parts = [f"fmt {code(jobs[0].fmt.value, limit=room.limit)}"]
    kinds = kinds_of(jobs)
    for kind in kinds:
        of = f"{count(kind.jobs, 'job')}: " if len(kinds) > 1 else ""
        fields = [
            f"{name} {code(text, limit=room.limit)}" for name, text in kind.fields if name != "fmt"
        ]
        parts += [f"{of}{', '.join(fields)}"] if fields else []
    parts += [f"{name} {code(text, limit=room.limit)}" for name, text in jobs[0].stated.items()]
    emails = ", ".join(dict.fromkeys(job.emailSetting.value for job in jobs))
    return f": {', '.join(parts)}, e-mail {emails}"


def _asset_list(kind: AssetChangeKind, changes: Sequence[AssetChange], room: Room) -> Iterator[str]:
    for change in changes[: room.names]:
        facts = _bracketed(version_difference(change, "→"), room)
        yield f"- {kind}: {code(change.path, limit=room.limit)}{facts}\n"
    if len(changes) > room.names:
        yield f"- … and {len(changes) - room.names:,} more {kind}\n"


def _sent_list(item: PlanItem, told: Told, room: Room) -> Iterator[str]:
    """The assets that the job sends and that are not listed as changes, folded away."""
    if item.export_job is None or not room.assets:
        return
    assets = item.sent_assets
    name = html_code(item.key.short, limit=room.limit)
    known = told.setdefault(assets, name) if len(assets) > _FEW else name
    if known != name:
        yield f"\n{count(len(assets), 'asset')}: the same as for {known}\n"
        return
    changed = {change.path for change in distinct_changes((item,))}
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
