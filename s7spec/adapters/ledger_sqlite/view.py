"""The ledger of one company and environment at one moment."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from s7spec.adapters.ledger_rows.heads import heads_from
from s7spec.adapters.ledger_rows.row import Cell
from s7spec.adapters.ledger_rows.rows import attempt_from, key_cells
from s7spec.adapters.ledger_sqlite import statements
from s7spec.adapters.ledger_sqlite.failures import in_ledger_words
from s7spec.model.fingerprint import Fingerprint
from s7spec.model.job import JobKey, attempt_name
from s7spec.model.ledger import Attempt, JobHead
from s7spec.ports import LedgerConflict


class SqliteView:
    """Lives inside a read transaction of ``connection``, which is its own."""

    def __init__(
        self, connection: sqlite3.Connection, path: str, company: str, environment: str
    ) -> None:
        self._connection = connection
        self._path = path
        self._here: dict[str, Cell] = {"company": company, "environment": environment}
        self._company, self._environment = company, environment

    def heads(self) -> Iterator[JobHead]:
        with in_ledger_words(self._path):
            yield from self._heads(statements.HEADS, self._here)

    def head(self, key: JobKey) -> JobHead | None:
        with in_ledger_words(self._path):
            return next(self._heads(statements.HEAD, self._cells(key)), None)

    def attempt(self, name: str) -> Attempt:
        with in_ledger_words(self._path):
            row = self._connection.execute(
                statements.ATTEMPT, self._here | {"name": name}
            ).fetchone()
            if row is None:
                raise LedgerConflict(f"the ledger has no attempt {name}")
            return attempt_from(row)

    def knows(self, name: str) -> bool:
        with in_ledger_words(self._path):
            cells = self._here | {"name": name}
            return self._connection.execute(statements.ATTEMPT, cells).fetchone() is not None

    def open_attempts(self) -> tuple[Attempt, ...]:
        with in_ledger_words(self._path):
            rows = self._connection.execute(statements.OPEN_ATTEMPTS, self._here)
            return tuple(attempt_from(row) for row in rows)

    def last_generation(self, key: JobKey, data: str) -> int:
        # Names of one content differ in their last number only.
        names = attempt_name(key, Fingerprint(data=data, meta=""), 1).removesuffix("1")
        cells = self._cells(key) | {"data": data, "names": names, "names_end": f"{names}:"}
        with in_ledger_words(self._path):
            found: int = self._connection.execute(statements.LAST_GENERATION, cells).fetchone()[0]
            return found

    def is_cold(self) -> bool:
        with in_ledger_words(self._path):
            return not self._connection.execute(statements.HAS_JOBS, self._here).fetchone()[0]

    def _heads(self, statement: str, cells: dict[str, Cell]) -> Iterator[JobHead]:
        cursor = self._connection.cursor()
        cursor.row_factory = None
        rows = cursor.execute(statement, cells)
        return heads_from(rows, self._company, self._environment)

    def _cells(self, key: JobKey) -> dict[str, Cell]:
        """Raises ValueError for a key of elsewhere."""
        if (key.company, key.environment) != (self._company, self._environment):
            raise ValueError(f"{key} is not of {self._company}/{self._environment}")
        return key_cells(key)
