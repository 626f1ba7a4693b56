"""The tables, and how a ledger is told from any other database."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from s7spec.model.ledger import AttemptState
from s7spec.ports import LedgerCorrupt, LedgerNewer

SCHEMA_VERSION = 2
"""1: attempt, event, lease. 2: spec as well."""

APPLICATION_ID = 0x53377370
"""``S7sp`` in ASCII, in the header of the file."""

_STATES = ", ".join(f"'{state.value}'" for state in AttemptState)

_TABLES = f"""
CREATE TABLE attempt (
  name         TEXT PRIMARY KEY,
  company      TEXT NOT NULL,
  environment  TEXT NOT NULL,
  manifest     TEXT NOT NULL,
  export       TEXT NOT NULL,
  generation   INTEGER NOT NULL CHECK (generation >= 1),
  data_hash    TEXT NOT NULL,
  meta_hash    TEXT NOT NULL,
  payload      TEXT NOT NULL,
  state        TEXT NOT NULL CHECK (state IN ({_STATES})),
  intended_at  TEXT NOT NULL,
  updated_at   TEXT NOT NULL,
  version      INTEGER NOT NULL CHECK (version >= 1),
  handle       TEXT,
  run_handle   TEXT,
  message      TEXT NOT NULL,
  zip_urls     TEXT NOT NULL,
  outcomes     TEXT NOT NULL,
  forgotten    INTEGER NOT NULL DEFAULT 0 CHECK (forgotten IN (0, 1)),
  UNIQUE (company, environment, manifest, export, data_hash, generation)
);
CREATE TABLE event (
  id            INTEGER PRIMARY KEY,
  attempt_name  TEXT NOT NULL REFERENCES attempt (name),
  version       INTEGER NOT NULL,
  state         TEXT NOT NULL CHECK (state IN ({_STATES})),
  at            TEXT NOT NULL,
  message       TEXT NOT NULL,
  UNIQUE (attempt_name, version)
);
CREATE TRIGGER event_is_final BEFORE UPDATE ON event
BEGIN SELECT RAISE(ABORT, 'the events of a ledger are never changed'); END;
CREATE TRIGGER event_stays BEFORE DELETE ON event
BEGIN SELECT RAISE(ABORT, 'the events of a ledger are never deleted'); END;
CREATE TRIGGER attempt_stays BEFORE DELETE ON attempt
BEGIN SELECT RAISE(ABORT, 'the attempts of a ledger are never deleted'); END;
CREATE TABLE lease (
  company      TEXT NOT NULL,
  environment  TEXT NOT NULL,
  fence        INTEGER NOT NULL,
  host         TEXT NOT NULL,
  pid          INTEGER NOT NULL,
  user         TEXT NOT NULL,
  url          TEXT,
  taken_at     TEXT NOT NULL,
  expires_at   TEXT NOT NULL,
  seconds      INTEGER NOT NULL,
  released     INTEGER NOT NULL DEFAULT 0 CHECK (released IN (0, 1)),
  PRIMARY KEY (company, environment)
);
"""


_SPEC_TABLE = """
CREATE TABLE spec (
  company      TEXT NOT NULL,
  environment  TEXT NOT NULL,
  manifest     TEXT NOT NULL,
  export       TEXT NOT NULL,
  digest       BLOB NOT NULL CHECK (length(digest) = 32),
  PRIMARY KEY (company, environment, manifest, export)
) WITHOUT ROWID
"""
"""What each job's last attempt was asked for. The keys are the rows: one scan of a stretch reads
all jobs of a manifest. A job whose spec is not known has no row."""


def lay_tables(connection: sqlite3.Connection) -> None:
    """Makes an empty database a ledger, all at once or not at all."""
    connection.executescript(
        f"BEGIN IMMEDIATE;\n{_TABLES}\n{_SPEC_TABLE};\n"
        f"PRAGMA application_id = {APPLICATION_ID};\n"
        f"PRAGMA user_version = {SCHEMA_VERSION};\n"
        "COMMIT;"
    )


def bring_up_to_date(connection: sqlite3.Connection) -> None:
    """Adds what a ledger of an older version lacks, all at once or not at all. What was sent
    before stays unknown to the new table."""
    if _pragma(connection, "user_version") == SCHEMA_VERSION:
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        # Somebody else may have been faster while we waited for the lock.
        if _pragma(connection, "user_version") != SCHEMA_VERSION:
            connection.execute(_SPEC_TABLE)
            connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def check_tables(connection: sqlite3.Connection, path: str) -> None:
    """Raises LedgerCorrupt or LedgerNewer when this is no ledger we can read."""
    if _pragma(connection, "application_id") != APPLICATION_ID:
        raise LedgerCorrupt(
            path, f"the ledger {path} is not a ledger: it is a database of something else"
        )
    version = _pragma(connection, "user_version")
    if not isinstance(version, int) or version < 1:
        raise LedgerCorrupt(path, f"the ledger {path} is damaged: its version is {version}")
    if version > SCHEMA_VERSION:
        raise LedgerNewer(
            path,
            f"the ledger {path} has version {version}, this s7spec reads up to {SCHEMA_VERSION}",
        )
    finding = _pragma(connection, "quick_check(1)")
    if finding != "ok":
        raise LedgerCorrupt(path, f"the ledger {path} is damaged: {finding}")
    _check_columns(connection, path, _OF_VERSION[version])


_OF_VERSION = {1: ("attempt", "event", "lease"), 2: ("attempt", "event", "lease", "spec")}


def _check_columns(connection: sqlite3.Connection, path: str, tables: tuple[str, ...]) -> None:
    with closing(sqlite3.connect(":memory:")) as model:
        lay_tables(model)
        for table in tables:
            if not _columns(model, table) <= _columns(connection, table):
                raise LedgerCorrupt(
                    path, f"the ledger {path} is damaged: its table {table} is not that of a ledger"
                )


def _columns(connection: sqlite3.Connection, table: str) -> frozenset[str]:
    return frozenset(row[1] for row in connection.execute(f"PRAGMA table_info({table})"))


def _pragma(connection: sqlite3.Connection, name: str) -> object:
    row = connection.execute(f"PRAGMA {name}").fetchone()
    return None if row is None else row[0]
