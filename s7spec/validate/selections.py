"""Selections of assets: from a mapping to a ``Selection``, and names of selections."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from s7spec.model.rules import Rule
from s7spec.model.selection import (
    Condition,
    ConditionField,
    ConditionOp,
    FileReference,
    Selection,
)
from s7spec.model.source import Place, Pointer
from s7spec.validate.mistakes import Mistake
from s7spec.validate.moments import find_bad_moment
from s7spec.validate.templated import holds_template
from s7spec.validate.words import listed, nearest, shown


def read_selection(value: Mapping[str, Any], place: Place) -> Selection:
    """``value`` satisfies the schema."""
    file = value.get("file")
    return Selection(
        place=place,
        names=tuple(value.get("names", ())),
        folder=value.get("folder"),
        recursive=value.get("recursive", False),
        types=tuple(value.get("types", ())),
        exclude=tuple(value.get("exclude", ())),
        where=tuple([_condition(condition) for condition in value.get("where", ())]),
        file=None if file is None else _file(file, value.get("delimiter"), place),
        column=value.get("column"),
    )


def _file(path: str, delimiter: str | None, place: Place) -> FileReference:
    return FileReference(path=path, place=place.below("file"), delimiter=delimiter)


def find_unknown_selection(
    wanted: object, selections: object, pointer: Pointer
) -> Iterator[Mistake]:
    """``wanted`` is what stands at ``pointer``, ``selections`` the ``assets`` of the manifest."""
    names = list(selections) if isinstance(selections, dict) else []
    if not isinstance(wanted, str) or wanted in names or holds_template(wanted):
        return
    meant = nearest(wanted, names)
    hint = "write the selection under `assets` at the top of the manifest, or write it out here"
    if meant is not None:
        hint = f"did you mean `{meant}`?"
    elif names:
        hint = f"this manifest has {listed([f'`{name}`' for name in names[:10]], last='and')}"
    yield Mistake(
        rule=Rule.UNKNOWN_SELECTION,
        pointer=pointer,
        summary=f"there is no selection `{shown(wanted)}` in this manifest",
        hint=hint,
        see=("assets",) if meant is None else ("assets", meant),
    )


def find_bad_conditions(selection: object, pointer: Pointer) -> Iterator[Mistake]:
    """Moments in ``where`` that no calendar has."""
    conditions = selection.get("where") if isinstance(selection, dict) else None
    for index, condition in enumerate(conditions if isinstance(conditions, list) else ()):
        if isinstance(condition, dict) and condition.get("field") == ConditionField.CREATED:
            yield from find_bad_moment(condition.get("value"), (*pointer, "where", index, "value"))


def _condition(value: Mapping[str, Any]) -> Condition:
    given = value["value"]
    return Condition(
        field=ConditionField(value["field"]),
        op=ConditionOp(value["op"]),
        # JSON Schema takes 20.0 for an integer as well.
        value=given if isinstance(given, str) else int(given),
    )
