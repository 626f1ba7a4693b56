"""The ledger as a parameter: looked at through its port, lost, and replaced by an older copy."""

from __future__ import annotations

import sqlite3
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing
from pathlib import Path

from s7spec.adapters.ledger_sqlite import SqliteLedger
from s7spec.model.ledger import AttemptState, LedgerRecord
from s7spec.ports import Ledger
from tests.chaos.project import COMPANY, ENVIRONMENT

_MOST_DELICATE = (
    AttemptState.INTENT,
    AttemptState.UNKNOWN,
    AttemptState.ACCEPTED,
    AttemptState.ACTIVE,
    AttemptState.SCHEDULED,
)


class LedgerPlace(ABC):
    """``setting`` is what s7spec.yaml says about it; empty: nothing. ``has_copy``: there is one to
    restore."""

    kind: str
    setting: str
    has_copy = False

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

    def records(self) -> list[LedgerRecord]:
        with self.open() as ledger:
            return list(ledger.records())

    def problems(self) -> tuple[str, ...]:
        with self.open() as ledger:
            return ledger.check()

    def delicate_state(self) -> str:
        """Of the attempts that are open now, the state that is closest to a submit."""
        with self.open() as ledger, ledger.reading(COMPANY, ENVIRONMENT) as view:
            states = {attempt.state for attempt in view.open_attempts()}
        return next((state.value for state in _MOST_DELICATE if state in states), "nothing open")

    def await_lease(self) -> None:
        """Until nobody has one, or it has run out."""
        with self.open() as ledger:
            lease = ledger.lease(COMPANY, ENVIRONMENT)
        if lease is not None:
            time.sleep(max(0.0, lease.expires_at.timestamp() - time.time()) + 0.05)


class SqlitePlace(LedgerPlace):
    kind = "sqlite"
    setting = ""

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


def ledger_place(kind: str, root: Path) -> LedgerPlace:
    return {"sqlite": SqlitePlace}[kind](root)
