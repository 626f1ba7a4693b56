"""Where the parts of a job's selection were written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from types import MappingProxyType

from s7spec.expand.selections import Spot, leaf_place
from s7spec.expand.tracing.paths import dotted
from s7spec.expand.tracing.sight import Sight
from s7spec.model.inputs import Inputs, data_key
from s7spec.model.selection import Condition, Selection
from s7spec.model.source import JsonValue
from s7spec.model.trace import FieldOrigin, FieldTrace

_LISTS = ("names", "types", "exclude")


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """A selection as it was written, what its templates see, and what came of it."""

    stated: Selection
    sight: Sight
    made: Selection


def selection_parts(chosen: Chosen, origin: FieldOrigin, inputs: Inputs) -> Iterator[FieldTrace]:
    """A part for each thing a selection says: single names, types, patterns and conditions.
    ``origin`` is who wrote them."""
    stated, made = chosen.stated, chosen.made
    if stated.folder is not None:
        yield _part(chosen, origin, ("folder",), made.folder, stated.folder)
    if stated.recursive:
        yield _part(chosen, origin, ("recursive",), stated.recursive, stated.recursive)
    yield from _of_file(chosen, origin, inputs)
    for name in _LISTS:
        if name == "names" and stated.file is not None:
            continue
        pairs = zip(getattr(made, name), getattr(stated, name), strict=True)
        for index, (value, text) in enumerate(pairs):
            yield _part(chosen, origin, (name, index), value, text)
    for index, condition in enumerate(stated.where):
        value = _condition(made.where[index])
        yield _part(chosen, origin, ("where", index), value, condition.value)


def _of_file(chosen: Chosen, origin: FieldOrigin, inputs: Inputs) -> Iterator[FieldTrace]:
    stated = chosen.stated
    if stated.file is not None:
        yield _part(chosen, origin, ("file",), stated.file.path, stated.file.path)
    if stated.column is not None:
        yield _part(chosen, origin, ("column",), stated.column, stated.column)
    if stated.file is not None and stated.file.delimiter is not None:
        yield _part(chosen, origin, ("delimiter",), stated.file.delimiter, stated.file.delimiter)
    if stated.file is not None:
        yield from _names_of_file(chosen, inputs)


def _part(
    chosen: Chosen, origin: FieldOrigin, spot: Spot, value: JsonValue, text: JsonValue
) -> FieldTrace:
    return FieldTrace(
        name=dotted(*spot),
        value=value,
        origin=origin,
        where=leaf_place(chosen.stated, spot).locate(),
        written=text,
        variables=chosen.sight.variables(text),
    )


def _names_of_file(chosen: Chosen, inputs: Inputs) -> Iterator[FieldTrace]:
    """The first row that gives a name counts."""
    reference = chosen.stated.file
    assert reference is not None
    file, column = inputs.data[data_key(reference)], chosen.stated.column
    rows: dict[str, tuple[int, str]] = {}
    for number, row in enumerate(file.value if isinstance(file.value, list) else ()):
        cell = row if column is None else row[column]
        rows.setdefault(cell.strip(), (number, cell))
    for index, name in enumerate(chosen.made.names):
        number, cell = list(rows.values())[index] if name not in rows else rows[name]
        pointer = (number,) if column is None else (number, column)
        yield FieldTrace(
            name=dotted("names", index),
            value=name,
            origin=FieldOrigin.DATA,
            where=file.locate(pointer),
            written=cell,
        )


def _condition(condition: Condition) -> JsonValue:
    return MappingProxyType(
        {"field": condition.field.value, "op": condition.op.value, "value": condition.value}
    )
