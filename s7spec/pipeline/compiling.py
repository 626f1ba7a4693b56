"""load -> validate -> expand, offline."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TypeAlias

from s7spec.expand import (
    CheckPayloads,
    check_leaves,
    expand,
    find_broken_leaves,
    find_unused,
)
from s7spec.lint import JobLint, Permissions
from s7spec.load import find_manifests, load_file, read_ignores
from s7spec.model.diagnostics import Diagnostic, Severity, has_errors
from s7spec.model.ignores import apply_ignores, ignored_by
from s7spec.model.job import ExpandedJob
from s7spec.model.manifest import Manifest
from s7spec.model.preset import Preset
from s7spec.model.project import Environment
from s7spec.model.rules import SEEN_OFFLINE, SEEN_WITH_PRESETS
from s7spec.model.source import SourceDocument, SourceFile
from s7spec.pipeline.compiled import Compiled, Findings
from s7spec.pipeline.presets import OfflinePresets, watch_of
from s7spec.pipeline.projects import ProjectFound
from s7spec.pipeline.references import References
from s7spec.pipeline.scope import WHOLE, Scope
from s7spec.pipeline.selecting import Choice
from s7spec.validate import (
    NameRegister,
    SchemaSet,
    argument_problem,
    check_environments,
    check_export_job,
    is_template_document,
    outline_of,
    read_manifest,
    read_template,
)

_CHARACTERS_IN_BATCH = 512 * 1024


_Searched: TypeAlias = tuple[tuple[Path, ...], tuple[Diagnostic, ...]]
"""The files that were found, and what is wrong with where they were looked for."""


class Compilation:
    """Manifest by manifest, job by job: what was made is not kept, so that any number of jobs
    takes the memory of one file. Counts and findings are there when all jobs have been taken."""

    def __init__(
        self,
        found: ProjectFound,
        environment: Environment,
        *,
        scope: Scope = WHOLE,
        schemas: SchemaSet,
        presets: OfflinePresets | None = None,
        searched: _Searched | None = None,
    ) -> None:
        """With ``presets``, jobs are warned of that use others than these."""
        self._found = found
        self.environment = environment
        self._schemas = schemas
        self._presets = presets
        self._watch = watch_of(presets)
        self._scope = scope
        self._choice = Choice(scope.narrowing)
        layers = (found.project.vars or {}, environment.vars or {})
        self._references = References(found.root, schemas, layers)
        self._payloads = CheckPayloads(
            accept=lambda payload: schemas.accepts(payload, "export-job"),
            accept_all=lambda key, texts: schemas.accept_texts(texts, "export-job", key),
            explain=lambda payload: check_export_job(payload, schemas),
        )
        self._names = NameRegister()
        known = self.known_presets
        self._lint = JobLint(None if known is None else known.values())
        self._diagnostics: list[Diagnostic] = []
        self._of_templates: list[Diagnostic] = []
        self._sources: dict[str, SourceFile] = {}
        self._searched = searched or _search(found, scope)
        self.paths, findings = self._searched
        self._diagnostics += findings
        self.manifests = 0
        self.jobs = 0

    def anew(self) -> Compilation:
        """The same, with nothing taken from it yet; files are not searched for again."""
        return Compilation(
            self._found,
            self.environment,
            scope=self._scope,
            schemas=self._schemas,
            presets=self._presets,
            searched=self._searched,
        )

    def __iter__(self) -> Iterator[ExpandedJob]:
        """All jobs that are selected, in the order of the files."""
        return self.take(self.paths)

    def take(self, paths: Iterable[Path]) -> Iterator[ExpandedJob]:
        """The jobs of some of the files."""
        for manifest in self._manifests(paths):
            yield from self.expand(manifest)

    def read(self) -> Iterator[Manifest]:
        """The manifests that are right by themselves."""
        return self._manifests(self.paths)

    @property
    def known_presets(self) -> Mapping[str, Preset] | None:
        """The company's image presets by ``preset_key`` as far as they are known offline; None when
        nothing is known about them."""
        return None if self._presets is None else self._presets.of(self.environment.company)

    @property
    def names(self) -> frozenset[str]:
        """The names of the manifests read so far."""
        return self._names.taken

    def _manifests(self, paths: Iterable[Path]) -> Iterator[Manifest]:
        for documents in self._batches(paths):
            for manifest in [self._read(document) for document in documents]:
                if manifest is not None:
                    self.manifests += 1
                    yield manifest

    def _batches(self, paths: Iterable[Path]) -> Iterator[list[SourceDocument]]:
        """The documents, some files at a time.

        Many files are loaded, then checked, then expanded, rather than each by itself: a processor
        is a fifth faster when it does the same thing for a while.
        """
        batch: list[SourceDocument] = []
        size = 0
        for path in paths:
            loaded = load_file(path, root=self._found.root)
            self._diagnostics += loaded.diagnostics
            for document in loaded.documents:
                self._sources[document.file.path] = document.file
                size += len(document.file.text)
            batch += loaded.documents
            if size >= _CHARACTERS_IN_BATCH:
                yield batch
                batch, size = [], 0
        yield batch

    def expand(self, manifest: Manifest) -> Iterator[ExpandedJob]:
        """The jobs of one manifest that are selected; findings are kept."""
        inputs, findings = self._references.inputs(manifest)
        self._diagnostics += findings
        if inputs is None:
            self._diagnostics += find_broken_leaves(manifest.document)
            return
        is_whole = True
        permissions = Permissions()
        takes = self._choice.within(manifest)
        jobs = 0
        for result in expand(
            manifest,
            self.environment,
            inputs=inputs,
            payloads=self._payloads,
            argument=argument_problem,
        ):
            if isinstance(result, Diagnostic):
                self._diagnostics.append(result)
                is_whole = is_whole and result.severity is Severity.WARNING
                continue
            self._diagnostics += self._lint.findings(result)
            permissions.note(result)
            if takes is None or takes(result):
                jobs += 1
                if self._watch is not None:
                    self._diagnostics += self._watch.findings(result)
                yield result
        self.jobs += jobs
        if is_whole:
            self._diagnostics += find_unused(manifest, inputs)
            self._diagnostics += permissions.unused()

    @property
    def files(self) -> tuple[SourceFile, ...]:
        """Manifests, and everything they named, each once."""
        return tuple({**self._sources, **self._references.files}.values())

    def findings(self) -> Findings:
        """Everything that was found, in order, without the warnings that comments ignore."""
        read = [read_ignores(file) for file in self.files]
        ignores = tuple(ignore for found, _ in read for ignore in found)
        bad = (finding for _, wrong in read for finding in wrong)
        templates = self._not_said_of_uses()
        broken = () if self._presets is None else self._presets.found.diagnostics
        found = (*self._diagnostics, *templates, *bad, *broken)
        if not has_errors(found):  # where jobs are missing, nobody knows what a term would find
            found = (*found, *self._choice.findings())
        looked_for = SEEN_OFFLINE if self._watch is None else SEEN_OFFLINE | SEEN_WITH_PRESETS
        looked_for -= self._lint.unseen
        return Findings(
            diagnostics=apply_ignores(found, ignores, looked_for=looked_for),
            ignores=ignores,
            ignored=len(ignored_by(found, ignores)),
        )

    def whole(self) -> Compiled:
        """Everything at once: all jobs, all findings of all files."""
        manifests: list[Manifest] = []
        jobs: list[ExpandedJob] = []
        for manifest in self.read():
            manifests.append(manifest)
            jobs += self.expand(manifest)
        findings = self.findings()
        return Compiled(
            environment=self.environment,
            files=self.files,
            manifests=tuple(manifests),
            jobs=tuple(jobs),
            diagnostics=findings.diagnostics,
            whole=self._scope.is_whole,
            scope=self._scope,
            left_out=self._choice.asked - self._choice.taken,
            ignores=findings.ignores,
            ignored=findings.ignored,
        )

    def files_named_by(self, manifest: Manifest) -> tuple[tuple[str, ...], bool]:
        """What a manifest is made of beside its own file, as it and its templates name it; and
        whether that is all."""
        return self._references.named_by(manifest)

    def _read(self, document: SourceDocument) -> Manifest | None:
        if is_template_document(document):
            self._read_template(document)
            return None
        manifest, findings = read_manifest(document, self._schemas)
        self._diagnostics += findings
        if manifest is None:
            self._diagnostics += find_broken_leaves(document)
        else:
            self._diagnostics += self._names.enter(manifest)
            if manifest.environments:
                self._diagnostics += check_environments(manifest, self._found.project)
        return manifest

    def _read_template(self, document: SourceDocument) -> None:
        """A template among the manifests: whoever uses it, or nobody."""
        self._choice.note_template(document.file.path)
        _, findings = read_template(document, self._schemas, defaults=None)
        self._diagnostics += findings
        if findings:
            return
        outline = outline_of(document)
        libraries, found = self._references.of_template(outline.declarations)
        self._diagnostics += found
        if libraries is not None:
            declared = {
                "params": outline.params,
                "vars": outline.declarations.vars,
                "data": dict.fromkeys(outline.declarations.data),
            }
            self._of_templates += check_leaves(outline.leaves, declared, libraries)

    def _not_said_of_uses(self) -> Iterator[Diagnostic]:
        """What was found in templates by themselves; uses say the same in other words."""
        said = {(finding.rule, finding.where) for finding in self._diagnostics}
        for finding in self._of_templates:
            if (finding.rule, finding.where) not in said:
                yield finding


def _search(found: ProjectFound, scope: Scope) -> _Searched:
    if scope.since is not None:
        return scope.since.files, ()
    patterns, exclude = found.project.manifests, _not_manifests(found)
    return find_manifests(found.root, patterns, scope.paths, exclude=exclude)


def _not_manifests(found: ProjectFound) -> tuple[Path, ...]:
    """Folders of the embedded IPS: the YAML in them is its own."""
    environments = found.project.environments.values()
    folders = (folder for each in environments for folder in (each.catalog, each.data) if folder)
    return tuple(found.root / folder for folder in folders)
