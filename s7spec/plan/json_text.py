"""Nouns as JSON text, written straight down: a plan has hundreds of thousands of them.

The bytes are those that ``json.dumps`` gives for the same values with sorted keys; making dicts of
all nouns first, to have them sorted and walked again, takes five times as long.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import datetime
from enum import StrEnum
from json.encoder import encode_basestring
from operator import attrgetter
from types import MappingProxyType
from typing import NamedTuple

from s7spec.model.asset import AssetVersion
from s7spec.model.effective import EffectiveCommand
from s7spec.model.rules import Rule
from s7spec.model.schedule import Timing
from s7spec.model.sharing import OncePerObject

_SHARED = MappingProxyType({AssetVersion: 64, EffectiveCommand: 1024})
"""What jobs share in tuples, as objects, and how many of those are remembered at a time."""


class _Kind(NamedTuple):
    """What gets a noun's values in the order of their names, and what stands before each."""

    values: Callable[[object], tuple[object, ...]]
    keys: tuple[str, ...]


class JsonText:
    """``written`` are the dataclasses that have a place in the text: objects with the names of
    their fields. ``indented`` by two blanks a level, else without any.

    Sets of assets and modifiers that jobs share are written once; so is what is told to ``keep``.
    """

    def __init__(self, written: tuple[type, ...], *, indented: bool) -> None:
        self._indented = indented
        self._colon = ": " if indented else ":"
        self._nouns = {each: _kind(each, self._colon) for each in written}
        self._shared: dict[tuple[type, int], OncePerObject[tuple[object, ...], str]] = {}
        self._kept: dict[int, tuple[object, str]] = {}

    def of(self, value: object, depth: int = 0) -> str:
        """Raises TypeError for what has no place."""
        # Most values are one of these; asking for their class is the quickest way to know.
        kind = value.__class__
        if kind is str:
            return encode_basestring(value)  # type: ignore[arg-type]
        if value is None:
            return "null"
        if kind is int:
            return str(value)
        noun = self._nouns.get(kind)
        if noun is not None:
            return self._object(value, noun, depth)
        if isinstance(value, tuple):
            return self._tuple(value, depth)
        if isinstance(value, Mapping):
            return self._mapping(value, depth)
        return _scalar(value)

    def keep(self, value: object, depth: int) -> None:
        """Its text is needed more than once. It must live as long as this does."""
        self._kept[id(value)] = (value, self.of(value, depth))

    def _object(self, noun: object, kind: _Kind, depth: int) -> str:
        inner, of = depth + 1, self.of
        # Texts and nothing are three quarters of all values: a call less for each.
        members = [
            key + encode_basestring(value)
            if value.__class__ is str
            else key + "null"
            if value is None
            else key + of(value, inner)
            for key, value in zip(kind.keys, kind.values(noun), strict=True)
        ]
        return f"{{{self._joined(members, depth)}}}"

    def _mapping(self, values: Mapping[str, object], depth: int) -> str:
        if not values:
            return "{}"
        keys = [(name, f"{encode_basestring(name)}{self._colon}") for name in sorted(values)]
        members = [f"{key}{self.of(values[name], depth + 1)}" for name, key in keys]
        return f"{{{self._joined(members, depth)}}}"

    def _tuple(self, values: tuple[object, ...], depth: int) -> str:
        kept = self._kept.get(id(values))
        if kept is not None:
            return kept[1]
        kind = values[0].__class__ if values else tuple
        if kind not in _SHARED:
            return self._bracketed(values, depth)
        shared = self._shared.get((kind, depth))
        if shared is None:
            shared = self._shared[kind, depth] = OncePerObject(
                lambda each: self._bracketed(each, depth), most=_SHARED[kind]
            )
        return shared(values)

    def _bracketed(self, values: tuple[object, ...], depth: int) -> str:
        if not values:
            return "[]"
        return f"[{self._joined([self.of(each, depth + 1) for each in values], depth)}]"

    def _joined(self, parts: list[str], depth: int) -> str:
        if not self._indented:
            return ",".join(parts)
        gap = "\n" + "  " * depth
        return f"{gap}  {f',{gap}  '.join(parts)}{gap}"


def _kind(noun: type, colon: str) -> _Kind:
    names = sorted(field.name for field in fields(noun))
    assert len(names) > 1  # of a single name it would get the bare value
    return _Kind(attrgetter(*names), tuple(f'"{name}"{colon}' for name in names))


def _scalar(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case Rule():
            return encode_basestring(value.id)
        case StrEnum():
            return encode_basestring(value.value)
        case str():
            return encode_basestring(value)
        case datetime():
            return encode_basestring(value.isoformat())
        case Timing():
            return encode_basestring(str(value))
        case bytes():
            return encode_basestring(value.hex())
    raise TypeError(f"{type(value).__name__} has no place in a plan file")
