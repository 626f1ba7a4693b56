"""The Ledger port over SQLite: one durable transaction for each step."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from s7spec.adapters.ledger_sqlite import leases, statements
from s7spec.adapters.ledger_sqlite.failures import in_ledger_words
from s7spec.adapters.ledger_sqlite.opening import open_for_reading, open_for_writing
from s7spec.adapters.ledger_sqlite.place import Place
from s7spec.adapters.ledger_sqlite.rows import (
    Cell,
    attempt_cells,
    attempt_from,
    event_from,
    key_cells,
    specs_from,
    spent_from,
)
from s7spec.model.job import JobKey
from s7spec.model.ledger import Attempt, AttemptEvent, Holder, Lease, LedgerSnapshot
from s7spec.ports import LeaseHeld, LedgerConflict


class SqliteLedger:
    """A ledger file. Raises LedgerUnwritable, LedgerCorrupt or LedgerNewer when it is opened.

    Without ``create`` nothing can be written, and a file that does not exist reads as an empty
    ledger and is not made. An object belongs to the thread that opened it.
    """

    def __init__(self, path: Path, *, create: bool) -> None:
        self._path = str(path)
        self._place = Place(path) if create else None
        self._connection = (
            open_for_reading(path) if self._place is None else open_for_writing(self._place)
        )
        self._has_specs = False

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

    def snapshot(self, company: str, environment: str) -> LedgerSnapshot:
        here: dict[str, Cell] = {"company": company, "environment": environment}
        with self._transaction("BEGIN"):
            rows = self._read(statements.LATEST_OF_ALL, here)
            spent = self._read(statements.GENERATIONS, here)
            return LedgerSnapshot(
                company=company,
                environment=environment,
                latest=tuple(attempt_from(row) for row in rows),
                generations=dict(spent_from(row, company, environment) for row in spent),
            )

    def attempts(self, key: JobKey) -> tuple[Attempt, ...]:
        with in_ledger_words(self._path):
            rows = self._read(statements.ATTEMPTS_OF_JOB, key_cells(key))
            return tuple(attempt_from(row) for row in rows)

    def events(self, attempt_name: str) -> tuple[AttemptEvent, ...]:
        with in_ledger_words(self._path):
            rows = self._read(statements.EVENTS, {"name": attempt_name})
            return tuple(event_from(row) for row in rows)

    def spec_digests(self, company: str, environment: str, manifest: str) -> dict[str, bytes]:
        with in_ledger_words(self._path):
            cursor = self._connection.cursor()
            cursor.row_factory = None  # plain tuples: this is asked for every manifest
            if not self._has_specs:
                # A ledger of an older version, opened for reading; a writer may bring it up to
                # date while we look.
                self._has_specs = cursor.execute(statements.HAS_SPECS).fetchone() is not None
            if not self._has_specs:
                return {}
            here = {"company": company, "environment": environment, "manifest": manifest}
            return specs_from(cursor.execute(statements.SPECS_OF_MANIFEST, here))

    def intend(
        self,
        attempt: Attempt,
        *,
        prior: Attempt | None,
        lease: Lease,
        spec_digest: bytes | None = None,
    ) -> Attempt:
        with self._writing(lease, attempt.key):
            latest = self._latest(attempt.key)
            _check_is_latest(attempt.key, latest, prior)
            if latest is None or latest.name != attempt.name:
                self._check_is_unused(attempt.name)
            intended = replace(attempt, version=_next_version(attempt, latest))
            cells = attempt_cells(intended)
            self._connection.execute(statements.INTEND, cells)
            self._connection.execute(statements.ADD_EVENT, cells)
            self._write_spec(attempt.key, spec_digest)
        return intended

    def record(self, attempt: Attempt, *, lease: Lease) -> Attempt:
        with self._writing(lease, attempt.key):
            recorded = replace(attempt, version=attempt.version + 1)
            cells = attempt_cells(recorded)
            if self._connection.execute(statements.RECORD, cells).rowcount != 1:
                raise LedgerConflict(
                    f"{attempt.name} is no longer in version {attempt.version}: "
                    "another writer was faster"
                )
            self._connection.execute(statements.ADD_EVENT, cells)
        return recorded

    def forget(self, key: JobKey, *, at: datetime, lease: Lease) -> None:
        with self._writing(lease, key):
            latest = self._latest(key)
            if latest is None:
                raise LedgerConflict(f"the ledger has no attempt of {key} to forget")
            changed = replace(latest, version=latest.version + 1, updated_at=at)
            cells = attempt_cells(replace(changed, message="forgotten"))
            self._connection.execute(statements.FORGET_JOB, cells)
            self._connection.execute(statements.COUNT_WRITE, cells)
            self._connection.execute(statements.ADD_EVENT, cells)
            self._write_spec(key, None)

    def acquire(
        self, company: str, environment: str, *, holder: Holder, now: datetime, seconds: int
    ) -> Lease:
        with self._write():
            lease = leases.acquire(
                self._connection, company, environment, holder=holder, now=now, seconds=seconds
            )
        # Raised only here: a refusal may have cut the old lease's time, and that must last.
        if isinstance(lease, LeaseHeld):
            raise lease
        return lease

    def renew(self, lease: Lease, *, now: datetime, seconds: int) -> Lease:
        with self._write():
            return leases.renew(self._connection, lease, now=now, seconds=seconds)

    def release(self, lease: Lease) -> None:
        with self._write():
            leases.release(self._connection, lease)

    def _check_is_unused(self, name: str) -> None:
        if self._connection.execute(statements.IS_KNOWN, {"name": name}).fetchone():
            raise LedgerConflict(f"{name} was sent before, and another attempt after it")

    def _write_spec(self, key: JobKey, digest: bytes | None) -> None:
        if digest is None:
            self._connection.execute(statements.DROP_SPEC, key_cells(key))
        else:
            cells = {**key_cells(key), "digest": digest}
            self._connection.execute(statements.WRITE_SPEC, cells)

    def _latest(self, key: JobKey) -> Attempt | None:
        row = self._connection.execute(statements.LATEST_OF_JOB, key_cells(key)).fetchone()
        return None if row is None else attempt_from(row)

    def _read(self, statement: str, values: dict[str, Cell]) -> list[sqlite3.Row]:
        """Only ever called inside ``in_ledger_words``."""
        return self._connection.execute(statement, values).fetchall()

    @contextmanager
    def _writing(self, lease: Lease, key: JobKey) -> Iterator[None]:
        if (lease.company, lease.environment) != (key.company, key.environment):
            raise ValueError(f"the lease of {lease.company}/{lease.environment} is not for {key}")
        with self._write():
            leases.check(self._connection, lease)
            yield

    @contextmanager
    def _write(self) -> Iterator[None]:
        """Looks before and after: what went into a file that is gone was not written."""
        if self._place is not None:
            self._place.check()
        with self._transaction("BEGIN IMMEDIATE"):
            yield
        if self._place is not None:
            self._place.check()

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[None]:
        with in_ledger_words(self._path):
            self._connection.execute(begin)
            try:
                yield
                self._connection.execute("COMMIT")
            finally:
                # Also after KeyboardInterrupt, and when COMMIT itself failed (a full disk).
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")


def _check_is_latest(key: JobKey, latest: Attempt | None, prior: Attempt | None) -> None:
    seen = None if prior is None else (prior.name, prior.version)
    found = None if latest is None else (latest.name, latest.version)
    if seen != found:
        raise LedgerConflict(
            f"{key.short} has moved on in the ledger: "
            f"expected {_described(prior)}, found {_described(latest)}"
        )


def _next_version(attempt: Attempt, latest: Attempt | None) -> int:
    """1 for a new attempt; the next one when the latest attempt is intended again."""
    return latest.version + 1 if latest is not None and latest.name == attempt.name else 1


def _described(attempt: Attempt | None) -> str:
    if attempt is None:
        return "no attempt"
    return f"{attempt.name} in version {attempt.version}, {attempt.state}"
