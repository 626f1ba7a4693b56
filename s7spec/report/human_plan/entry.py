"""One job of a plan, or one group of jobs: what happens to it and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from s7spec.model.job import ExcludedAsset, ExportJob
from s7spec.model.plan import Action, AssetChange, AssetChangeKind, PlanItem, ReasonCode
from s7spec.report.changes import (
    Difference,
    asset_name,
    change_line,
    counts_text,
    few_names,
    version_difference,
)
from s7spec.report.figures import count
from s7spec.report.plan_outline import (
    Group,
    asset_changes_of,
    asset_counts_of,
    changes_of,
    codes_of,
    details_of,
    is_quiet,
)
from s7spec.report.symbols import symbol
from s7spec.report.terminal import Line, Span, Tone, in_column, labelled
from s7spec.report.view import View
from s7spec.report.visible import named
from s7spec.report.volume import volume_of

_INDENT = 12
_NAMES = 3
_TONES = {
    Action.SUBMIT: Tone.GOOD,
    Action.RETRY: Tone.CAUTION,
    Action.WAIT: Tone.NOTE,
    Action.SKIP: Tone.QUIET,
    Action.FORGET: Tone.GONE,
}
_ASSET_SIGNS = {
    AssetChangeKind.NEW: ("+", Tone.GOOD),
    AssetChangeKind.CHANGED: ("~", Tone.CAUTION),
    AssetChangeKind.TOUCHED: ("~", Tone.QUIET),
    AssetChangeKind.GONE: ("-", Tone.GONE),
}


def item_lines(item: PlanItem, view: View, *, room: int = 0, full: bool = False) -> Iterator[Line]:
    """A job's own line, then what changed; ``room`` is the width of the column of keys."""
    size = "" if item.export_job is None else volume_of((item,)).text()
    facts = (in_column(item.key.short, room, view), size, _reasons(item))
    yield _entry(item.action, codes_of(item), facts, view)
    changes = changes_of(item)
    if full and item.export_job is not None and not is_quiet(item):
        yield from _payload_lines(item.export_job, changes, view)
    else:
        yield from _field_lines(changes, view)
    if asset_changes_of(item):
        yield from _asset_lines(asset_changes_of(item), view, full=full)
    yield from _excluded_lines(item.excluded, view, full=full)


def group_lines(group: Group, view: View) -> Iterator[Line]:
    """Jobs that change in the same way, said once."""
    if len(group.items) == 1:
        yield from item_lines(group.items[0], view)
        return
    jobs = count(len(group.items), "job")
    manifests = {item.key.manifest for item in group.items}
    if len(manifests) > 1:
        jobs += f" in {count(len(manifests), 'manifest')}"
    size = "" if group.action is Action.FORGET else volume_of(group.items).text()
    yield _entry(group.action, group.codes, (jobs, size, ", ".join(group.codes)), view)
    yield from _field_lines(group.changes, view)
    counts = asset_counts_of(group.items)
    if counts:
        yield _remark("assets", (f"{counts_text(counts)} in all", Tone.PLAIN))
    yield from _detail_lines([details_of(item) for item in group.items])
    yield from _excluded_lines([each for item in group.items for each in item.excluded], view)
    keys = few_names([item.key.short for item in group.items], _NAMES, view.ellipsis)
    yield _remark("jobs", (keys, Tone.QUIET))


def _entry(
    action: Action, codes: Iterable[ReasonCode], facts: tuple[str, str, str], view: View
) -> Line:
    key, size, reasons = facts
    head = (
        (f"  {symbol(action, codes, unicode=view.unicode)} {action.value:<7} ", _TONES[action]),
    )
    gap = ("  ", Tone.PLAIN)
    parts: list[Span] = [(key, Tone.STRONG), gap]
    if size:
        parts += [(size, Tone.PLAIN), gap]
    return Line(head, (*parts, (reasons, _TONES[action])))


def _reasons(item: PlanItem) -> str:
    details = dict(details_of(item))
    return "; ".join(
        f"{code}: {details[code]}" if code in details else code for code in codes_of(item)
    )


def _remark(label: str, *body: Span) -> Line:
    return labelled(label, *body, indent=_INDENT)


def _payload_lines(job: ExportJob, changes: Difference, view: View) -> Iterator[Line]:
    """The whole payload; what changed stands below each field that did."""
    fields = (
        ("fmt", job.fmt.value),
        ("is_modifier", job.is_modifier),
        ("macro", job.macro),
        ("preset", None if job.preset is None else job.preset.urlModifier),
        ("emailSetting", job.emailSetting.value),
    )
    changed = {change.label: change for change in changes}
    for label, value in fields:
        if value is not None or label in changed:
            yield _remark(label, ("(not set)" if value is None else named(value), Tone.PLAIN))
        if label in changed:
            yield _remark("", (changed[label].text(view.arrow), Tone.CAUTION))


def _field_lines(changes: Difference, view: View) -> Iterator[Line]:
    for change in changes:
        yield _remark(change.label, (change.text(view.arrow), Tone.CAUTION))


def _asset_lines(changes: tuple[AssetChange, ...], view: View, *, full: bool) -> Iterator[Line]:
    if not full:
        yield _remark("assets", (change_line(changes, _NAMES, view.ellipsis), Tone.PLAIN))
        return
    counts = Counter(change.kind for change in changes)
    yield _remark("assets", (counts_text(counts), Tone.PLAIN))
    for change in changes:
        sign, tone = _ASSET_SIGNS[change.kind]
        facts = version_difference(change, view.arrow)
        yield _remark("", (f"{sign} {named(change.path)}", tone), (f"  {facts}", Tone.QUIET))


def _detail_lines(details: Iterable[tuple[tuple[ReasonCode, str], ...]]) -> Iterator[Line]:
    """One line per reason; for a group the first job's words and how many others differ."""
    by_code: dict[ReasonCode, dict[str, None]] = {}
    for pairs in details:
        for code, text in pairs:
            by_code.setdefault(code, {})[text] = None
    for code, texts in by_code.items():
        first, *others = texts
        more = f" (and {count(len(others), 'other message')})" if others else ""
        yield _remark(code.value, (first + more, Tone.PLAIN))


def _excluded_lines(
    excluded: Iterable[ExcludedAsset], view: View, *, full: bool = False
) -> Iterator[Line]:
    assets = tuple(excluded)
    if not assets:
        return
    if full:
        yield _remark("excluded", (count(len(assets), "asset"), Tone.CAUTION))
        for each in assets:
            text = f"{named(each.path)} ({each.type}: {each.reason})"
            yield _remark("", (text, Tone.PLAIN))
        return
    texts = [f"{named(asset_name(each.path))} ({each.type}: {each.reason})" for each in assets]
    shown = "; ".join(texts[:_NAMES])
    more = f"; {view.ellipsis} and {len(assets) - _NAMES:,} more" if len(assets) > _NAMES else ""
    yield _remark("excluded", (f"{len(assets):,}: {shown}{more}", Tone.CAUTION))
