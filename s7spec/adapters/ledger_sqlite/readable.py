"""A connection on which every table looks like today's, whatever the version of the file."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from s7spec.adapters.ledger_sqlite import older
from s7spec.adapters.ledger_sqlite.schema import SCHEMA_VERSION, version_of


class Readable:
    """For reading only. A writer may bring the ledger up to date while it is open: each
    transaction looks which version it sees."""

    def __init__(self, connection: sqlite3.Connection, path: str) -> None:
        self.connection = connection
        self._path = path
        self._shown = SCHEMA_VERSION

    def close(self) -> None:
        self.connection.close()

    @contextmanager
    def moment(self) -> Iterator[sqlite3.Connection]:
        """One read transaction. Raises LedgerCorrupt and LedgerNewer."""
        if self.connection.in_transaction:
            yield self.connection
            return
        self.begin()
        try:
            yield self.connection
        finally:
            self.end()

    def begin(self) -> None:
        # The first statement that reads fixes what all others see.
        self.connection.execute("BEGIN")
        try:
            self._show(version_of(self.connection, self._path))
        except BaseException:
            self.end()
            raise

    def end(self) -> None:
        if self.connection.in_transaction:
            self.connection.execute("COMMIT")

    def _show(self, version: int) -> None:
        if version == self._shown:
            return
        self.connection.execute("PRAGMA query_only = OFF")  # it forbids views, too
        try:
            older.hide(self.connection)
            if version != SCHEMA_VERSION:
                older.show(self.connection, version)
            self._shown = version
        finally:
            self.connection.execute("PRAGMA query_only = ON")
