"""Values as a document holds them, made unchangeable."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from s7spec.model.source import JsonValue

NO_VALUES: Mapping[str, JsonValue] = MappingProxyType({})


def frozen(value: Any) -> JsonValue:
    """Dicts become read-only mappings, lists tuples."""
    if isinstance(value, dict):
        return frozen_mapping(value)
    if isinstance(value, list):
        return tuple([frozen(below) for below in value])
    return value  # type: ignore[no-any-return]


def frozen_mapping(value: Mapping[str, Any] | None) -> Mapping[str, JsonValue]:
    """``value`` and everything below it, unchangeable; empty when there is none."""
    if not value:
        return NO_VALUES
    return MappingProxyType({key: frozen(below) for key, below in value.items()})
