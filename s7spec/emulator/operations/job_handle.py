"""Reading job handles (facts: IPS API section 8)."""

from __future__ import annotations

_LONGEST = 18
"""Digits; what has more is no number of this server."""


def run_id_of(handle: str) -> int | None:
    """The number at the end of the handle of a run; None for any other handle."""
    text = handle.rpartition("|")[2]
    known = text.isascii() and text.isdigit() and len(text) <= _LONGEST
    return int(text) if known else None
