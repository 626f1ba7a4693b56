"""Which reasons an action can have."""

from __future__ import annotations

from collections.abc import Mapping

from s7spec.model.plan import Action, ReasonCode

_CHANGES = frozenset(
    {
        ReasonCode.PAYLOAD_CHANGED,
        ReasonCode.PRESET_CHANGED,
        ReasonCode.ASSETS_CHANGED,
        ReasonCode.ASSETS_TOUCHED,
    }
)

_NEVER_DECLARED = (Action.CANCEL, Action.FORGET)

UNDECLARED = frozenset({Action.WAIT, Action.BLOCKED, *_NEVER_DECLARED})
"""What can be done about a job that no manifest declares."""

REASONS_OF: Mapping[Action, frozenset[ReasonCode]] = {
    action: codes if action in _NEVER_DECLARED else codes | {ReasonCode.MOVED}
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
                ReasonCode.SCHEDULE_CHANGED,
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
        (
            Action.RESCHEDULE,
            _CHANGES | {ReasonCode.SCHEDULE_CHANGED, ReasonCode.META_CHANGED, ReasonCode.FORCED},
        ),
        (
            Action.ADOPT,
            frozenset(
                {
                    ReasonCode.FOUND_ON_SERVER,
                    ReasonCode.RECONCILED,
                    ReasonCode.DECLARED,
                    ReasonCode.FORCED,
                }
            ),
        ),
        (
            Action.WAIT,
            frozenset(
                {
                    ReasonCode.IN_FLIGHT,
                    ReasonCode.AMBIGUOUS,
                    ReasonCode.HELD,
                    ReasonCode.FOUND_ON_SERVER,
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
        (
            Action.CONFLICT,
            frozenset({ReasonCode.DOUBLED, ReasonCode.PAYLOAD_DIFFERS, ReasonCode.FORCED}),
        ),
        (
            Action.BLOCKED,
            frozenset(
                {
                    ReasonCode.CANNOT_OBSERVE,
                    ReasonCode.OLDER_IN_FLIGHT,
                    ReasonCode.PERMANENT,
                    ReasonCode.TRIED_ENOUGH,
                    ReasonCode.DECLARED,
                }
            ),
        ),
    )
}
"""Every pair that can occur; a plan file with any other is refused."""
