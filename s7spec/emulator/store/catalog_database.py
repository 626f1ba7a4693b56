"""The catalog's SQLite file: what the folder says, as rows, and what was changed over SOAP.

``assets``, ``folders``, ``metadata`` and ``memberships`` are made from the folder and can be made
again; ``numbers``, ``deletions``, ``moves`` and ``saved_presets`` are not to be had from anywhere
else.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from s7spec.emulator.options import StoreError
from s7spec.emulator.store.database import refuse_links

_VERSION = 1
_SCHEMA = """
CREATE TABLE numbers (
  kind TEXT NOT NULL,
  company INTEGER NOT NULL,
  name TEXT NOT NULL,
  number INTEGER NOT NULL,
  PRIMARY KEY (kind, company, name)
) WITHOUT ROWID;
CREATE UNIQUE INDEX numbers_by_number ON numbers (kind, number);
CREATE TABLE retired (kind TEXT NOT NULL, number INTEGER NOT NULL, PRIMARY KEY (kind, number))
  WITHOUT ROWID;
CREATE TABLE assets (
  number INTEGER PRIMARY KEY,
  company INTEGER NOT NULL,
  name TEXT NOT NULL,
  type TEXT NOT NULL,
  sub_type TEXT NOT NULL,
  folder TEXT NOT NULL,
  trash_state TEXT NOT NULL,
  ready_for_publish INTEGER NOT NULL,
  created INTEGER NOT NULL,
  last_modified INTEGER NOT NULL,
  create_user TEXT NOT NULL,
  last_modify_user TEXT NOT NULL,
  file_name TEXT NOT NULL,
  file_size INTEGER NOT NULL,
  width INTEGER,
  height INTEGER,
  resolution REAL NOT NULL,
  source TEXT,
  url_modifier TEXT NOT NULL,
  url_post_apply_modifier TEXT NOT NULL,
  description TEXT NOT NULL,
  comments TEXT NOT NULL,
  user_data TEXT NOT NULL,
  created_with TEXT NOT NULL,
  generated_by TEXT NOT NULL,
  set_definition TEXT NOT NULL,
  keywords TEXT NOT NULL,
  projects TEXT NOT NULL,
  synthetic INTEGER NOT NULL
);
CREATE UNIQUE INDEX assets_by_name ON assets (company, name);
CREATE INDEX assets_told ON assets (number) WHERE synthetic = 0;
CREATE INDEX assets_by_folder ON assets (company, folder, trash_state, name, type);
CREATE TABLE metadata (
  asset INTEGER NOT NULL REFERENCES assets (number) ON DELETE CASCADE,
  field TEXT NOT NULL,
  position INTEGER NOT NULL,
  value TEXT NOT NULL,
  amount REAL,
  PRIMARY KEY (asset, field, position)
) WITHOUT ROWID;
CREATE INDEX metadata_by_value ON metadata (field, value);
CREATE TABLE memberships (
  project TEXT NOT NULL,
  asset INTEGER NOT NULL REFERENCES assets (number) ON DELETE CASCADE,
  PRIMARY KEY (project, asset)
) WITHOUT ROWID;
CREATE INDEX memberships_by_asset ON memberships (asset);
CREATE TABLE folders (
  company INTEGER NOT NULL,
  path TEXT NOT NULL,
  last_modified INTEGER,
  child_modified INTEGER,
  PRIMARY KEY (company, path)
) WITHOUT ROWID;
CREATE TABLE synthetic (
  definition TEXT PRIMARY KEY,
  first INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE deletions (
  company INTEGER NOT NULL,
  name TEXT NOT NULL,
  last_modified INTEGER NOT NULL,
  file_size INTEGER NOT NULL,
  PRIMARY KEY (company, name)
) WITHOUT ROWID;
CREATE TABLE moves (
  company INTEGER NOT NULL,
  name TEXT NOT NULL,
  folder TEXT NOT NULL,
  PRIMARY KEY (company, name)
) WITHOUT ROWID;
CREATE TABLE saved_presets (
  number INTEGER PRIMARY KEY,
  company INTEGER NOT NULL,
  name TEXT NOT NULL,
  url_modifier TEXT NOT NULL,
  told_name TEXT,
  told_modifier TEXT
);
"""


class CatalogDatabase:
    """One connection for writing and one for each thread that reads: a reader sees the state
    before or after a change, and waits for nobody.

    Raises StoreError when the file is not one of ours or is damaged.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.RLock()
        self._of_thread = threading.local()
        self._readers: list[sqlite3.Connection] = []
        self._closed = False
        refuse_links(path)
        try:
            self._writer = self._connect()
        except sqlite3.Error as error:
            raise StoreError(f"{path}: cannot be opened: {error}") from error
        try:
            self._prepare()
        except sqlite3.Error as error:
            self._writer.close()
            raise StoreError(f"{path}: not a usable store: {error}") from error
        except StoreError:
            self._writer.close()
            raise

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, isolation_level=None, check_same_thread=False)
        connection.row_factory = sqlite3.Row
        return connection

    def _prepare(self) -> None:
        # WAL with NORMAL keeps every commit through the death of this process.
        self._writer.execute("PRAGMA journal_mode = WAL")
        self._writer.execute("PRAGMA synchronous = NORMAL")
        self._writer.execute("PRAGMA foreign_keys = ON")
        self._writer.execute("PRAGMA cache_size = -65536")
        (version,) = self._writer.execute("PRAGMA user_version").fetchone()
        if version == 0:
            self._writer.executescript(
                f"BEGIN; {_SCHEMA} PRAGMA user_version = {_VERSION}; COMMIT;"
            )
        elif version != _VERSION:
            message = f"was written by another version ({version}, not {_VERSION})"
            raise StoreError(f"{self._path}: {message}")

    def reader(self) -> sqlite3.Connection:
        """This thread's own connection, for reading only."""
        connection: sqlite3.Connection | None = getattr(self._of_thread, "connection", None)
        if connection is None:
            connection = self._connect()
            connection.execute("PRAGMA query_only = ON")
            # SQLite's own lower() knows ASCII only.
            connection.create_function("fold", 1, str.casefold, deterministic=True)
            connection.execute("PRAGMA mmap_size = 1073741824")
            with self._lock:
                self._readers.append(connection)
            self._of_thread.connection = connection
        return connection

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction: committed at the end of the block, undone by an exception."""
        with self._lock:
            self._writer.execute("BEGIN IMMEDIATE")
            try:
                yield self._writer
            except BaseException:
                self._writer.execute("ROLLBACK")
                raise
            self._writer.execute("COMMIT")

    def close(self) -> None:
        """Nobody may read or write any more."""
        with self._lock:
            for connection in (*self._readers, self._writer):
                connection.close()
