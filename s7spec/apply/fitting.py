"""Before anything is started: does each item still fit the ledger, and what is it to do?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeAlias

from s7spec.model.fingerprint import FINGERPRINT_VERSION
from s7spec.model.job import ResolvedJob
from s7spec.model.ledger import Attempt, AttemptState, JobHead, Prior
from s7spec.model.plan import Action, PlanItem, ReasonCode
from s7spec.ports import LedgerView


@dataclass(frozen=True, slots=True, kw_only=True)
class Launch:
    """To be sent, or adopted; ``prior`` is the job's latest attempt in the ledger."""

    item: PlanItem
    prior: Prior | None
    job: ResolvedJob | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Follow:
    """On its way already; ``job`` is there when something may be sent. ``replaces``: the attempt
    is an older one that has to be out of the way before the item's own is sent."""

    item: PlanItem
    attempt: Attempt
    job: ResolvedJob | None
    replaces: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A word in the ledger is all there is to do."""

    item: PlanItem
    prior: Prior


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """Nothing is left to do. ``fell_short``: what is wanted did not come about."""

    item: PlanItem
    head: JobHead | None
    note: str
    fell_short: bool = False
    zip_urls: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Stale:
    """The plan does not fit any more."""

    item: PlanItem
    head: JobHead | None
    why: str


_WITHOUT_JOB = (Action.SKIP, Action.UPDATE_META, Action.FORGET, Action.BLOCKED)

Course: TypeAlias = Launch | Follow | Note | Settled | Stale


def course_of(item: PlanItem, view: LedgerView, job: ResolvedJob | None) -> Course:
    """Compares one item with the ledger as it is now (semantics: section 6)."""
    # Most items of most plans send nothing: their assets are not hashed for that.
    if item.action in _WITHOUT_JOB or (job is not None and not _matches(item, job)):
        job = None
    head = view.head(item.key)
    if item.moved_from is not None:
        # Unless an apply of this plan has moved it already.
        head = head or view.head(item.moved_from)
    return _course(item, head, view, job)


def is_seen_to(item: PlanItem, view: LedgerView) -> bool:
    """True when nothing has to be sent for it any more: an earlier apply of the plan did that,
    whatever has become of its assets since."""
    course = course_of(item, view, None)
    if isinstance(course, Follow):
        is_begun = not course.replaces and not course.attempt.state.is_in_doubt
        # What is to be taken back is still there.
        return is_begun and item.action is not Action.CANCEL
    return isinstance(course, Settled)


def _course(
    item: PlanItem, head: JobHead | None, view: LedgerView, job: ResolvedJob | None
) -> Course:
    match item.action:
        case Action.SUBMIT | Action.RETRY | Action.REPAIR:
            return _sending(item, head, view, job)
        case Action.SUPERSEDE | Action.RESCHEDULE:
            return _replacing(item, head, view, job)
        case Action.ADOPT:
            return _adopting(item, head, view, job)
        case Action.WAIT | Action.CANCEL:
            return _waiting(item, head, view, job)
        case Action.CONFLICT:
            return _conflict(item, head, view, job)
        case Action.SKIP:
            return _skipping(item, head, view)
        case Action.UPDATE_META | Action.FORGET:
            return _noting(item, head, view)
        case Action.BLOCKED:
            detail = "; ".join(reason.detail for reason in item.reasons)
            return Settled(item=item, head=head, note=f"blocked: {detail}", fell_short=True)


def _sending(
    item: PlanItem, head: JobHead | None, view: LedgerView, job: ResolvedJob | None
) -> Course:
    if _is_prior(item, head):
        if job is None:
            return Stale(item=item, head=head, why=_OTHER_ASSETS)
        return Launch(item=item, prior=None if head is None else head.prior, job=job)
    return _overtaken(item, head, view, job)


def _replacing(
    item: PlanItem, head: JobHead | None, view: LedgerView, job: ResolvedJob | None
) -> Course:
    if head is None or not (_is_prior(item, head) or _is_only_further(item, head)):
        return _overtaken(item, head, view, job)
    if job is None:
        return Stale(item=item, head=head, why=_OTHER_ASSETS)
    attempt = view.attempt(head.attempt_name)
    return Follow(item=item, attempt=attempt, job=job, replaces=True)


def _adopting(
    item: PlanItem, head: JobHead | None, view: LedgerView, job: ResolvedJob | None
) -> Course:
    if not _is_prior(item, head):
        return _overtaken(item, head, view, job)
    if head is not None and head.attempt_name == item.attempt_name:
        return Follow(item=item, attempt=view.attempt(head.attempt_name), job=job)
    return Launch(item=item, prior=None if head is None else head.prior, job=job)


def _waiting(
    item: PlanItem, head: JobHead | None, view: LedgerView, job: ResolvedJob | None
) -> Course:
    if head is None or head.attempt_name != item.attempt_name:
        return _stale(item, head)
    attempt = view.attempt(head.attempt_name)
    if head.forgotten and item.action is Action.CANCEL:
        return Settled(item=item, head=head, note="already taken back")
    if head.state.is_open:
        return Follow(item=item, attempt=attempt, job=job)
    if item.action is Action.CANCEL and _is_prior(item, head):
        return _stale(item, head)
    # A job that is no longer declared wants nothing.
    is_superseded = item.fingerprint is not None and not is_enough(item, attempt)
    is_missed = item.action is Action.CANCEL  # it ran, or is not closed yet
    short = head.state is not AttemptState.OK or is_superseded or is_missed
    note = attempt.message or "ended since the plan"
    return _settled(item, head, attempt, note=note, fell_short=short)


def _conflict(
    item: PlanItem, head: JobHead | None, view: LedgerView, job: ResolvedJob | None
) -> Course:
    if any(reason.code is ReasonCode.PAYLOAD_DIFFERS for reason in item.reasons):
        detail = "; ".join(reason.detail for reason in item.reasons)
        return Settled(item=item, head=head, note=detail, fell_short=True)
    return _adopting(item, head, view, job)


def _skipping(item: PlanItem, head: JobHead | None, view: LedgerView) -> Course:
    if head is None or not (_is_prior(item, head) or _is_done(item, head, view)):
        return _stale(item, head)
    note = "" if item.moved_from is None else f"has the history of {item.moved_from.short} now"
    return Settled(item=item, head=head, note=note)


def _noting(item: PlanItem, head: JobHead | None, view: LedgerView) -> Course:
    if item.action is Action.FORGET and head is not None and head.forgotten:
        return Settled(item=item, head=head, note="already forgotten")
    if head is not None and _is_prior(item, head):
        return Note(item=item, prior=head.prior)
    if item.action is Action.UPDATE_META and head is not None and _is_done(item, head, view):
        return Settled(item=item, head=head, note="already up to date")
    return _stale(item, head)


def _overtaken(
    item: PlanItem, head: JobHead | None, view: LedgerView, job: ResolvedJob | None
) -> Course:
    """The job has another latest attempt than when it was planned: one for what the item wants,
    perhaps, that an earlier apply of the same plan began."""
    if head is None or head.forgotten or _wants_another(item, head):
        return _stale(item, head)
    attempt = view.attempt(head.attempt_name)
    if not is_wanted(item, attempt):
        return _stale(item, head)
    if attempt.state is AttemptState.OK:
        return _settled(item, head, attempt, note="already applied")
    if attempt.state.is_open:
        return Follow(item=item, attempt=attempt, job=job)
    return _stale(item, head)


def _settled(
    item: PlanItem, head: JobHead, attempt: Attempt, *, note: str, fell_short: bool = False
) -> Settled:
    return Settled(
        item=item, head=head, note=note, fell_short=fell_short, zip_urls=attempt.zip_urls
    )


_OTHER_ASSETS = "its assets or its payload are not those of the plan"


def is_wanted(item: PlanItem, attempt: Attempt) -> bool:
    """True when the attempt delivers what the item wants now."""
    wanted = item.fingerprint
    return wanted is not None and wanted.data == attempt.wanted.data


def is_enough(item: PlanItem, attempt: Attempt) -> bool:
    """True also when the plan found that what is at work will do: its assets were merely touched
    since, or it brings all that ``mode: delta`` wants."""
    if is_wanted(item, attempt):
        return True
    is_followed = item.action in (Action.WAIT, Action.ADOPT) and item.attempt_name == attempt.name
    # Only there the plan is about an older attempt, which has to end first.
    is_older = any(reason.code is ReasonCode.FOUND_ON_SERVER for reason in item.reasons)
    return is_followed and item.fingerprint is not None and not is_older


def _matches(item: PlanItem, job: ResolvedJob) -> bool:
    wanted = item.fingerprint
    return wanted is not None and wanted.data == job.export_job.fingerprint.data


def _is_done(item: PlanItem, head: JobHead, view: LedgerView) -> bool:
    if head.state is not AttemptState.OK or head.forgotten or item.fingerprint is None:
        return False
    if head.fingerprint_version == FINGERPRINT_VERSION:
        return head.wanted.data == item.fingerprint.data
    return is_wanted(item, view.attempt(head.attempt_name))


def _is_prior(item: PlanItem, head: JobHead | None) -> bool:
    if item.prior is None or head is None:
        return item.prior is None and head is None
    # To move a history is a write, too.
    moves = item.moved_from is not None and head.key == item.key
    expected = replace(item.prior, version=item.prior.version + moves)
    return expected == head.prior


def _is_only_further(item: PlanItem, head: JobHead) -> bool:
    """The attempt that the plan saw at work is still at work: somebody else has looked at it."""
    is_same = item.prior is not None and item.prior.attempt_name == head.attempt_name
    return is_same and head.state.is_open and not head.forgotten


def _wants_another(item: PlanItem, head: JobHead) -> bool:
    """A new attempt was planned, and the latest is still the one it was planned after: whatever
    became of that one, it is not what the item wants (a forced run, one that has expired)."""
    if item.prior is None or not item.action.sends:
        return False
    return item.attempt_name != head.attempt_name == item.prior.attempt_name


def _stale(item: PlanItem, head: JobHead | None) -> Stale:
    before = "no attempt" if item.prior is None else item.prior.attempt_name
    now = "none" if head is None else f"{head.attempt_name}, {head.state}"
    if head is not None and head.forgotten:
        now += ", forgotten"
    why = f"planned on {before}, but the ledger has moved on: {now}"
    return Stale(item=item, head=head, why=why)
