"""The page around a plan: its head, what stands in it as HTML, and the data of its jobs."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from s7spec.model.plan import Plan, PlanItem
from s7spec.report.html import summary
from s7spec.report.html.asset_sets import AssetSets
from s7spec.report.html.details import detail_lines
from s7spec.report.html.group_list import group_list
from s7spec.report.html.group_texts import group_texts
from s7spec.report.html.markup import data, escaped, in_turn
from s7spec.report.html.modifiers import ExplainedModifiers
from s7spec.report.html.pictures import (
    NO_PICTURES,
    ContactSheet,
    FittingPictures,
    fitting_pictures,
)
from s7spec.report.html.room import Room, Written, bytes_of
from s7spec.report.html.rows import RowRooms, Rows
from s7spec.report.plan_outline import Group, groups, headline, is_for_people, is_quiet
from s7spec.report.predictions import preview_of

_MOST = 14_800_000
_DETAILS, _ASSETS = 6_000_000, 3_000_000
"""Bytes of a page, whatever stands in the plan, and of two of its parts at most. The others get
shares of what the pictures and all before them leave; details get what is left in the end."""
_SHORT_ROW, _SHORT_DETAILS = 150, 1_000
"""Bytes of a usual job, which are never shortened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageAssets:
    """Our own style sheet and script, as they stand in the page."""

    style: str
    script: str


def plan_html(
    plan: Plan,
    assets: PageAssets,
    *,
    digest: str,
    command: str | None,
    pictures: ContactSheet = NO_PICTURES,
) -> Iterator[str]:
    """The whole page, piece by piece. ``command`` is what applies exactly this plan."""
    found, shown = groups(plan.items), fitting_pictures(pictures)
    before = Written()
    yield from before.through(_before_data(plan, assets, digest, command, found, shown.sheet))
    script = f"<script>{assets.script}</script>\n</body>\n</html>\n"
    left = _MOST - before.size - bytes_of(script) - shown.size
    yield from _data(plan, found, shown, left)
    yield script


def _before_data(
    plan: Plan,
    assets: PageAssets,
    digest: str,
    command: str | None,
    found: tuple[Group, ...],
    pictures: ContactSheet,
) -> Iterator[str]:
    yield from _head(plan, assets)
    yield '<body>\n<a class=skip href="#main">Skip to the plan</a>\n'
    yield "<header>\n"
    yield from summary.heading(plan, digest)
    yield "<button type=button class=js id=theme aria-pressed=false>Dark</button>\n</header>\n"
    yield "<main id=main tabindex=-1>\n"
    yield from summary.narrowed(plan)
    yield from summary.counts(plan)
    yield from summary.verdicts(plan, digest)
    yield from summary.people(plan)
    yield from group_list(found)
    yield from summary.totals(plan)
    yield from summary.warnings(plan)
    yield _NO_SCRIPT
    yield _places(pictures)
    yield from summary.not_checked(plan)
    yield from summary.next_command(plan, command)
    yield "</main>\n"


_NO_SCRIPT = """\
<noscript><p class="note caution">The jobs one by one, their modifiers, assets and pictures are \
shown by a script, which this browser does not run. \
<code>s7spec show plan.json --detail full</code> tells the same as text.</p></noscript>
"""


def _head(plan: Plan, assets: PageAssets) -> Iterator[str]:
    # Nothing but our own style and script is run, nothing is fetched; https pictures are those of
    # previews that somebody asks for, where there are any.
    previews = " https:" if any(preview_of((item,)) for item in plan.items) else ""
    policy = (
        f"default-src 'none'; img-src data:{previews}; style-src '{_hash(assets.style)}'; "
        f"script-src '{_hash(assets.script)}'; base-uri 'none'; form-action 'none'"
    )
    yield '<!doctype html>\n<html lang=en>\n<head>\n<meta charset="utf-8">\n'
    yield f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
    yield '<meta name=viewport content="width=device-width, initial-scale=1">\n'
    yield '<meta name=color-scheme content="light dark">\n'
    yield '<meta name=referrer content="no-referrer">\n<link rel=icon href="data:,">\n'
    yield f"<title>{escaped(headline(plan))} ({escaped(plan.header.environment)})</title>\n"
    yield f"<style>{assets.style}</style>\n</head>\n"


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _places(pictures: ContactSheet) -> str:
    """Where the script puts jobs and pictures."""
    sheet = ""
    if pictures.jobs:
        about = "; ".join(each for each in (pictures.marker, pictures.remark) if each)
        sheet = (
            "<section id=sheet class=js aria-labelledby=pictures>\n<h2 id=pictures>Pictures</h2>\n"
            f"<p>{escaped(pictures.words)}{f' ({escaped(about)})' if about else ''}</p>\n"
            "<div id=contact></div>\n</section>\n"
        )
    return (
        f"{sheet}<section id=jobs class=js aria-labelledby=jobs-title>\n"
        "<h2 id=jobs-title>Jobs</h2>\n<div id=filters></div>\n<div id=table></div>\n</section>\n"
    )


def _data(plan: Plan, found: tuple[Group, ...], shown: FittingPictures, left: int) -> Iterator[str]:
    """Each in an element of its own: only the rows are read before somebody asks for more. What
    waits for people comes first and what does not change last, so that is left out first."""
    items = sorted(plan.items, key=_urgency)
    written = Written()
    assets, commands = Room(min(_ASSETS, left // 4)), Room(left // 20)
    sets, modifiers = AssetSets(assets), ExplainedModifiers(commands)
    texts = Room(left // 10, in_full=left // 20)
    rooms = RowRooms(
        rows=Room(left * 2 // 5, in_full=left // 5, short=_SHORT_ROW),
        manifests=Room(left // 16, in_full=left // 32),
    )
    rows = Rows(found, sets, shown.sheet, rooms)
    yield from written.through(_element("rows", chain("[", rows.lines(items), "]")))
    yield from written.through(_element("groups", chain("[", group_texts(found, texts), "]")))
    shortened = texts.shortened or rooms.rows.shortened or rooms.manifests.shortened
    shared = _shared(rows, shortened=shortened)
    yield from written.through(_element("shared", shared))
    room = min(_DETAILS, left - written.size - assets.taken - commands.left)
    listed = items[: len(items) - rows.left_out]
    details = detail_lines(
        listed,
        modifiers,
        Room(room, in_full=room // 2, short=_SHORT_DETAILS),
        plan.header.created_at,
    )
    yield from _element("details", chain("{", details, "}"))
    yield from _element("modifiers", modifiers.lines())
    yield from _element("assets", sets.lines())
    yield from _element("pictures", shown.lines(listed))


def _urgency(item: PlanItem) -> int:
    return 0 if is_for_people(item) else 2 if is_quiet(item) else 1


def _shared(rows: Rows, *, shortened: bool) -> Iterator[str]:
    """The values whose numbers stand in rows, and what the page has no room for."""
    yield "{"
    for name, texts in (
        ("manifests", rows.manifests),
        ("notes", rows.asset_notes),
        ("looks", rows.looks),
    ):
        yield f'"{name}":['
        yield from in_turn(texts.values)
        yield "],\n"
    yield f'"actions":{data(rows.actions.values)},"codes":{data(rows.codes.values)},\n'
    yield f'"left_out":{rows.left_out},"shortened":{int(shortened)}}}'


def _element(name: str, parts: Iterable[str]) -> Iterator[str]:
    yield f'<script type="application/json" id="data-{name}">'
    yield from parts
    yield "</script>\n"
