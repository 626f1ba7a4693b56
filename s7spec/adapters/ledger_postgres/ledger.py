"""The Ledger port over PostgreSQL: one durable transaction for each block of writes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from types import TracebackType
from typing import Self, TypeVar

from psycopg.rows import DictRow

from s7spec.adapters.ledger_postgres import statements
from s7spec.adapters.ledger_postgres.address import address_of
from s7spec.adapters.ledger_postgres.checking import problems_of
from s7spec.adapters.ledger_postgres.failures import Unanswered, in_ledger_words, not_written
from s7spec.adapters.ledger_postgres.lease_table import PostgresLeases
from s7spec.adapters.ledger_postgres.line import Connection, Line
from s7spec.adapters.ledger_postgres.opening import is_laid, prepare_writing
from s7spec.adapters.ledger_postgres.records import records_from, write_records
from s7spec.adapters.ledger_postgres.texts import are_texts
from s7spec.adapters.ledger_postgres.transactions import (
    begin_reading,
    begin_steps,
    begin_writing,
    were_written,
)
from s7spec.adapters.ledger_postgres.view import EmptyView, PostgresView
from s7spec.adapters.ledger_postgres.writer import PostgresWriter
from s7spec.adapters.ledger_rows import leases
from s7spec.adapters.ledger_rows.row import Cell
from s7spec.adapters.ledger_rows.rows import (
    attempt_from,
    event_from,
    key_cells,
    lease_from,
    specs_from,
)
from s7spec.model.job import JobKey
from s7spec.model.ledger import Attempt, AttemptEvent, Holder, Lease, LedgerRecord
from s7spec.ports import LeaseHeld, LedgerUnwritable, LedgerView, LedgerWriter

_Found = TypeVar("_Found")

PATIENCE_SECONDS = 30.0


class PostgresLedger:
    """A ledger in a database. Raises LedgerUnwritable, LedgerCorrupt or LedgerNewer when it is
    opened.

    Without ``create`` nothing can be written: a database without a ledger reads as an empty one,
    and none is laid. Connections are opened as they are needed: one, and one more for each view or
    transaction that is open at the same time. ``password`` goes before one in the URL.
    """

    def __init__(
        self,
        url: str,
        *,
        create: bool,
        password: str | None = None,
        patience: float = PATIENCE_SECONDS,
    ) -> None:
        self._address = address_of(url, password=password)
        self._patience = patience
        self._can_write = create
        self._lines: list[Line] = []
        self._free: list[Line] = []
        self._is_laid = create
        self._last_blocks: dict[tuple[str, str, int], int] = {}
        try:
            with self._line() as line:
                if create:
                    prepare_writing(line)
                else:
                    self._is_laid = is_laid(line)
        except BaseException:
            self.close()
            raise

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
        for line in self._lines:
            line.close()

    @contextmanager
    def reading(self, company: str, environment: str) -> Iterator[LedgerView]:
        """Each view has a connection of its own: others may read and write meanwhile."""
        here = {"company": company, "environment": environment}
        with self._moment() as connection:
            if connection is None or not are_texts(here):
                yield EmptyView()
            else:
                yield PostgresView(connection, self._address, company, environment)

    @contextmanager
    def writing(self, lease: Lease) -> Iterator[LedgerWriter]:
        """When the connection is lost while the block is written, this looks whether it was."""
        address, number = self._address, 0
        held = (lease.company, lease.environment, lease.fence)
        last = self._last_blocks.get(held, 0)
        begin = partial(begin_steps, lease=lease, address=address, last=last)
        with self._writable() as line:
            try:
                with line.transaction(begin) as (connection, number):
                    writer = PostgresWriter(connection, lease, address)
                    try:
                        yield writer
                    finally:
                        writer.close()
                    writer.confirm()
            except Unanswered as lost:
                look = partial(were_written, lease=lease, number=number, address=address)
                if not line.repeated(look):
                    raise not_written(address) from lost
            self._last_blocks[held] = number

    def attempts(self, key: JobKey) -> tuple[Attempt, ...]:
        rows = self._rows(statements.ATTEMPTS_OF_JOB, key_cells(key))
        with in_ledger_words(self._address):
            return tuple(attempt_from(row) for row in rows)

    def events(self, attempt_name: str) -> tuple[AttemptEvent, ...]:
        rows = self._rows(statements.EVENTS, {"name": attempt_name})
        with in_ledger_words(self._address):
            return tuple(event_from(row) for row in rows)

    def spec_digests(self, company: str, environment: str, manifest: str) -> dict[str, bytes]:
        here: dict[str, Cell] = {"company": company, "environment": environment}
        rows = self._rows(statements.SPECS_OF_MANIFEST, here | {"manifest": manifest})
        with in_ledger_words(self._address):
            return specs_from((row["export"], row["spec_digest"]) for row in rows)

    def acquire(
        self, company: str, environment: str, *, holder: Holder, now: datetime, seconds: int
    ) -> Lease:
        def taken(table: PostgresLeases, is_repeated: bool) -> Lease | LeaseHeld:
            table.keep_others_out(company, environment)
            mine = leases.latest(table, company, environment) if is_repeated else None
            if mine is not None and (mine.holder, mine.taken_at) == (holder, now):
                return mine
            return leases.acquire(
                table, company, environment, holder=holder, now=now, seconds=seconds
            )

        lease = self._settled(taken)
        # Raised only here: a refusal may have cut the old lease's time, and that must last.
        if isinstance(lease, LeaseHeld):
            raise lease
        return lease

    def renew(self, lease: Lease, *, now: datetime, seconds: int) -> Lease:
        return self._settled(lambda table, _: leases.renew(table, lease, now=now, seconds=seconds))

    def release(self, lease: Lease) -> None:
        self._settled(lambda table, _: leases.release(table, lease))

    def lease(self, company: str, environment: str) -> Lease | None:
        rows = self._rows(statements.LEASE, {"company": company, "environment": environment})
        with in_ledger_words(self._address):
            held = [lease_from(row)[0] for row in rows if not row["released"]]
        return held[0] if held else None

    def break_lease(self, lease: Lease) -> None:
        def broken(table: PostgresLeases, is_repeated: bool) -> None:
            if is_repeated and leases.latest(table, lease.company, lease.environment) is None:
                return  # the first time it was written, only the answer was lost
            leases.give_back(table, lease)

        self._settled(broken)

    def check(self) -> tuple[str, ...]:
        with self._moment() as connection:
            return () if connection is None else problems_of(connection)

    def records(self) -> Iterator[LedgerRecord]:
        with self._moment() as connection:
            if connection is not None:
                yield from records_from(connection)

    def restore(self, records: Iterable[LedgerRecord]) -> int:
        """Also raises ValueError when the records contradict each other."""
        with self._writable() as line, line.transaction(begin_writing) as (connection, _):
            return write_records(connection, records, self._address)

    @contextmanager
    def _line(self) -> Iterator[Line]:
        """A connection that nobody uses at the moment."""
        try:
            line = self._free.pop()
        except IndexError:
            line = Line(self._address, patience=self._patience, is_known=bool(self._lines))
            self._lines.append(line)
        try:
            yield line
        finally:
            self._free.append(line)

    @contextmanager
    def _writable(self) -> Iterator[Line]:
        if not self._can_write:
            shown = self._address.shown
            raise LedgerUnwritable(
                shown, f"the ledger {shown} cannot be written: it was opened read-only"
            )
        with self._line() as line:
            yield line

    def _settled(self, step: Callable[[PostgresLeases, bool], _Found]) -> _Found:
        """A transaction over the leases, done again when the connection is lost."""

        def settled(connection: Connection, is_repeated: bool) -> _Found:
            begin_writing(connection)
            return step(PostgresLeases(connection, self._address), is_repeated)

        with self._writable() as line:
            return line.settled(settled)

    @contextmanager
    def _moment(self) -> Iterator[Connection | None]:
        """One moment of the ledger; None when none is laid."""
        with self._line() as line:
            if not self._is_there(line):
                yield None
                return
            with line.moment(begin_reading) as (connection, _):
                yield connection

    def _rows(self, statement: bytes, cells: dict[str, Cell]) -> list[DictRow]:
        with self._line() as line:
            if not self._is_there(line) or not are_texts(cells):
                return []
            return line.repeated(lambda connection: connection.execute(statement, cells).fetchall())

    def _is_there(self, line: Line) -> bool:
        """Somebody may lay the ledger while it is open for reading."""
        self._is_laid = self._is_laid or is_laid(line)
        return self._is_laid
