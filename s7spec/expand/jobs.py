"""All jobs of a manifest."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from typing import TypeAlias

from s7spec.expand.budget import FAILURE, Work, WorkExceeded
from s7spec.expand.building import CheckPayloads, JobBuilder
from s7spec.expand.exports import ExportExpansion
from s7spec.expand.findings import Findings
from s7spec.expand.idle import idle_exclusions, nothing_made
from s7spec.expand.problems import LeafProblem, Problem
from s7spec.expand.repeating import When, combinations_of, with_words
from s7spec.expand.scopes import DocumentScope, FindInDocument, FindInTemplate, layered
from s7spec.expand.single import SingleFailure
from s7spec.expand.surgery import check_surgery
from s7spec.expand.templating import CheckArgument, Use, params_of
from s7spec.model.diagnostics import Diagnostic
from s7spec.model.inputs import Inputs
from s7spec.model.job import ExpandedJob
from s7spec.model.manifest import Export, ExportTemplate, Manifest, TemplateUse
from s7spec.model.project import Environment
from s7spec.model.rules import Rule
from s7spec.model.source import Place

MAX_FINDINGS = 100
"""Per manifest: after so many, the rest is not expanded."""
_USE = 1_000
"""Steps of an export that a template repeats; what stands in a manifest is paid for by its size."""
_Batch: TypeAlias = list[ExpandedJob | Diagnostic]


def expand(
    manifest: Manifest,
    environment: Environment,
    *,
    inputs: Inputs,
    payloads: CheckPayloads,
    argument: CheckArgument,
    all_slowly: bool = False,
    work: Work | None = None,
) -> Iterator[ExpandedJob | Diagnostic]:
    """The jobs of ``manifest`` in ``environment``, in the order of its text, made lazily.

    The same inputs give the same jobs: templates see ``vars``, ``matrix``, ``each``, ``data``,
    ``env`` (name, company), ``manifest`` (name), the ``params`` of a template, and nothing else.
    An export that cannot be expanded gives diagnostics in place of its jobs; the others go on.
    ``all_slowly`` goes the long way for every job: what comes out is the same. ``work`` is what
    the manifest may cost, where that is not the usual.
    """
    expansion = _Expansion(
        manifest, environment, inputs, payloads, argument, all_slowly, work or Work()
    )
    findings = 0
    entry: Export | TemplateUse | None = None
    try:
        for result in expansion.broken_libraries():
            findings += 1
            yield result
        for entry in manifest.exports:
            made, before = 0, expansion.met
            for batch in expansion.entry(entry):
                made += len(batch)
                if expansion.has_news:
                    found = [at for at, each in enumerate(batch) if isinstance(each, Diagnostic)]
                    findings += len(found)
                    if findings >= MAX_FINDINGS:
                        yield from batch[: found[MAX_FINDINGS - findings - 1] + 1]
                        yield expansion.too_many(entry)
                        return
                yield from batch
            if not made and expansion.met == before:
                yield from nothing_made(entry)
    except WorkExceeded as limit:
        yield expansion.exceeded(entry, limit)
        return
    if not findings:
        yield from idle_exclusions(manifest)
        yield from itertools.islice(expansion.surgery(), MAX_FINDINGS)


class _Expansion:
    """What the entries of a manifest share: scopes, the keys taken, what was said already."""

    def __init__(
        self,
        manifest: Manifest,
        environment: Environment,
        inputs: Inputs,
        payloads: CheckPayloads,
        argument: CheckArgument,
        all_slowly: bool,
        work: Work,
    ) -> None:
        self._manifest = manifest
        self._inputs = inputs
        self._argument = argument
        self._all_slowly = all_slowly
        self._work = work
        self._shared = {
            "env": {"name": environment.name, "company": environment.company},
            "manifest": {"name": manifest.name},
        }
        overlay = manifest.environments.get(environment.name, {})
        layers = (*inputs.vars, manifest.declarations.vars, overlay)
        self._scope = DocumentScope(
            manifest.declarations, inputs, self._shared, vars=layered(layers), work=self._work
        )
        self._findings = Findings(inputs.libraries.values())
        self._builder = JobBuilder(
            manifest, environment, payloads, self._findings, self._work, inputs.data.values()
        )
        self._templates: dict[str, DocumentScope] = {}

    @property
    def met(self) -> int:
        """How many times anything was found, also what was said before."""
        return self._findings.met

    @property
    def has_news(self) -> bool:
        """Whether anything was found since this was asked last."""
        return self._findings.has_news()

    def broken_libraries(self) -> Iterator[Diagnostic]:
        """What is wrong in the macro libraries of the manifest, whoever calls them."""
        yield from self._findings.of_libraries(self._scope.engine)

    def entry(self, entry: Export | TemplateUse) -> Iterator[_Batch]:
        """The jobs of one entry of ``exports``, or what is wrong with it."""
        if isinstance(entry, Export):
            scope = self._scope
            expansion = ExportExpansion(
                entry, scope.engine, scope.base, FindInDocument(scope), self._all_slowly
            )
            yield from self._builder.batches(entry, expansion, None)
        else:
            yield from self._use(entry)

    def surgery(self) -> Iterable[Diagnostic]:
        """What is wrong with ``moved``, ``forget`` and ``adopt``."""
        return self._findings.say_all(check_surgery(self._manifest, self._builder.keys), None)

    def too_many(self, entry: Export | TemplateUse) -> Diagnostic:
        """Says that what comes after, in ``entry`` and below it, was not looked at."""
        problem = Problem(
            rule=Rule.TEMPLATE_FAILED,
            summary=f"{MAX_FINDINGS} findings: the rest of this export and those after it were "
            "not expanded",
            hint="correct the ones above first",
        )
        return self._findings.said(LeafProblem(place=_named_place(entry), problem=problem))

    def exceeded(self, entry: Export | TemplateUse | None, limit: WorkExceeded) -> Diagnostic:
        """Says that the manifest is too dear, and where that was noticed."""
        problem = Problem(
            rule=Rule.TEMPLATE_FAILED,
            summary=f"the manifest `{self._manifest.name}` takes {limit} to expand: what comes "
            "from here on was not expanded",
            hint="make several manifests of it, or let its templates do less: shorter lists, "
            "loops and texts",
        )
        document = self._manifest.document
        place = Place(document=document, pointer=("metadata", "name"))
        if entry is not None:
            place = _named_place(entry)
        return self._findings.said(LeafProblem(place=place, problem=problem))

    def _use(self, entry: TemplateUse) -> Iterator[_Batch]:
        template = self._inputs.templates.get(entry.template.path)
        if template is None:
            return  # why it could not be read has been said
        engine, base = self._scope.engine, self._scope.base
        try:
            combinations = combinations_of(entry.repetition, engine, base)
            when = When(entry.repetition, engine, combinations, base)
            for indices in combinations:
                words = combinations.words(indices)
                try:
                    if not when.holds(indices):
                        continue
                    scope = {**base, **combinations.scope(indices)}
                    params = params_of(entry, template, engine, scope, self._argument)
                except SingleFailure as failure:
                    self._work.spend(FAILURE)
                    problems = [with_words(found, words) for found in failure.problems]
                    yield [*self._findings.say_all(problems, None)]
                    continue
                use = Use(entry=entry, params=params, scope=scope, words=words)
                yield from self._template_jobs(template, use)
        except SingleFailure as failure:
            yield [*self._findings.say_all(failure.problems, None)]

    def _template_jobs(self, template: ExportTemplate, use: Use) -> Iterator[_Batch]:
        path = use.entry.template.path
        scope = self._templates.get(path)
        if scope is None:
            declarations = template.declarations
            scope = self._templates[path] = DocumentScope(
                declarations,
                self._inputs,
                self._shared,
                vars=declarations.vars,
                work=self._work,
                has_params=True,
            )
            yield [*self._findings.of_libraries(scope.engine)]

        find = FindInTemplate(scope, self._scope, use.scope)
        base = {**scope.base, "params": use.params}
        for export in template.exports:
            self._work.spend(_USE)
            expansion = ExportExpansion(export, scope.engine, base, find, self._all_slowly)
            yield from self._builder.batches(export, expansion, use)


def _named_place(entry: Export | TemplateUse) -> Place:
    return entry.place.below("id" if isinstance(entry, Export) else "template")
