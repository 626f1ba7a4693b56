"""A plan: one action and its reasons for each job. Data, nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from s7spec.model.asset import AssetVersion, ExcludedAsset
from s7spec.model.diagnostics import Diagnostic
from s7spec.model.fingerprint import Fingerprint
from s7spec.model.job import ExportJob, JobKey
from s7spec.model.pictures import PredictedPictures
from s7spec.model.source import SourceRange


class Action(StrEnum):
    SUBMIT = "submit"
    RETRY = "retry"
    WAIT = "wait"
    SKIP = "skip"
    FORGET = "forget"


class ReasonCode(StrEnum):
    """Why an action was chosen (semantics: section 3)."""

    NEW = "new"
    RETURNED = "returned"
    UNCHANGED = "unchanged"
    META_CHANGED = "meta-changed"
    PAYLOAD_CHANGED = "payload-changed"
    PRESET_CHANGED = "preset-changed"
    ASSETS_CHANGED = "assets-changed"
    ASSETS_TOUCHED = "assets-touched"
    FAILED = "failed"
    PARTIAL = "partial"
    STOPPED = "stopped"
    REFUSED = "refused"
    IN_FLIGHT = "in-flight"
    OLDER_IN_FLIGHT = "older-in-flight"
    AMBIGUOUS = "ambiguous"
    NOT_DECLARED = "not-declared"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    """One payload field, before and after; None where it was or is not set."""

    field: str
    before: str | None
    after: str | None


class AssetChangeKind(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    TOUCHED = "touched"
    GONE = "gone"


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetChange:
    """``touched``: only lastModified moved, size and dimensions are the same."""

    kind: AssetChangeKind
    path: str
    before: AssetVersion | None = None
    after: AssetVersion | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    code: ReasonCode
    detail: str
    fields: tuple[FieldChange, ...] = ()
    assets: tuple[AssetChange, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Prior:
    """The attempt a plan item was decided on; apply refuses when the ledger has moved on."""

    attempt_name: str
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanItem:
    """What will be done about one job.

    ``attempt_name`` and ``generation`` name the attempt the action is about: the one to be
    submitted (submit, retry), followed (wait) or found good (skip); empty and 0 for forget.
    ``fingerprint`` and ``export_job`` are what is wanted now. They are None when the job is no
    longer declared: always for forget, and for wait when the attempt that runs is an orphan.
    ``spec_digest`` goes into the ledger with the attempt, so that it can be told offline whether
    the job has changed since; None when there is none. ``unsafe_modifiers`` are the commands in
    ``is_modifier`` that reach beyond the assets, or that nobody knows, allowed by name;
    ``predicted`` is what its pictures become, None for originals.
    """

    key: JobKey
    action: Action
    reasons: tuple[Reason, ...]
    attempt_name: str
    generation: int
    fingerprint: Fingerprint | None
    export_job: ExportJob | None
    prior: Prior | None
    origin: SourceRange | None = None
    excluded: tuple[ExcludedAsset, ...] = ()
    unsafe_modifiers: tuple[str, ...] = ()
    predicted: PredictedPictures | None = None
    spec_digest: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """One guardrail's word on a plan."""

    limit: str
    allowed: int
    found: int

    @property
    def refused(self) -> bool:
        return self.found > self.allowed


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanHeader:
    """Where, when and on what a plan was made. ``manifest_hash`` is over the manifests' texts,
    ``preset_hash`` over the company's presets."""

    company: str
    environment: str
    ips: str
    created_at: datetime
    expires_at: datetime
    tool_version: str
    manifest_hash: str
    preset_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Items are sorted by key: the same inputs give the same bytes."""

    header: PlanHeader
    items: tuple[PlanItem, ...]
    verdicts: tuple[Verdict, ...] = ()
    warnings: tuple[Diagnostic, ...] = ()
    assumptions: tuple[str, ...] = ()

    def count(self, action: Action) -> int:
        return sum(1 for item in self.items if item.action is action)

    @property
    def has_changes(self) -> bool:
        """True when applying would do anything at all."""
        return any(item.action is not Action.SKIP for item in self.items)
