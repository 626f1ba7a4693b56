"""The ledger of one company and environment at one moment."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

from psycopg.rows import tuple_row

from s7spec.adapters.ledger_postgres import statements
from s7spec.adapters.ledger_postgres.address import Address
from s7spec.adapters.ledger_postgres.ahead import HeadsAhead, InStretches
from s7spec.adapters.ledger_postgres.failures import in_ledger_words
from s7spec.adapters.ledger_postgres.line import Connection
from s7spec.adapters.ledger_postgres.texts import are_texts
from s7spec.adapters.ledger_rows.heads import heads_from
from s7spec.adapters.ledger_rows.row import Cell
from s7spec.adapters.ledger_rows.rows import attempt_from, key_cells
from s7spec.model.fingerprint import Fingerprint
from s7spec.model.job import JobKey, attempt_name
from s7spec.model.ledger import Attempt, JobHead
from s7spec.ports import LedgerConflict


class PostgresView:
    """Lives inside a read transaction of ``connection``, which is its own."""

    def __init__(
        self, connection: Connection, address: Address, company: str, environment: str
    ) -> None:
        self._connection = connection
        self._address = address
        self._here: dict[str, Cell] = {"company": company, "environment": environment}
        self._company, self._environment = company, environment
        self._walks = count(1)
        self._ahead = HeadsAhead(self._heads_from)

    def heads(self) -> Iterator[JobHead]:
        with (
            in_ledger_words(self._address),
            # A cursor with a name stays on the server: rows come as they are taken.
            self._connection.cursor(f"heads_{next(self._walks)}", row_factory=tuple_row) as rows,
        ):
            rows.execute(statements.HEADS, self._here, binary=True)
            yield from heads_from(InStretches(rows), self._company, self._environment)

    def head(self, key: JobKey) -> JobHead | None:
        return self._ahead.head(key) if are_texts(self._cells(key)) else None

    def attempt(self, name: str) -> Attempt:
        with in_ledger_words(self._address):
            cells = self._here | {"name": name}
            row = None
            if are_texts(cells):
                row = self._connection.execute(statements.ATTEMPT, cells).fetchone()
            if row is None:
                raise LedgerConflict(f"the ledger has no attempt {name}")
            return attempt_from(row)

    def knows(self, name: str) -> bool:
        cells = self._here | {"name": name}
        if not are_texts(cells):
            return False
        with in_ledger_words(self._address):
            row = self._connection.execute(statements.KNOWS, cells).fetchone()
            return row is not None and row["found"]

    def open_attempts(self) -> tuple[Attempt, ...]:
        with in_ledger_words(self._address):
            rows = self._connection.execute(statements.OPEN_ATTEMPTS, self._here)
            return tuple(attempt_from(row) for row in rows)

    def last_generation(self, key: JobKey, data: str) -> int:
        cells = self._cells(key) | {"data": data}
        if not are_texts(cells):
            return 0
        # Names of one content differ in their last number only.
        names = attempt_name(key, Fingerprint(data=data, meta=""), 1).removesuffix("1")
        cells |= {"names": names, "names_end": f"{names}:"}
        with in_ledger_words(self._address):
            row = self._connection.execute(statements.LAST_GENERATION, cells).fetchone()
            assert row is not None
            found: int = row["generation"]
            return found

    def is_cold(self) -> bool:
        with in_ledger_words(self._address):
            row = self._connection.execute(statements.HAS_JOBS, self._here).fetchone()
            assert row is not None
            return not row["found"]

    def _heads_from(self, key: JobKey, most: int) -> list[JobHead]:
        with (
            in_ledger_words(self._address),
            self._connection.cursor(row_factory=tuple_row) as rows,
        ):
            cells = key_cells(key) | {"most": most}
            rows.execute(statements.HEADS_FROM, cells, binary=True)
            return list(heads_from(rows, self._company, self._environment))

    def _cells(self, key: JobKey) -> dict[str, Cell]:
        """Raises ValueError for a key of elsewhere."""
        if (key.company, key.environment) != (self._company, self._environment):
            raise ValueError(f"{key} is not of {self._company}/{self._environment}")
        return key_cells(key)


class EmptyView:
    """Of a database in which no ledger was laid yet."""

    def heads(self) -> Iterator[JobHead]:
        return iter(())

    def head(self, key: JobKey) -> JobHead | None:
        return None

    def attempt(self, name: str) -> Attempt:
        raise LedgerConflict(f"the ledger has no attempt {name}")

    def knows(self, name: str) -> bool:
        return False

    def open_attempts(self) -> tuple[Attempt, ...]:
        return ()

    def last_generation(self, key: JobKey, data: str) -> int:
        return 0

    def is_cold(self) -> bool:
        return True
