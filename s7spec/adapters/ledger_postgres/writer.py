"""One transaction of the holder of a lease."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from s7spec.adapters.ledger_postgres import statements
from s7spec.adapters.ledger_postgres.address import Address
from s7spec.adapters.ledger_postgres.line import Connection
from s7spec.adapters.ledger_postgres.texts import check_texts
from s7spec.adapters.ledger_rows.cells import moment_text
from s7spec.adapters.ledger_rows.row import Cell, Row
from s7spec.adapters.ledger_rows.rows import attempt_from, intent_cells, key_cells, state_cells
from s7spec.adapters.ledger_rows.steps import (
    Steps,
    check_is_latest,
    check_means_the_same,
    moved_message,
    of_another_version,
    of_other_content,
    spent_before,
    used_before,
    with_history,
)
from s7spec.model.job import JobKey
from s7spec.model.ledger import Attempt, Lease, Prior
from s7spec.ports import LedgerConflict


class PostgresWriter(Steps):
    """Lives inside a write transaction of ``connection``. A step is one round trip; only one that
    is refused asks why."""

    def __init__(self, connection: Connection, lease: Lease, address: Address) -> None:
        super().__init__(lease)
        self._connection = connection
        self._address = address

    def intend(
        self, attempt: Attempt, *, prior: Prior | None, spec_digest: bytes | None = None
    ) -> Attempt:
        with self._step(attempt.key):
            is_again = prior is not None and prior.attempt_name == attempt.name
            intended = replace(attempt, version=prior.version + 1 if is_again and prior else 1)
            cells = intent_cells(intended) | {"digest": spec_digest} | _prior_cells(prior)
            statement = statements.INTEND_AGAIN if is_again else statements.INTEND_NEXT
            done = self._write(statements.INTEND_FIRST if prior is None else statement, cells)
            if not done["heads"]:
                self._refuse(attempt.key, prior)
            if not done["attempts"]:
                raise of_other_content(attempt.name) if is_again else self._known(attempt)
        return intended

    def record(self, attempt: Attempt) -> Attempt:
        with self._step(attempt.key):
            recorded = replace(attempt, version=attempt.version + 1)
            cells = state_cells(recorded) | key_cells(attempt.key)
            if not self._write(statements.RECORD, cells)["attempts"]:
                raise of_another_version(attempt)
        return recorded

    def amend(self, attempt: Attempt, *, spec_digest: bytes | None = None) -> Attempt:
        with self._step(attempt.key):
            before = self._attempt(attempt)
            check_means_the_same(before, attempt)
            amended = replace(attempt, version=attempt.version + 1)
            sent = replace(
                amended,
                generation=before.generation,
                only=before.only,
                forgotten=before.forgotten,
            )
            cells = intent_cells(sent) | {"digest": spec_digest} | _prior_cells(attempt.prior)
            done = self._write(statements.AMEND, cells)
            if not done["heads"]:
                self._refuse(attempt.key, attempt.prior)
            if not done["attempts"]:
                raise of_another_version(attempt)
        return amended

    def forget(self, key: JobKey, *, prior: Prior, at: datetime, message: str) -> None:
        with self._step(key):
            cells = _told(at, message) | key_cells(key) | _prior_cells(prior)
            if not self._write(statements.FORGET, cells)["heads"]:
                self._refuse(key, prior)

    def move(self, key: JobKey, *, to: JobKey, prior: Prior, at: datetime) -> None:
        with self._step(key, to):
            cells = _told(at, moved_message(key, to)) | key_cells(key) | _prior_cells(prior)
            cells |= {"to_manifest": to.manifest, "to_export": to.export}
            if not self._write(statements.MOVE, cells)["heads"]:
                if self._is_there(statements.HAS_ATTEMPTS_OF_JOB, key_cells(to)):
                    raise with_history(to)
                self._refuse(key, prior)

    def _attempt(self, attempt: Attempt) -> Attempt:
        """As it is now. Raises LedgerConflict when it is not its job's latest, in this version."""
        row = self._row(statements.ATTEMPT, key_cells(attempt.key) | {"name": attempt.name})
        if row is None or row["version"] != attempt.version:
            self._refuse(attempt.key, attempt.prior)
        assert row is not None
        return attempt_from(row)

    def _known(self, attempt: Attempt) -> LedgerConflict:
        is_known = self._is_there(statements.IS_KNOWN, {"name": attempt.name})
        return used_before(attempt.name) if is_known else spent_before(attempt)

    def _is_there(self, statement: bytes, cells: dict[str, Cell]) -> bool:
        row = self._row(statement, cells)
        return row is not None and row["found"]

    def _refuse(self, key: JobKey, prior: Prior | None) -> None:
        check_is_latest(key, prior, self._row(statements.HEAD, key_cells(key)))
        raise AssertionError(f"{key} is as it should be, and yet it was not written")

    def _write(self, statement: bytes, cells: dict[str, Cell]) -> Row:
        check_texts(cells, self._address)
        found = self._row(statement, cells)
        assert found is not None
        return found

    def _row(self, statement: bytes, cells: dict[str, Cell]) -> Row | None:
        return self._connection.execute(statement, cells).fetchone()


def _prior_cells(prior: Prior | None) -> dict[str, Cell]:
    if prior is None:
        return {}
    return {"prior_name": prior.attempt_name, "prior_version": prior.version}


def _told(at: datetime, message: str) -> dict[str, Cell]:
    return {"updated_at": moment_text(at), "message": message}
