"""A plan in as few lines as it has manifests."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from s7spec.model.plan import Action, Plan
from s7spec.report.figures import count
from s7spec.report.plan_outline import counts_text, sections
from s7spec.report.terminal import EMPTY, Line, Tone, column_width, in_column, line
from s7spec.report.view import View
from s7spec.report.volume import volume_of

_MOST = 36
_WIDEST_NAME = 32


def summary_lines(plan: Plan, view: View) -> Iterator[Line]:
    """One line per manifest; those with changes first when there are too many of them."""
    parts = sections(plan)
    if len(parts) > _MOST:
        parts = tuple(sorted(parts, key=lambda section: not section.loud))
    room = column_width((each.manifest for each in parts), view, most=_WIDEST_NAME)
    if parts:
        yield EMPTY
    for section in parts[:_MOST]:
        volume = volume_of(item for item in section.items if item.action.sends)
        size = f" ({volume.text()})" if volume.jobs else ""
        name = ((f"  {in_column(section.manifest, room, view)}  ", Tone.STRONG),)
        yield Line(name, ((counts_text(section.counts), Tone.PLAIN), (size, Tone.QUIET)))
    rest = parts[_MOST:]
    if rest:
        counts: Counter[Action] = Counter()
        for section in rest:
            counts.update(section.counts)
        text = f"{view.ellipsis} and {count(len(rest), 'more manifest')}: {counts_text(counts)}"
        yield line(text, Tone.CAUTION, indent=2)
