"""The table of leases, inside the caller's transaction."""

from __future__ import annotations

from zlib import crc32

from s7spec.adapters.ledger_postgres import statements
from s7spec.adapters.ledger_postgres.address import Address
from s7spec.adapters.ledger_postgres.line import Connection
from s7spec.adapters.ledger_postgres.texts import check_texts
from s7spec.adapters.ledger_rows.row import Row
from s7spec.adapters.ledger_rows.rows import lease_cells
from s7spec.model.ledger import Lease

LOCK_KIND = 0x5337_7370
"""``S7sp`` in ASCII: the first number of our advisory locks."""


class PostgresLeases:
    """For writing: a row that was read is locked until the transaction ends."""

    def __init__(self, connection: Connection, address: Address) -> None:
        self._connection = connection
        self._address = address

    def keep_others_out(self, company: str, environment: str) -> None:
        """Before a lease is taken: a row that is not there yet cannot be locked."""
        number = crc32(f"{company}/{environment}".encode(errors="replace")) - 2**31
        self._connection.execute(statements.LOCK, {"kind": LOCK_KIND, "number": number})

    def row(self, company: str, environment: str) -> Row | None:
        here = {"company": company, "environment": environment}
        check_texts(here, self._address)
        return self._connection.execute(statements.LEASE_HELD_FAST, here).fetchone()

    def write(self, lease: Lease, seconds: int) -> None:
        cells = lease_cells(lease) | {"seconds": seconds}
        check_texts(cells, self._address)
        self._connection.execute(statements.WRITE_LEASE, cells)

    def mark_released(self, lease: Lease) -> bool:
        return self._connection.execute(statements.RELEASE_LEASE, lease_cells(lease)).rowcount == 1
