"""One sign per kind of change. Wherever it stands, the word next to it says the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from s7spec.model.plan import Action, ReasonCode

_SIGNS: Mapping[Action, tuple[str, str]] = {
    Action.RETRY: ("↻", "^"),
    Action.REPAIR: ("↻", "^"),
    Action.SUPERSEDE: ("»", ">"),
    Action.RESCHEDULE: ("»", ">"),
    Action.ADOPT: ("«", "<"),
    Action.WAIT: ("…", "."),
    Action.SKIP: ("=", "="),
    Action.UPDATE_META: ("=", "="),
    Action.CANCEL: ("-", "-"),
    Action.FORGET: ("-", "-"),
    Action.CONFLICT: ("!", "!"),
    Action.BLOCKED: ("!", "!"),
}
"""With Unicode, and in pure ASCII."""


def symbol(action: Action, codes: Iterable[ReasonCode], *, unicode: bool) -> str:
    """``+`` for a new job, ``~`` for one that was exported before, ``!`` for what waits for
    people."""
    if action is Action.SUBMIT:
        return "+" if ReasonCode.NEW in codes else "~"
    rich, plain = _SIGNS[action]
    return rich if unicode else plain
