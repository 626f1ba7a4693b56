"""The tables, and how a ledger is told from any other database."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

from s7spec.model.ledger import AttemptState, FailureClass
from s7spec.ports import LedgerCorrupt, LedgerNewer

SCHEMA_VERSION = 3
"""1: attempt, event, lease. 2: spec as well. 3: job, which has the specs in it; attempts know what
of them was sent, when, how often, and how they ended."""

APPLICATION_ID = 0x53377370
"""``S7sp`` in ASCII, in the header of the file."""

LOOKED_THROUGH = 8_000_000
"""Bytes of the largest ledger that is looked through before it is written: about 0.1 s."""

_SIZE = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"

_STATES = ", ".join(f"'{state.value}'" for state in AttemptState)
_FAILURES = ", ".join(f"'{failure.value}'" for failure in FailureClass)

_ATTEMPT = f"""
CREATE TABLE attempt (
  id                   INTEGER PRIMARY KEY,
  name                 TEXT NOT NULL UNIQUE,
  company              TEXT NOT NULL,
  environment          TEXT NOT NULL,
  manifest             TEXT NOT NULL,
  export               TEXT NOT NULL,
  generation           INTEGER NOT NULL CHECK (generation >= 1),
  data_hash            TEXT NOT NULL,
  meta_hash            TEXT NOT NULL,
  fingerprint_version  INTEGER NOT NULL,
  payload              TEXT NOT NULL,
  only_assets          TEXT,
  timing               TEXT,
  rerun                TEXT,
  tries                INTEGER NOT NULL CHECK (tries >= 1),
  state                TEXT NOT NULL CHECK (state IN ({_STATES})),
  intended_at          TEXT NOT NULL,
  updated_at           TEXT NOT NULL,
  ended_at             TEXT,
  version              INTEGER NOT NULL CHECK (version >= 1),
  handle               TEXT,
  run_handle           TEXT,
  message              TEXT NOT NULL,
  zip_urls             TEXT NOT NULL,
  outcomes             TEXT NOT NULL,
  failure              TEXT CHECK (failure IN ({_FAILURES})),
  forgotten            INTEGER NOT NULL DEFAULT 0 CHECK (forgotten IN (0, 1)),
  UNIQUE (company, environment, manifest, export, data_hash, generation)
)
"""
"""``id`` grows: it is the order in which attempts were first intended. The hashes are of what was
sent; ``fingerprint_version`` is 0 when they are not what today's algorithm gives."""

_JOB = f"""
CREATE TABLE job (
  company              TEXT NOT NULL,
  environment          TEXT NOT NULL,
  manifest             TEXT NOT NULL,
  export               TEXT NOT NULL,
  attempt_name         TEXT NOT NULL REFERENCES attempt (name),
  version              INTEGER NOT NULL CHECK (version >= 1),
  generation           INTEGER NOT NULL CHECK (generation >= 1),
  state                TEXT NOT NULL CHECK (state IN ({_STATES})),
  forgotten            INTEGER NOT NULL CHECK (forgotten IN (0, 1)),
  data_hash            TEXT NOT NULL,
  meta_hash            TEXT NOT NULL,
  fingerprint_version  INTEGER NOT NULL,
  rerun                TEXT,
  ended_at             INTEGER,
  spec_digest          BLOB CHECK (length(spec_digest) = 32),
  PRIMARY KEY (company, environment, manifest, export)
) WITHOUT ROWID
"""
"""The head of each job, again and in short. The keys are the rows: one scan of a stretch reads all
jobs in their order. The hashes are of what was wanted; ``ended_at`` is in microseconds since 1970
UTC, which are read a million times faster than they are understood by people."""

_EVENT = f"""
CREATE TABLE event (
  attempt_name  TEXT NOT NULL REFERENCES attempt (name),
  version       INTEGER NOT NULL,
  state         TEXT NOT NULL CHECK (state IN ({_STATES})),
  at            TEXT NOT NULL,
  message       TEXT NOT NULL,
  PRIMARY KEY (attempt_name, version)
) WITHOUT ROWID
"""

_LEASE = """
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
)
"""

_TRIGGERS = tuple(
    f"CREATE TRIGGER {name} BEFORE {what} ON {table} "
    f"BEGIN SELECT RAISE(ABORT, 'the {table}s of a ledger are never {done}'); END"
    for name, what, table, done in (
        ("event_is_final", "UPDATE", "event", "changed"),
        ("event_stays", "DELETE", "event", "deleted"),
        ("attempt_stays", "DELETE", "attempt", "deleted"),
    )
)

TABLES = (_ATTEMPT, _JOB, _EVENT, _LEASE)
MARKS = (
    f"PRAGMA application_id = {APPLICATION_ID}",
    f"PRAGMA user_version = {SCHEMA_VERSION}",
)


def lay_tables(connection: sqlite3.Connection) -> None:
    """Makes an empty database a ledger. Runs inside the caller's transaction."""
    for statement in (*TABLES, *_TRIGGERS, *MARKS):
        connection.execute(statement)


def check_tables(connection: sqlite3.Connection, path: str) -> None:
    """Raises LedgerCorrupt or LedgerNewer when this is no ledger we can read."""
    if pragma(connection, "application_id") != APPLICATION_ID:
        raise LedgerCorrupt(
            path, f"the ledger {path} is not a ledger: it is a database of something else"
        )
    # At one moment: somebody may be bringing the ledger up to date.
    with _one_moment(connection):
        version = version_of(connection, path)
        _check_columns(connection, path, version)


@contextmanager
def _one_moment(connection: sqlite3.Connection) -> Iterator[None]:
    """All that is read in the block is of one state of the database."""
    if connection.in_transaction:
        yield
        return
    connection.execute("BEGIN")
    try:
        yield
    finally:
        connection.execute("ROLLBACK")


def look_through(connection: sqlite3.Connection, path: str) -> None:
    """Raises LedgerCorrupt for what is damaged: before something is written on top of it. A large
    ledger would take seconds each time; there it is met on the way, or by those who have it
    checked."""
    if connection.execute(_SIZE).fetchone()[0] <= LOOKED_THROUGH:
        finding = pragma(connection, "quick_check(1)")
        if finding != "ok":
            raise LedgerCorrupt(path, f"the ledger {path} is damaged: {finding}")


def version_of(connection: sqlite3.Connection, path: str) -> int:
    """Raises LedgerCorrupt or LedgerNewer for versions that we do not know."""
    version = pragma(connection, "user_version")
    if not isinstance(version, int) or version < 1:
        raise LedgerCorrupt(path, f"the ledger {path} is damaged: its version is {version}")
    if version > SCHEMA_VERSION:
        raise LedgerNewer(
            path,
            f"the ledger {path} has version {version}, this s7spec reads up to {SCHEMA_VERSION}",
        )
    return version


_KEY = frozenset({"company", "environment", "manifest", "export"})
_BEFORE_JOBS: dict[str, frozenset[str]] = {
    "attempt": _KEY
    | {"name", "generation", "data_hash", "meta_hash", "payload", "state", "intended_at"}
    | {"updated_at", "version", "handle", "run_handle", "message", "zip_urls", "outcomes"}
    | {"forgotten"},
    "event": frozenset({"attempt_name", "version", "state", "at", "message"}),
}
"""The columns that the versions before 3 had, where they differ from today's."""

_SPEC = {"spec": _KEY | {"digest"}}


def _columns_of_version(version: int) -> dict[str, frozenset[str]]:
    with closing(sqlite3.connect(":memory:")) as model:
        lay_tables(model)
        today = {table: _columns(model, table) for table in ("attempt", "job", "event", "lease")}
    if version == SCHEMA_VERSION:
        return today
    older = _BEFORE_JOBS | {"lease": today["lease"]}
    return older if version == 1 else older | _SPEC


def _check_columns(connection: sqlite3.Connection, path: str, version: int) -> None:
    for table, columns in _columns_of_version(version).items():
        if not columns <= _columns(connection, table):
            raise LedgerCorrupt(
                path, f"the ledger {path} is damaged: its table {table} is not that of a ledger"
            )


def _columns(connection: sqlite3.Connection, table: str) -> frozenset[str]:
    return frozenset(row[1] for row in connection.execute(f"PRAGMA main.table_info({table})"))


def pragma(connection: sqlite3.Connection, name: str) -> object:
    row = connection.execute(f"PRAGMA {name}").fetchone()
    return None if row is None else row[0]
