"""One job of a plan, or one group of jobs: what happens to it and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from s7spec.model.plan import Action, Plan, PlanItem, ReasonCode
from s7spec.report.asked import is_new
from s7spec.report.changed_assets import asset_changes_of, changed_text
from s7spec.report.changes import (
    Difference,
    asset_name,
    few_names,
)
from s7spec.report.figures import count
from s7spec.report.human_plan.payload import (
    Told,
    asset_lines,
    effective_lines,
    payload_brief,
    payload_lines,
    remark,
)
from s7spec.report.plan_outline import (
    Group,
    changes_of,
    codes_of,
    details_of,
    is_quiet,
    part_text,
    tries_text,
)
from s7spec.report.predictions import becomes_text, preview_of
from s7spec.report.symbols import symbol
from s7spec.report.terminal import Line, Span, Tone, in_column
from s7spec.report.together import asked_together, messages, starts, unsafe_users
from s7spec.report.view import View
from s7spec.report.visible import named, visible
from s7spec.report.volume import volume_of

_NAMES = 3
_TONES = {
    Action.SUBMIT: Tone.GOOD,
    Action.RETRY: Tone.CAUTION,
    Action.REPAIR: Tone.CAUTION,
    Action.SUPERSEDE: Tone.CAUTION,
    Action.RESCHEDULE: Tone.CAUTION,
    Action.ADOPT: Tone.NOTE,
    Action.WAIT: Tone.NOTE,
    Action.SKIP: Tone.QUIET,
    Action.UPDATE_META: Tone.QUIET,
    Action.CANCEL: Tone.GONE,
    Action.FORGET: Tone.GONE,
    Action.CONFLICT: Tone.BAD,
    Action.BLOCKED: Tone.BAD,
}
_NARROWEST = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How wide actions and keys are, so that they stand below each other. ``made`` is when the plan
    was made: what lies before it has passed. Without ``becomes`` it is left out what becomes of the
    pictures."""

    made: datetime
    action: int = _NARROWEST
    key: int = 0
    becomes: bool = True


def layout_of(plan: Plan, items: Iterable[PlanItem]) -> Layout:
    """Wide enough for what is done about these, and no wider: 80 cells are few."""
    widest = max((len(item.action) for item in items), default=0)
    return Layout(made=plan.header.created_at, action=max(widest, _NARROWEST))


def item_lines(item: PlanItem, view: View, layout: Layout) -> Iterator[Line]:
    """A job's own line, then what changed; of a new one its payload in one line."""
    yield _own_line(item, layout, view)
    if is_new(item) and item.export_job is not None:
        yield payload_brief(item.export_job, view)
    yield from _field_lines(changes_of(item), view)
    yield from _changed_lines((item,), view)
    yield from _part_lines(item, view)
    yield from _start_lines((item,), layout.made)
    if layout.becomes:
        yield from _becomes_lines((item,))
    yield from _unsafe_lines((item,))
    yield from _excluded_lines((item,), view)


def full_item_lines(item: PlanItem, told: Told, view: View, layout: Layout) -> Iterator[Line]:
    """The same with the whole payload and all assets, but for jobs that stay as they are."""
    yield _own_line(item, layout, view)
    if item.export_job is not None and not is_quiet(item):
        yield from payload_lines(item.export_job, changes_of(item), view)
        yield from effective_lines(item)
    else:
        yield from _field_lines(changes_of(item), view)
    if asset_changes_of(item) or (item.export_job is not None and not is_quiet(item)):
        yield from asset_lines(item, told, view)
    yield from _start_lines((item,), layout.made)
    yield from _becomes_lines((item,))
    yield from _unsafe_lines((item,))
    yield from _excluded_lines((item,), view, full=True)


def group_lines(group: Group, view: View, layout: Layout) -> Iterator[Line]:
    """Jobs that change in the same way, said once."""
    if len(group.items) == 1:
        yield from item_lines(group.items[0], view, layout)
        return
    jobs = count(len(group.items), "job")
    manifests = dict.fromkeys(item.key.manifest for item in group.items)
    if len(manifests) > 1:
        jobs += f" in {count(len(manifests), 'manifest')}"
    is_declared = group.items[0].export_job is not None
    size = volume_of(group.items).text() if is_declared else ""
    tries = tries_text(group.items)
    facts = (jobs, size, ", ".join(group.codes) + (f"; {tries}" if tries else ""))
    yield _entry(group.action, group.codes, facts, layout, view)
    yield from _field_lines(group.changes, view)
    yield from _asked_lines(group.items, view)
    yield from _changed_lines(group.items, view)
    part = part_text(group.items)
    if part:
        yield remark("sends", (part, Tone.PLAIN))
    yield from _start_lines(group.items, layout.made)
    yield from _detail_lines(group.items)
    if layout.becomes:
        yield from _becomes_lines(group.items)
    yield from _unsafe_lines(group.items)
    yield from _excluded_lines(group.items, view)
    label, names = "jobs", [item.key.short for item in group.items]
    if len(manifests) > 1:
        label, names = "manifests", list(manifests)
    yield remark(label, (few_names(names, _NAMES, view.ellipsis), Tone.QUIET))


def _own_line(item: PlanItem, layout: Layout, view: View) -> Line:
    size = "" if item.export_job is None else volume_of((item,)).text()
    facts = (in_column(item.key.short, layout.key, view), size, _reasons(item))
    return _entry(item.action, codes_of(item), facts, layout, view)


def _entry(
    action: Action,
    codes: Iterable[ReasonCode],
    facts: tuple[str, str, str],
    layout: Layout,
    view: View,
) -> Line:
    key, size, reasons = facts
    sign = symbol(action, codes, unicode=view.unicode)
    head = ((f"  {sign} {action.value.ljust(layout.action)} ", _TONES[action]),)
    gap = ("  ", Tone.PLAIN)
    parts: list[Span] = [(key, Tone.STRONG), gap]
    if size:
        parts += [(size, Tone.PLAIN), gap]
    return Line(head, (*parts, (reasons, _TONES[action])))


def _reasons(item: PlanItem) -> str:
    reasons = [f"{code}: {detail}" if detail else code.value for code, detail in details_of(item)]
    return "; ".join((*reasons, *filter(None, [tries_text((item,))])))


def _part_lines(item: PlanItem, view: View) -> Iterator[Line]:
    """What is sent of a job of which not everything is."""
    if item.only is not None and item.action.sends:
        names = few_names([asset_name(each.path) for each in item.only], _NAMES, view.ellipsis)
        yield remark("sends", (f"{part_text((item,))}: {names}", Tone.PLAIN))


def _start_lines(items: Sequence[PlanItem], made: datetime) -> Iterator[Line]:
    found = starts(items, made)
    if found is not None:
        yield remark("starts", ("".join(found), Tone.NOTE))


def _asked_lines(items: Sequence[PlanItem], view: View) -> Iterator[Line]:
    kinds, rest = asked_together(items)
    for jobs, kind in kinds:
        for label, text in kind.fields:
            yield remark(label, (f"{jobs}{named(text)}", Tone.PLAIN))
    if rest:
        text = f"{view.ellipsis} and {rest:,} of other commands: --detail full"
        yield remark("", (text, Tone.CAUTION))


def _changed_lines(items: Sequence[PlanItem], view: View) -> Iterator[Line]:
    text = changed_text(items, _NAMES, view.ellipsis)
    if text:
        yield remark("assets", (text, Tone.PLAIN))


def _field_lines(changes: Difference, view: View) -> Iterator[Line]:
    for change in changes:
        yield remark(change.label, (change.text(view.arrow), Tone.CAUTION))


def _detail_lines(items: Sequence[PlanItem]) -> Iterator[Line]:
    for code, first, others in messages(items):
        yield remark("why", (f"{code}: {first}{others}", Tone.PLAIN))


def _becomes_lines(items: Sequence[PlanItem]) -> Iterator[Line]:
    """What the pictures become, of jobs that will run."""
    text = becomes_text(item for item in items if not is_quiet(item))
    if text:
        yield remark("becomes", (text, Tone.PLAIN))
        preview = preview_of(items)
        if preview:
            yield remark("preview", (preview, Tone.QUIET))


def _unsafe_lines(items: Sequence[PlanItem]) -> Iterator[Line]:
    for name, jobs in unsafe_users(items).items():
        more = f" and {len(jobs) - _NAMES:,} more" if len(jobs) > _NAMES else ""
        used_by = f": {', '.join(map(visible, jobs[:_NAMES]))}{more}" if jobs else ""
        yield remark("unsafe", (f"uses {visible(name)}{used_by}", Tone.CAUTION))


def _excluded_lines(items: Sequence[PlanItem], view: View, *, full: bool = False) -> Iterator[Line]:
    """What is left out, each asset once however many jobs leave it out."""
    assets = tuple({each.path: each for item in items for each in item.excluded}.values())
    if not assets:
        return
    if full:
        yield remark("excluded", (count(len(assets), "asset"), Tone.CAUTION))
        for each in assets:
            text = f"{named(each.path)} ({each.type}: {each.reason})"
            yield remark("", (text, Tone.PLAIN))
        return
    jobs = sum(bool(item.excluded) for item in items)
    where = f" in {count(jobs, 'job')}" if jobs > 1 else ""
    texts = [f"{named(asset_name(each.path))} ({each.type}: {each.reason})" for each in assets]
    shown = "; ".join(texts[:_NAMES])
    more = f"; {view.ellipsis} and {len(assets) - _NAMES:,} more" if len(assets) > _NAMES else ""
    yield remark("excluded", (f"{len(assets):,}{where}: {shown}{more}", Tone.CAUTION))
