"""What changes, each kind of change said once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from s7spec.model.plan import Action, PlanItem
from s7spec.report.changed_assets import changed_text
from s7spec.report.figures import count
from s7spec.report.html.group_texts import brief_change_texts, change_texts
from s7spec.report.html.lists import LIST, LIST_IN_FULL, MOST, elsewhere
from s7spec.report.html.markup import BRIEF, LONGEST, name_markup
from s7spec.report.html.room import Room
from s7spec.report.plan_outline import Group, is_quiet
from s7spec.report.symbols import symbol
from s7spec.report.together import asked_together

_FEW = 3


def group_list(groups: Sequence[Group]) -> Iterator[str]:
    """Jobs that change in the same way, said once; a script adds what shows just these."""
    loud = [(place, group) for place, group in enumerate(groups) if not is_quiet(group.items[0])]
    quiet = sum(len(group.items) for group in groups if is_quiet(group.items[0]))
    if not loud and not quiet:
        return
    yield "<section aria-labelledby=groups>\n<h2 id=groups>What changes</h2>\n<ul class=groups>\n"
    room = Room(LIST, in_full=LIST_IN_FULL)
    shown = 0
    for place, group in loud[:MOST]:
        text = room.fit(_group(group, LONGEST), partial(_group, group, BRIEF))
        if text is None:
            break
        shown += 1
        yield f"<li data-group={place}>{text}</li>\n"
    rest = loud[shown:]
    if rest:
        jobs = sum(len(group.items) for _, group in rest)
        ways = count(len(rest), "other way")
        yield f"<li>… and {count(jobs, 'job')} that change in {ways}</li>\n"
    if quiet:
        yield f"<li class=quiet>{symbol(Action.SKIP, (), unicode=True)} {quiet:,} unchanged</li>\n"
    yield "</ul>\n"
    if room.shortened:
        yield elsewhere("Long changes are shortened.")
    yield "</section>\n"


def _group(group: Group, most: int) -> str:
    items = group.items
    sign = symbol(group.action, group.codes, unicode=True)
    jobs = count(len(items), "job") if len(items) > 1 else name_markup(items[0].key.short, most)
    manifests = {item.key.manifest for item in items}
    where = f" in {count(len(manifests), 'manifest')}" if len(manifests) > 1 else ""
    why = ", ".join(code.value for code in group.codes)
    parts = [f"<span class=sign>{sign}</span> <b>{group.action.value}</b> {jobs}{where}: {why}"]
    texts = change_texts if most >= LONGEST else brief_change_texts
    parts += [f"<br>{name_markup(text)}" for text in texts(group.changes)]
    parts += [f"<br>{name_markup(text, most)}" for text in _asked(items)]
    assets = changed_text(items, _FEW, "…")
    if assets:
        parts.append(f"<br>assets: {name_markup(assets, most)}")
    return "".join(parts)


def _asked(items: Sequence[PlanItem]) -> Iterator[str]:
    kinds, rest = asked_together(items)
    for jobs, kind in kinds:
        yield f"{jobs}{', '.join(f'{label} {text}' for label, text in kind.fields)}"
    if rest:
        yield f"… and {rest:,} of other commands"
