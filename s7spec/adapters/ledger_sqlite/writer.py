"""One transaction of the holder of a lease."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import datetime

from s7spec.adapters.ledger_rows.row import Cell
from s7spec.adapters.ledger_rows.rows import (
    attempt_from,
    intent_cells,
    key_cells,
    state_cells,
)
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
from s7spec.adapters.ledger_sqlite import statements
from s7spec.model.job import JobKey
from s7spec.model.ledger import Attempt, Lease, Prior


class SqliteWriter(Steps):
    """Lives inside a write transaction of ``connection``."""

    def __init__(self, connection: sqlite3.Connection, lease: Lease) -> None:
        super().__init__(lease)
        self._connection = connection

    def intend(
        self, attempt: Attempt, *, prior: Prior | None, spec_digest: bytes | None = None
    ) -> Attempt:
        with self._step(attempt.key):
            self._check_latest(attempt.key, prior)
            if prior is not None and prior.attempt_name == attempt.name:
                intended = replace(attempt, version=prior.version + 1)
                cells = intent_cells(intended)
                self._intend_again(intended, cells)
            else:
                intended = replace(attempt, version=1)
                cells = intent_cells(intended)
                self._intend_anew(intended, cells)
            self._connection.execute(statements.ADD_EVENT, cells)
            self._connection.execute(statements.WRITE_HEAD, cells | {"digest": spec_digest})
        return intended

    def record(self, attempt: Attempt) -> Attempt:
        with self._step(attempt.key):
            return self._record(attempt)

    def amend(self, attempt: Attempt, *, spec_digest: bytes | None = None) -> Attempt:
        with self._step(attempt.key):
            self._check_latest(attempt.key, attempt.prior)
            before = self._attempt(attempt.name)
            check_means_the_same(before, attempt)
            recorded = self._record(attempt)
            cells = intent_cells(
                replace(
                    recorded,
                    generation=before.generation,
                    only=before.only,
                    forgotten=before.forgotten,
                )
            )
            self._connection.execute(statements.AMEND, cells)
            self._connection.execute(statements.WRITE_HEAD, cells | {"digest": spec_digest})
        return recorded

    def forget(self, key: JobKey, *, prior: Prior, at: datetime, message: str) -> None:
        with self._step(key):
            self._check_latest(key, prior)
            changed = self._next(prior, at)
            cells = state_cells(replace(changed, message=message)) | key_cells(key)
            self._connection.execute(statements.FORGET_ATTEMPTS, cells)
            self._connection.execute(statements.COUNT_WRITE, cells)
            self._connection.execute(statements.ADD_EVENT, cells)
            self._connection.execute(statements.FORGET_HEAD, cells)

    def move(self, key: JobKey, *, to: JobKey, prior: Prior, at: datetime) -> None:
        with self._step(key, to):
            self._check_latest(key, prior)
            if self._is_there(statements.HAS_ATTEMPTS_OF_JOB, key_cells(to)):
                raise with_history(to)
            changed = replace(self._next(prior, at), message=moved_message(key, to))
            cells = state_cells(changed) | key_cells(key)
            cells |= {"to_manifest": to.manifest, "to_export": to.export}
            self._connection.execute(statements.COUNT_WRITE, cells)
            self._connection.execute(statements.ADD_EVENT, cells)
            self._connection.execute(statements.MOVE_ATTEMPTS, cells)
            self._connection.execute(statements.MOVE_HEAD, cells)

    def _record(self, attempt: Attempt) -> Attempt:
        recorded = replace(attempt, version=attempt.version + 1)
        cells = state_cells(recorded) | key_cells(attempt.key)
        if self._connection.execute(statements.RECORD, cells).rowcount != 1:
            raise of_another_version(attempt)
        self._connection.execute(statements.ADD_EVENT, cells)
        self._connection.execute(statements.MOVE_HEAD_ON, cells)
        return recorded

    def _check_latest(self, key: JobKey, prior: Prior | None) -> None:
        head = self._connection.execute(statements.HEAD, key_cells(key)).fetchone()
        check_is_latest(key, prior, head)

    def _intend_anew(self, attempt: Attempt, cells: dict[str, Cell]) -> None:
        if self._is_there(statements.IS_KNOWN, cells):
            raise used_before(attempt.name)
        if self._is_there(statements.IS_SPENT, cells):
            raise spent_before(attempt)
        self._connection.execute(statements.ADD_ATTEMPT, cells)

    def _intend_again(self, attempt: Attempt, cells: dict[str, Cell]) -> None:
        if self._connection.execute(statements.INTEND_AGAIN, cells).rowcount != 1:
            raise of_other_content(attempt.name)

    def _is_there(self, statement: str, cells: dict[str, Cell]) -> bool:
        return bool(self._connection.execute(statement, cells).fetchone()[0])

    def _next(self, prior: Prior, at: datetime) -> Attempt:
        return replace(self._attempt(prior.attempt_name), version=prior.version + 1, updated_at=at)

    def _attempt(self, name: str) -> Attempt:
        cells: dict[str, Cell] = {
            "name": name,
            "company": self._lease.company,
            "environment": self._lease.environment,
        }
        return attempt_from(self._connection.execute(statements.ATTEMPT, cells).fetchone())
