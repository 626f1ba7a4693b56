"""The door for manifests: from a document to a ``Manifest``."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from s7spec.model.diagnostics import Diagnostic, RelatedPlace
from s7spec.model.manifest import (
    EmailSetting,
    Export,
    Fmt,
    Manifest,
    MatrixAxis,
    ModifierField,
    OnUnsupported,
    Selection,
)
from s7spec.model.rules import Rule
from s7spec.model.source import JsonValue, Pointer, SourceDocument
from s7spec.validate.documents import check_document
from s7spec.validate.leaves import find_idle_templates, find_odd_numbers
from s7spec.validate.mistakes import Mistake, diagnose
from s7spec.validate.planned import PLANNED_IN_MANIFESTS
from s7spec.validate.schemas import SchemaSet
from s7spec.validate.words import listed, nearest, shown

MAX_COMBINATIONS = 100_000
"""How many jobs one export's matrix may make."""

_METADATA_NAME: Pointer = ("metadata", "name")


def read_manifest(
    document: SourceDocument, schemas: SchemaSet
) -> tuple[Manifest | None, tuple[Diagnostic, ...]]:
    """The manifest, or None with everything that is wrong with the document."""
    mistakes = check_document(
        document, "ExportManifest", schemas, PLANNED_IN_MANIFESTS, _further_checks
    )
    if mistakes:
        return None, diagnose(document, mistakes)
    return _manifest(document, document.value), ()


def check_names(manifests: Iterable[Manifest]) -> tuple[Diagnostic, ...]:
    """Manifests that share a name: their jobs would be taken for each other."""
    first: dict[str, Manifest] = {}
    found: list[Diagnostic] = []
    for manifest in manifests:
        known = first.setdefault(manifest.name, manifest)
        if known is manifest:
            continue
        there = known.document.locate(_METADATA_NAME)
        mistake = Mistake(
            rule=Rule.DUPLICATE_NAME,
            pointer=_METADATA_NAME,
            summary=f"the name `{manifest.name}` is taken by the manifest in {there}",
            hint="names are part of the identity of jobs: choose another one",
            related=(RelatedPlace(where=there, message="first here"),),
        )
        found += diagnose(manifest.document, [mistake])
    return tuple(found)


def _further_checks(document: SourceDocument) -> Iterator[Mistake]:
    yield from find_idle_templates(document)
    yield from find_odd_numbers(document)
    value = document.value if isinstance(document.value, dict) else {}
    exports = value.get("exports")
    for index, export in enumerate(exports if isinstance(exports, list) else ()):
        if isinstance(export, dict):
            pointer: Pointer = ("exports", index)
            yield from _unknown_selection(export.get("assets"), value.get("assets"), pointer)
            yield from _large_matrix(export.get("matrix"), pointer)


def _unknown_selection(wanted: object, selections: object, pointer: Pointer) -> Iterator[Mistake]:
    names = list(selections) if isinstance(selections, dict) else []
    if not isinstance(wanted, str) or wanted in names:
        return
    meant = nearest(wanted, names)
    hint = "write the selection under `assets` at the top of the manifest, or write it out here"
    if meant is not None:
        hint = f"did you mean `{meant}`?"
    elif names:
        hint = f"this manifest has {listed([f'`{name}`' for name in names[:10]], last='and')}"
    yield Mistake(
        rule=Rule.UNKNOWN_SELECTION,
        pointer=(*pointer, "assets"),
        summary=f"there is no selection `{shown(wanted)}` in this manifest",
        hint=hint,
    )


def _large_matrix(matrix: object, pointer: Pointer) -> Iterator[Mistake]:
    axes = matrix.values() if isinstance(matrix, dict) else ()
    jobs = math.prod(len(axis) for axis in axes if isinstance(axis, list))
    if jobs > MAX_COMBINATIONS:
        yield Mistake(
            rule=Rule.OUT_OF_BOUNDS,
            pointer=(*pointer, "matrix"),
            summary=f"the matrix makes {jobs:,} jobs",
            hint=f"one export makes at most {MAX_COMBINATIONS:,} jobs: shorten an axis",
            on_key=True,
        )


def _manifest(document: SourceDocument, value: Any) -> Manifest:
    metadata = value["metadata"]
    return Manifest(
        document=document,
        name=metadata["name"],
        owner=metadata.get("owner"),
        description=metadata.get("description"),
        labels=MappingProxyType(dict(metadata.get("labels", {}))),
        vars=_frozen_mapping(value.get("vars", {})),
        selections=MappingProxyType(
            {
                name: _selection(selection, ("assets", name))
                for name, selection in value.get("assets", {}).items()
            }
        ),
        exports=tuple(
            _export(export, ("exports", index)) for index, export in enumerate(value["exports"])
        ),
    )


def _export(value: Mapping[str, Any], pointer: Pointer) -> Export:
    assets = value["assets"]
    return Export(
        pointer=pointer,
        id=value["id"],
        assets=assets if isinstance(assets, str) else _selection(assets, (*pointer, "assets")),
        fmt=Fmt(value["fmt"]),
        is_modifier=_modifier(value.get("is_modifier")),
        macro=value.get("macro"),
        emailSetting=EmailSetting(value.get("emailSetting", EmailSetting.ERROR)),
        on_unsupported=OnUnsupported(value.get("on_unsupported", OnUnsupported.FAIL)),
        matrix=tuple(
            MatrixAxis(name=name, values=tuple(map(_frozen, values)))
            for name, values in value.get("matrix", {}).items()
        ),
    )


def _modifier(value: Any) -> str | tuple[ModifierField, ...] | None:
    if not isinstance(value, dict):
        return value  # type: ignore[no-any-return]
    return tuple(ModifierField(command=name, value=field) for name, field in value.items())


def _selection(value: Mapping[str, Any], pointer: Pointer) -> Selection:
    return Selection(
        pointer=pointer,
        names=tuple(value.get("names", ())),
        folder=value.get("folder"),
        recursive=value.get("recursive", False),
        types=tuple(value.get("types", ())),
        exclude=tuple(value.get("exclude", ())),
    )


def _frozen(value: Any) -> JsonValue:
    if isinstance(value, dict):
        return _frozen_mapping(value)
    if isinstance(value, list):
        return tuple(map(_frozen, value))
    return value  # type: ignore[no-any-return]


def _frozen_mapping(value: Mapping[str, Any]) -> Mapping[str, JsonValue]:
    return MappingProxyType({key: _frozen(below) for key, below in value.items()})
