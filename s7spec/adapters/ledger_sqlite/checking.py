"""Looks at everything in a ledger, and says what is wrong with it."""

from __future__ import annotations

import sqlite3


def problems_of(connection: sqlite3.Connection) -> tuple[str, ...]:
    """Runs inside the caller's read transaction."""
    return tuple(
        str(row[0]) for row in connection.execute("PRAGMA integrity_check") if row[0] != "ok"
    )
