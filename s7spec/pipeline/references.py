"""Files that manifests and templates name: each is read once, whoever names it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from s7spec.load import load_file
from s7spec.model.data import DataFile
from s7spec.model.diagnostics import Diagnostic, has_errors
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


class References:
    """``vars`` are the project's layers. Findings about the files themselves are made once, those
    about a reference that leads nowhere once for each reference."""

    def __init__(
        self,
        root: Path,
        schemas: SchemaSet,
        vars: tuple[Mapping[str, JsonValue], ...],  # noqa: A002
    ) -> None:
        self._root = root
        self._schemas = schemas
        self._vars = vars
        self._data: dict[tuple[str, str | None], DataFile | None] = {}
        self._libraries: dict[str, SourceFile | None] = {}
        self._documents: dict[str, SourceDocument | None] = {}
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
            file, found = self._data_file(reference)
            findings += found
            if file is not None:
                data[data_key(reference)] = file
            is_whole = is_whole and file is not None
        for reference in _library_references(manifest, usable):
            library, found = self._library(reference)
            findings += found
            if library is not None:
                libraries[reference.path] = library
            is_whole = is_whole and library is not None
        if not is_whole or has_errors(findings):
            return None, findings
        inputs = Inputs(vars=self._vars, data=data, libraries=libraries, templates=usable)
        return inputs, findings

    def _templates(
        self, manifest: Manifest
    ) -> tuple[dict[str, ExportTemplate | None], list[Diagnostic]]:
        """The templates a manifest uses, by path; None for what is no template."""
        findings: list[Diagnostic] = []
        templates: dict[str, ExportTemplate | None] = {}
        # A manifest without defaults hands over empty ones.
        nothing = Defaults(place=Place(document=manifest.document, pointer=()), values={})
        defaults = manifest.defaults or nothing
        for use in manifest.exports:
            if isinstance(use, TemplateUse):
                template, found = self._template(use.template, defaults)
                findings += found
                templates[use.template.path] = template
                if template is not None:
                    findings += check_arguments(use, template)
        return templates, findings

    def _template(
        self, reference: FileReference, defaults: Defaults
    ) -> tuple[ExportTemplate | None, list[Diagnostic]]:
        findings: list[Diagnostic] = []
        if reference.path not in self._documents:
            self._documents[reference.path] = None
            path, findings = self._path(reference)
            if path is not None:
                loaded = load_file(path, root=self._root)
                findings += loaded.diagnostics
                if len(loaded.documents) == 1 and not has_errors(loaded.diagnostics):
                    self._documents[reference.path] = loaded.documents[0]
                elif not has_errors(loaded.diagnostics):
                    summary = f"a template file holds one document, not {len(loaded.documents)}"
                    findings.append(_about(reference, Rule.NOT_A_MAPPING, summary, "split it"))
        document = self._documents[reference.path]
        if document is None:
            return None, findings
        self.files[document.file.path] = document.file
        template, found = read_template(document, self._schemas, defaults=defaults)
        return template, [*findings, *found]

    def _data_file(self, reference: FileReference) -> tuple[DataFile | None, list[Diagnostic]]:
        key = data_key(reference)
        if key in self._data:
            return self._data[key], []
        self._data[key] = None
        path, findings = self._path(reference)
        if path is not None:
            from s7spec.load import load_data  # only here: most manifests have no data

            loaded = load_data(path, root=self._root, delimiter=reference.delimiter)
            findings += loaded.diagnostics
            self._data[key] = loaded.data
            if loaded.data is not None:
                self.files[loaded.data.path] = loaded.data.file
        return self._data[key], findings

    def _library(self, reference: FileReference) -> tuple[SourceFile | None, list[Diagnostic]]:
        if reference.path in self._libraries:
            return self._libraries[reference.path], []
        self._libraries[reference.path] = None
        path, findings = self._path(reference)
        if path is not None:
            from s7spec.load import load_library  # only here: most manifests have none

            loaded = load_library(path, root=self._root)
            if isinstance(loaded, Diagnostic):
                findings.append(loaded)
            else:
                self._libraries[reference.path] = loaded
                self.files[loaded.path] = loaded
        return self._libraries[reference.path], findings

    def _path(self, reference: FileReference) -> tuple[Path | None, list[Diagnostic]]:
        from s7spec.load import Refusal, resolve_reference

        found = resolve_reference(self._root, reference.path)
        if isinstance(found, Refusal):
            return None, [_about(reference, found.rule, found.summary, found.hint)]
        return found, []


def _about(reference: FileReference, rule: Rule, summary: str, hint: str) -> Diagnostic:
    where: SourceRange = reference.place.locate()
    snippet = reference.place.document.file.snippet(where.line)
    return Diagnostic(rule=rule, summary=summary, where=where, hint=hint, snippet=snippet)


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
