"""What people write: manifests and the project, typed, with templates still in their leaves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from s7spec.model.source import JsonValue, Pointer, SourceDocument


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
class Selection:
    """Which assets an export takes: either by name or by folder. Strings may hold templates.

    ``pointer`` leads to the selection in the manifest. ``exclude`` holds shell-style patterns
    matched against asset names, case-sensitively. ``types`` are IPS asset types; empty means all.
    """

    pointer: Pointer
    names: tuple[str, ...] = ()
    folder: str | None = None
    recursive: bool = False
    types: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixAxis:
    name: str
    values: tuple[JsonValue, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModifierField:
    """One entry of an ``is_modifier`` mapping; the value may hold a template."""

    command: str
    value: str | int | float | bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """One declared export; ``matrix`` multiplies it into jobs."""

    pointer: Pointer
    id: str
    assets: str | Selection
    fmt: Fmt
    is_modifier: str | tuple[ModifierField, ...] | None = None
    macro: str | None = None
    emailSetting: EmailSetting = EmailSetting.ERROR
    on_unsupported: OnUnsupported = OnUnsupported.FAIL
    matrix: tuple[MatrixAxis, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """A ``kind: ExportManifest`` document."""

    document: SourceDocument
    name: str
    exports: tuple[Export, ...]
    owner: str | None = None
    description: str | None = None
    labels: Mapping[str, str]
    vars: Mapping[str, JsonValue]
    selections: Mapping[str, Selection]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Guardrails of an environment; None means no limit."""

    jobs: int | None = None
    assets: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """Where exports go.

    ``ips`` is ``embedded``, a region (``na``, ``emea``, ``apac``, each also with ``-staging``) or
    an http(s) URL. ``catalog`` and ``data`` are folders for the embedded IPS, relative to the
    project. ``proxy`` (a URL without a login) and ``ca`` (a PEM file, relative to the project) say
    how to get to IPS; None leaves it to the environment's variables. ``quarantine_seconds`` is how
    long an unanswered submit may still surface on the server before s7spec sends it again
    (semantics: section 4, Q).
    """

    pointer: Pointer
    name: str
    ips: str
    company: str
    catalog: str | None = None
    data: str | None = None
    proxy: str | None = None
    ca: str | None = None
    limits: Limits = Limits()
    quarantine_seconds: int = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """``s7spec.yaml``. ``manifests`` are glob patterns below the project's root."""

    document: SourceDocument
    environments: Mapping[str, Environment]
    default_environment: str
    manifests: tuple[str, ...] = ("*.yaml", "*.yml")
    ledger: str = ".s7spec/ledger.db"
