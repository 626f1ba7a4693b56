"""When two JSON values are one and the same."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def repeated(items: list[Any]) -> Iterator[int]:
    """Indexes of the items that stood in the list before, as JSON Schema compares them."""
    seen: set[object] = set()
    for index, item in enumerate(items):
        identity = item if type(item) is str else _identity(item)
        if identity in seen:
            yield index
        seen.add(identity)


def _identity(value: Any) -> object:
    """Hashable, and equal for equal JSON values: 1 and 1.0 are one number, 1 and true are not."""
    if isinstance(value, dict):
        return (dict, frozenset((key, _identity(below)) for key, below in value.items()))
    if isinstance(value, list):
        return (list, tuple(map(_identity, value)))
    return (bool, value) if isinstance(value, bool) else value
