"""The whole ledger as records, and back."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator

from s7spec.adapters.ledger_rows.rows import (
    attempt_from,
    event_cells,
    event_from,
    intent_cells,
    spec_from,
)
from s7spec.adapters.ledger_sqlite import statements
from s7spec.model.ledger import LedgerRecord
from s7spec.ports import LedgerConflict


def records_from(connection: sqlite3.Connection) -> Iterator[LedgerRecord]:
    """Runs inside the caller's transaction. Raises RowUnreadable."""
    for row in connection.execute(statements.RECORDS):
        attempt = attempt_from(row)
        events = connection.execute(statements.EVENTS, {"name": attempt.name})
        is_latest = row["latest"] == attempt.name
        yield LedgerRecord(
            attempt=attempt,
            events=tuple(event_from(event) for event in events),
            is_latest=is_latest,
            spec_digest=spec_from(row) if is_latest else None,
        )


def write_records(connection: sqlite3.Connection, records: Iterable[LedgerRecord]) -> int:
    """Runs inside the caller's transaction. Raises LedgerConflict when the ledger is not empty,
    ValueError when the records contradict each other."""
    if connection.execute(statements.HAS_ATTEMPTS).fetchone()[0]:
        raise LedgerConflict("the ledger is not empty: it has attempts already")
    written = 0
    for record in records:
        _write(connection, record)
        written += 1
    headless = connection.execute(statements.HEADLESS).fetchone()
    if headless is not None:
        raise ValueError(f"no record says that it is the latest of {headless[0]}")
    return written


def _write(connection: sqlite3.Connection, record: LedgerRecord) -> None:
    attempt = record.attempt
    cells = intent_cells(attempt)
    try:
        connection.execute(statements.ADD_ATTEMPT, cells)
        for event in record.events:
            connection.execute(statements.ADD_EVENT, event_cells(event))
        if record.is_latest:
            connection.execute(statements.ADD_HEAD, cells | {"digest": record.spec_digest})
    except sqlite3.IntegrityError as error:
        raise ValueError(f"{attempt.name} contradicts the records before it ({error})") from error
