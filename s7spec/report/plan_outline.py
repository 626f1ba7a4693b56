"""A plan as its renderers walk it: sections by manifest, and jobs that change in the same way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from s7spec.model.plan import (
    Action,
    AssetChangeKind,
    Plan,
    PlanHeader,
    PlanItem,
    Reason,
    ReasonCode,
)
from s7spec.plan import SendingTotals
from s7spec.report.asked import is_new
from s7spec.report.changed_assets import asset_changes_of
from s7spec.report.changes import Difference, asset_counts, difference
from s7spec.report.figures import count

_WORDS = {
    Action.CONFLICT: "in conflict",
    Action.BLOCKED: "blocked",
    Action.SUBMIT: "to submit",
    Action.RETRY: "to retry",
    Action.REPAIR: "to repair",
    Action.SUPERSEDE: "to supersede",
    Action.RESCHEDULE: "to reschedule",
    Action.ADOPT: "to adopt",
    Action.WAIT: "to wait for",
    Action.UPDATE_META: "to note",
    Action.CANCEL: "to cancel",
    Action.FORGET: "to forget",
    Action.SKIP: "unchanged",
}
"""In the order in which they are told: what waits for people comes first."""

_TOGETHER = 3
_FOR_PEOPLE = (Action.CONFLICT, Action.BLOCKED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Jobs of one action, for the same reasons, whose payload fields change in the same way."""

    action: Action
    codes: tuple[ReasonCode, ...]
    changes: Difference
    items: tuple[PlanItem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One manifest's part of the plan, in the plan's order; ``loud`` items are worth a line."""

    manifest: str
    path: str | None
    items: tuple[PlanItem, ...]
    loud: tuple[PlanItem, ...]
    counts: Counter[Action]

    @property
    def quiet(self) -> int:
        return len(self.items) - len(self.loud)


def sections(plan: Plan) -> tuple[Section, ...]:
    """The plan by manifest, in the plan's order."""
    by_manifest: dict[str, list[PlanItem]] = {}
    for item in plan.items:
        by_manifest.setdefault(item.key.manifest, []).append(item)
    return tuple(_section(name, items) for name, items in by_manifest.items())


def is_quiet(item: PlanItem) -> bool:
    """Nothing to do and nothing to say: skipped because nothing changed."""
    return item.action is Action.SKIP and codes_of(item) in ((), (ReasonCode.UNCHANGED,))


def is_for_people(item: PlanItem) -> bool:
    """Nothing is sent until somebody has decided."""
    return item.action in _FOR_PEOPLE


def for_people(plan: Plan) -> tuple[PlanItem, ...]:
    return tuple(item for item in plan.items if is_for_people(item))


def groups(items: Iterable[PlanItem]) -> tuple[Group, ...]:
    """Jobs that change in the same way, largest group first; equal ones in order of their first
    job."""
    found: dict[tuple[object, ...], list[PlanItem]] = {}
    for item in items:
        fmt = None if item.export_job is None else item.export_job.fmt
        found.setdefault((item.action, codes_of(item), changes_of(item), fmt), []).append(item)
    return tuple(_group(members) for members in sorted(found.values(), key=lambda each: -len(each)))


def alike(items: Iterable[PlanItem]) -> tuple[Group, ...]:
    """Jobs of which exactly the same is told but what they are called, what their modifiers are
    beyond the change, and what their pictures become, if they are at least ``_TOGETHER``; in the
    order of their first ones. New jobs stand alone: what they ask for is all that there is to
    tell."""
    found: dict[tuple[object, ...], list[PlanItem]] = {}
    for item in items:
        found.setdefault(_told_of(item), []).append(item)
    return tuple(_group(each) for members in found.values() for each in _together_or_alone(members))


def _group(items: Sequence[PlanItem]) -> Group:
    first = items[0]
    return Group(
        action=first.action, codes=codes_of(first), changes=changes_of(first), items=tuple(items)
    )


def _told_of(item: PlanItem) -> tuple[object, ...]:
    job = item.export_job
    payload = () if job is None else (job.fmt, job.macro, job.code_version, job.inputs)
    return (
        *(item.action, codes_of(item), changes_of(item), asset_changes_of(item)),
        *(details_of(item, together=True), item.tries, item.timing, item.excluded),
        *(item.unsafe_modifiers, item.only is None, payload),
        tuple(asset.path for asset in item.sent_assets),
    )


def _together_or_alone(items: Sequence[PlanItem]) -> Iterator[tuple[PlanItem, ...]]:
    if len(items) >= _TOGETHER and not is_new(items[0]):
        yield tuple(items)
        return
    for item in items:
        yield (item,)


def counts_text(counts: Counter[Action]) -> str:
    """``2 to submit, 12 unchanged``; ``no jobs`` when there are none."""
    parts = [f"{counts[action]:,} {word}" for action, word in _WORDS.items() if counts[action]]
    return ", ".join(parts) or "no jobs"


def plan_counts(plan: Plan) -> Counter[Action]:
    return Counter(item.action for item in plan.items)


def headline(plan: Plan) -> str:
    """The plan in one line: counts first."""
    text = counts_text(plan_counts(plan))
    if plan.has_changes:
        return f"Plan: {text}"
    where = " in what was looked at" if plan.narrowed else ""
    said = "can be done" if for_people(plan) else "to do"
    return f"Nothing {said}{where}: {text}"


def commit_text(header: PlanHeader) -> str:
    """``commit 0a1b2c3d4e5f, with changes beside it``; empty outside of git."""
    if header.git_commit is None:
        return ""
    beside = ", with changes beside it" if header.git_dirty else ""
    return f"commit {header.git_commit[:12]}{beside}"


def codes_of(item: PlanItem) -> tuple[ReasonCode, ...]:
    return tuple(reason.code for reason in item.reasons)


def changes_of(item: PlanItem) -> Difference:
    return difference(change for reason in item.reasons for change in reason.fields)


def asset_counts_of(items: Iterable[PlanItem]) -> Counter[AssetChangeKind]:
    """Asset changes of all the jobs together."""
    total: Counter[AssetChangeKind] = Counter()
    for item in items:
        for reason in item.reasons:
            total.update(asset_counts(reason.assets))
    return total


def details_of(item: PlanItem, *, together: bool = False) -> tuple[tuple[ReasonCode, str], ...]:
    """Each reason with its sentence, which is empty where it says no more than code, fields and
    assets do. ``together`` with others the name of its attempt is left out: each has its own."""
    name = item.prior.attempt_name if together and item.prior is not None else None
    return tuple(
        (reason.code, _without(name, reason.detail) if _says_more(item, reason) else "")
        for reason in item.reasons
    )


def _without(name: str | None, text: str) -> str:
    return text.replace(name, "the last attempt") if name else text


def tries_text(items: Iterable[PlanItem]) -> str:
    """``try 2``, of several jobs ``try 2 to 4``; empty where all are sent for the first time."""
    tries = {item.tries for item in items if item.action.sends}
    if not tries or max(tries) == 1:
        return ""
    least, most = min(tries), max(tries)
    return f"try {most}" if least == most else f"try {least} to {most}"


def part_text(items: Iterable[PlanItem]) -> str:
    """``2 of 48 assets (repair)``; empty when nothing is sent in part only."""
    found = [item for item in items if item.only is not None and item.export_job is not None]
    if not found:
        return ""
    sent = sum(len(item.sent_assets) for item in found)
    total = sum(len(item.export_job.assets) for item in found if item.export_job is not None)
    is_repair = all(item.action is Action.REPAIR for item in found)
    why = "repair" if is_repair else "the others were delivered before"
    return f"{sent:,} of {count(total, 'asset' if len(found) == 1 else 'file')} ({why})"


def sending(plan: Plan) -> tuple[PlanItem, ...]:
    return tuple(item for item in plan.items if item.action.sends)


def again_text(plan: Plan) -> str:
    """``1 job again: ...``, of those that are waited for and may be sent all the same; empty
    without any."""
    jobs = sum(
        item.action is Action.WAIT and ReasonCode.AMBIGUOUS in codes_of(item) for item in plan.items
    )
    if not jobs:
        return ""
    where = "it" if jobs == 1 else "them"
    return f"{count(jobs, 'job')} again, if IPS still does not show {where} after the quarantine"


def email_text(totals: SendingTotals) -> str:
    """``Error: 3 jobs; All: 1 job``: emailSetting of what is sent, most frequent first."""
    found = sorted(totals.emails, key=lambda each: (-each.jobs, each.emailSetting))
    return "; ".join(f"{each.emailSetting}: {count(each.jobs, 'job')}" for each in found)


def _section(manifest: str, items: Sequence[PlanItem]) -> Section:
    paths = (item.origin.path for item in items if item.origin is not None)
    return Section(
        manifest=manifest,
        path=next(paths, None),
        items=tuple(items),
        loud=tuple(item for item in items if not is_quiet(item)),
        counts=Counter(item.action for item in items),
    )


def _says_more(item: PlanItem, reason: Reason) -> bool:
    if reason.code is ReasonCode.PRESET_CHANGED:
        return True  # the changes do not name the preset
    if item.action is Action.SKIP and reason.assets:
        return True  # why nothing is done about them
    told = reason.fields or reason.assets or reason.code in (ReasonCode.NEW, ReasonCode.UNCHANGED)
    return not told
