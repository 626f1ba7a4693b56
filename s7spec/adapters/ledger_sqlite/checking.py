"""Looks at everything in a ledger, and says what is wrong with it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from s7spec.adapters.ledger_rows.cells import RowUnreadable
from s7spec.adapters.ledger_rows.complaints import (
    MOST_TOLD,
    complaints_about_payload,
    the_first,
)
from s7spec.adapters.ledger_rows.heads import complaints
from s7spec.adapters.ledger_rows.rows import attempt_from, event_from, lease_from
from s7spec.adapters.ledger_sqlite import statements
from s7spec.model.ledger import complaints_about_history


def problems_of(connection: sqlite3.Connection) -> tuple[str, ...]:
    """One sentence for each. Runs inside the caller's read transaction."""
    return the_first(_problems_or_end(connection))


def _problems_or_end(connection: sqlite3.Connection) -> Iterator[str]:
    """SQLite gives up on some damage, even when it is asked to look for it."""
    try:
        yield from _problems(connection)
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF != sqlite3.SQLITE_CORRUPT:
            raise
        yield f"the file is damaged: {error}"


def _problems(connection: sqlite3.Connection) -> Iterator[str]:
    is_whole = True
    for (finding,) in _tuples(connection, f"PRAGMA integrity_check({MOST_TOLD + 1})"):
        if finding != "ok":
            is_whole = False
            yield f"the file is damaged: {finding}"
    if not is_whole:
        return  # whatever else is wrong comes from that
    yield from _of_references(connection)
    connection.text_factory = _tolerant
    yield from _of_jobs(connection)
    connection.text_factory = str
    for (number,) in _tuples(connection, statements.NUMBERS):
        yield from _of_attempt(connection, number)
    yield from _of_leases(connection)


def _tolerant(text: bytes) -> str:
    """Keys and names, also where they are damaged: to be shown."""
    return text.decode(errors="replace")


def _of_references(connection: sqlite3.Connection) -> Iterator[str]:
    for table, _, parent, _ in _tuples(connection, "PRAGMA main.foreign_key_check"):
        yield f"a row of table {table} names no row of table {parent}"


def _of_jobs(connection: sqlite3.Connection) -> Iterator[str]:
    yield from complaints(_tuples(connection, statements.HEADS_OF_ALL))
    for job, name, latest in _tuples(connection, statements.HEADS_NOT_LATEST):
        yield f"the head of job {job} is {name}, but its latest attempt is {latest or 'missing'}"
    for job, name, head, attempt in _tuples(connection, statements.HEADS_THAT_DIFFER):
        yield f"the head of job {job} has {name} in {head}, but the attempt is in {attempt}"
    for (job,) in _tuples(connection, statements.HEADLESS):
        yield f"job {job} has attempts, but no head"
    for (job,) in _tuples(connection, statements.SPECS_OF_ANOTHER_KIND):
        yield f"the spec of job {job} cannot be read"


def _of_attempt(connection: sqlite3.Connection, number: int) -> Iterator[str]:
    cells = {"id": number}
    try:
        row = connection.execute(statements.ATTEMPT_WITH_HEAD, cells).fetchone()
        attempt = attempt_from(row)
        rows = connection.execute(statements.EVENTS, {"name": attempt.name}).fetchall()
        events = [event_from(event) for event in rows]
    except RowUnreadable as error:
        yield str(error)
    except sqlite3.OperationalError as error:  # a text that is none
        yield f"the attempt in row {number} cannot be read ({error})"
    else:
        yield from complaints_about_history(attempt, events)
        yield from complaints_about_payload(attempt, row)


def _of_leases(connection: sqlite3.Connection) -> Iterator[str]:
    for row in connection.execute(statements.LEASES):
        try:
            lease_from(row)
        except RowUnreadable as error:
            yield f"{error}: {row['company']}/{row['environment']}"


def _tuples(connection: sqlite3.Connection, statement: str) -> sqlite3.Cursor:
    cursor = connection.cursor()
    cursor.row_factory = None
    return cursor.execute(statement)
