"""One transaction of the holder of a lease."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

from s7spec.adapters.ledger_sqlite import statements
from s7spec.adapters.ledger_sqlite.rows import (
    Cell,
    attempt_from,
    intent_cells,
    key_cells,
    state_cells,
)
from s7spec.model.job import JobKey
from s7spec.model.ledger import Attempt, Lease, Prior
from s7spec.ports import LedgerConflict


class SqliteWriter:
    """Lives inside a write transaction of ``connection``.

    A step that fails is the end of the transaction: every later one raises the same again, and so
    does ``confirm``, even when somebody caught the first.
    """

    def __init__(self, connection: sqlite3.Connection, lease: Lease) -> None:
        self._connection = connection
        self._lease = lease
        self._failure: BaseException | None = None
        self._is_over = False

    def close(self) -> None:
        """No step may follow."""
        self._is_over = True

    def confirm(self) -> None:
        """Raises what a step has failed with."""
        if self._failure is not None:
            raise self._failure

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
            _check_means_the_same(before, attempt)
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
                raise LedgerConflict(f"{to.short} has a history of its own in the ledger")
            changed = replace(self._next(prior, at), message=f"moved from {key} to {to}")
            cells = state_cells(changed) | key_cells(key)
            cells |= {"to_manifest": to.manifest, "to_export": to.export}
            self._connection.execute(statements.COUNT_WRITE, cells)
            self._connection.execute(statements.ADD_EVENT, cells)
            self._connection.execute(statements.MOVE_ATTEMPTS, cells)
            self._connection.execute(statements.MOVE_HEAD, cells)

    @contextmanager
    def _step(self, *keys: JobKey) -> Iterator[None]:
        if self._is_over:
            raise RuntimeError("the transaction of this writer is over")
        if self._failure is not None:
            raise self._failure
        try:
            for key in keys:
                self._check_is_ours(key)
            yield
        except BaseException as error:
            self._failure = error
            raise

    def _record(self, attempt: Attempt) -> Attempt:
        recorded = replace(attempt, version=attempt.version + 1)
        cells = state_cells(recorded) | key_cells(attempt.key)
        if self._connection.execute(statements.RECORD, cells).rowcount != 1:
            raise LedgerConflict(
                f"{attempt.name} is no longer in version {attempt.version}: "
                "another writer was faster"
            )
        self._connection.execute(statements.ADD_EVENT, cells)
        self._connection.execute(statements.MOVE_HEAD_ON, cells)
        return recorded

    def _check_is_ours(self, key: JobKey) -> None:
        lease = self._lease
        if (lease.company, lease.environment) != (key.company, key.environment):
            raise ValueError(f"the lease of {lease.company}/{lease.environment} is not for {key}")

    def _check_latest(self, key: JobKey, prior: Prior | None) -> None:
        row = self._connection.execute(statements.HEAD, key_cells(key)).fetchone()
        seen = None if prior is None else (prior.attempt_name, prior.version)
        found = None if row is None else (row["attempt_name"], row["version"])
        if seen != found:
            state = "" if row is None else f", {row['state']}"
            raise LedgerConflict(
                f"{key.short} has moved on in the ledger: "
                f"expected {_described(seen)}, found {_described(found)}{state}"
            )

    def _intend_anew(self, attempt: Attempt, cells: dict[str, Cell]) -> None:
        if self._is_there(statements.IS_KNOWN, cells):
            raise LedgerConflict(f"{attempt.name} was sent before, and another attempt after it")
        if self._is_there(statements.IS_SPENT, cells):
            raise LedgerConflict(
                f"{attempt.name} has content that was sent before "
                f"in generation {attempt.generation}"
            )
        self._connection.execute(statements.ADD_ATTEMPT, cells)

    def _intend_again(self, attempt: Attempt, cells: dict[str, Cell]) -> None:
        if self._connection.execute(statements.INTEND_AGAIN, cells).rowcount != 1:
            raise LedgerConflict(f"{attempt.name} was intended before with other content")

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


def _check_means_the_same(before: Attempt, attempt: Attempt) -> None:
    """By the payload, not by the head's hash: that may be of an older algorithm."""
    if (before.fingerprint.data, before.wanted.data) != (
        attempt.fingerprint.data,
        attempt.wanted.data,
    ):
        raise ValueError(f"{attempt.name} is to be amended to something that counts")


def _described(attempt: tuple[str, int] | None) -> str:
    if attempt is None:
        return "no attempt"
    name, version = attempt
    return f"{name} in version {version}"
