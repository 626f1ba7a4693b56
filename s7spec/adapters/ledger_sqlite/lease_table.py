"""The table of leases, inside the caller's write transaction."""

from __future__ import annotations

import sqlite3

from s7spec.adapters.ledger_rows.rows import lease_cells
from s7spec.adapters.ledger_sqlite import statements
from s7spec.model.ledger import Lease


class SqliteLeases:
    """Nobody else writes while a transaction lasts: rows need no locks of their own."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def row(self, company: str, environment: str) -> sqlite3.Row | None:
        found: sqlite3.Row | None = self._connection.execute(
            statements.LEASE, {"company": company, "environment": environment}
        ).fetchone()
        return found

    def write(self, lease: Lease, seconds: int) -> None:
        cells = lease_cells(lease) | {"seconds": seconds}
        self._connection.execute(statements.WRITE_LEASE, cells)

    def mark_released(self, lease: Lease) -> bool:
        return self._connection.execute(statements.RELEASE_LEASE, lease_cells(lease)).rowcount == 1
