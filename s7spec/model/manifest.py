"""What people write: manifests and templates, typed, with Jinja still in their leaves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from s7spec.model.policy import (
    DEFAULT_MAX_ATTEMPTS,
    Mode,
    OnPartial,
    OnTouch,
    RerunOn,
    Supersede,
)
from s7spec.model.selection import FileReference, Selection
from s7spec.model.source import JsonValue, Place, SourceDocument

if TYPE_CHECKING:
    from s7spec.model.lineage import Adopted, Forgotten, Moved


MAX_COMBINATIONS = 100_000
"""How many jobs one entry of ``exports`` may make."""


class Fmt(StrEnum):
    """ExportJob/fmt: deliver the originals, or convert (facts: IPS API section 7)."""

    ORIG = "orig"
    CONVERT = "convert"


class EmailSetting(StrEnum):
    """ExportJob/emailSetting: which outcomes IPS mails about (facts: IPS API section 7)."""

    ALL = "All"
    ERROR = "Error"
    ERROR_AND_WARNING = "ErrorAndWarning"
    JOB_COMPLETION = "JobCompletion"
    NONE = "None"


class OnUnsupported(StrEnum):
    """What to do with assets of a type that IPS cannot export."""

    FAIL = "fail"
    EXCLUDE = "exclude"


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixAxis:
    """``values`` is a list, or a template that gives one."""

    name: str
    values: tuple[JsonValue, ...] | str


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """Axes multiply; ``exclude`` drops combinations, then ``include`` extends or adds some."""

    place: Place
    axes: tuple[MatrixAxis, ...]
    include: tuple[Mapping[str, JsonValue], ...] = ()
    exclude: tuple[Mapping[str, JsonValue], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Repetition:
    """How often an entry of ``exports`` counts: rows of ``for_each`` x combinations of ``matrix``,
    without those for which ``when`` is false.

    ``for_each`` is a list or a template that gives one; ``when`` is a truth value or a template
    that gives one. ``place`` is the entry of ``exports``.
    """

    place: Place
    matrix: Matrix | None = None
    for_each: tuple[JsonValue, ...] | str | None = None
    when: bool | str = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ModifierMapping:
    """An ``is_modifier`` that is a mapping: ``values`` by command, which may hold templates.

    ``written_in`` says for each command at which ``is_modifier`` its value was written.
    """

    values: Mapping[str, str | int | float | bool]
    written_in: Mapping[str, Place]

    def place_of(self, command: str) -> Place:
        """Where the value of ``command`` was written. Nearly nobody asks: it is made then."""
        return self.written_in[command].below(command)


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """When IPS starts a job: at a moment (ISO 8601 with its offset from UTC), or again and again
    (a cron expression as Quartz reads it). One of the two; both may hold templates."""

    place: Place
    at: str | None = None
    cron: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """One declared export, with the manifest's ``defaults`` merged into it.

    ``places`` says where each key that somebody wrote stands: in the export itself, in the
    ``defaults`` of its document or in those of the manifest that uses its template. ``assets`` is
    a selection, or a text that names one (a template may stand in it). ``unsafe_modifiers`` are the
    commands of ``is_modifier`` that its authors allow by name. ``rerun``, ``code_version`` and the
    values of ``inputs`` may hold templates. ``max_age`` is as it is written: ``age_from`` reads it.
    """

    repetition: Repetition
    id: str
    assets: str | Selection
    fmt: Fmt
    is_modifier: str | ModifierMapping | None = None
    macro: str | None = None
    emailSetting: EmailSetting = EmailSetting.ERROR
    on_unsupported: OnUnsupported = OnUnsupported.FAIL
    code_version: str | None = None
    inputs: Mapping[str, str | int] | None = None
    mode: Mode = Mode.FULL
    max_assets: int | None = None
    schedule: Schedule | None = None
    rerun: str | None = None
    rerun_on: tuple[RerunOn, ...] = ()
    max_age: str | None = None
    max_attempts: int = DEFAULT_MAX_ATTEMPTS
    on_partial: OnPartial = OnPartial.REPAIR
    on_touch: OnTouch = OnTouch.RERUN
    supersede: Supersede = Supersede.QUEUE
    unsafe_modifiers: tuple[str, ...] = ()
    places: Mapping[str, Place]

    @property
    def place(self) -> Place:
        """The entry of ``exports``."""
        return self.repetition.place

    def place_of(self, key: str) -> Place:
        """Where ``key`` was written; the export itself when nobody wrote it."""
        return self.places.get(key, self.place)


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateUse:
    """An entry of ``exports`` that uses an ExportTemplate. ``arguments`` is its ``with``: texts in
    it, at any depth, may hold templates."""

    repetition: Repetition
    template: FileReference
    arguments: Mapping[str, JsonValue]

    @property
    def place(self) -> Place:
        return self.repetition.place


@dataclass(frozen=True, slots=True, kw_only=True)
class Defaults:
    """``defaults`` as a manifest wrote them: keys of an export, for exports that lack them."""

    place: Place
    values: Mapping[str, JsonValue]


@dataclass(frozen=True, slots=True, kw_only=True)
class Declarations:
    """What the templates of a document see, and the selections its exports can name."""

    document: SourceDocument
    vars: Mapping[str, JsonValue]
    data: Mapping[str, FileReference]
    libraries: Mapping[str, FileReference]
    selections: Mapping[str, Selection]


class ParamType(StrEnum):
    """Types of a template's parameters, by JSON Schema's names."""

    STRING = "string"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    ARRAY = "array"
    OBJECT = "object"


@dataclass(frozen=True, slots=True, kw_only=True)
class Param:
    """A parameter of a template; without a ``default`` it must be given.

    ``has_default`` tells a default of null from none.
    """

    name: str
    place: Place
    type: ParamType
    has_default: bool = False
    default: JsonValue = None
    choices: tuple[JsonValue, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportTemplate:
    """A ``kind: ExportTemplate`` document as one manifest uses it: that manifest's ``defaults``
    are merged into ``exports``."""

    declarations: Declarations
    name: str
    params: tuple[Param, ...]
    exports: tuple[Export, ...]

    @property
    def document(self) -> SourceDocument:
        return self.declarations.document


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """A ``kind: ExportManifest`` document. ``environments`` holds the ``vars`` that lie over the
    manifest's own in an environment."""

    declarations: Declarations
    name: str
    exports: tuple[Export | TemplateUse, ...]
    owner: str | None = None
    description: str | None = None
    labels: Mapping[str, str]
    environments: Mapping[str, Mapping[str, JsonValue]]
    defaults: Defaults | None = None
    moved: tuple[Moved, ...] = ()
    forget: tuple[Forgotten, ...] = ()
    adopt: tuple[Adopted, ...] = ()

    @property
    def document(self) -> SourceDocument:
        return self.declarations.document
