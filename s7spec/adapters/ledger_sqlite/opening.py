"""Opens the file: made on first use, read without a trace, refused when it is something else."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from s7spec.adapters.ledger_sqlite.failures import in_ledger_words
from s7spec.adapters.ledger_sqlite.place import Place
from s7spec.adapters.ledger_sqlite.schema import bring_up_to_date, check_tables, lay_tables
from s7spec.ports import LedgerCorrupt, LedgerUnwritable

BUSY_SECONDS = 5.0


def open_for_writing(place: Place) -> sqlite3.Connection:
    """Opens the ledger, and makes it with its folders when there is none."""
    path = place.path
    _refuse_what_is_no_file(path)
    with in_ledger_words(str(path)):
        if not path.exists():
            _make(path)
        place.remember()
        connection = _connect(f"{path.resolve().as_uri()}?mode=rw")
        try:
            _prepare_writing(connection, str(path))
            place.check()
        except BaseException:
            connection.close()
            raise
    return connection


def open_for_reading(path: Path) -> sqlite3.Connection:
    """Opens the ledger so that nothing can be written; a missing one reads as an empty one."""
    _refuse_what_is_no_file(path)
    if not path.exists():
        return _empty()
    with in_ledger_words(str(path)):
        # Not mode=ro: that would leave SQLite's two side files behind in the folder.
        connection = _connect(f"{path.resolve().as_uri()}?mode=rw")
        try:
            check_tables(connection, str(path))
        except sqlite3.OperationalError as error:
            connection.close()
            needs_side_files = error.sqlite_errorcode & 0xFF in _NEEDS_SIDE_FILES
            if not needs_side_files or _side_file(path).exists():
                raise
            # A read-only folder: with no log file beside it nobody is writing to the ledger.
            connection = _connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1")
            _check_or_close(connection, str(path))
        except BaseException:
            connection.close()
            raise
        connection.execute("PRAGMA query_only = ON")
    return connection


_NEEDS_SIDE_FILES = frozenset({sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY})


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


def _connect(uri: str) -> sqlite3.Connection:
    connection = sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None)
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA foreign_keys = ON")
    return connection


def _prepare_writing(connection: sqlite3.Connection, path: str) -> None:
    check_tables(connection, path)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    # A read-only file opens like any other, and even BEGIN IMMEDIATE passes: only a write tells.
    connection.execute("BEGIN IMMEDIATE")
    try:
        connection.execute("UPDATE lease SET fence = fence")
    finally:
        connection.execute("ROLLBACK")
    bring_up_to_date(connection)


def _check_or_close(connection: sqlite3.Connection, path: str) -> None:
    try:
        check_tables(connection, path)
    except BaseException:
        connection.close()
        raise


def _empty() -> sqlite3.Connection:
    connection = _connect("file::memory:")
    lay_tables(connection)
    connection.execute("PRAGMA query_only = ON")
    return connection


def _make(path: Path) -> None:
    """Lays the ledger beside its place and links it there: nobody ever sees half a ledger."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            draft.write_bytes(b"")  # says in the system's own words why a folder is not writable
            _lay(draft)
            _put_in_place(draft, path)
        finally:
            draft.unlink(missing_ok=True)
        _make_durable(path.parent)
        _make_durable(path.parent.resolve().parent)
    except OSError as error:
        raise LedgerUnwritable(
            str(path), f"the ledger {path} cannot be made: {error.strerror}"
        ) from error


def _lay(draft: Path) -> None:
    connection = _connect(f"{draft.resolve().as_uri()}?mode=rwc")
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        lay_tables(connection)
    finally:
        connection.close()


def _put_in_place(draft: Path, path: Path) -> None:
    try:
        os.link(draft, path)
    except FileExistsError:
        return  # somebody else was faster: theirs is as good as ours
    except OSError:
        draft.rename(path)  # a file system without hard links


def _make_durable(folder: Path) -> None:
    """A file is safe from a power cut only when the folder that names it is."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _side_file(path: Path) -> Path:
    return path.with_name(f"{path.name}-wal")
