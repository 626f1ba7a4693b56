"""What manifests and templates have in common: their declarations and their exports."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from s7spec.model.manifest import Declarations, Defaults
from s7spec.model.selection import FileReference, Selection
from s7spec.model.source import Place, Pointer, SourceDocument
from s7spec.validate.entries import find_mistakes
from s7spec.validate.freezing import frozen_mapping
from s7spec.validate.leaves import find_idle_templates, find_odd_numbers
from s7spec.validate.merging import Settings, merged
from s7spec.validate.mistakes import Mistake
from s7spec.validate.selections import find_bad_conditions, read_selection

_NO_FILES: Mapping[str, FileReference] = MappingProxyType({})
_NO_SELECTIONS: Mapping[str, Selection] = MappingProxyType({})


def find_common_mistakes(document: SourceDocument) -> Iterator[Mistake]:
    """Checks on a manifest or a template; they bear with values of the wrong type."""
    yield from find_idle_templates(document)
    yield from find_odd_numbers(document)
    value = document.value if isinstance(document.value, dict) else {}
    selections = value.get("assets")
    for name, selection in selections.items() if isinstance(selections, dict) else ():
        yield from find_bad_conditions(selection, ("assets", name))
    if isinstance(value.get("defaults"), dict):
        yield from find_mistakes(value["defaults"], ("defaults",))
    for pointer, entry in entries_of(value):
        yield from find_mistakes(entry, pointer)


def entries_of(value: object) -> Iterator[tuple[Pointer, dict[str, Any]]]:
    """The mappings in ``exports``."""
    exports = value.get("exports") if isinstance(value, dict) else None
    for index, entry in enumerate(exports if isinstance(exports, list) else ()):
        if isinstance(entry, dict):
            yield ("exports", index), entry


def settings_of(document: SourceDocument, layers: Sequence[Defaults]) -> dict[Pointer, Settings]:
    """The exports (not the uses of templates), each with ``layers`` merged into it."""
    return {
        pointer: merged(entry, Place(document=document, pointer=pointer), layers)
        for pointer, entry in entries_of(document.value)
        if "template" not in entry
    }


def read_defaults(document: SourceDocument) -> Defaults | None:
    """``defaults``, when it is a mapping at all."""
    value = document.value.get("defaults") if isinstance(document.value, dict) else None
    if not isinstance(value, dict):
        return None
    place = Place(document=document, pointer=("defaults",))
    return Defaults(place=place, values=frozen_mapping(value))


def read_declarations(document: SourceDocument, value: Mapping[str, Any]) -> Declarations:
    """``value`` satisfies the schema."""
    return Declarations(
        document=document,
        vars=frozen_mapping(value.get("vars")),
        data=_files(document, value, "data"),
        libraries=_files(document, value, "libraries"),
        selections=_selections(document, value.get("assets")),
    )


def _selections(
    document: SourceDocument, value: Mapping[str, Any] | None
) -> Mapping[str, Selection]:
    if not value:
        return _NO_SELECTIONS
    return MappingProxyType(
        {
            name: read_selection(below, Place(document=document, pointer=("assets", name)))
            for name, below in value.items()
        }
    )


def _files(
    document: SourceDocument, value: Mapping[str, Any], key: str
) -> Mapping[str, FileReference]:
    files = value.get(key)
    if not files:
        return _NO_FILES
    return MappingProxyType(
        {
            name: _file(below, Place(document=document, pointer=(key, name)))
            for name, below in files.items()
        }
    )


def _file(value: str | Mapping[str, str], place: Place) -> FileReference:
    if isinstance(value, str):
        return FileReference(path=value, place=place)
    return FileReference(
        path=value["file"], place=place.below("file"), delimiter=value.get("delimiter")
    )
