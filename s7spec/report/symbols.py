"""One sign per kind of change. Wherever it stands, the word next to it says the same."""

from __future__ import annotations

from collections.abc import Iterable

from s7spec.model.plan import Action, ReasonCode


def symbol(action: Action, codes: Iterable[ReasonCode], *, unicode: bool) -> str:
    """``+`` for a new job, ``~`` for one that was exported before."""
    match action:
        case Action.SUBMIT:
            return "+" if ReasonCode.NEW in codes else "~"
        case Action.RETRY | Action.REPAIR:
            return "↻" if unicode else "^"
        case Action.SUPERSEDE | Action.RESCHEDULE | Action.UPDATE_META:
            return "~"
        case Action.WAIT | Action.ADOPT:
            return "…" if unicode else "."
        case Action.SKIP:
            return "="
        case Action.CANCEL | Action.FORGET:
            return "-"
        case Action.CONFLICT | Action.BLOCKED:
            return "!"
