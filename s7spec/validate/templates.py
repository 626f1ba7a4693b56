"""The door for templates: from a document to an ``ExportTemplate``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from s7spec.model.diagnostics import Diagnostic
from s7spec.model.manifest import Declarations, Defaults, ExportTemplate, Fmt, Param, ParamType
from s7spec.model.rules import Rule
from s7spec.model.source import JsonValue, Place, Pointer, SourceDocument
from s7spec.validate.arguments import argument_problem
from s7spec.validate.completeness import find_conversions_of_originals, find_incomplete
from s7spec.validate.declarations import (
    find_common_mistakes,
    read_declarations,
    read_defaults,
    settings_of,
)
from s7spec.validate.documents import check_document
from s7spec.validate.entries import read_export
from s7spec.validate.freezing import frozen, frozen_mapping
from s7spec.validate.leaves import texts_of
from s7spec.validate.merging import Settings
from s7spec.validate.mistakes import Mistake, diagnose
from s7spec.validate.recurrence import find_pointless_beside_defaults
from s7spec.validate.schemas import SchemaSet
from s7spec.validate.templated import is_expanded

_COMPLETE = frozenset({"assets", "fmt"})


def read_template(
    document: SourceDocument, schemas: SchemaSet, *, defaults: Defaults | None
) -> tuple[ExportTemplate | None, tuple[Diagnostic, ...]]:
    """The template as a manifest with these ``defaults`` uses it.

    A manifest that has no defaults hands over empty ones. ``defaults`` of None read the template
    on its own: what a manifest may still give is not missed then, and there is no template (nor a
    finding) when something must be given. Otherwise None comes with everything that is wrong.
    """
    own_defaults = read_defaults(document)
    layers = [layer for layer in (own_defaults, defaults) if layer is not None]
    exports = settings_of(document, layers)

    def further(document: SourceDocument) -> Iterator[Mistake]:
        yield from find_common_mistakes(document)
        value = document.value if isinstance(document.value, dict) else {}
        yield from _bad_defaults_of_params(value.get("params"), document)
        for pointer, settings in exports.items():
            yield from find_pointless_beside_defaults(settings, pointer)
            if defaults is None:
                fmt = settings.own.get("fmt")
                yield from find_conversions_of_originals(settings, fmt, pointer)
            else:
                where = "`defaults`, the template's or the manifest's"
                yield from find_incomplete(settings, pointer, where)

    mistakes = check_document(document, "ExportTemplate", schemas, further)
    if mistakes:
        return None, diagnose(document, mistakes)
    if not all(map(_is_complete, exports.values())):
        return None, ()
    return _template(document, document.value, exports), ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """What a template declares, and its texts that are expanded, whoever uses it."""

    declarations: Declarations
    params: Mapping[str, JsonValue]
    leaves: tuple[tuple[Place, str], ...]


def outline_of(document: SourceDocument) -> Outline:
    """Of a document in which ``read_template`` finds nothing wrong."""
    value: Any = document.value
    leaves = [
        (Place(document=document, pointer=pointer), text)
        for pointer, text in texts_of(document)
        if is_expanded(pointer) and "description" not in pointer[-1:]
    ]
    return Outline(
        declarations=read_declarations(document, value),
        params=frozen_mapping(value.get("params")),
        leaves=tuple(leaves),
    )


def _is_complete(settings: Settings) -> bool:
    values = settings.values
    if not values.keys() >= _COMPLETE:
        return False
    return values["fmt"] == Fmt.ORIG or bool(values.keys() & {"is_modifier", "macro"})


def _bad_defaults_of_params(params: object, document: SourceDocument) -> Iterator[Mistake]:
    """Defaults that are none of the choices. That both are of the param's type is the schema's."""
    for name, value in params.items() if isinstance(params, dict) else ():
        if not _is_checkable(value):
            continue
        param = _param(document, name, value)
        problem = argument_problem(param, param.default) if param.has_default else None
        if problem is not None and problem[-1] is Rule.NOT_ALLOWED:
            summary, hint, rule = problem
            pointer: Pointer = ("params", name, "default")
            yield Mistake(rule=rule, pointer=pointer, summary=summary, hint=hint)


def _is_checkable(value: object) -> bool:
    return (
        isinstance(value, dict)
        and value.get("type") in list(ParamType)
        and isinstance(value.get("choices", []), list)
    )


def _template(
    document: SourceDocument, value: Any, exports: Mapping[Pointer, Settings]
) -> ExportTemplate:
    return ExportTemplate(
        declarations=read_declarations(document, value),
        name=value["metadata"]["name"],
        params=tuple(
            _param(document, name, below) for name, below in value.get("params", {}).items()
        ),
        exports=tuple(map(read_export, exports.values())),
    )


def _param(document: SourceDocument, name: str, value: Mapping[str, Any]) -> Param:
    return Param(
        name=name,
        place=Place(document=document, pointer=("params", name)),
        type=ParamType(value["type"]),
        has_default="default" in value,
        default=frozen(value.get("default")),
        choices=tuple(map(frozen, value.get("choices", ()))),
    )
