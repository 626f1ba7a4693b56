"""A plan: one action and its reasons for each job. Data, nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from s7spec.model.asset import AssetVersion, ExcludedAsset
from s7spec.model.diagnostics import Diagnostic
from s7spec.model.effective import EffectiveCommand
from s7spec.model.fingerprint import Fingerprint
from s7spec.model.guardrails import Approval
from s7spec.model.job import ExportJob, JobKey
from s7spec.model.ledger import Prior
from s7spec.model.pictures import PredictedPictures
from s7spec.model.schedule import Timing
from s7spec.model.source import SourceRange
from s7spec.model.values import made_quickly


class Action(StrEnum):
    """What is done about a job (semantics: section 3).

    Sent as a new attempt: ``submit``, ``retry`` (the same again after a bad end), ``repair`` (only
    what the last attempt did not deliver), ``supersede`` (after an older one at work has ended or
    was stopped), ``reschedule`` (after the scheduled one was taken back). Not sent: ``adopt`` (IPS
    has it, the ledger had not), ``wait``, ``skip``, ``update-meta``, ``cancel`` (a scheduled one is
    taken back), ``forget``; ``conflict`` and ``blocked`` wait for people.
    """

    SUBMIT = "submit"
    RETRY = "retry"
    REPAIR = "repair"
    SUPERSEDE = "supersede"
    RESCHEDULE = "reschedule"
    ADOPT = "adopt"
    WAIT = "wait"
    SKIP = "skip"
    UPDATE_META = "update-meta"
    CANCEL = "cancel"
    FORGET = "forget"
    CONFLICT = "conflict"
    BLOCKED = "blocked"

    @property
    def sends(self) -> bool:
        """True when a new attempt goes to IPS."""
        return self in _SENDING


_SENDING = frozenset(
    {Action.SUBMIT, Action.RETRY, Action.REPAIR, Action.SUPERSEDE, Action.RESCHEDULE}
)


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
    FORCED = "forced"
    EXPIRED = "expired"
    SCHEDULE_CHANGED = "schedule-changed"
    SCHEDULED = "scheduled"
    FAILED = "failed"
    PARTIAL = "partial"
    STOPPED = "stopped"
    CANCELLED = "cancelled"
    REFUSED = "refused"
    PERMANENT = "permanent"
    TRIED_ENOUGH = "tried-enough"
    IN_FLIGHT = "in-flight"
    OLDER_IN_FLIGHT = "older-in-flight"
    AMBIGUOUS = "ambiguous"
    HELD = "held"
    FOUND_ON_SERVER = "found-on-server"
    RECONCILED = "reconciled"
    DECLARED = "declared"
    MOVED = "moved"
    DOUBLED = "doubled"
    PAYLOAD_DIFFERS = "payload-differs"
    CANNOT_OBSERVE = "cannot-observe"
    NOT_DECLARED = "not-declared"


BY_OPTION = "asked for with --rerun"
"""What a forced reason says of a job that only the command line wanted to run again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    """One payload field, before and after; None where it was or is not set."""

    field: str
    before: str | None
    after: str | None


PLAN_LIFETIME = timedelta(hours=24)
"""How long a plan is good for."""


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


@made_quickly
@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    code: ReasonCode
    detail: str
    fields: tuple[FieldChange, ...] = ()
    assets: tuple[AssetChange, ...] = ()


@made_quickly
@dataclass(frozen=True, slots=True, kw_only=True)
class PlanItem:
    """What will be done about one job.

    ``attempt_name`` and ``generation`` name the attempt the action is about: the one to be sent
    (``Action.sends``), adopted, followed, found good or taken back; empty and 0 for forget.
    ``fingerprint`` and ``export_job`` are what is wanted now. They are None when the job is no
    longer declared. ``only`` are those of its assets that are to be sent, None: all; then
    ``sent_fingerprint`` is that of what is sent. ``timing`` is when IPS is to start it, ``rerun``
    the token in force, ``tries`` how often the same content will have been sent in a row.
    ``stops_older`` says that an older attempt at work is stopped, not waited for. ``moved_from`` is
    the key whose history the job takes over.
    ``spec_digest``, in hexadecimal digits, goes into the ledger with the attempt, so that it can be
    told offline whether the job has changed since; None when there is none. ``unsafe_modifiers``
    are the commands in ``is_modifier`` that reach beyond the assets, or that nobody knows, allowed
    by name;
    ``predicted`` is what its pictures become, None for originals; ``effective`` is its modifier
    with presets filled in, command by command, of jobs that convert and that something is done
    about.
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
    spec_digest: str | None = None
    only: tuple[AssetVersion, ...] | None = None
    timing: Timing | None = None
    rerun: str | None = None
    tries: int = 1
    stops_older: bool = False
    moved_from: JobKey | None = None
    effective: tuple[EffectiveCommand, ...] = ()

    @property
    def spec_digest_bytes(self) -> bytes | None:
        """``spec_digest`` as jobs and ledgers have it."""
        return None if self.spec_digest is None else bytes.fromhex(self.spec_digest)

    @property
    def sent_fingerprint(self) -> Fingerprint | None:
        """What names the attempt."""
        return None if self.export_job is None else self.export_job.narrowed(self.only).fingerprint

    @property
    def sent_assets(self) -> tuple[AssetVersion, ...]:
        """What goes to IPS if the job is sent."""
        if self.only is not None:
            return self.only
        return () if self.export_job is None else self.export_job.assets

    @property
    def counted_assets(self) -> tuple[AssetVersion, ...]:
        """What goes to IPS; of a job that is not sent, all that it has."""
        if self.action.sends or self.export_job is None:
            return self.sent_assets
        return self.export_job.assets

    @property
    def changes_something(self) -> bool:
        """True when applying does anything at all about it, if only in the ledger."""
        idle = self.action in (Action.SKIP, Action.BLOCKED)
        return not idle or self.moved_from is not None


class VerdictLevel(StrEnum):
    """What a guardrail says: nothing against it, think twice, it was approved all the same, no."""

    PASS = "pass"  # noqa: S105 -- a verdict
    WARN = "warn"
    APPROVED = "approved"
    DENY = "deny"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """One guardrail's word on a plan.

    ``guard`` is its name: ``limits.jobs``, ``protected``, ``policy:NAME``. ``allowed`` and
    ``found`` are the numbers of a limit, None elsewhere; ``detail`` says what was found, in words.
    ``jobs`` are some of the jobs it is about, as ``manifest/export``, ``job_count`` is how many
    there are. ``notes`` say one by one what ``detail`` sums up, where that is more than jobs: some
    of ``note_count``. ``approval`` is there when ``level`` is ``approved``.
    """

    guard: str
    level: VerdictLevel
    detail: str
    allowed: int | None = None
    found: int | None = None
    jobs: tuple[str, ...] = ()
    job_count: int = 0
    notes: tuple[str, ...] = ()
    note_count: int = 0
    approval: Approval | None = None

    @property
    def refused(self) -> bool:
        """True when ``apply`` will not carry the plan out."""
        return self.level is VerdictLevel.DENY


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanHeader:
    """Where, when and on what a plan was made. ``assets_at`` is when IPS was asked for the assets,
    before it answered; ``created_at`` is when all had been read that is planned by.
    ``manifest_hash`` is over the manifests' texts, ``preset_hash`` over the company's presets.
    ``git_commit`` is what git has checked out, ``git_dirty`` says whether files differ from it;
    both are None where git cannot tell."""

    company: str
    environment: str
    ips: str
    created_at: datetime
    expires_at: datetime
    tool_version: str
    assets_at: datetime
    manifest_hash: str
    preset_hash: str
    git_commit: str | None = None
    git_dirty: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Items are sorted by key: the same inputs give the same bytes. ``narrowed`` says in which ways
    it does not speak about the whole project, ``assumptions`` what was not checked."""

    header: PlanHeader
    items: tuple[PlanItem, ...]
    verdicts: tuple[Verdict, ...] = ()
    warnings: tuple[Diagnostic, ...] = ()
    narrowed: tuple[str, ...] = ()
    assumptions: tuple[str, ...] = ()

    def count(self, action: Action) -> int:
        return sum(1 for item in self.items if item.action is action)

    @property
    def has_changes(self) -> bool:
        """True when applying would do anything at all."""
        return any(item.changes_something for item in self.items)

    @property
    def is_refused(self) -> bool:
        """True when a guardrail stands against applying it."""
        return any(verdict.refused for verdict in self.verdicts)

    @property
    def waits_for_people(self) -> bool:
        """True when something that is wanted does not come about by applying it."""
        return any(item.action in (Action.CONFLICT, Action.BLOCKED) for item in self.items)
