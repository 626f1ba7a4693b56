"""Files that manifests and templates name: each is read once, whoever names it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

from s7spec.load import load_file
from s7spec.model.data import DataFile
from s7spec.model.diagnostics import Diagnostic, RelatedPlace, has_errors
from s7spec.model.inputs import Inputs, data_key
from s7spec.model.manifest import (
    Declarations,
    Defaults,
    Export,
    ExportTemplate,
    Manifest,
    TemplateUse,
)
from s7spec.model.rules import Rule
from s7spec.model.selection import FileReference, Selection
from s7spec.model.source import JsonValue, Place, SourceDocument, SourceFile, SourceRange
from s7spec.validate import SchemaSet, check_arguments, read_template

if TYPE_CHECKING:
    from s7spec.load.references import Refusal

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Loaded(Generic[T]):
    """What a path leads to: a value, or why there is none."""

    value: T | None = None
    findings: tuple[Diagnostic, ...] = ()
    refusal: Refusal | None = None


class References:
    """``vars`` are the project's layers. Each file is read once; what is wrong with a reference is
    said to everybody who makes it."""

    def __init__(
        self,
        root: Path,
        schemas: SchemaSet,
        vars: tuple[Mapping[str, JsonValue], ...],  # noqa: A002
    ) -> None:
        self._root = root
        self._schemas = schemas
        self._vars = vars
        self._data: dict[tuple[str, str | None], _Loaded[DataFile]] = {}
        self._libraries: dict[tuple[str, str | None], _Loaded[SourceFile]] = {}
        self._documents: dict[tuple[str, str | None], _Loaded[SourceDocument]] = {}
        self._plain: dict[SourceDocument, tuple[ExportTemplate | None, list[Diagnostic]]] = {}
        self.files: dict[str, SourceFile] = {}
        """Everything that was read, by its path."""

    def inputs(self, manifest: Manifest) -> tuple[Inputs | None, list[Diagnostic]]:
        """Everything that a manifest refers to, or None when it cannot be had: expanding would only
        say so in other words. What is wrong with a file is said for the first one that names it.
        """
        templates, findings = self._templates(manifest)
        is_whole = None not in templates.values()
        usable = {path: template for path, template in templates.items() if template is not None}
        data: dict[tuple[str, str | None], DataFile] = {}
        libraries: dict[str, SourceFile] = {}
        for reference in _data_references(manifest, usable):
            file = self._once(reference, self._data, self._load_data)
            findings += file.findings
            if file.value is not None:
                data[data_key(reference)] = file.value
            is_whole = is_whole and file.value is not None
        for reference in _library_references(manifest, usable):
            library = self._once(reference, self._libraries, self._load_library)
            findings += library.findings
            if library.value is not None:
                libraries[reference.path] = library.value
            is_whole = is_whole and library.value is not None
        if not is_whole or has_errors(findings):
            return None, findings
        inputs = Inputs(vars=self._vars, data=data, libraries=libraries, templates=usable)
        return inputs, findings

    def named_by(self, manifest: Manifest) -> tuple[tuple[str, ...], bool]:
        """The files that a manifest and its templates name, whether they are there or not; and
        whether that is all: of a template that cannot be used nobody knows what it names."""
        templates, _ = self._templates(manifest)
        usable = {path: template for path, template in templates.items() if template is not None}
        references = (*_data_references(manifest, usable), *_library_references(manifest, usable))
        paths = dict.fromkeys((*templates, *(reference.path for reference in references)))
        return tuple(paths), len(usable) == len(templates)

    def of_template(
        self, declarations: Declarations
    ) -> tuple[dict[str, SourceFile] | None, list[Diagnostic]]:
        """The libraries of a template by itself, by the names it gives them, or None when one
        cannot be had."""
        libraries: dict[str, SourceFile] = {}
        findings: list[Diagnostic] = []
        for name, reference in declarations.libraries.items():
            library = self._once(reference, self._libraries, self._load_library)
            findings += library.findings
            if library.value is not None:
                libraries[name] = library.value
        return (libraries if len(libraries) == len(declarations.libraries) else None), findings

    def _templates(
        self, manifest: Manifest
    ) -> tuple[dict[str, ExportTemplate | None], list[Diagnostic]]:
        """The templates a manifest uses, by path; None for what is no template."""
        findings: list[Diagnostic] = []
        templates: dict[str, ExportTemplate | None] = {}
        for use in manifest.exports:
            if isinstance(use, TemplateUse):
                path = use.template.path
                if path not in templates:
                    templates[path], found = self._template(use.template, manifest.defaults)
                    findings += found
                template = templates[path]
                if template is not None:
                    findings += check_arguments(use, template)
        return templates, findings

    def _template(
        self, reference: FileReference, defaults: Defaults | None
    ) -> tuple[ExportTemplate | None, list[Diagnostic]]:
        loaded = self._once(reference, self._documents, self._load_document)
        document = loaded.value
        if document is None:
            return None, [*loaded.findings]
        # A manifest without defaults hands over empty ones: they are the same for all.
        nothing = Defaults(place=Place(document=document, pointer=()), values={})
        if defaults is not None:
            return self._read(document, defaults)
        if document not in self._plain:
            self._plain[document] = self._read(document, nothing)
        return self._plain[document]

    def _read(
        self, document: SourceDocument, defaults: Defaults
    ) -> tuple[ExportTemplate | None, list[Diagnostic]]:
        template, findings = read_template(document, self._schemas, defaults=defaults)
        return template, [*findings]

    def _load_document(self, path: Path, reference: FileReference) -> _Loaded[SourceDocument]:
        loaded = load_file(path, root=self._root)
        if has_errors(loaded.diagnostics):
            return _Loaded(findings=loaded.diagnostics)
        if len(loaded.documents) != 1:
            place = SourceRange(path=reference.path)
            summary = f"a template file holds one document, not {len(loaded.documents)}"
            finding = Diagnostic(
                rule=Rule.NOT_A_MAPPING, summary=summary, where=place, hint="split it"
            )
            return _Loaded(findings=(*loaded.diagnostics, finding))
        (document,) = loaded.documents
        self.files[document.file.path] = document.file
        return _Loaded(value=document, findings=loaded.diagnostics)

    def _load_data(self, path: Path, reference: FileReference) -> _Loaded[DataFile]:
        from s7spec.load.data import load_data

        loaded = load_data(path, root=self._root, delimiter=reference.delimiter)
        if loaded.data is not None:
            self.files[loaded.data.path] = loaded.data.file
        named_here = _named_here(reference) if loaded.diagnostics else ()
        findings = tuple(
            replace(finding, related=(*finding.related, *named_here))
            for finding in loaded.diagnostics
        )
        return _Loaded(value=loaded.data, findings=findings)

    def _load_library(self, path: Path, reference: FileReference) -> _Loaded[SourceFile]:
        from s7spec.load.references import load_library

        loaded = load_library(path, root=self._root)
        if isinstance(loaded, Diagnostic):
            return _Loaded(findings=(loaded,))
        self.files[loaded.path] = loaded
        return _Loaded(value=loaded)

    def _once(
        self,
        reference: FileReference,
        known: dict[tuple[str, str | None], _Loaded[T]],
        load: Callable[[Path, FileReference], _Loaded[T]],
    ) -> _Loaded[T]:
        """What a reference leads to, read when it is named first. What is wrong with the file
        stands in the file, and is the same for all; that there is none is said to each."""
        # Most manifests name no files: what reads them is imported when one does.
        from s7spec.load.references import Refusal, resolve_reference

        key = data_key(reference)
        if key not in known:
            found = resolve_reference(self._root, reference.path)
            if isinstance(found, Refusal):
                known[key] = _Loaded(refusal=found)
            else:
                known[key] = load(found, reference)
        loaded = known[key]
        if loaded.refusal is not None:
            return _Loaded(findings=(_about(reference, loaded.refusal),))
        return loaded


def _about(reference: FileReference, refusal: Refusal) -> Diagnostic:
    where: SourceRange = reference.place.locate()
    snippet = reference.place.document.file.snippet(where.line)
    return Diagnostic(
        rule=refusal.rule,
        summary=refusal.summary,
        where=where,
        hint=refusal.hint,
        snippet=snippet,
    )


def _named_here(reference: FileReference) -> tuple[RelatedPlace, ...]:
    where = reference.place.locate()
    snippet = reference.place.document.file.snippet(where.line)
    return (RelatedPlace(where=where, message="the file is named here", snippet=snippet),)


def _declarations(
    manifest: Manifest, templates: Mapping[str, ExportTemplate]
) -> Iterator[tuple[Declarations, tuple[Export | TemplateUse, ...]]]:
    yield manifest.declarations, manifest.exports
    for template in templates.values():
        yield template.declarations, template.exports


def _data_references(
    manifest: Manifest, templates: Mapping[str, ExportTemplate]
) -> Iterator[FileReference]:
    for declarations, exports in _declarations(manifest, templates):
        yield from declarations.data.values()
        inline = (entry.assets for entry in exports if isinstance(entry, Export))
        for selection in (*declarations.selections.values(), *inline):
            if isinstance(selection, Selection) and selection.file is not None:
                yield selection.file


def _library_references(
    manifest: Manifest, templates: Mapping[str, ExportTemplate]
) -> Iterator[FileReference]:
    for declarations, _ in _declarations(manifest, templates):
        yield from declarations.libraries.values()
