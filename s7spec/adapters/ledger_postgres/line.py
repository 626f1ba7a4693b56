"""One connection to the server, and a new one when it was lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeAlias, TypeVar

import psycopg
from psycopg.pq import TransactionStatus
from psycopg.rows import DictRow, dict_row
from tenacity import Retrying, retry_if_exception, stop_after_delay, wait_random_exponential

from s7spec.adapters.ledger_postgres.address import Address
from s7spec.adapters.ledger_postgres.failures import (
    NotThere,
    Unanswered,
    in_ledger_words,
    not_there,
)
from s7spec.ports import LedgerUnwritable

Connection: TypeAlias = psycopg.Connection[DictRow]
_Found = TypeVar("_Found")

_LONGEST_WAIT = 2.0
_NOT_YET = ("starting up", "in recovery", "shutting down", "too many clients", "are reserved for")
"""What a server says that may take us in a moment. Only in English: libpq tells no codes here."""


class Line:
    """Serves one caller at a time. ``patience`` is for how many seconds a server is waited for that
    is away; one that nobody has ever seen (``is_known``) is not waited for."""

    def __init__(self, address: Address, *, patience: float, is_known: bool) -> None:
        self.address = address
        self._patience = patience
        self._is_known = is_known
        self._connection: Connection | None = None

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()

    def repeated(self, step: Callable[[Connection], _Found]) -> _Found:
        """What ``step`` gives; it is done again when the connection is lost, so it must not mind
        that it may have been done before. Raises the errors of the port."""
        with in_ledger_words(self.address):
            try:
                return step(self._live())
            except (psycopg.Error, LedgerUnwritable) as error:
                if not self._may_pass(error):
                    raise
            return self._trials()(lambda: step(self._live()))

    def settled(self, step: Callable[[Connection, bool], _Found]) -> _Found:
        """A transaction that ``step`` begins and that is committed here, repeated like the others.
        ``step`` is told whether it may have been written before."""
        is_repeated = False

        def written(connection: Connection) -> _Found:
            nonlocal is_repeated
            try:
                found = step(connection, is_repeated)
                _commit(connection, self.address)
            except Unanswered:
                is_repeated = True
                raise
            finally:
                _end(connection)
            return found

        return self.repeated(written)

    @contextmanager
    def transaction(
        self, begin: Callable[[Connection], _Found]
    ) -> Iterator[tuple[Connection, _Found]]:
        """``begin`` opens it, and is called again on another connection as long as one is lost. The
        block is run once. Raises Unanswered, and the errors of the port."""
        with self.moment(begin) as (connection, found):
            yield connection, found
            _commit(connection, self.address)

    @contextmanager
    def moment(self, begin: Callable[[Connection], _Found]) -> Iterator[tuple[Connection, _Found]]:
        """Like a transaction, of which nothing is to be kept."""

        def begun(connection: Connection) -> tuple[Connection, _Found]:
            try:
                return connection, begin(connection)
            except BaseException:
                _end(connection)
                raise

        connection, found = self.repeated(begun)
        with in_ledger_words(self.address):
            try:
                yield connection, found
            finally:
                _end(connection)

    def _trials(self) -> Retrying:
        """Not for the first trial of a step: that mostly succeeds, and need not wait for this."""
        return Retrying(
            retry=retry_if_exception(self._may_pass),
            stop=stop_after_delay(self._patience),
            wait=wait_random_exponential(multiplier=0.1, max=_LONGEST_WAIT),
            reraise=True,
        )

    def _may_pass(self, error: BaseException) -> bool:
        connection = self._connection
        if isinstance(error, NotThere):
            return self._is_known or any(words in str(error) for words in _NOT_YET)
        is_wire = isinstance(error, (psycopg.Error, Unanswered))
        return is_wire and connection is not None and connection.closed

    def _live(self) -> Connection:
        if self._connection is None or self._connection.closed:
            try:
                self._connection = psycopg.connect(
                    self.address.conninfo, autocommit=True, row_factory=dict_row
                )
            except psycopg.Error as error:
                raise not_there(error, self.address) from error
            self._is_known = True
        return self._connection


def _commit(connection: Connection, address: Address) -> None:
    try:
        done = connection.execute("COMMIT", prepare=False)
    except psycopg.Error as error:
        if connection.closed:
            raise Unanswered(address) from error
        raise
    # The server says ROLLBACK, and tells no error, where a statement had failed before.
    assert done.statusmessage == "COMMIT", "a transaction with an error in it was to be written"


def _end(connection: Connection) -> None:
    """Leaves no transaction open, also after KeyboardInterrupt, and when COMMIT itself failed."""
    status = connection.info.transaction_status
    if connection.closed or status is TransactionStatus.IDLE:
        return
    try:
        if status is TransactionStatus.ACTIVE:  # interrupted: the server may never answer
            connection.close()
        else:
            connection.execute("ROLLBACK", prepare=False)
    except psycopg.Error:
        connection.close()
