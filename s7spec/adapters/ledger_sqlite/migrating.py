"""Brings a ledger of an older version up to date, and keeps a copy of what it was."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from itertools import count
from pathlib import Path

from s7spec.adapters.ledger_sqlite import older
from s7spec.adapters.ledger_sqlite.connecting import connect, write_transaction
from s7spec.adapters.ledger_sqlite.making import make_file
from s7spec.adapters.ledger_sqlite.place import Place
from s7spec.adapters.ledger_sqlite.schema import SCHEMA_VERSION, lay_tables, version_of
from s7spec.ports import LedgerCorrupt, LedgerUnwritable


def bring_up_to_date(connection: sqlite3.Connection, place: Place) -> None:
    """All at once or not at all, whoever else tries it. The copy lies beside the ledger:
    ``ledger.db.v2.bak``."""
    path = str(place.path)
    if version_of(connection, path) == SCHEMA_VERSION:
        return
    # The lock comes first: what is copied is what is migrated.
    with write_transaction(connection):
        version = version_of(connection, path)
        if version == SCHEMA_VERSION:
            return  # somebody else was faster while we waited for the lock
        copy = _back_up(place, version)
        try:
            _migrate(connection, version)
        except BaseException as error:
            # Not after a COMMIT that failed: the disk may have it all the same.
            copy.unlink()
            if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_ERROR:
                raise LedgerCorrupt(
                    path, f"the ledger {path} is damaged: it cannot be brought up to date ({error})"
                ) from error
            raise


def _migrate(connection: sqlite3.Connection, version: int) -> None:
    older.teach(connection)
    for trigger in ("event_is_final", "event_stays", "attempt_stays"):
        connection.execute(f"DROP TRIGGER IF EXISTS {trigger}")
    for table in ("attempt", "event", "lease"):
        connection.execute(f"ALTER TABLE {table} RENAME TO old_{table}")
    lay_tables(connection)
    select = older.selects(version, attempt="old_attempt", event="old_event")
    for table, order in (
        ("attempt", "ORDER BY a.rowid"),
        ("event", "ORDER BY attempt_name, version"),
        ("job", ""),
    ):
        connection.execute(f"INSERT INTO {table} {select[table]} {order}")
    connection.execute("INSERT INTO lease SELECT * FROM old_lease")
    # In this order: nothing refers to what goes.
    for table in ("old_event", "old_attempt", "old_lease", "spec"):
        connection.execute(f"DROP TABLE IF EXISTS {table}")


def _back_up(place: Place, version: int) -> Path:
    """A copy that never takes the place of an older one."""
    path = place.path
    try:
        for number in count(1):
            which = "" if number == 1 else f".{number}"
            copy = path.with_name(f"{path.name}.v{version}{which}.bak")
            if make_file(copy, lambda draft: _copy(place, draft)):
                return copy
    except OSError as error:
        raise LedgerUnwritable(
            str(path),
            f"the ledger {path} cannot be brought up to date: "
            f"no copy of it can be made ({error.strerror})",
        ) from error
    raise AssertionError("numbers do not end")


def _copy(place: Place, draft: Path) -> None:
    # Not the connection that holds the lock: SQLite does not copy from one that is writing.
    with (
        closing(connect(f"{place.uri}?mode=rw")) as source,
        closing(connect(f"{draft.resolve().as_uri()}?mode=rw")) as target,
    ):
        target.execute("PRAGMA synchronous = FULL")
        source.backup(target)
    draft.chmod(place.path.stat().st_mode & 0o777)  # who may not read the one may not the other
