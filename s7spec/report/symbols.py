"""One sign per kind of change. Wherever it stands, the word next to it says the same."""

from __future__ import annotations

from collections.abc import Iterable

from s7spec.model.plan import Action, ReasonCode


def symbol(action: Action, codes: Iterable[ReasonCode], *, unicode: bool) -> str:
    """``+`` for a new job, ``~`` for one that was exported before."""
    match action:
        case Action.SUBMIT:
            return "+" if ReasonCode.NEW in codes else "~"
        case Action.RETRY:
            return "↻" if unicode else "^"
        case Action.WAIT:
            return "…" if unicode else "."
        case Action.SKIP:
            return "="
        case Action.FORGET:
            return "-"
