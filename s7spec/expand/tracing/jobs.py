"""The way from a project to one of its jobs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from s7spec.expand.budget import Work
from s7spec.expand.combinations import EACH, MATRIX, Combinations, Indices
from s7spec.expand.exports import ExportExpansion, Filled
from s7spec.expand.repeating import When, combinations_of
from s7spec.expand.scopes import DocumentScope, FindInDocument, FindInTemplate, layered
from s7spec.expand.selections import FindSelection
from s7spec.expand.single import SingleFailure
from s7spec.expand.templating import CheckArgument, params_of
from s7spec.expand.tracing.fields import Fields
from s7spec.expand.tracing.roots import (
    DataRoot,
    Layer,
    LayersRoot,
    LibraryRoot,
    PlacesRoot,
    layers_of,
)
from s7spec.expand.tracing.selections import Chosen
from s7spec.expand.tracing.sight import Root, Sight
from s7spec.expand.tracing.steps import Passed, steps_to
from s7spec.expand.tracing.written import MatrixRoot, ParamsRoot, RowRoot
from s7spec.model.inputs import Inputs, data_key
from s7spec.model.job import JobKey
from s7spec.model.manifest import Declarations, Export, Manifest, Repetition, TemplateUse
from s7spec.model.project import Environment, Project
from s7spec.model.source import Place
from s7spec.model.trace import JobTrace, VariableOrigin


def trace(
    manifest: Manifest,
    environment: Environment,
    *,
    project: Project,
    inputs: Inputs,
    argument: CheckArgument,
    export_key: str,
) -> JobTrace | None:
    """Where the job ``export_key`` of ``manifest`` comes from; None when no export makes it.

    ``inputs`` are what the manifest was expanded with. Only the exports up to the job are
    expanded, and only the job itself is looked at more closely.
    """
    return _Tracing(manifest, environment, project, inputs, argument).job(export_key)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """An export that may make the job, what its templates see, and the use that leads to it."""

    export: Export
    declarations: Declarations
    sight: Sight
    find: FindSelection
    passed: tuple[Passed, ...] = ()


class _Tracing:
    def __init__(
        self,
        manifest: Manifest,
        environment: Environment,
        project: Project,
        inputs: Inputs,
        argument: CheckArgument,
    ) -> None:
        self._manifest = manifest
        self._environment = environment
        self._project = project
        self._inputs = inputs
        self._argument = argument
        layers = layers_of(project, environment, manifest)
        self._shared = {
            "env": {"name": environment.name, "company": environment.company},
            "manifest": {"name": manifest.name},
        }
        merged = layered(tuple(layer.values for layer in layers))
        self._work = Work()
        self._scope = DocumentScope(
            manifest.declarations, inputs, self._shared, vars=merged, work=self._work
        )
        self._sight = self._sight_of(manifest.declarations, self._scope, layers)

    def job(self, key: str) -> JobTrace | None:
        for entry in self._manifest.exports:
            for found in self._exports(entry):
                filled = _filled(found, key)
                if filled is not None:
                    return self._trace(entry, found, *filled)
        return None

    def _exports(self, entry: Export | TemplateUse) -> Iterator[_Found]:
        """The exports of an entry: itself, or those of its template for each of its uses."""
        if isinstance(entry, TemplateUse):
            yield from self._uses(entry)
            return
        find = FindInDocument(self._scope)
        declarations = self._manifest.declarations
        yield _Found(export=entry, declarations=declarations, sight=self._sight, find=find)

    def _uses(self, entry: TemplateUse) -> Iterator[_Found]:
        template = self._inputs.templates.get(entry.template.path)
        if template is None:
            return
        scope = DocumentScope(
            template.declarations,
            self._inputs,
            self._shared,
            vars=template.declarations.vars,
            work=self._work,
            has_params=True,
        )
        layer = Layer(
            origin=VariableOrigin.TEMPLATE,
            place=Place(document=template.document, pointer=("vars",)),
            values=template.declarations.vars,
        )
        own = self._sight_of(template.declarations, scope, (layer,))
        for passed in _repetitions(entry.repetition, self._sight):
            outside = passed.sight
            try:
                params = params_of(entry, template, outside.engine, outside.values, self._argument)
            except SingleFailure:
                continue
            root = ParamsRoot(entry, template, params, outside)
            sight = own.with_more({"params": params}, {"params": root})
            find = FindInTemplate(scope, self._scope, outside.values)
            for export in template.exports:
                yield _Found(
                    export=export,
                    declarations=template.declarations,
                    sight=sight,
                    find=find,
                    passed=(passed,),
                )

    def _trace(
        self, entry: Export | TemplateUse, found: _Found, filled: Filled, last: Passed
    ) -> JobTrace:
        chosen = self._chosen(found, filled, last.sight)
        fields = Fields(found.export, filled, last.sight, chosen, self._inputs)
        steps = steps_to(
            self._project, self._environment, self._manifest, entry, (*found.passed, last)
        )
        return JobTrace(
            key=JobKey(
                company=self._environment.company,
                environment=self._environment.name,
                manifest=self._manifest.name,
                export=filled[1],
            ),
            manifest=self._manifest.document.locate(("metadata", "name")),
            steps=tuple(steps),
            fields=tuple(fields.all()),
        )

    def _chosen(self, found: _Found, filled: Filled, sight: Sight) -> Chosen:
        stated, made = found.export.assets, filled[4]
        if not isinstance(stated, str):
            return Chosen(stated=stated, sight=sight, made=made)
        # What was made keeps the place of what was written, and each is written at its own.
        own = found.declarations.selections.values()
        for selection in own:
            if selection.place == made.place:
                return Chosen(stated=selection, sight=sight, made=made)
        outer = self._manifest.declarations.selections.values()
        (selection,) = [each for each in outer if each.place == made.place]
        return Chosen(stated=selection, sight=found.passed[0].sight, made=made)

    def _sight_of(
        self, declarations: Declarations, scope: DocumentScope, layers: tuple[Layer, ...]
    ) -> Sight:
        inputs = self._inputs
        files = {
            name: inputs.data[data_key(reference)]
            for name, reference in declarations.data.items()
            if data_key(reference) in inputs.data
        }
        libraries = {
            name: inputs.libraries[reference.path]
            for name, reference in declarations.libraries.items()
            if reference.path in inputs.libraries
        }
        roots: dict[str, Root] = {
            "vars": LayersRoot(layers),
            "data": DataRoot(files),
            **self._named_roots(),
            **{name: LibraryRoot(file) for name, file in libraries.items()},
        }
        return Sight(scope.engine, scope.base, roots, frozenset(libraries))

    def _named_roots(self) -> Mapping[str, Root]:
        environment, manifest = self._environment, self._manifest
        stated = Place(document=self._project.document, pointer=environment.pointer)
        name = Place(document=manifest.document, pointer=("metadata", "name"))
        return {
            "env": PlacesRoot(
                VariableOrigin.ENVIRONMENT,
                {
                    "name": (environment.name, stated),
                    "company": (environment.company, stated.below("company")),
                },
            ),
            "manifest": PlacesRoot(VariableOrigin.METADATA, {"name": (manifest.name, name)}),
        }


def _filled(found: _Found, key: str) -> tuple[Filled, Passed] | None:
    """The job's finished parts, and its combination, when the export makes it."""
    expansion = ExportExpansion(found.export, found.sight.engine, found.sight.values, found.find)
    for batch in expansion.batches():
        for each in batch:
            if isinstance(each, tuple) and each[1] == key:
                repetition, combinations = found.export.repetition, expansion.combinations
                return each, _passed(repetition, combinations, each[0], found.sight)
    return None


def _repetitions(repetition: Repetition, sight: Sight) -> Iterator[Passed]:
    """The combinations of an entry that count."""
    try:
        combinations = combinations_of(repetition, sight.engine, sight.values)
        when = When(repetition, sight.engine, combinations, sight.values)
    except SingleFailure:
        return
    for indices in combinations:
        try:
            if not when.holds(indices):
                continue
        except SingleFailure:
            continue
        yield _passed(repetition, combinations, indices, sight)


def _passed(
    repetition: Repetition, combinations: Combinations, indices: Indices, sight: Sight
) -> Passed:
    values: dict[str, Any] = combinations.scope(indices)
    roots: dict[str, Root] = {}
    if EACH in values:
        roots[EACH] = RowRoot(repetition, combinations, indices, sight)
    if repetition.matrix is not None:
        roots[MATRIX] = MatrixRoot(repetition, combinations, indices, sight)
    return Passed(repetition=repetition, sight=sight.with_more(values, roots))
