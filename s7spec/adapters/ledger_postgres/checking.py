"""Looks at everything in a ledger, and says what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator

from psycopg.rows import tuple_row

from s7spec.adapters.ledger_postgres import statements
from s7spec.adapters.ledger_postgres.line import Connection
from s7spec.adapters.ledger_rows.cells import RowUnreadable
from s7spec.adapters.ledger_rows.complaints import (
    complaints_about_payload,
    the_first,
)
from s7spec.adapters.ledger_rows.heads import complaints
from s7spec.adapters.ledger_rows.row import Row
from s7spec.adapters.ledger_rows.rows import attempt_from, event_from, lease_from
from s7spec.model.ledger import complaints_about_history

_AT_ONCE = 500


def problems_of(connection: Connection) -> tuple[str, ...]:
    """One sentence for each. Runs inside the caller's read transaction. What the server itself
    keeps (its pages, the references between tables) is left to it."""
    return the_first(_problems(connection))


def _problems(connection: Connection) -> Iterator[str]:
    yield from _of_jobs(connection)
    with connection.cursor("attempts") as rows:
        rows.execute(statements.ATTEMPTS_WITH_HEADS)
        while batch := rows.fetchmany(_AT_ONCE):
            names = [row["name"] for row in batch]
            events: dict[str, list[Row]] = {}
            for event in connection.execute(statements.EVENTS_OF_MANY, {"names": names}):
                events.setdefault(event["attempt_name"], []).append(event)
            for row in batch:
                yield from _of_attempt(row, events.get(row["name"], []))
    for row in connection.execute(statements.LEASES):
        try:
            lease_from(row)
        except RowUnreadable as error:
            yield f"{error}: {row['company']}/{row['environment']}"


def _of_jobs(connection: Connection) -> Iterator[str]:
    with connection.cursor("jobs", row_factory=tuple_row) as rows:
        rows.execute(statements.HEADS_OF_ALL, binary=True)
        yield from complaints(rows)
    with connection.cursor(row_factory=tuple_row) as rows:
        for job, name, latest in rows.execute(statements.HEADS_NOT_LATEST):
            yield f"the head of job {job} is {name}, but its latest attempt is {latest}"
        for job, name, head, attempt in rows.execute(statements.HEADS_THAT_DIFFER):
            yield f"the head of job {job} has {name} in {head}, but the attempt is in {attempt}"
        for (job,) in rows.execute(statements.HEADLESS):
            yield f"job {job} has attempts, but no head"


def _of_attempt(row: Row, events: list[Row]) -> Iterator[str]:
    try:
        attempt = attempt_from(row)
        history = [event_from(event) for event in events]
    except RowUnreadable as error:
        yield str(error)
    else:
        yield from complaints_about_history(attempt, history)
        yield from complaints_about_payload(attempt, row)
