"""SQLite's errors in the ledger's words: one table."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from s7spec.adapters.ledger_rows.cells import RowUnreadable
from s7spec.ports import LedgerCorrupt, LedgerError, LedgerUnwritable

_MEANINGS: dict[int, tuple[type[LedgerError], str]] = {
    sqlite3.SQLITE_NOTADB: (LedgerCorrupt, "is not a ledger: it is no SQLite database"),
    sqlite3.SQLITE_CORRUPT: (LedgerCorrupt, "is damaged"),
    sqlite3.SQLITE_CANTOPEN: (LedgerUnwritable, "cannot be opened"),
    sqlite3.SQLITE_READONLY: (LedgerUnwritable, "cannot be written: it is read-only"),
    sqlite3.SQLITE_PERM: (LedgerUnwritable, "cannot be opened: access is denied"),
    sqlite3.SQLITE_AUTH: (LedgerUnwritable, "cannot be opened: access is denied"),
    sqlite3.SQLITE_FULL: (LedgerUnwritable, "cannot be written: the disk is full"),
    # The file of shared memory beside the ledger cannot grow: no other reason is known.
    sqlite3.SQLITE_IOERR_SHMSIZE: (LedgerUnwritable, "cannot be written: the disk is full"),
    sqlite3.SQLITE_IOERR: (LedgerUnwritable, "cannot be read or written: the disk reports errors"),
    sqlite3.SQLITE_NOLFS: (LedgerUnwritable, "is too large for this file system"),
    sqlite3.SQLITE_BUSY: (LedgerUnwritable, "is locked by another process for too long"),
    sqlite3.SQLITE_LOCKED: (LedgerUnwritable, "is locked by another process for too long"),
    sqlite3.SQLITE_PROTOCOL: (LedgerUnwritable, "is locked by another process for too long"),
}

_UNDECODABLE = "Could not decode to UTF-8"
"""Python's own error while it fetches a row: it has no code."""

_PRIMARY_CODE = 0xFF
"""Extended result codes keep the primary one in their low byte."""


@contextmanager
def in_ledger_words(path: str) -> Iterator[None]:
    """Turns SQLite's errors and rows that cannot be read into the port's errors; an error that the
    table does not know is a bug and passes."""
    try:
        yield
    except RowUnreadable as error:
        raise LedgerCorrupt(path, f"the ledger {path} is damaged: {error}") from error
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", None)
        meaning = None
        if code is not None:
            meaning = _MEANINGS.get(code) or _MEANINGS.get(code & _PRIMARY_CODE)
        if code is None and _UNDECODABLE in str(error):
            meaning = (LedgerCorrupt, "is damaged")
        if meaning is None:
            raise
        kind, words = meaning
        raise kind(path, f"the ledger {path} {words} ({error})") from error
