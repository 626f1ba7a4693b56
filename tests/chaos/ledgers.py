"""The ledger as a parameter: looked at through its port, lost, and replaced by an older copy."""

from __future__ import annotations

import sqlite3
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, closing
from pathlib import Path
from typing import TypeVar

import psycopg

from s7spec.adapters.ledger_postgres import PostgresLedger
from s7spec.adapters.ledger_sqlite import SqliteLedger
from s7spec.model.ledger import AttemptState, LedgerRecord
from s7spec.ports import Ledger, LedgerUnwritable
from tests import postgres
from tests.chaos.project import COMPANY, ENVIRONMENT

Found = TypeVar("Found")

_PATIENCE = 30.0
_MOST_DELICATE = (
    AttemptState.INTENT,
    AttemptState.UNKNOWN,
    AttemptState.ACCEPTED,
    AttemptState.ACTIVE,
    AttemptState.SCHEDULED,
)


class LedgerPlace(ABC):
    """``has_copy``: there is one to restore. ``is_served``: by a database that can be restarted."""

    kind: str
    has_copy = False
    is_served = False

    @property
    def environ(self) -> Mapping[str, str]:
        """What tells commands where it is."""
        return {}

    def close(self) -> None:
        """Nobody uses it any more."""
        self.has_copy = False

    @abstractmethod
    def open(self) -> AbstractContextManager[Ledger]:
        """For looking only."""

    @abstractmethod
    def copy(self) -> None:
        """Keeps what it holds now, for ``restore``."""

    @abstractmethod
    def restore(self) -> None:
        """The kept copy takes its place, whoever works with it."""

    @abstractmethod
    def lose(self) -> None: ...

    def cut(self) -> None:
        """Where there are connections, they are lost."""
        raise AssertionError("a file has none")

    def ask(self, look: Callable[[Ledger], Found]) -> Found:
        with self.open() as ledger:
            return look(ledger)

    def records(self) -> list[LedgerRecord]:
        return self.ask(lambda ledger: list(ledger.records()))

    def problems(self) -> tuple[str, ...]:
        return self.ask(lambda ledger: ledger.check())

    def delicate_state(self) -> str:
        """Of the attempts that are open now, the state that is closest to a submit."""

        def states(ledger: Ledger) -> set[AttemptState]:
            with ledger.reading(COMPANY, ENVIRONMENT) as view:
                return {attempt.state for attempt in view.open_attempts()}

        found = self.ask(states)
        return next((state.value for state in _MOST_DELICATE if state in found), "nothing open")

    def await_lease(self) -> None:
        """Until nobody has one, or it has run out."""
        lease = self.ask(lambda ledger: ledger.lease(COMPANY, ENVIRONMENT))
        if lease is not None:
            time.sleep(max(0.0, lease.expires_at.timestamp() - time.time()) + 0.05)


class SqlitePlace(LedgerPlace):
    kind = "sqlite"

    def __init__(self, root: Path) -> None:
        self._path = root / ".s7spec" / "ledger.db"
        self._copy = root / "ledger.copy"

    def open(self) -> AbstractContextManager[Ledger]:
        return SqliteLedger(self._path, create=False)

    def copy(self) -> None:
        if not self._path.exists():
            return
        self._copy.unlink(missing_ok=True)
        with (
            closing(sqlite3.connect(self._path)) as source,
            closing(sqlite3.connect(self._copy)) as target,
        ):
            source.backup(target)
        self.has_copy = True

    def restore(self) -> None:
        self.lose()
        self._path.parent.mkdir(exist_ok=True)
        self._copy.replace(self._path)
        self.has_copy = False

    def lose(self) -> None:
        for path in self._files():
            path.unlink(missing_ok=True)

    def _files(self) -> Iterator[Path]:
        for suffix in ("", "-wal", "-shm", "-journal"):
            yield self._path.with_name(self._path.name + suffix)


class PostgresPlace(LedgerPlace):
    """A database of its own on a server that all worlds share, and may restart at any moment."""

    kind = "postgres"
    is_served = True

    def __init__(self, server: str) -> None:
        self._server = server
        self._url = _patiently(lambda: postgres.new_database(server))
        self._copy: list[LedgerRecord] = []

    @property
    def environ(self) -> Mapping[str, str]:
        return {"S7SPEC_LEDGER": self._url}

    def open(self) -> AbstractContextManager[Ledger]:
        return PostgresLedger(self._url, create=False)

    def ask(self, look: Callable[[Ledger], Found]) -> Found:
        return _patiently(lambda: super(PostgresPlace, self).ask(look))

    def copy(self) -> None:
        self._copy = self.records()
        self.has_copy = bool(self._copy)

    def restore(self) -> None:
        _patiently(self._restore)
        self.has_copy = False

    def _restore(self) -> None:
        postgres.replace_database(self._server, self._url)
        with PostgresLedger(self._url, create=True) as ledger:
            ledger.restore(self._copy)

    def lose(self) -> None:
        """Whoever is connected is thrown out; the database of the same name is another one."""
        _patiently(lambda: postgres.replace_database(self._server, self._url))

    def cut(self) -> None:
        """Every connection of a run is lost."""
        _patiently(lambda: postgres.cut_connections(self._server, self._url))

    def close(self) -> None:
        _patiently(lambda: postgres.drop_database(self._server, self._url))


def _patiently(do: Callable[[], Found]) -> Found:
    end = time.monotonic() + _PATIENCE
    while True:
        try:
            return do()
        except (psycopg.OperationalError, LedgerUnwritable):
            if time.monotonic() > end:
                raise
            time.sleep(0.1)


def ledger_place(kind: str, root: Path, server: str) -> LedgerPlace:
    """``server`` is the URL of a PostgreSQL whose user may make databases."""
    return SqlitePlace(root) if kind == SqlitePlace.kind else PostgresPlace(server)
