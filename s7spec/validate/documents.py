"""The checks that manifests and projects share, in the order people want to hear about them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from s7spec.model.rules import Rule
from s7spec.model.source import Pointer, SourceDocument
from s7spec.validate.credentials import find_credentials
from s7spec.validate.mistakes import Mistake
from s7spec.validate.planned import find_planned
from s7spec.validate.schemas import SchemaSet
from s7spec.validate.words import nearest, shown

API_VERSION = "s7spec/v1"

_KINDS = {
    "ExportManifest": "manifest",
    "ExportTemplate": "export-template",
    "Project": "project",
}
_WHERE = {
    "ExportManifest": "manifests stand in files of their own, beside s7spec.yaml",
    "ExportTemplate": "a template does nothing by itself: manifests use it, as an entry of exports "
    "with template: FILE",
    "Project": "a project stands in s7spec.yaml; every other file holds manifests",
}

_ELSEWHERE = {
    "ExportManifest": "; if it is no manifest, name the manifests themselves, or narrow "
    "`manifests` in s7spec.yaml",
    "ExportTemplate": "",
    "Project": "",
}

FurtherChecks = Callable[[SourceDocument], Iterable[Mistake]]


def is_template_document(document: SourceDocument) -> bool:
    """True for what says that it is an ExportTemplate."""
    value = document.value
    return isinstance(value, dict) and value.get("kind") == "ExportTemplate"


def check_document(
    document: SourceDocument,
    kind: str,
    schemas: SchemaSet,
    further: FurtherChecks,
    planned: frozenset[str] = frozenset(),
) -> tuple[Mistake, ...]:
    """Everything that is wrong with a document that should be of ``kind``.

    ``further`` are checks that no schema can say; they must bear with values of the wrong type.
    ``planned`` are keys of the document that are reserved.
    """
    credentials = tuple(find_credentials(document))
    if not credentials and schemas.accepts(document.value, _KINDS[kind]):
        # The schema knows no reserved key and no other kind: only what no schema can say is left.
        return tuple(_without_echoes(further(document), (), ()))
    other = _wrong_kind(document.value, kind)
    if other is not None:
        return (*credentials, other)
    reserved = tuple(find_planned(document.value, planned))
    from s7spec.validate.indentation import gathered  # only here: most documents are right
    from s7spec.validate.reduction import reduce_errors

    errors = reduce_errors(schemas.errors(document.value, _KINDS[kind]))
    found = gathered([*errors, *further(document)], document.value)
    return (*credentials, *reserved, *_without_echoes(found, credentials, reserved))


def _without_echoes(
    found: Iterable[Mistake], credentials: Iterable[Mistake], reserved: Iterable[Mistake]
) -> Iterator[Mistake]:
    """Leaves out what only repeats, in other words, that a key should not be there."""
    each = list(found)
    if not each:
        return
    secret = {mistake.pointer for mistake in credentials}
    planned = {mistake.pointer for mistake in reserved}
    incomplete = {pointer[:-1] for pointer in planned}
    misspelt = {(mistake.pointer[:-1], name) for mistake in each for name in mistake.instead_of}
    refused = secret | planned | {mistake.pointer for mistake in each if mistake.on_key}
    said: set[Pointer] = set()
    for mistake in each:
        pointer = mistake.pointer
        if mistake.on_key:
            is_echo = pointer in secret | planned
        elif mistake.missing:
            is_echo = mistake.missing_in in incomplete or any(
                (mistake.missing_in, name) in misspelt for name in mistake.missing
            )
        else:
            is_echo = pointer in said
            said.add(pointer)
        length = len(pointer) + (not mistake.on_key)
        if not is_echo and not any(pointer[:end] in refused for end in range(1, length)):
            yield mistake


def _wrong_kind(value: object, wanted: str) -> Mistake | None:
    """Says so when the document is something else altogether: then nothing more is checked."""
    if not isinstance(value, dict):
        return Mistake(
            rule=Rule.NOT_A_MAPPING,
            pointer=(),
            summary="the document is not a mapping",
            hint=f"begin with apiVersion: {API_VERSION}",
        )
    if "kind" not in value and "apiVersion" not in value:
        return Mistake(
            rule=Rule.UNKNOWN_KIND,
            pointer=(),
            summary="this is no document of s7spec: it has neither `apiVersion` nor `kind`",
            hint=f"begin with apiVersion: {API_VERSION} and kind: {wanted}{_ELSEWHERE[wanted]}",
        )
    kind = value.get("kind", wanted)
    if kind == wanted:
        return None
    return _other_kind(kind, wanted)


def _other_kind(kind: object, wanted: str) -> Mistake:
    meant = nearest(str(kind), _KINDS)
    hint = f"write kind: {wanted}"
    if wanted == "ExportTemplate":
        hint = "`template` takes files of kind: ExportTemplate"
    elif isinstance(kind, str) and kind in _KINDS:
        hint = _WHERE[kind]
    elif meant is not None:
        hint = f"did you mean `{meant}`?"
    return Mistake(
        rule=Rule.UNKNOWN_KIND,
        pointer=("kind",),
        summary=f"`kind: {shown(kind)}` where `kind: {wanted}` is expected",
        hint=hint,
    )
