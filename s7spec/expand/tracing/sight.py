"""What the templates of one document see at one point, and where each name leads to."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Protocol

from s7spec.expand.engine import Engine
from s7spec.expand.simple import Path
from s7spec.expand.tracing.paths import MISSING, dotted, paths_in, value_at
from s7spec.model.source import JsonValue
from s7spec.model.trace import VariableOrigin, VariableTrace


class Root(Protocol):
    """What stands behind a name: it follows a path that begins with it."""

    def trace(self, path: Path) -> VariableTrace: ...


class Sight:
    """``values`` are handed to ``evaluate``; each of their names has a root, and so have the macro
    ``libraries``."""

    def __init__(
        self,
        engine: Engine,
        values: Mapping[str, Any],
        roots: Mapping[str, Root],
        libraries: frozenset[str],
    ) -> None:
        self.engine = engine
        self.values = values
        self.roots = roots
        self.libraries = libraries

    def with_more(self, values: Mapping[str, Any], roots: Mapping[str, Root]) -> Sight:
        """The same with further names, or with others for the same."""
        return Sight(
            self.engine, {**self.values, **values}, {**self.roots, **roots}, self.libraries
        )

    def variables(self, text: JsonValue) -> tuple[VariableTrace, ...]:
        """The variables of a template; none for what is not a text."""
        if not isinstance(text, str):
            return ()
        return tuple(map(self.trace, paths_in(text, self.values, self.libraries)))

    def trace(self, path: Path) -> VariableTrace:
        """Where the value of a path comes from."""
        root = self.roots.get(path.name)
        if root is None or (
            path.name not in self.libraries and value_at(path, self.values) is MISSING
        ):
            return missing(path)
        return root.trace(path)


def missing(path: Path) -> VariableTrace:
    """A name with nothing behind it: `| default(...)` may ask for one."""
    return VariableTrace(
        path=dotted(path.name, *path.steps),
        value=None,
        origin=VariableOrigin.MISSING,
        where=None,
        label="",
    )


def frozen(value: Any) -> JsonValue:
    """A value that templates worked on, unchangeable."""
    if isinstance(value, Mapping):
        return MappingProxyType({str(key): frozen(below) for key, below in value.items()})
    if isinstance(value, list | tuple | range):
        return tuple(map(frozen, value))
    return value  # type: ignore[no-any-return]
