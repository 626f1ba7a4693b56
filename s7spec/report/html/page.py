"""The page around a plan: its head, what stands in it as HTML, and the data of its jobs."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from s7spec.model.plan import Plan
from s7spec.report.html import summary
from s7spec.report.html.asset_sets import AssetSets
from s7spec.report.html.details import detail_lines
from s7spec.report.html.markup import data, escaped
from s7spec.report.html.modifiers import ExplainedModifiers
from s7spec.report.html.numbered import Room
from s7spec.report.html.pictures import NO_PICTURES, ContactSheet, picture_data
from s7spec.report.html.rows import Rows, assets_of, change_texts
from s7spec.report.plan_outline import Group, groups, headline, is_quiet
from s7spec.report.predictions import preview_of

_DETAILS, _ASSETS, _MODIFIERS = 5_000_000, 3_000_000, 1_500_000
"""Bytes: with the pictures, which have a bound of their own, a page stays below 15 MB."""


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
    found = groups(plan.items)
    yield from _head(plan, assets)
    yield '<body>\n<a class=skip href="#main">Skip to the plan</a>\n'
    yield "<header>\n"
    yield from summary.heading(plan, digest)
    yield "<button type=button class=js id=theme aria-pressed=false>Dark</button>\n</header>\n"
    yield "<main id=main tabindex=-1>\n"
    yield from summary.counts(plan)
    yield from summary.verdicts(plan, digest)
    yield from summary.people(plan)
    yield from summary.group_list(found)
    yield from summary.totals(plan)
    yield from summary.warnings(plan)
    yield _NO_SCRIPT
    yield _places(pictures)
    yield from summary.not_checked(plan)
    yield from summary.next_command(plan, command)
    yield "</main>\n"
    yield from _data(plan, found, pictures)
    yield f"<script>{assets.script}</script>\n</body>\n</html>\n"


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


def _data(plan: Plan, found: tuple[Group, ...], pictures: ContactSheet) -> Iterator[str]:
    """Each in an element of its own: only the rows are read before somebody asks for more."""
    items = plan.items
    sets, modifiers = AssetSets(Room(_ASSETS)), ExplainedModifiers(Room(_MODIFIERS))
    for item in items:
        if not is_quiet(item):
            sets.number(assets_of(item))  # what changes comes first, while there is room
    rows = Rows(found, sets, pictures)
    yield from _element("rows", chain("[", rows.lines(items), "]"))
    yield from _element("shared", [data(_shared(rows, found))])
    made = plan.header.created_at
    details = detail_lines(items, modifiers, Room(_DETAILS), made)
    yield from _element("details", chain("{", details, "}"))
    yield from _element("modifiers", modifiers.lines())
    yield from _element("assets", sets.lines())
    yield from _element("pictures", picture_data(items, pictures))


def _shared(rows: Rows, found: tuple[Group, ...]) -> dict[str, object]:
    """The values whose numbers stand in rows."""
    return {
        "manifests": rows.manifests.values,
        "actions": rows.actions.values,
        "codes": rows.codes.values,
        "notes": rows.asset_notes.values,
        "looks": rows.looks.values,
        "groups": [change_texts(group.changes) for group in found],
    }


def _element(name: str, parts: Iterable[str]) -> Iterator[str]:
    yield f'<script type="application/json" id="data-{name}">'
    yield from parts
    yield "</script>\n"
