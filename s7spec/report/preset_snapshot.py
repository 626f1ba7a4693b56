"""Image presets and what became of them, for programs and for people.

The snapshot is the file that is kept in git: equal presets give equal bytes, without a time in
them. Everything beyond ASCII is escaped: nothing in it can reorder a line in a review.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence

from s7spec.model.plan import FieldChange
from s7spec.model.preset import (
    SNAPSHOT_FORMAT,
    SNAPSHOT_VERSION,
    PresetChange,
    PresetSnapshot,
    bare,
    preset_hash,
)
from s7spec.report.changes import difference
from s7spec.report.figures import count
from s7spec.report.json_document import document
from s7spec.report.terminal import EMPTY, Line, Tone, cells, line, paint
from s7spec.report.view import View
from s7spec.report.visible import named

_MOST_CELLS = 30
_KINDS = {"added": ("+", Tone.GOOD), "removed": ("-", Tone.GONE), "changed": ("~", Tone.CAUTION)}


def snapshot_json(snapshot: PresetSnapshot) -> str:
    """The text of a snapshot file (schemas/presets.schema.json), presets sorted by name."""
    presets = sorted(snapshot.presets, key=lambda preset: preset.name)
    fields = {
        "format": SNAPSHOT_FORMAT,
        "format_version": SNAPSHOT_VERSION,
        "company": snapshot.company,
        "environment": snapshot.environment,
        "ips": snapshot.ips,
        "hash": preset_hash(presets),
        "presets": [{"name": each.name, "urlModifier": each.urlModifier} for each in presets],
    }
    return json.dumps(fields, indent=2) + "\n"


def changes_json(
    saved: PresetSnapshot, now: PresetSnapshot, changes: Sequence[PresetChange], *, path: str
) -> str:
    """A snapshot held against IPS (schemas/preset-changes.schema.json)."""
    return document(
        {
            "company": now.company,
            "environment": now.environment,
            "snapshot": path,
            "snapshot_hash": preset_hash(saved.presets),
            "hash": preset_hash(now.presets),
            "same": not changes,
            "changes": [
                {
                    "name": change.name,
                    "change": _kind(change),
                    "before": change.before,
                    "after": change.after,
                }
                for change in changes
            ],
        }
    )


def snapshot_text(snapshot: PresetSnapshot, view: View) -> str:
    """A line for each preset: the macro, and what it stands for. Never wrapped."""
    return paint(_list(snapshot), view)


def changes_text(changes: Sequence[PresetChange], view: View) -> str:
    """A line for each preset that is new, gone or changed; the latter command by command."""
    return paint((_change(change, view) for change in changes), view)


def changes_counts(changes: Sequence[PresetChange]) -> str:
    """``1 added, 2 changed``"""
    counts = Counter(map(_kind, changes))
    return ", ".join(f"{counts[kind]:,} {kind}" for kind in _KINDS if counts[kind])


def _list(snapshot: PresetSnapshot) -> Iterator[Line]:
    presets = count(len(snapshot.presets), "image preset")
    place = f"{snapshot.company}/{snapshot.environment} on {snapshot.ips}"
    yield line(f"{named(place)}: {presets}", Tone.STRONG)
    yield line(preset_hash(snapshot.presets), Tone.QUIET, whole=True)
    if snapshot.presets:
        yield EMPTY
    macros = [named(f"${bare(preset.name)}$") for preset in snapshot.presets]
    width = min(max(map(cells, macros), default=0), _MOST_CELLS)
    for macro, preset in zip(macros, snapshot.presets, strict=True):
        gap = " " * max(width - cells(macro), 0)
        meaning = named(preset.urlModifier)
        yield Line(((f"{macro}{gap}  ", Tone.STRONG),), ((meaning, Tone.PLAIN),), whole=True)


def _change(change: PresetChange, view: View) -> Line:
    sign, tone = _KINDS[_kind(change)]
    if change.before is None or change.after is None:
        said = named(change.before or change.after or "")
    else:
        field = FieldChange(field="urlModifier", before=change.before, after=change.after)
        said = "; ".join(each.text(view.arrow) for each in difference([field]))
    macro = named(f"${bare(change.name)}$")
    return Line(((f"{sign} {macro}  ", tone),), ((said, Tone.PLAIN),), whole=True)


def _kind(change: PresetChange) -> str:
    if change.before is None:
        return "added"
    return "removed" if change.after is None else "changed"
