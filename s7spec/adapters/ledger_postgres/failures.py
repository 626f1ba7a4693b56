"""PostgreSQL's errors in the ledger's words: one table."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg

from s7spec.adapters.ledger_postgres.address import Address
from s7spec.adapters.ledger_rows.cells import RowUnreadable
from s7spec.ports import LedgerCorrupt, LedgerError, LedgerUnwritable

_CONNECTING = (
    "check `ledger:` in s7spec.yaml or S7SPEC_LEDGER, the network, and user and password "
    "(S7SPEC_LEDGER_PASSWORD, PGPASSWORD or a password file)"
)
_NO_PASSWORD = "set S7SPEC_LEDGER_PASSWORD, PGPASSWORD or a password file (PGPASSFILE)"  # noqa: S105
_AGAIN = "run it again: what was written is kept, and nothing is submitted twice"
_RIGHTS = "docs/ledger.md lists the rights that the user needs"
_SERVER = "who runs the server can tell more: its log says the same at this time"


@dataclass(frozen=True, slots=True)
class _Meaning:
    words: str
    remedy: str = ""
    kind: type[LedgerError] = LedgerUnwritable


_LOST = _Meaning("is out of reach: the connection was lost", _AGAIN)
_LOCKED = _Meaning("is locked by another process for too long", _AGAIN)
_DAMAGED = _Meaning("is damaged", kind=LedgerCorrupt)
_MEANINGS: dict[str, _Meaning] = {
    "08": _LOST,
    "25006": _Meaning("cannot be written: it is read-only", "name a server that takes writes"),
    "25P03": _Meaning("is out of reach: the server ended a transaction that had to wait", _AGAIN),
    "28": _Meaning("cannot be opened: access is denied", _CONNECTING),
    "3D": _Meaning("cannot be opened: there is no such database", _CONNECTING),
    "40": _LOCKED,
    "42501": _Meaning("cannot be used: access is denied", _RIGHTS),
    "42P01": _Meaning("is damaged, or was removed while in use", kind=LedgerCorrupt),
    "42703": _DAMAGED,
    "53100": _Meaning("cannot be written: the server's disk is full", _SERVER),
    "53200": _Meaning("cannot be used: the server has no memory left", _SERVER),
    "53300": _Meaning("cannot be opened: the server has too many connections", _SERVER),
    "54": _Meaning("cannot be written: that is more than the server can store", _SERVER),
    "55P03": _LOCKED,
    "57014": _Meaning("took too long: the server cancelled the statement", _SERVER),
    "57P": _Meaning("is out of reach: the server shuts down or starts up", _AGAIN),
    "58": _Meaning("cannot be read or written: the server's disk reports errors", _SERVER),
    "XX001": _DAMAGED,
    "XX002": _DAMAGED,
}
"""By SQLSTATE, or by what it begins with: a whole class, or a family in it."""


class NotThere(LedgerUnwritable):
    """No connection comes about."""


class Unanswered(LedgerUnwritable):
    """The connection was lost while COMMIT was on its way: whether it was done is not known."""

    def __init__(self, address: Address) -> None:
        super().__init__(
            address.shown,
            f"the ledger {address.shown} is out of reach: the connection was lost while a step was "
            "written, and it is not known whether it was",
        )
        self.remedy = _AGAIN


@contextmanager
def in_ledger_words(address: Address) -> Iterator[None]:
    """Turns PostgreSQL's errors and rows that cannot be read into the port's errors; an error that
    the table does not know is a bug and passes."""
    try:
        yield
    except RowUnreadable as error:
        raise LedgerCorrupt(
            address.shown, f"the ledger {address.shown} is damaged: {error}"
        ) from error
    except psycopg.Error as error:
        meaning = _meaning_of(error)
        if meaning is None:
            raise
        told = meaning.kind(address.shown, _sentence(meaning.words, error, address))
        told.remedy = meaning.remedy
        raise told from error


def not_there(error: psycopg.Error, address: Address) -> NotThere:
    """libpq tells no code when no connection comes about: its words are all there is."""
    told = NotThere(address.shown, _sentence("cannot be opened", error, address))
    needs_password = error.pgconn is not None and error.pgconn.needs_password
    told.remedy = _NO_PASSWORD if needs_password else _CONNECTING
    return told


def not_written(address: Address) -> LedgerUnwritable:
    """The connection was lost, and it turned out that nothing of the step is there."""
    told = LedgerUnwritable(
        address.shown,
        f"the ledger {address.shown} was out of reach while a step was written: "
        "nothing of the step is in it",
    )
    told.remedy = _AGAIN
    return told


def replaced(address: Address) -> LedgerUnwritable:
    """What was written before is not in it any more."""
    told = LedgerUnwritable(
        address.shown, f"the ledger {address.shown} was replaced by an older copy while in use"
    )
    told.remedy = _AGAIN
    return told


def _meaning_of(error: psycopg.Error) -> _Meaning | None:
    code = error.sqlstate
    if code is None:
        # Of libpq itself: it has lost the connection, or psycopg has none any more.
        return _LOST if isinstance(error, psycopg.OperationalError) else None
    return _MEANINGS.get(code) or _MEANINGS.get(code[:3]) or _MEANINGS.get(code[:2])


def _sentence(words: str, error: psycopg.Error, address: Address) -> str:
    detail = address.scrubbed(error.diag.message_primary or str(error))
    return f"the ledger {address.shown} {words} ({detail})"
