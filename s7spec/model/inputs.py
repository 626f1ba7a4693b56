"""What a manifest refers to beyond its own text, loaded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from s7spec.model.data import DataFile
from s7spec.model.manifest import ExportTemplate
from s7spec.model.selection import FileReference
from s7spec.model.source import JsonValue, SourceFile


def _nothing() -> Mapping[Any, Any]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """``vars`` are layers from the project, lowest first. ``data`` is keyed by ``data_key``,
    ``libraries`` and ``templates`` by the path of their reference."""

    vars: tuple[Mapping[str, JsonValue], ...] = ()
    data: Mapping[tuple[str, str | None], DataFile] = field(default_factory=_nothing)
    libraries: Mapping[str, SourceFile] = field(default_factory=_nothing)
    templates: Mapping[str, ExportTemplate] = field(default_factory=_nothing)


def data_key(reference: FileReference) -> tuple[str, str | None]:
    """One file read with two delimiters is two sets of rows."""
    return (reference.path, reference.delimiter)
