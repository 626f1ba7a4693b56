"""Finds the ledger in a database: laid on first use, brought up to date, refused when it is
something else."""

from __future__ import annotations

from s7spec.adapters.ledger_postgres import statements
from s7spec.adapters.ledger_postgres.address import Address
from s7spec.adapters.ledger_postgres.lease_table import LOCK_KIND
from s7spec.adapters.ledger_postgres.line import Connection, Line
from s7spec.adapters.ledger_postgres.schema import SCHEMA, SCHEMA_VERSION, STEPS, TABLES
from s7spec.adapters.ledger_postgres.transactions import begin_writing, newer
from s7spec.ports import LedgerCorrupt, LedgerUnwritable

_COLUMNS = """
SELECT c.relname::text AS of, a.attname::text AS name
FROM pg_catalog.pg_attribute AS a
JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE n.nspname = %(schema)s AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
  AND a.attnum > 0 AND NOT a.attisdropped
"""
_HAS_SCHEMA = "SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = %(schema)s"
_HERE = {"schema": SCHEMA}
_TRY_TO_WRITE = "; ".join(
    (
        f"INSERT INTO {SCHEMA}.attempt (name) SELECT name FROM {SCHEMA}.attempt WHERE false",
        f"UPDATE {SCHEMA}.attempt SET name = name WHERE false",
        *(
            f"INSERT INTO {SCHEMA}.{table} SELECT * FROM {SCHEMA}.{table} WHERE false"
            for table in ("job", "event", "lease")
        ),
        f"UPDATE {SCHEMA}.job SET version = version WHERE false",
        f"UPDATE {SCHEMA}.lease SET fence = fence WHERE false",
    )
).encode()


def prepare_writing(line: Line) -> None:
    """Lays the ledger if there is none, and sees to it that it can be written."""
    address = line.address

    def prepared(connection: Connection, _is_repeated: bool) -> None:
        begin_writing(connection)
        version = _version(connection, address)
        if version != SCHEMA_VERSION:
            _bring_up_to_date(connection, address)
        connection.execute(_TRY_TO_WRITE)

    line.settled(prepared)


def is_laid(line: Line) -> bool:
    """False for a database without a ledger. Raises LedgerCorrupt and LedgerNewer for one that is
    none of ours, or none that we can read."""
    return line.repeated(lambda connection: _version(connection, line.address)) > 0


def _bring_up_to_date(connection: Connection, address: Address) -> None:
    """All at once or not at all. Somebody else may have been faster while we waited."""
    encoding = connection.info.parameter_status("server_encoding")
    if encoding != "UTF8":
        raise LedgerUnwritable(
            address.shown,
            f"the ledger {address.shown} cannot be made: the database's encoding is {encoding}, "
            "and a ledger needs UTF8",
        )
    connection.execute(statements.LOCK, {"kind": LOCK_KIND, "number": 0})
    if connection.execute(_HAS_SCHEMA, _HERE).fetchone() is None:
        connection.execute(f"CREATE SCHEMA {SCHEMA}".encode())
    for step in STEPS[_version(connection, address) :]:
        for statement in step:
            connection.execute(statement.encode())
    connection.execute(f"UPDATE {SCHEMA}.ledger SET version = {SCHEMA_VERSION}".encode())


def _version(connection: Connection, address: Address) -> int:
    """0: there is no ledger."""
    found: dict[str, set[str]] = {}
    for column in connection.execute(_COLUMNS, _HERE):
        found.setdefault(column["of"], set()).add(column["name"])
    if not found:
        return 0
    if not TABLES["ledger"].keys() <= found.get("ledger", set()):
        raise LedgerCorrupt(
            address.shown,
            f"the ledger {address.shown} is not a ledger: "
            f"its schema {SCHEMA} is one of something else",
        )
    rows = connection.execute(f"SELECT version FROM {SCHEMA}.ledger".encode()).fetchall()
    version = rows[0]["version"] if len(rows) == 1 else None
    if not isinstance(version, int) or version < 1:
        raise LedgerCorrupt(
            address.shown, f"the ledger {address.shown} is damaged: its version is {version}"
        )
    if version > SCHEMA_VERSION:
        raise newer(version, address)
    _check_columns(found, version, address)
    return version


def _check_columns(found: dict[str, set[str]], version: int, address: Address) -> None:
    for table, columns in TABLES.items():
        if version == SCHEMA_VERSION and not columns.keys() <= found.get(table, set()):
            raise LedgerCorrupt(
                address.shown,
                f"the ledger {address.shown} is damaged: its table {table} is not that of a ledger",
            )
