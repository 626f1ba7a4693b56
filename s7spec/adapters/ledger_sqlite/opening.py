"""Opens the file: made on first use, read without a trace, refused when it is something else."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TypeAlias

from s7spec.adapters.ledger_sqlite.connecting import (
    connect,
    make_commits_last,
    write_transaction,
)
from s7spec.adapters.ledger_sqlite.failures import in_ledger_words
from s7spec.adapters.ledger_sqlite.making import make_ledger
from s7spec.adapters.ledger_sqlite.migrating import bring_up_to_date
from s7spec.adapters.ledger_sqlite.place import Place
from s7spec.adapters.ledger_sqlite.schema import check_tables, lay_tables, look_through
from s7spec.ports import LedgerCorrupt, LedgerUnwritable

Opener: TypeAlias = Callable[[], sqlite3.Connection]
"""Opens the ledger once more, so that nothing can be written."""

# Not mode=ro: that would leave SQLite's two side files behind in the folder.
_USUAL = "mode=rw"
# For read-only folders: good as long as nobody writes.
_STILL = "mode=ro&immutable=1"
_NEEDS_SIDE_FILES = frozenset({sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY})


def open_for_writing(place: Place) -> sqlite3.Connection:
    """Opens the ledger, and makes it with its folders when there is none."""
    path = place.path
    _refuse_what_is_no_file(path)
    with in_ledger_words(str(path)):
        if not path.exists():
            make_ledger(path)
        place.remember()
        connection = connect(f"{place.uri}?mode=rw")
        try:
            check_tables(connection, str(path))
            look_through(connection, str(path))
            make_commits_last(connection)
            _check_writable(connection)
            bring_up_to_date(connection, place)
            place.check()
        except BaseException:
            connection.close()
            raise
    return connection


def opener_for(place: Place) -> Opener:
    """How to read the ledger; a missing one reads as an empty one, and is not made."""
    path = place.path
    _refuse_what_is_no_file(path)
    if not path.exists():
        return _empty
    with in_ledger_words(str(path)):
        place.remember()
        try:
            _look_at(place, _USUAL)
        except sqlite3.OperationalError as error:
            needs_side_files = error.sqlite_errorcode & 0xFF in _NEEDS_SIDE_FILES
            if not needs_side_files or _side_file(path).exists():
                raise
            # A read-only folder: with no log file beside it nobody is writing to the ledger.
            _look_at(place, _STILL)
            return reopener(place, _STILL)
    return reopener(place)


def reopener(place: Place, how: str = _USUAL) -> Opener:
    """Opens a ledger that was opened before. Raises LedgerUnwritable when it is not in its place
    any more."""

    def reopen() -> sqlite3.Connection:
        place.check()
        connection = connect(f"{place.uri}?{how}")
        try:
            connection.execute("PRAGMA query_only = ON")
            place.check()
        except BaseException:
            connection.close()
            raise
        return connection

    return reopen


def _empty() -> sqlite3.Connection:
    connection = connect("file::memory:")
    with write_transaction(connection):
        lay_tables(connection)
    connection.execute("PRAGMA query_only = ON")
    return connection


def _look_at(place: Place, how: str) -> None:
    with closing(reopener(place, how)()) as connection:
        check_tables(connection, str(place.path))


def _check_writable(connection: sqlite3.Connection) -> None:
    # A read-only file opens like any other, and even BEGIN IMMEDIATE passes: only a write tells.
    connection.execute("BEGIN IMMEDIATE")
    try:
        connection.execute("UPDATE lease SET fence = fence")
    finally:
        connection.execute("ROLLBACK")


def _refuse_what_is_no_file(path: Path) -> None:
    try:
        if path.is_dir():
            raise LedgerUnwritable(str(path), f"the ledger {path} is a folder, not a file")
        empty = path.exists() and path.stat().st_size == 0
    except OSError as error:
        raise LedgerUnwritable(
            str(path), f"the ledger {path} cannot be opened: {error.strerror}"
        ) from error
    if empty:
        raise LedgerCorrupt(str(path), f"the ledger {path} is damaged: the file is empty")


def _side_file(path: Path) -> Path:
    return path.with_name(f"{path.name}-wal")
