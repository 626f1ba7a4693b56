"""One SQLite file: a connection that writes, behind a lock, and others that only read."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from s7spec.emulator.options import StoreError

_CACHE_KB = 64 * 1024
_MAPPED_BYTES = 1024**3


class Database:
    """Opens the file, or creates it with ``tables``. Raises StoreError when it is not one of ours,
    is damaged, or was written with tables of another ``version``.

    Thread-safe. Readers do not wait for the writer (WAL): each sees what was committed when its
    statement began.
    """

    def __init__(self, path: Path, *, tables: str, version: int) -> None:
        self._path = path
        self._writing = threading.RLock()
        self._pool_lock = threading.Lock()
        self._idle: list[sqlite3.Connection] = []
        self._closed = False
        refuse_links(path)
        try:
            self._writer = _connect(path)
        except sqlite3.Error as error:
            raise StoreError(f"{path}: cannot be opened: {error}") from error
        try:
            self._prepare(tables, version)
        except sqlite3.Error as error:
            self._writer.close()
            raise StoreError(f"{path}: not a usable store: {error}") from error
        except StoreError:
            self._writer.close()
            raise

    def _prepare(self, tables: str, version: int) -> None:
        # WAL with NORMAL keeps every commit through the death of this process.
        self._writer.execute("PRAGMA journal_mode = WAL")
        self._writer.execute("PRAGMA synchronous = NORMAL")
        self._writer.execute("PRAGMA foreign_keys = ON")
        self._writer.execute(f"PRAGMA cache_size = -{_CACHE_KB}")
        (found,) = self._writer.execute("PRAGMA user_version").fetchone()
        if found == 0:
            self._writer.executescript(f"BEGIN; {tables} PRAGMA user_version = {version}; COMMIT;")
        elif found != version:
            raise StoreError(
                f"{self._path}: was written by another version ({found}, not {version})"
            )

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection of this block's own. Fetch what you want before the block ends."""
        with self._pool_lock:
            if self._closed:
                raise sqlite3.ProgrammingError("the store is closed")
            connection = self._idle.pop() if self._idle else None
        if connection is None:
            connection = _connect(self._path)
            connection.execute("PRAGMA query_only = ON")
            connection.execute(f"PRAGMA mmap_size = {_MAPPED_BYTES}")
            # SQLite's own lower() knows ASCII only.
            connection.create_function("fold", 1, str.casefold, deterministic=True)
        try:
            yield connection
        finally:
            self._give_back(connection)

    def _give_back(self, connection: sqlite3.Connection) -> None:
        with self._pool_lock:
            if not self._closed:
                self._idle.append(connection)
                return
        connection.close()

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction: committed at the end of the block, undone by an exception."""
        with self._writing:
            self._writer.execute("BEGIN IMMEDIATE")
            try:
                yield self._writer
            except BaseException:
                self._writer.execute("ROLLBACK")
                raise
            self._writer.execute("COMMIT")

    def close(self) -> None:
        with self._pool_lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()
        with self._writing:
            # The last one to close: it empties the log into the file.
            self._writer.close()


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(
        path, isolation_level=None, check_same_thread=False, cached_statements=256
    )
    connection.row_factory = sqlite3.Row
    return connection


def refuse_links(path: Path) -> None:
    """SQLite follows links: it would write to, or read from, wherever they point."""
    for suffix in ("", "-wal", "-shm", "-journal"):
        file = path.with_name(path.name + suffix)
        if file.is_symlink():
            raise StoreError(f"{file}: cannot be used: is a symbolic link")
