"""One SQLite connection, shared by all threads behind a lock."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from s7spec.emulator.options import StoreError

_VERSION = 1
_SCHEMA = """
CREATE TABLE numbers (
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  number INTEGER NOT NULL,
  PRIMARY KEY (kind, name)
) WITHOUT ROWID;
CREATE UNIQUE INDEX numbers_by_number ON numbers (kind, number);
CREATE TABLE jobs (
  run_id INTEGER PRIMARY KEY AUTOINCREMENT,
  company INTEGER NOT NULL,
  original_name TEXT NOT NULL,
  run_name TEXT NOT NULL,
  submit_user TEXT NOT NULL,
  mail_to TEXT NOT NULL,
  locale TEXT,
  description TEXT,
  export TEXT NOT NULL,
  state TEXT NOT NULL,
  forget INTEGER NOT NULL DEFAULT 0,
  submitted INTEGER NOT NULL,
  started INTEGER,
  finished INTEGER,
  successes INTEGER NOT NULL DEFAULT 0,
  errors INTEGER NOT NULL DEFAULT 0,
  warnings INTEGER NOT NULL DEFAULT 0,
  fatal INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX jobs_by_name ON jobs (original_name, run_id);
CREATE INDEX jobs_active ON jobs (run_id) WHERE state <> 'Done';
CREATE INDEX jobs_by_start ON jobs (started) WHERE started IS NOT NULL;
CREATE TABLE details (
  run_id INTEGER NOT NULL REFERENCES jobs (run_id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  log_type TEXT NOT NULL,
  message TEXT NOT NULL,
  created INTEGER NOT NULL,
  asset_name TEXT,
  asset_type TEXT,
  asset_handle TEXT,
  zip_path TEXT,
  PRIMARY KEY (run_id, position)
) WITHOUT ROWID;
INSERT INTO sqlite_sequence (name, seq) VALUES ('jobs', 100000);
"""


class Database:
    """Opens or creates the file. Raises StoreError when it is not one of ours or is damaged."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.RLock()
        refuse_links(path)
        try:
            self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        except sqlite3.Error as error:
            raise StoreError(f"{path}: cannot be opened: {error}") from error
        try:
            self._prepare(path)
        except sqlite3.Error as error:
            self._connection.close()
            raise StoreError(f"{path}: not a usable store: {error}") from error
        except StoreError:
            self._connection.close()
            raise

    def _prepare(self, path: Path) -> None:
        self._connection.row_factory = sqlite3.Row
        # WAL with NORMAL keeps every commit through the death of this process.
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = NORMAL")
        self._connection.execute("PRAGMA foreign_keys = ON")
        (version,) = self._connection.execute("PRAGMA user_version").fetchone()
        if version == 0:
            self._connection.executescript(
                f"BEGIN; {_SCHEMA} PRAGMA user_version = {_VERSION}; COMMIT;"
            )
        elif version != _VERSION:
            raise StoreError(f"{path}: was written by another version ({version}, not {_VERSION})")

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            yield self._connection

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction: committed at the end of the block, undone by an exception."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def close(self) -> None:
        with self._lock:
            self._connection.close()


def refuse_links(path: Path) -> None:
    """SQLite follows links: it would write to, or read from, wherever they point."""
    for suffix in ("", "-wal", "-shm", "-journal"):
        file = path.with_name(path.name + suffix)
        if file.is_symlink():
            raise StoreError(f"{file}: cannot be used: is a symbolic link")
