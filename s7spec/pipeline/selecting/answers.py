"""Whether a term holds: of a manifest and a job, or of what a plan says about a job."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass
from fnmatch import fnmatchcase

from s7spec.model.job import JobKey
from s7spec.model.ledger import AttemptState, JobHead
from s7spec.model.manifest import Manifest
from s7spec.model.plan import Action, PlanItem, ReasonCode
from s7spec.pipeline.selecting.patterns import matches, path_matches
from s7spec.pipeline.selecting.terms import (
    ActionTerm,
    LabelTerm,
    NameTerm,
    OfflineTerm,
    PathTerm,
    PlanTerm,
    ReasonTerm,
    State,
    StateTerm,
    reason_codes,
)
from s7spec.ports import LedgerView

_ENDED_BADLY = frozenset(
    {AttemptState.FAILED, AttemptState.PARTIAL, AttemptState.STOPPED, AttemptState.REFUSED}
)
_FIRST_TIME = frozenset({ReasonCode.NEW, ReasonCode.RETURNED})


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What terms can ask of a manifest. ``path`` is its file, None when it is gone."""

    labels: Mapping[str, str]
    path: str | None

    @staticmethod
    def of(manifest: Manifest) -> About:
        return About(labels=manifest.labels, path=manifest.document.file.path)


GONE = About(labels={}, path=None)


def holds_offline(term: OfflineTerm, key: JobKey, about: About) -> bool:
    match term:
        case NameTerm():
            return matches(key, term.pattern)
        case LabelTerm() | PathTerm():
            return holds_of_manifest(term, about)


def holds_of_manifest(term: LabelTerm | PathTerm, about: About) -> bool:
    match term:
        case LabelTerm():
            return any(
                fnmatchcase(name, term.name)
                and (term.value is None or fnmatchcase(value, term.value))
                for name, value in about.labels.items()
            )
        case PathTerm():
            return about.path is not None and path_matches(about.path, term.pattern)


def failed_jobs(view: LedgerView) -> Set[JobKey]:
    """Those whose latest attempt ended badly, as the ledger knows it."""
    return {head.key for head in view.heads() if ended_badly(head)}


def ended_badly(head: JobHead) -> bool:
    return head.state in _ENDED_BADLY and not head.forgotten


def holds_in_plan(term: PlanTerm, item: PlanItem, failed: Set[JobKey]) -> bool:
    match term:
        case ActionTerm():
            return item.action is term.action
        case ReasonTerm():
            codes = reason_codes(term.word)
            return any(reason.code in codes for reason in item.reasons)
        case StateTerm():
            return _is_in(term.state, item, failed)


def _is_in(state: State, item: PlanItem, failed: Set[JobKey]) -> bool:
    match state:
        case State.CHANGED:
            return item.changes_something
        case State.UNCHANGED:
            return item.action is Action.SKIP and not item.changes_something
        case State.NEW:
            return any(reason.code in _FIRST_TIME for reason in item.reasons)
        case State.FAILED:
            return item.key in failed or item.moved_from in failed
