"""Where the project's ledger is, and the adapter that reads and writes it there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

from s7spec.model.project import is_ledger_url
from s7spec.ports import Ledger, LedgerUnwritable

LEDGER = "S7SPEC_LEDGER"
PASSWORD = "S7SPEC_LEDGER_PASSWORD"  # noqa: S105 - the variable's name
_ADDRESS = re.compile(
    r"^[a-z][a-z0-9+.-]+:/|\b(host|hostaddr|port|user|password|passfile|dbname|service)\s*=",
    re.IGNORECASE,
)
"""What was meant for libpq, or for another database: URLs, and its own `name=value`."""

_INSTALL = "install it: pip install 's7spec[postgres]'"


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerPlace:
    """``text`` is a path relative to ``root``, or a URL, which may hold a password when
    ``variable`` of the environment says it. None: s7spec.yaml says it."""

    text: str = field(repr=False)
    root: Path
    variable: str | None = None


def ledger_place(stated: str, root: Path, environ: Mapping[str, str]) -> LedgerPlace:
    """``stated`` is what s7spec.yaml says; S7SPEC_LEDGER goes before it, and is relative to the
    current folder. An empty variable counts as not set."""
    named = environ.get(LEDGER)
    if named:
        return LedgerPlace(text=named, root=Path.cwd(), variable=LEDGER)
    return LedgerPlace(text=stated, root=root)


def ledger_at(
    place: LedgerPlace, environ: Mapping[str, str], *, create: bool
) -> AbstractContextManager[Ledger]:
    """Opens it; without ``create`` a missing one reads as empty. Raises LedgerUnwritable,
    LedgerCorrupt, LedgerNewer."""
    if is_ledger_url(place.text):
        return _in_postgres(place.text, environ.get(PASSWORD), create=create)
    if _ADDRESS.search(place.text):
        # Not shown: it may hold a password, which would else become the name of a file.
        who = place.variable or "`ledger` in s7spec.yaml"
        wrong = LedgerUnwritable(who, f"{who} is neither a path nor a URL of PostgreSQL")
        wrong.remedy = "write a path, or postgresql://USER@HOST:PORT/DATABASE"
        raise wrong
    # Either adapter is imported only where a ledger is used: other commands start without.
    from s7spec.adapters.ledger_sqlite import SqliteLedger

    return SqliteLedger(place.root / place.text, create=create)


def _in_postgres(url: str, password: str | None, *, create: bool) -> AbstractContextManager[Ledger]:
    try:
        from s7spec.adapters.ledger_postgres import PostgresLedger
    except ImportError as error:
        missing = LedgerUnwritable(
            "postgresql://", f"the ledger is in PostgreSQL, and psycopg cannot be used ({error})"
        )
        missing.remedy = _INSTALL
        raise missing from error
    return PostgresLedger(url, create=create, password=password)
