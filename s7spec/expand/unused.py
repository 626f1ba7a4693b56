"""Declarations that nothing in a document uses: mistakes of a kind that breaks nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from s7spec.expand.budget import Work, WorkExceeded
from s7spec.expand.engine import Engine
from s7spec.expand.problems import LeafProblem, Problem, diagnostic
from s7spec.expand.simple import Path, is_template, simple_pieces
from s7spec.model.diagnostics import Diagnostic
from s7spec.model.inputs import Inputs
from s7spec.model.manifest import Declarations, Export, ExportTemplate, Manifest
from s7spec.model.rules import Rule
from s7spec.model.source import Place, Pointer, SourceFile

_WITH_LEAVES = ("exports", "defaults", "assets")
_METHODS = frozenset({"get", "items", "keys", "values"})
_NOUNS = {
    "assets": "the selection `{}`",
    "libraries": "the library `{}`",
    "params": "the parameter `{}`",
}


def find_unused(manifest: Manifest, inputs: Inputs) -> list[Diagnostic]:
    """Warnings about a manifest and the templates it uses. Call it for what expands without
    findings: what an unknown name was meant for cannot be told."""
    templates = inputs.templates.values()
    overlays = [
        ("environments", environment, "vars", name)
        for environment, overlay in manifest.environments.items()
        for name in overlay
    ]
    try:
        return [
            *_of_document(manifest.declarations, overlays, _idle_selections(manifest, templates)),
            *(each for template in templates for each in _of_template(template)),
        ]
    except WorkExceeded:
        return []  # there is more to say about such a manifest than this


def _of_template(template: ExportTemplate) -> list[Diagnostic]:
    declarations = template.declarations
    idle = _without_named(declarations, template.exports)
    params: list[Pointer] = [("params", param.name) for param in template.params]
    return _of_document(declarations, params, idle)


def _of_document(
    declarations: Declarations, further: Iterable[Pointer], selections: Iterable[str]
) -> list[Diagnostic]:
    """``further`` are declarations of values beside ``vars`` and ``data``."""
    declared: list[Pointer] = [("vars", name) for name in declarations.vars]
    declared += [("data", name) for name in declarations.data]
    declared += [("libraries", name) for name in declarations.libraries]
    declared += further
    found: list[Pointer] = [("assets", name) for name in selections]
    if declared:
        names = {(str(pointer[-2]), str(pointer[-1])) for pointer in declared}
        _strike_used(names, declarations)
        found += [pointer for pointer in declared if pointer[-2:] in names]
    places = [Place(document=declarations.document, pointer=pointer) for pointer in found]
    return [_warning(place) for place in places if not _is_meant_so(place)]


def _strike_used(names: set[tuple[str, str]], declarations: Declarations) -> None:
    """Takes out of ``names`` (of a key of the document, and below it) what a template uses."""
    libraries = declarations.libraries
    # Nothing is called: names are enough.
    nothing = SourceFile(path="", text="")
    engine = Engine(dict.fromkeys(libraries, nothing), has_params=True, work=Work())
    value: Any = declarations.document.value
    below = [value[key] for key in _WITH_LEAVES if key in value]
    while below and names:
        each = below.pop()
        if isinstance(each, str):
            if "{" in each:
                for name, key in _uses(each, engine, libraries):
                    _strike(names, name, key)
        elif isinstance(each, dict):
            below += each.values()
        elif isinstance(each, list):
            below += each


def _strike(names: set[tuple[str, str]], name: str, key: str | None) -> None:
    is_any = key is None or (key in _METHODS and (name, key) not in names)
    if is_any:
        names -= {each for each in names if each[0] == name}
    elif key is not None:
        names.discard((name, key))


def _uses(
    text: str, engine: Engine, libraries: Mapping[str, object]
) -> Iterator[tuple[str, str | None]]:
    """Keys of the document and what is used of them; of everything that can hold variables, when
    the template cannot be read."""
    pieces = simple_pieces(text)
    if pieces is not None:
        for piece in pieces:
            if isinstance(piece, Path):
                first = piece.steps[0] if piece.steps else None
                yield piece.name, first if isinstance(first, str) else None
        return
    checked = engine.check(text)
    for name, key in checked.uses:
        yield ("libraries", name) if name in libraries else (name, key)
    if checked.problems:
        yield from ((name, None) for name in ("vars", "data", "params", "libraries"))


def _idle_selections(manifest: Manifest, templates: Iterable[ExportTemplate]) -> list[str]:
    """Named selections that neither an export of the manifest takes, nor one of a template that
    has none of that name itself."""
    idle = _without_named(manifest.declarations, manifest.exports)
    if manifest.defaults is not None and manifest.defaults.values.get("assets") in idle:
        idle.remove(str(manifest.defaults.values["assets"]))
    for template in templates:
        own = template.declarations.selections
        taken = [export.assets for export in template.exports if isinstance(export.assets, str)]
        if any(map(is_template, taken)):
            return []
        idle = [name for name in idle if name not in taken or name in own]
    return idle


def _without_named(declarations: Declarations, exports: Iterable[object]) -> list[str]:
    """The selections of a document that its own exports do not name."""
    if not declarations.selections:
        return []
    taken = {
        export.assets
        for export in exports
        if isinstance(export, Export) and isinstance(export.assets, str)
    }
    if any(map(is_template, taken)):
        return []
    return [name for name in declarations.selections if name not in taken]


def _is_meant_so(place: Place) -> bool:
    """Names that begin with ``_`` are for people, and an anchor may be used as an alias."""
    if str(place.pointer[-1]).startswith("_"):
        return True
    where = place.locate(key=True)
    line = place.document.file.line(where.line) or ""
    return _ANCHOR(line, where.end_column - 1) is not None


_ANCHOR = re.compile(r"\s*:\s*&").match


def _warning(place: Place) -> Diagnostic:
    kind, name = str(place.pointer[-2]), str(place.pointer[-1])
    called = _NOUNS[kind].format(name) if kind in _NOUNS else f"`{kind}.{name}`"
    problem = Problem(
        rule=Rule.UNUSED_DECLARATION,
        summary=f"{called} is declared but never used",
        hint="remove it, or use it; a comment can say why it stays: # s7spec: "
        f"ignore={Rule.UNUSED_DECLARATION.id} reason=...",
        on_key=True,
    )
    return diagnostic(LeafProblem(place=place, problem=problem))
