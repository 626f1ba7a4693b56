"""s7spec made wrong on purpose, one promise at a time: what shows that chaos would see it.

    CHAOS_MUTANT=no-quarantine make chaos

A mutant changes commands only, never the server and never those that judge.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from s7spec.model.ledger import AttemptState


def no_quarantine() -> None:
    """An unanswered submit is sent again as soon as a look does not show it."""
    from s7spec.cli import applying

    patient = vars(applying)["ApplyOptions"]
    _put(applying, "ApplyOptions", lambda **given: patient(**{**given, "quarantine_seconds": 0}))


def blind_retry() -> None:
    """A submit without an answer is sent once more at once."""
    from s7spec.adapters.ips_soap import IpsSoapGateway
    from s7spec.ports import SubmitAmbiguous

    send = IpsSoapGateway.submit

    def submit(gateway: Any, submission: Any) -> Any:
        try:
            return send(gateway, submission)
        except SubmitAmbiguous:
            return send(gateway, submission)

    _put(IpsSoapGateway, "submit", submit)


def no_look() -> None:
    """An empty or older ledger is believed."""
    from s7spec.apply.cold import ColdStart

    _put(ColdStart, "look", lambda *args, **more: None)


def intents_late() -> None:
    """Intents are not durable before the request leaves: a run that dies forgets them."""
    from s7spec.adapters.ledger_sqlite import SqliteLedger, connecting, ledger

    @contextmanager
    def transaction(connection: Any) -> Iterator[None]:
        if not connection.in_transaction:
            connection.execute("BEGIN IMMEDIATE")
        yield
        rows = connection.execute("SELECT count(*) FROM attempt WHERE state = 'intent'")
        if rows.fetchone()[0] == 0:
            connection.execute("COMMIT")

    _put(ledger, "write_transaction", transaction)
    _put(connecting, "write_transaction", transaction)
    close = SqliteLedger.close

    def closing(self: Any) -> None:
        if self._connection.in_transaction:
            self._connection.execute("COMMIT")
        close(self)

    _put(SqliteLedger, "close", closing)


def all_well() -> None:
    """Every job that ends is called ok."""
    from s7spec.apply import joblog

    _put(joblog, "_state", lambda *args: AttemptState.OK)


def forgetful() -> None:
    """An answer that was lost counts as a refusal."""
    from s7spec.adapters.ips_soap import IpsSoapGateway
    from s7spec.ports import SubmitAmbiguous, SubmitRefused

    send = IpsSoapGateway.submit

    def submit(gateway: Any, submission: Any) -> Any:
        try:
            return send(gateway, submission)
        except SubmitAmbiguous as error:
            raise SubmitRefused(str(error)) from error

    _put(IpsSoapGateway, "submit", submit)


MUTANTS: dict[str, Callable[[], None]] = {
    "no-quarantine": no_quarantine,
    "blind-retry": blind_retry,
    "no-look": no_look,
    "intents-late": intents_late,
    "all-well": all_well,
    "forgetful": forgetful,
}


def _put(place: Any, name: str, value: object) -> None:
    setattr(place, name, value)
