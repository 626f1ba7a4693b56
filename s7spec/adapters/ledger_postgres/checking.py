"""Looks at everything in a ledger, and says what is wrong with it."""

from __future__ import annotations

from s7spec.adapters.ledger_postgres.line import Connection


def problems_of(connection: Connection) -> tuple[str, ...]:
    """One sentence for each. Runs inside the caller's read transaction."""
    return ()
