"""How transactions begin. Each says by itself how it is to be treated, so that it does not matter
what the server, or a pool of connections before it, has set."""

from __future__ import annotations

from s7spec.adapters.ledger_postgres import statements
from s7spec.adapters.ledger_postgres.address import Address
from s7spec.adapters.ledger_postgres.failures import replaced
from s7spec.adapters.ledger_postgres.lease_table import PostgresLeases
from s7spec.adapters.ledger_postgres.line import Connection
from s7spec.adapters.ledger_postgres.schema import SCHEMA_VERSION
from s7spec.adapters.ledger_rows import leases
from s7spec.adapters.ledger_rows.rows import lease_cells
from s7spec.model.ledger import Lease
from s7spec.ports import LedgerNewer

_IDLE_SECONDS, _LOCK_SECONDS = 20, 30
"""A holder of locks that has gone silent is ended before those who wait for it give up."""

_READ = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
_WRITE = "BEGIN ISOLATION LEVEL READ COMMITTED"
_SETTINGS = (
    "SET LOCAL synchronous_commit = on",
    f"SET LOCAL lock_timeout = '{_LOCK_SECONDS}s'",
    f"SET LOCAL idle_in_transaction_session_timeout = '{_IDLE_SECONDS}s'",
    # Steps find rows by their keys. A plan that was made while the tables were small must not go
    # through all rows when they have grown.
    "SET LOCAL enable_seqscan = off",
    "SET LOCAL plan_cache_mode = force_generic_plan",
)


def begin_reading(connection: Connection) -> None:
    connection.execute(_READ, prepare=False)


def begin_writing(connection: Connection) -> None:
    connection.execute("; ".join((_WRITE, *_SETTINGS)).encode(), prepare=False)


def begin_steps(connection: Connection, lease: Lease, address: Address, last: int) -> int:
    """The holder's transaction, which nobody else can have at the same time; its number. ``last``
    is that of the last one that was written here under this lease, 0: none.

    Raises LedgerConflict when the lease was lost, LedgerNewer after an upgrade, LedgerUnwritable
    when an older copy of the ledger was put in its place.
    """
    begin_writing(connection)
    row = connection.execute(statements.COUNT_WRITE, lease_cells(lease)).fetchone()
    if row is None:
        leases.check(PostgresLeases(connection, address), lease)
        raise AssertionError("the lease is held, and yet it could not be written")
    if row["version"] != SCHEMA_VERSION:
        raise newer(row["version"], address)
    number: int = row["writes"]
    if number <= last:
        raise replaced(address)
    return number


def were_written(connection: Connection, lease: Lease, number: int, address: Address) -> bool:
    """Whether the transaction of that number is in the ledger. Waits for one whose fate the server
    itself does not know yet. Raises LedgerConflict when the lease was lost meanwhile."""
    table = PostgresLeases(connection, address)
    row = table.row(lease.company, lease.environment)
    leases.check(table, lease)
    return row is not None and row["writes"] >= number


def newer(version: int, address: Address) -> LedgerNewer:
    return LedgerNewer(
        address.shown,
        f"the ledger {address.shown} has version {version}, "
        f"this s7spec reads up to {SCHEMA_VERSION}",
    )
