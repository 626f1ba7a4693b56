"""The numbers behind handles: a name keeps its number as long as the data folder lives."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping

_FIRST = 1001

Named = tuple[int, str]
"""Number of a company and a name in it."""


def numbers_of(
    connection: sqlite3.Connection, kind: str, names: Iterable[Named]
) -> Mapping[Named, int]:
    """Within a transaction: numbers for ``names``; new ones get the next that were never used, in
    the order given."""
    known = known_numbers(connection, kind)
    missing = [name for name in dict.fromkeys(names) if name not in known]
    if missing:
        (last,) = connection.execute(
            "SELECT max(coalesce((SELECT max(number) FROM numbers WHERE kind = :kind), :none),"
            " coalesce((SELECT max(number) FROM retired WHERE kind = :kind), :none))",
            {"kind": kind, "none": _FIRST - 1},
        ).fetchone()
        assigned = {name: last + 1 + place for place, name in enumerate(missing)}
        connection.executemany(
            "INSERT INTO numbers (kind, company, name, number) VALUES (?, ?, ?, ?)",
            [(kind, *name, number) for name, number in assigned.items()],
        )
        known |= assigned
    return known


def known_numbers(connection: sqlite3.Connection, kind: str) -> dict[Named, int]:
    rows = connection.execute("SELECT company, name, number FROM numbers WHERE kind = ?", (kind,))
    return {(company, name): number for company, name, number in rows}


def retire(connection: sqlite3.Connection, kind: str, name: Named, number: int) -> None:
    """Within a transaction: nobody gets this number again, not even the same name."""
    connection.execute(
        "DELETE FROM numbers WHERE kind = ? AND company = ? AND name = ?", (kind, *name)
    )
    connection.execute("INSERT OR IGNORE INTO retired VALUES (?, ?)", (kind, number))
