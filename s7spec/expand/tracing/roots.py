"""Names whose values hold no templates: vars, data, env, manifest, and the macros of libraries."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from s7spec.expand.simple import Path
from s7spec.expand.tracing.paths import MISSING, dotted, value_below
from s7spec.expand.tracing.sight import frozen, missing
from s7spec.model.data import DataFile
from s7spec.model.manifest import Manifest
from s7spec.model.project import Environment, Project
from s7spec.model.source import JsonValue, Place, SourceFile, SourceRange
from s7spec.model.trace import VariableOrigin, VariableTrace


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """One layer of vars; ``place`` is that of the mapping."""

    origin: VariableOrigin
    place: Place
    values: Mapping[str, JsonValue]


def layers_of(project: Project, environment: Environment, manifest: Manifest) -> tuple[Layer, ...]:
    """The layers that a manifest's templates see as ``vars``, lowest first."""
    root = Place(document=project.document, pointer=())
    own = Place(document=manifest.document, pointer=())
    overlay = manifest.environments.get(environment.name, {})
    stated = (
        (VariableOrigin.PROJECT, root.below("vars"), project.vars or {}),
        (
            VariableOrigin.PROJECT_ENVIRONMENT,
            root.below(*environment.pointer, "vars"),
            environment.vars or {},
        ),
        (VariableOrigin.MANIFEST, own.below("vars"), manifest.declarations.vars),
        (
            VariableOrigin.MANIFEST_ENVIRONMENT,
            own.below("environments", environment.name, "vars"),
            overlay,
        ),
    )
    return tuple(
        Layer(origin=origin, place=place, values=values) for origin, place, values in stated
    )


class LayersRoot:
    """``vars``: the highest layer that says anything about a path has written its value."""

    def __init__(self, layers: Sequence[Layer]) -> None:
        self._layers = tuple(reversed([layer for layer in layers if layer.values]))

    def trace(self, path: Path) -> VariableTrace:
        writers = [*self._writers(path)]
        if not writers:
            return missing(path)
        layer, value = writers[0]
        mappings = [*takewhile(lambda each: isinstance(each, Mapping), (v for _, v in writers))]
        if len(mappings) > 1:
            return self._merged(path, mappings)
        return VariableTrace(
            path=dotted(path.name, *path.steps),
            value=frozen(value),
            origin=layer.origin,
            where=layer.place.below(*path.steps).locate(),
            label=dotted(*layer.place.pointer, *path.steps),
        )

    def _writers(self, path: Path) -> Iterator[tuple[Layer, Any]]:
        """The layers that have a say in a value, highest first: what is no mapping, a list too,
        replaces all that lies below."""
        for layer in self._layers:
            value: Any = layer.values
            is_merged = True
            for step in path.steps:
                is_merged = is_merged and isinstance(value, Mapping)
                value = value_below(value, (step,))
                if value is MISSING:
                    break
            if value is not MISSING:
                yield layer, value
            if not is_merged or not (value is MISSING or isinstance(value, Mapping)):
                return

    def _merged(self, path: Path, values: Sequence[Mapping[str, Any]]) -> VariableTrace:
        keys = dict.fromkeys(key for value in reversed(values) for key in value)
        below = [self.trace(Path(path.name, (*path.steps, key))) for key in keys]
        return VariableTrace(
            path=dotted(path.name, *path.steps),
            value=frozen({key: each.value for key, each in zip(keys, below, strict=True)}),
            origin=VariableOrigin.MERGED,
            where=None,
            label="",
            variables=tuple(below),
        )


class DataRoot:
    """``data``: the files by the names a document gives them."""

    def __init__(self, files: Mapping[str, DataFile]) -> None:
        self._files = files

    def trace(self, path: Path) -> VariableTrace:
        if not path.steps:
            below = tuple(self.trace(Path(path.name, (name,))) for name in self._files)
            return _put_together(path, below)
        name, *steps = path.steps
        file = self._files[str(name)]
        return VariableTrace(
            path=dotted(path.name, *path.steps),
            value=frozen(value_below(file.value, tuple(steps))),
            origin=VariableOrigin.DATA,
            where=file.locate(tuple(steps)),
            label=_in_data(steps),
        )


class PlacesRoot:
    """``env`` and ``manifest``: a few values, each with its own place."""

    def __init__(self, origin: VariableOrigin, values: Mapping[str, tuple[str, Place]]) -> None:
        self._origin = origin
        self._values = values

    def trace(self, path: Path) -> VariableTrace:
        if not path.steps:
            below = tuple(self.trace(Path(path.name, (name,))) for name in self._values)
            return _put_together(path, below)
        value, place = self._values[str(path.steps[0])]
        is_name = self._origin is VariableOrigin.ENVIRONMENT and path.steps[0] == "name"
        return VariableTrace(
            path=dotted(path.name, *path.steps),
            value=value,
            origin=self._origin,
            where=place.locate(key=is_name),
            label=dotted(*place.pointer),
        )


class LibraryRoot:
    """A library of macros: a macro has a line, but no value."""

    def __init__(self, file: SourceFile) -> None:
        self._file = file

    def trace(self, path: Path) -> VariableTrace:
        name = str(path.steps[0]) if path.steps else ""
        found = self._definition(name)
        if found is None:
            return missing(path)
        number, match = found
        where = SourceRange(
            path=self._file.path,
            line=number,
            column=match.start("name") + 1,
            end_line=number,
            end_column=match.end("name") + 1,
        )
        return VariableTrace(
            path=dotted(path.name, *path.steps),
            value=None,
            origin=VariableOrigin.MACRO,
            where=where,
            label=f"macro {name}",
            written=match[0].strip(),
        )

    def _definition(self, name: str) -> tuple[int, re.Match[str]] | None:
        """The last macro of that name counts, as for Jinja. What a comment says is none."""
        text = _COMMENT.sub(lambda found: _BLANKED.sub(" ", found[0]), self._file.text)
        pattern = re.compile(rf"\{{%[-+]?\s*macro\s+(?P<name>{re.escape(name)})\b\s*(\([^%\n]*\))?")
        lines = text.splitlines()
        found = [
            (number, match)
            for number, line in enumerate(lines, start=1)
            for match in pattern.finditer(line)
        ]
        return found[-1] if found else None


_COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
_BLANKED = re.compile(r"[^\r\n]")


def _put_together(path: Path, below: tuple[VariableTrace, ...]) -> VariableTrace:
    names = [each.path.removeprefix(f"{path.name}.") for each in below]
    return VariableTrace(
        path=path.name,
        value=frozen(dict(zip(names, (each.value for each in below), strict=True))),
        origin=VariableOrigin.MERGED,
        where=None,
        label="",
        variables=below,
    )


def _in_data(steps: Sequence[str | int]) -> str:
    """``row 3, sku``: rows are counted from 1."""
    if steps and isinstance(steps[0], int):
        rest = dotted(*steps[1:]) if len(steps) > 1 else ""
        return f"row {steps[0] + 1}" + (f", {rest}" if rest else "")
    return dotted(*steps) if steps else ""
