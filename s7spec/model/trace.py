"""Where a job comes from: every value with the text, file and place it was written in.

Made on demand, for one job (``expand.tracing``); nothing of it is kept while jobs are made.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from s7spec.model.effective import EffectiveCommand
from s7spec.model.job import JobKey
from s7spec.model.source import JsonValue, SourceRange


class VariableOrigin(StrEnum):
    """What gave a variable its value. ``MISSING`` is a name with nothing behind it, ``MERGED`` a
    mapping that several layers of vars wrote together: each of its keys has an origin of its own.
    """

    PROJECT = "vars of the project"
    PROJECT_ENVIRONMENT = "vars of the project's environment"
    MANIFEST = "vars of the manifest"
    MANIFEST_ENVIRONMENT = "vars of the manifest's environment"
    TEMPLATE = "vars of the template"
    MERGED = "several layers"
    AXIS = "axis of the matrix"
    INCLUDE = "include of the matrix"
    ROW = "for_each"
    DATA = "data file"
    ARGUMENT = "with"
    DEFAULT = "default of the param"
    ENVIRONMENT = "environment"
    METADATA = "metadata"
    MACRO = "macro of a library"
    MISSING = "nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class VariableTrace:
    """One name a template uses, ``matrix.size.wid``, and where its value was written.

    ``where`` is that place; None for a value that is put together of ``variables``, and for
    MISSING. ``label`` names the place in words: ``with.sizes[0].wid``. ``written`` is the text
    there when a template stands in it (``variables`` are then those it uses), or the head of a
    macro, which has no value.
    """

    path: str
    value: JsonValue
    origin: VariableOrigin
    where: SourceRange | None
    label: str
    written: str | None = None
    variables: tuple[VariableTrace, ...] = ()


class FieldOrigin(StrEnum):
    """Who wrote a field of a job."""

    EXPORT = "export"
    TEMPLATE_DEFAULTS = "defaults of the template"
    MANIFEST_DEFAULTS = "defaults of the manifest"
    SELECTION = "selection"
    DATA = "data file"
    BUILT_IN = "built in"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldTrace:
    """One field of a job: what came out, where it was written, and how it stands there.

    ``where`` is None for what is built in. ``written`` is the value there with its templates; None
    when it is a mapping, whose entries are ``parts``: the commands of ``is_modifier``, the keys of
    a selection, ``at`` and ``cron`` of a schedule, the names of ``inputs``. What
    ``parts`` have in ``value`` is their share of the whole: ``fit,0`` of ``fit=fit,0``, encoded.
    """

    name: str
    value: JsonValue
    origin: FieldOrigin
    where: SourceRange | None
    written: JsonValue = None
    variables: tuple[VariableTrace, ...] = ()
    parts: tuple[FieldTrace, ...] = ()

    def all_variables(self) -> Iterator[VariableTrace]:
        """Those of the field and of its parts, at any depth."""
        yield from nested(self.variables)
        for part in self.parts:
            yield from part.all_variables()


class StepKind(StrEnum):
    """A station on the way from the project to a job."""

    PROJECT = "project"
    ENVIRONMENT = "environment"
    MANIFEST = "manifest"
    OVERLAY = "overlay"
    ENTRY = "entry"
    TEMPLATE = "template"
    EXPORT = "export"
    ROW = "for_each"
    COMBINATION = "matrix"
    WHEN = "when"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """``name`` says which one: ``exports[2]``. ``written`` is the text of a ``for_each``, an axis
    or a ``when`` that a template gives. ``variables`` are what the step sets: the row, the value
    of each axis, the params; for ``when`` those it looks at."""

    kind: StepKind
    name: str
    where: SourceRange
    written: str | None = None
    variables: tuple[VariableTrace, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class JobTrace:
    """``steps`` lead from the project to the job. ``fields`` come in the order of a manifest's
    keys; those that nobody wrote and that have no built-in value are left out. ``effective`` is the
    modifier with its presets filled in, as far as they are known; empty when it uses none.
    """

    key: JobKey
    manifest: SourceRange
    steps: tuple[Step, ...]
    fields: tuple[FieldTrace, ...]
    effective: tuple[EffectiveCommand, ...] = ()

    def field(self, name: str) -> FieldTrace | None:
        return next((field for field in self.fields if field.name == name), None)

    def all_variables(self) -> Iterator[VariableTrace]:
        for field in self.fields:
            yield from field.all_variables()
        for step in self.steps:
            yield from nested(step.variables)


def nested(variables: tuple[VariableTrace, ...]) -> Iterator[VariableTrace]:
    """Variables, and those that their own texts use."""
    for variable in variables:
        yield variable
        yield from nested(variable.variables)
