"""Which reasons an action can have, and the words for them."""

from __future__ import annotations

from collections.abc import Mapping

from s7spec.model.ips import JobPhase, JobSnapshot
from s7spec.model.ledger import Attempt
from s7spec.model.plan import Action, ReasonCode

_CHANGES = frozenset(
    {
        ReasonCode.PAYLOAD_CHANGED,
        ReasonCode.PRESET_CHANGED,
        ReasonCode.ASSETS_CHANGED,
        ReasonCode.ASSETS_TOUCHED,
    }
)

REASONS_OF: Mapping[Action, frozenset[ReasonCode]] = {
    action: codes | {ReasonCode.MOVED}
    for action, codes in (
        (
            Action.SUBMIT,
            _CHANGES
            | {
                ReasonCode.NEW,
                ReasonCode.RETURNED,
                ReasonCode.META_CHANGED,
                ReasonCode.FORCED,
                ReasonCode.EXPIRED,
            },
        ),
        (
            Action.RETRY,
            frozenset(
                {
                    ReasonCode.FAILED,
                    ReasonCode.PARTIAL,
                    ReasonCode.STOPPED,
                    ReasonCode.CANCELLED,
                    ReasonCode.REFUSED,
                    ReasonCode.META_CHANGED,
                }
            ),
        ),
        (Action.REPAIR, frozenset({ReasonCode.PARTIAL, ReasonCode.META_CHANGED})),
        (
            Action.SUPERSEDE,
            _CHANGES | {ReasonCode.OLDER_IN_FLIGHT, ReasonCode.AMBIGUOUS, ReasonCode.FORCED},
        ),
        (Action.RESCHEDULE, _CHANGES | {ReasonCode.SCHEDULE_CHANGED}),
        (
            Action.ADOPT,
            frozenset({ReasonCode.FOUND_ON_SERVER, ReasonCode.RECONCILED, ReasonCode.DECLARED}),
        ),
        (
            Action.WAIT,
            frozenset(
                {
                    ReasonCode.IN_FLIGHT,
                    ReasonCode.AMBIGUOUS,
                    ReasonCode.HELD,
                    ReasonCode.NOT_DECLARED,
                }
            ),
        ),
        (
            Action.SKIP,
            frozenset(
                {
                    ReasonCode.UNCHANGED,
                    ReasonCode.SCHEDULED,
                    ReasonCode.ASSETS_CHANGED,
                    ReasonCode.ASSETS_TOUCHED,
                    ReasonCode.META_CHANGED,
                }
            ),
        ),
        (Action.UPDATE_META, frozenset({ReasonCode.META_CHANGED})),
        (Action.CANCEL, frozenset({ReasonCode.NOT_DECLARED})),
        (Action.FORGET, frozenset({ReasonCode.NOT_DECLARED, ReasonCode.DECLARED})),
        (Action.CONFLICT, frozenset({ReasonCode.DOUBLED, ReasonCode.PAYLOAD_DIFFERS})),
        (
            Action.BLOCKED,
            frozenset(
                {
                    ReasonCode.CANNOT_OBSERVE,
                    ReasonCode.OLDER_IN_FLIGHT,
                    ReasonCode.PERMANENT,
                    ReasonCode.TRIED_ENOUGH,
                }
            ),
        ),
    )
}
"""Every pair that can occur; a plan file with any other is refused."""


def whereabouts(attempt: Attempt, seen: JobSnapshot | None) -> str:
    """One sentence: where an open attempt stands."""
    was_taken = attempt.handle is not None or attempt.run_handle is not None
    if seen is None:
        if was_taken or not attempt.state.is_in_doubt:
            return f"{attempt.name}: IPS took it, but does not show it now"
        return f"{attempt.name}: the answer to its submit was lost; IPS does not show it"
    if seen.copies > 1:
        return f"{attempt.name}: IPS has {seen.copies} jobs of this name"
    lost = (
        "the answer to its submit was lost, but IPS has it: " if attempt.state.is_in_doubt else ""
    )
    return f"{attempt.name}: {lost}{_phase(seen)}"


def _phase(seen: JobSnapshot) -> str:
    match seen.phase:
        case JobPhase.SCHEDULED:
            return "waiting on IPS"
        case JobPhase.ACTIVE:
            return "running" if seen.progress is None else f"running, {seen.progress} %"
        case JobPhase.ENDED:
            return "ended on IPS, result not recorded yet"
