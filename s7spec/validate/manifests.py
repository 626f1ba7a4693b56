"""The door for manifests: from a document to a ``Manifest``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from s7spec.model.diagnostics import Diagnostic, RelatedPlace
from s7spec.model.manifest import Defaults, Manifest
from s7spec.model.project import Project
from s7spec.model.rules import Rule
from s7spec.model.source import JsonValue, Locator, Place, Pointer, SourceDocument, SourceFile
from s7spec.validate.completeness import find_idle_nulls, find_incomplete
from s7spec.validate.declarations import (
    entries_of,
    find_common_mistakes,
    read_declarations,
    read_defaults,
    settings_of,
)
from s7spec.validate.documents import check_document
from s7spec.validate.entries import read_export, read_use
from s7spec.validate.freezing import frozen_mapping
from s7spec.validate.lineage import find_contradictions, read_lineage
from s7spec.validate.merging import Settings
from s7spec.validate.mistakes import Mistake, diagnose
from s7spec.validate.recurrence import find_pointless_beside_defaults
from s7spec.validate.schemas import SchemaSet
from s7spec.validate.selections import find_unknown_selection
from s7spec.validate.words import choice_hint, shown

_METADATA_NAME: Pointer = ("metadata", "name")
_NO_LABELS: Mapping[str, str] = MappingProxyType({})
_NO_ENVIRONMENTS: Mapping[str, Mapping[str, JsonValue]] = MappingProxyType({})


def read_manifest(
    document: SourceDocument, schemas: SchemaSet
) -> tuple[Manifest | None, tuple[Diagnostic, ...]]:
    """The manifest, its ``defaults`` merged into its exports, or None with everything that is
    wrong with the document."""
    defaults = read_defaults(document)
    exports = settings_of(document, () if defaults is None else (defaults,))

    def further(document: SourceDocument) -> Iterator[Mistake]:
        yield from find_common_mistakes(document)
        value = document.value if isinstance(document.value, dict) else {}
        yield from find_contradictions(value)
        yield from _unknown_selections(value)
        # Without defaults the schema says all this.
        for pointer, settings in exports.items() if "defaults" in value else ():
            yield from find_incomplete(settings, pointer, "`defaults`")
            yield from find_idle_nulls(settings, pointer)
            yield from find_pointless_beside_defaults(settings, pointer)

    mistakes = check_document(document, "ExportManifest", schemas, further)
    if mistakes:
        return None, diagnose(document, mistakes)
    return _manifest(document, document.value, defaults, exports), ()


class NameRegister:
    """The names that are taken: manifests of one name would have their jobs taken for each
    other's."""

    def __init__(self) -> None:
        # Not the documents: their values take many times the memory of a way to their places.
        self._first: dict[str, tuple[SourceFile, Locator]] = {}

    @property
    def taken(self) -> frozenset[str]:
        return frozenset(self._first)

    def enter(self, manifest: Manifest) -> tuple[Diagnostic, ...]:
        """Takes a manifest's name, or says who has it."""
        document = manifest.document
        first = self._first.get(manifest.name)
        if first is None:
            self._first[manifest.name] = (document.file, document.locator)
            return ()
        file, locator = first
        there = locator(_METADATA_NAME)
        mistake = Mistake(
            rule=Rule.DUPLICATE_NAME,
            pointer=_METADATA_NAME,
            summary=f"the name `{manifest.name}` is taken by the manifest in {there}",
            hint="names are part of the identity of jobs: choose another one",
            related=(
                RelatedPlace(where=there, message="first here", snippet=file.snippet(there.line)),
            ),
        )
        return diagnose(manifest.document, [mistake])


def check_environments(manifest: Manifest, project: Project) -> tuple[Diagnostic, ...]:
    """Environments that the manifest speaks of and the project does not have."""
    mistakes = [
        Mistake(
            rule=Rule.UNKNOWN_ENVIRONMENT,
            pointer=("environments", name),
            summary=f"there is no environment `{shown(name)}` in {project.document.file.path}",
            hint=choice_hint(name, project.environments),
            on_key=True,
        )
        for name in manifest.environments
        if name not in project.environments
    ]
    return diagnose(manifest.document, mistakes) if mistakes else ()


def _unknown_selections(value: Mapping[str, Any]) -> Iterator[Mistake]:
    selections = value.get("assets")
    defaults = value.get("defaults")
    if isinstance(defaults, dict):
        pointer: Pointer = ("defaults", "assets")
        yield from find_unknown_selection(defaults.get("assets"), selections, pointer)
    for pointer, entry in entries_of(value):
        yield from find_unknown_selection(entry.get("assets"), selections, (*pointer, "assets"))


def _manifest(
    document: SourceDocument,
    value: Any,
    defaults: Defaults | None,
    exports: Mapping[Pointer, Settings],
) -> Manifest:
    metadata = value["metadata"]
    labels, environments = metadata.get("labels"), value.get("environments")
    moved, forget, adopt = read_lineage(document, value)
    return Manifest(
        declarations=read_declarations(document, value),
        name=metadata["name"],
        owner=metadata.get("owner"),
        description=metadata.get("description"),
        labels=MappingProxyType(dict(labels)) if labels else _NO_LABELS,
        environments=_overlays(environments) if environments else _NO_ENVIRONMENTS,
        defaults=defaults,
        exports=tuple(
            read_export(exports[pointer])
            if pointer in exports
            else read_use(entry, Place(document=document, pointer=pointer))
            for pointer, entry in entries_of(value)
        ),
        moved=moved,
        forget=forget,
        adopt=adopt,
    )


def _overlays(value: Mapping[str, Any]) -> Mapping[str, Mapping[str, JsonValue]]:
    return MappingProxyType({name: frozen_mapping(below["vars"]) for name, below in value.items()})
