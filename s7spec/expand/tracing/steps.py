"""How a job came about: the stations from the project to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from s7spec.expand.combinations import EACH, MATRIX
from s7spec.expand.simple import Path
from s7spec.expand.tracing.sight import Sight
from s7spec.model.manifest import Export, Manifest, Repetition, TemplateUse
from s7spec.model.project import Environment, Project
from s7spec.model.trace import Step, StepKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """One combination of an entry, or of an export of a template, and what its templates see."""

    repetition: Repetition
    sight: Sight


def steps_to(
    project: Project,
    environment: Environment,
    manifest: Manifest,
    entry: Export | TemplateUse,
    passed: Sequence[Passed],
) -> Iterator[Step]:
    """``passed`` are the entry's combination, and that of the template's export if it uses one."""
    document = project.document
    yield Step(kind=StepKind.PROJECT, name=document.file.path, where=document.locate(()))
    yield Step(
        kind=StepKind.ENVIRONMENT,
        name=environment.name,
        where=document.locate(environment.pointer, key=True),
    )
    yield Step(
        kind=StepKind.MANIFEST,
        name=manifest.name,
        where=manifest.document.locate(("metadata", "name")),
    )
    if environment.name in manifest.environments:
        overlay = manifest.document.locate(("environments", environment.name), key=True)
        yield Step(kind=StepKind.OVERLAY, name=f"environments.{environment.name}", where=overlay)
    first, *others = passed
    yield Step(kind=StepKind.ENTRY, name=_name(first.repetition), where=entry.place.locate())
    yield from _repetition(first)
    for inner in others:
        assert isinstance(entry, TemplateUse)
        sight, place = inner.sight, entry.place.below("template")
        params = sight.trace(Path("params", ()))
        yield Step(
            kind=StepKind.TEMPLATE,
            name=entry.template.path,
            where=place.locate(),
            variables=params.variables,
        )
        where = inner.repetition.place.locate()
        yield Step(kind=StepKind.EXPORT, name=_name(inner.repetition), where=where)
        yield from _repetition(inner)


def _repetition(passed: Passed) -> Iterator[Step]:
    stated, sight = passed.repetition, passed.sight
    if stated.for_each is not None:
        place = stated.place.below("for_each")
        yield Step(
            kind=StepKind.ROW,
            name="each",
            where=place.locate(),
            written=stated.for_each if isinstance(stated.for_each, str) else None,
            variables=(sight.trace(Path(EACH, ())),),
        )
    if stated.matrix is not None:
        axes = tuple(sight.trace(Path(MATRIX, (key,))) for key in sight.values[MATRIX])
        place = stated.matrix.place
        yield Step(kind=StepKind.COMBINATION, name="matrix", where=place.locate(), variables=axes)
    if isinstance(stated.when, str):
        yield Step(
            kind=StepKind.WHEN,
            name="when",
            where=stated.place.below("when").locate(),
            written=stated.when,
            variables=sight.variables(stated.when),
        )


def _name(repetition: Repetition) -> str:
    """``exports[2]``."""
    return f"exports[{repetition.place.pointer[-1]}]"
