"""Ledgers of versions 1 and 2, seen with today's tables.

Before version 3 a job had no row of its own: its head is read off its last attempt. Whole payloads
were sent, at once, and one attempt after the other: nothing of that was written down.
"""

from __future__ import annotations

import sqlite3

from s7spec.adapters.ledger_rows.cells import micros_or_none

_ENDED_AT = """
  CASE WHEN a.state IN ('ok', 'partial', 'failed', 'stopped', 'refused') THEN (
    SELECT e.at FROM {event} AS e
    WHERE e.attempt_name = a.name AND e.version > coalesce((
      SELECT max(o.version) FROM {event} AS o
      WHERE o.attempt_name = a.name AND o.state <> a.state), 0)
    ORDER BY e.version LIMIT 1)
  END"""
"""When it came into the state it ended in. Later events of the same state forget it."""

_ATTEMPTS = """
SELECT a.rowid AS id, a.name, a.company, a.environment, a.manifest, a.export, a.generation,
  a.data_hash, a.meta_hash, 1 AS fingerprint_version, a.payload, NULL AS only_assets,
  NULL AS timing, NULL AS rerun, 1 AS tries, a.state, a.intended_at, a.updated_at,
  {ended_at} AS ended_at, a.version, a.handle, a.run_handle, a.message, a.zip_urls, a.outcomes,
  NULL AS failure, a.forgotten
FROM {attempt} AS a"""

_NO_DIGEST = "NULL"
_DIGEST = """
  (SELECT s.digest FROM main.spec AS s
   WHERE s.company = a.company AND s.environment = a.environment
     AND s.manifest = a.manifest AND s.export = a.export)"""

_JOBS = """
SELECT a.company, a.environment, a.manifest, a.export, a.name AS attempt_name, a.version,
  a.generation, a.state, a.forgotten, a.data_hash, a.meta_hash, 1 AS fingerprint_version,
  NULL AS rerun, micros({ended_at}) AS ended_at, {digest} AS spec_digest
FROM {attempt} AS a
WHERE a.rowid = (
  SELECT max(l.rowid) FROM {attempt} AS l
  WHERE l.company = a.company AND l.environment = a.environment
    AND l.manifest = a.manifest AND l.export = a.export)"""

_EVENTS = "SELECT attempt_name, version, state, at, message FROM {event}"


def selects(version: int, *, attempt: str, event: str) -> dict[str, str]:
    """Today's rows by table, out of a ledger of that version whose tables have these names."""
    ended_at = _ENDED_AT.format(event=event)
    digest = _NO_DIGEST if version == 1 else _DIGEST
    return {
        "attempt": _ATTEMPTS.format(attempt=attempt, ended_at=ended_at),
        "job": _JOBS.format(attempt=attempt, ended_at=ended_at, digest=digest),
        "event": _EVENTS.format(event=event),
    }


def teach(connection: sqlite3.Connection) -> None:
    """Gives the connection the function that the statements here need."""
    connection.create_function("micros", 1, micros_or_none, deterministic=True)


def show(connection: sqlite3.Connection, version: int) -> None:
    """Lays views over the tables that look like today's: names without a schema mean them first.
    Nothing is written into the ledger."""
    teach(connection)
    for view, select in selects(version, attempt="main.attempt", event="main.event").items():
        connection.execute(f"CREATE TEMP VIEW {view} AS {select}")


def hide(connection: sqlite3.Connection) -> None:
    """Takes the views away."""
    for view in ("attempt", "job", "event"):
        connection.execute(f"DROP VIEW IF EXISTS temp.{view}")
