"""The merge rule of ``defaults``.

From low to high: a template's ``defaults``, the manifest's ``defaults``, the export itself. Two
mappings of ``is_modifier`` are merged command by command: what is there already keeps its place
and gets the higher value, new commands follow, null takes a command away. Everything else is
replaced as a whole; null takes ``is_modifier`` or ``macro`` away. Originals take no conversion from
defaults, and what IPS starts again and again takes nothing that decides about another run.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from s7spec.model.manifest import Defaults, Fmt, ModifierMapping
from s7spec.model.source import Place, Pointer

_CONVERSION = ("is_modifier", "macro")
_OF_ANOTHER_RUN = ("mode", "on_partial", "max_age")


class Places(Mapping[str, Place]):
    """Where the keys of an export were written. Nearly nobody asks: each place is made then."""

    __slots__ = ("_written_in",)

    def __init__(self, written_in: Mapping[str, Place]) -> None:
        """``written_in`` are the mappings that say the keys."""
        self._written_in = written_in

    def __getitem__(self, key: str) -> Place:
        return self._written_in[key].below(key)

    def __iter__(self) -> Iterator[str]:
        return iter(self._written_in)

    def __len__(self) -> int:
        return len(self._written_in)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """An export as it is written (``own``, at ``place``), its keys after merging, and where each of
    them was written.

    ``is_modifier`` is a text or a ``ModifierMapping``; every other value is as it stands in
    its document. ``idle_nulls`` lead, from the export on, to nulls that take nothing away.
    """

    own: Mapping[str, Any]
    place: Place
    values: Mapping[str, Any]
    places: Mapping[str, Place]
    idle_nulls: tuple[Pointer, ...] = ()


def merged(own: Mapping[str, Any], place: Place, layers: Sequence[Defaults]) -> Settings:
    """``own`` over ``layers`` (lowest first). Bears with values of the wrong type."""
    values: dict[str, Any] = {}
    written_in: dict[str, Place] = {}
    idle: list[Pointer] = []
    for layer in layers:
        _lay(layer.values, layer.place, values, written_in)
    # The defaults of most exports do not stand in the way of others beside them.
    if layers and own.get("fmt", values.get("fmt")) == Fmt.ORIG:
        _drop(_CONVERSION, values, written_in)
    if layers and recurs(own if "schedule" in own else values):
        _drop(_OF_ANOTHER_RUN, values, written_in)
    _lay(own, place, values, written_in, idle)
    return Settings(
        own=own, place=place, values=values, places=Places(written_in), idle_nulls=tuple(idle)
    )


def recurs(values: Mapping[str, Any]) -> bool:
    """Whether IPS is to start it again and again. Bears with values of the wrong type."""
    schedule = values.get("schedule")
    return isinstance(schedule, Mapping) and "cron" in schedule


def _drop(keys: Sequence[str], values: dict[str, Any], written_in: dict[str, Place]) -> None:
    for key in keys:
        values.pop(key, None)
        written_in.pop(key, None)


def _lay(
    upper: Mapping[str, Any],
    place: Place,
    values: dict[str, Any],
    written_in: dict[str, Place],
    idle: list[Pointer] | None = None,
) -> None:
    """``idle`` is None for defaults: nulls in them are for the schema to refuse."""
    lower, stated = values.get("is_modifier"), upper.get("is_modifier")
    nulls = [key for key in upper if upper[key] is None] if None in upper.values() else []
    if idle is not None:
        idle += [(key,) for key in nulls if key in _CONVERSION and key not in values]
    values.update(upper)
    written_in.update(dict.fromkeys(upper, place))
    if isinstance(stated, Mapping):
        modifier = _modifier(stated, lower, place.below("is_modifier"), idle)
        values["is_modifier"] = modifier
        nulls += ("is_modifier",) if modifier is None else ()
    for key in nulls if idle is not None else ():
        del values[key], written_in[key]


def _modifier(
    upper: Mapping[str, Any], lower: object, place: Place, idle: list[Pointer] | None
) -> ModifierMapping | None:
    values: dict[str, Any] = {}
    written_in: dict[str, Place] = {}
    if isinstance(lower, ModifierMapping):
        values.update(lower.values)
        written_in.update(lower.written_in)
    nulls = [command for command in upper if upper[command] is None] if idle is not None else []
    if idle is not None:
        idle += [("is_modifier", command) for command in nulls if command not in values]
    values.update(upper)
    written_in.update(dict.fromkeys(upper, place))
    for command in nulls:
        del values[command], written_in[command]
    if not values:
        return None
    return ModifierMapping(values=MappingProxyType(values), written_in=MappingProxyType(written_in))
