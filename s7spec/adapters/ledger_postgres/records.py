"""The whole ledger as records, and back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

import psycopg

from s7spec.adapters.ledger_postgres import statements
from s7spec.adapters.ledger_postgres.address import Address
from s7spec.adapters.ledger_postgres.line import Connection
from s7spec.adapters.ledger_postgres.texts import check_texts
from s7spec.adapters.ledger_rows.row import Cell, Row
from s7spec.adapters.ledger_rows.rows import (
    attempt_from,
    event_cells,
    event_from,
    intent_cells,
    spec_from,
)
from s7spec.model.ledger import AttemptEvent, LedgerRecord
from s7spec.ports import LedgerConflict

_AT_ONCE = 500


def records_from(connection: Connection) -> Iterator[LedgerRecord]:
    """Runs inside the caller's transaction. Raises RowUnreadable."""
    with connection.cursor("records") as rows:
        rows.execute(statements.RECORDS)
        while batch := rows.fetchmany(_AT_ONCE):
            events = _events_of(connection, batch)
            for row in batch:
                attempt = attempt_from(row)
                is_latest = row["latest"] == attempt.name
                yield LedgerRecord(
                    attempt=attempt,
                    events=tuple(events.get(attempt.name, ())),
                    is_latest=is_latest,
                    spec_digest=spec_from(row) if is_latest else None,
                )


def write_records(connection: Connection, records: Iterable[LedgerRecord], address: Address) -> int:
    """Runs inside the caller's transaction. Raises LedgerConflict when the ledger is not empty,
    ValueError when the records contradict each other."""
    connection.execute(statements.LOCK_ATTEMPTS)
    row = connection.execute(statements.HAS_ATTEMPTS).fetchone()
    if row is None or row["found"]:
        raise LedgerConflict("the ledger is not empty: it has attempts already")
    written, ahead = 0, iter(records)
    while batch := list(islice(ahead, _AT_ONCE)):
        _write(connection, batch, address)
        written += len(batch)
    headless = connection.execute(statements.HEADLESS).fetchone()
    if headless is not None:
        raise ValueError(f"no record says that it is the latest of {headless['job']}")
    return written


def _write(connection: Connection, batch: list[LedgerRecord], address: Address) -> None:
    attempts: list[dict[str, Cell]] = [
        intent_cells(record.attempt) | {"digest": record.spec_digest} for record in batch
    ]
    events = [event_cells(event) for record in batch for event in record.events]
    heads = [cells for record, cells in zip(batch, attempts, strict=True) if record.is_latest]
    for cells in (*attempts, *events):
        check_texts(cells, address)
    try:
        with connection.cursor() as cursor:
            for statement, rows in (
                (statements.ADD_ATTEMPT, attempts),
                (statements.ADD_EVENT, events),
                (statements.ADD_HEAD, heads),
            ):
                if rows:
                    cursor.executemany(statement, rows)
    except psycopg.IntegrityError as error:
        detail = error.diag.message_detail or error.diag.message_primary
        raise ValueError(f"a record contradicts those before it ({detail})") from error


def _events_of(connection: Connection, batch: Sequence[Row]) -> dict[str, list[AttemptEvent]]:
    found: dict[str, list[AttemptEvent]] = {}
    names = [row["name"] for row in batch]
    for row in connection.execute(statements.EVENTS_OF_MANY, {"names": names}):
        found.setdefault(row["attempt_name"], []).append(event_from(row))
    return found
