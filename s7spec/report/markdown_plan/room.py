"""How much of a plan may be said in a text that has to fit."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """How much may be said: ``names`` of changed and ``assets`` other assets per job, ``rows`` of
    a table, ``notes`` of each list beside the jobs and ``jobs`` named in each of those, ``limit``
    characters of any one text, and whether payloads are shown."""

    limit: int
    names: int = 0
    assets: int = 0
    rows: int = 0
    notes: int = 0
    jobs: int = 5
    payloads: bool = False
