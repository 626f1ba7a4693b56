"""The Ledger port over SQLite: one durable transaction for each block of writes."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from s7spec.adapters.ledger_rows import leases
from s7spec.adapters.ledger_rows.rows import attempt_from, event_from, key_cells, specs_from
from s7spec.adapters.ledger_sqlite import statements
from s7spec.adapters.ledger_sqlite.checking import problems_of
from s7spec.adapters.ledger_sqlite.connecting import write_transaction
from s7spec.adapters.ledger_sqlite.failures import in_ledger_words
from s7spec.adapters.ledger_sqlite.lease_table import SqliteLeases
from s7spec.adapters.ledger_sqlite.opening import open_for_writing, opener_for, reopener
from s7spec.adapters.ledger_sqlite.place import Place
from s7spec.adapters.ledger_sqlite.readable import Readable
from s7spec.adapters.ledger_sqlite.records import records_from, write_records
from s7spec.adapters.ledger_sqlite.schema import version_of
from s7spec.adapters.ledger_sqlite.view import SqliteView
from s7spec.adapters.ledger_sqlite.writer import SqliteWriter
from s7spec.model.job import JobKey
from s7spec.model.ledger import Attempt, AttemptEvent, Holder, Lease, LedgerRecord
from s7spec.ports import LeaseHeld, LedgerUnwritable, LedgerView, LedgerWriter


class SqliteLedger:
    """A ledger file. Raises LedgerUnwritable, LedgerCorrupt or LedgerNewer when it is opened.

    Without ``create`` nothing can be written: a file that does not exist reads as an empty ledger
    and is not made, one of an older version is read as it is. An object belongs to the thread that
    opened it.
    """

    def __init__(self, path: Path, *, create: bool) -> None:
        self._path = str(path)
        self._place = Place(path)
        self._can_write = create
        if create:
            self._connection = open_for_writing(self._place)
            self._open = reopener(self._place)
        else:
            self._open = opener_for(self._place)
            with in_ledger_words(self._path):
                self._connection = self._open()
        self._leases = SqliteLeases(self._connection)
        self._own = Readable(self._connection, self._path)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        self._connection.close()

    @contextmanager
    def reading(self, company: str, environment: str) -> Iterator[LedgerView]:
        """Each view has a connection of its own: others may read and write meanwhile."""
        with self._apart() as connection:
            yield SqliteView(connection, self._path, company, environment)

    @contextmanager
    def writing(self, lease: Lease) -> Iterator[LedgerWriter]:
        with self._write():
            leases.check(self._leases, lease)
            writer = SqliteWriter(self._connection, lease)
            try:
                yield writer
            finally:
                writer.close()
            writer.confirm()

    def attempts(self, key: JobKey) -> tuple[Attempt, ...]:
        with self._moment():
            rows = self._connection.execute(statements.ATTEMPTS_OF_JOB, key_cells(key))
            return tuple(attempt_from(row) for row in rows)

    def events(self, attempt_name: str) -> tuple[AttemptEvent, ...]:
        with self._moment():
            rows = self._connection.execute(statements.EVENTS, {"name": attempt_name})
            return tuple(event_from(row) for row in rows)

    def spec_digests(self, company: str, environment: str, manifest: str) -> dict[str, bytes]:
        here = {"company": company, "environment": environment, "manifest": manifest}
        with self._moment():
            cursor = self._connection.cursor()
            cursor.row_factory = None  # plain tuples: this is asked for every manifest
            return specs_from(cursor.execute(statements.SPECS_OF_MANIFEST, here))

    def acquire(
        self, company: str, environment: str, *, holder: Holder, now: datetime, seconds: int
    ) -> Lease:
        with self._write():
            lease = leases.acquire(
                self._leases, company, environment, holder=holder, now=now, seconds=seconds
            )
        # Raised only here: a refusal may have cut the old lease's time, and that must last.
        if isinstance(lease, LeaseHeld):
            raise lease
        return lease

    def renew(self, lease: Lease, *, now: datetime, seconds: int) -> Lease:
        with self._write():
            return leases.renew(self._leases, lease, now=now, seconds=seconds)

    def release(self, lease: Lease) -> None:
        with self._write():
            leases.release(self._leases, lease)

    def lease(self, company: str, environment: str) -> Lease | None:
        with self._moment():
            return leases.latest(self._leases, company, environment)

    def break_lease(self, lease: Lease) -> None:
        with self._write():
            leases.give_back(self._leases, lease)

    def check(self) -> tuple[str, ...]:
        with self._apart() as connection, in_ledger_words(self._path):
            return problems_of(connection)

    def records(self) -> Iterator[LedgerRecord]:
        with self._apart() as connection, in_ledger_words(self._path):
            yield from records_from(connection)

    def restore(self, records: Iterable[LedgerRecord]) -> int:
        with self._write():
            return write_records(self._connection, records)

    @contextmanager
    def _moment(self) -> Iterator[None]:
        with in_ledger_words(self._path), self._own.moment():
            yield

    @contextmanager
    def _apart(self) -> Iterator[sqlite3.Connection]:
        """One moment of the ledger on a connection of its own."""
        with in_ledger_words(self._path):
            readable = Readable(self._open(), self._path)
        try:
            with in_ledger_words(self._path):
                readable.begin()
            yield readable.connection
        finally:
            readable.close()

    @contextmanager
    def _write(self) -> Iterator[None]:
        """Looks before and after: what went into a file that is gone was not written."""
        if not self._can_write:
            raise LedgerUnwritable(
                self._path, f"the ledger {self._path} cannot be written: it was opened read-only"
            )
        self._place.check()
        with in_ledger_words(self._path), write_transaction(self._connection):
            version_of(self._connection, self._path)
            yield
        self._place.check()
