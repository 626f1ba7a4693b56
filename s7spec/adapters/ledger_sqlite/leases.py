"""The lease of one (company, environment): who may apply there now.

Everything here runs inside the caller's transaction.
"""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import datetime, timedelta

from s7spec.adapters.ledger_sqlite import statements
from s7spec.adapters.ledger_sqlite.rows import lease_cells, lease_from
from s7spec.model.ledger import Holder, Lease
from s7spec.ports import LeaseHeld, LedgerConflict


def acquire(
    connection: sqlite3.Connection,
    company: str,
    environment: str,
    *,
    holder: Holder,
    now: datetime,
    seconds: int,
) -> Lease | LeaseHeld:
    """The new lease, or who holds the old one."""
    fence = 0
    row = _row(connection, company, environment)
    if row is not None:
        old, taken_for = lease_from(row)
        if not row["released"] and old.expires_at > now:
            return LeaseHeld(_within_its_time(connection, old, now, taken_for))
        fence = old.fence
    lease = Lease(
        company=company,
        environment=environment,
        fence=fence + 1,
        holder=holder,
        taken_at=now,
        expires_at=now + timedelta(seconds=seconds),
    )
    _write(connection, lease, seconds)
    return lease


def renew(connection: sqlite3.Connection, lease: Lease, *, now: datetime, seconds: int) -> Lease:
    check(connection, lease)
    renewed = replace(lease, expires_at=now + timedelta(seconds=seconds))
    _write(connection, renewed, seconds)
    return renewed


def latest(connection: sqlite3.Connection, company: str, environment: str) -> Lease | None:
    """The lease taken last, unless it was given back."""
    row = _row(connection, company, environment)
    if row is None:
        return None
    lease, _ = lease_from(row)
    return None if row["released"] else lease


def give_back(connection: sqlite3.Connection, lease: Lease) -> None:
    """For its holder. Raises LedgerConflict when it is not the latest, or was given back."""
    if connection.execute(statements.RELEASE_LEASE, lease_cells(lease)).rowcount != 1:
        raise LedgerConflict(
            f"the lease that {lease.holder.user}@{lease.holder.host} took at "
            f"{lease.taken_at:%Y-%m-%d %H:%M:%S} UTC is not held any more"
        )


def release(connection: sqlite3.Connection, lease: Lease) -> None:
    """A lease that was lost meanwhile is left to whoever has it now."""
    connection.execute(statements.RELEASE_LEASE, lease_cells(lease))


def check(connection: sqlite3.Connection, lease: Lease) -> None:
    """Raises LedgerConflict unless ``lease`` is the latest one taken and not given back.

    A lease that only ran out still holds: nobody else has written since.
    """
    row = _row(connection, lease.company, lease.environment)
    if row is None:
        raise LedgerConflict("this run holds no lease")
    latest, _ = lease_from(row)
    if latest.fence != lease.fence:
        who = latest.holder
        raise LedgerConflict(
            f"this run has lost its lease: {who.user}@{who.host} (pid {who.pid}) took it over at "
            f"{latest.taken_at:%Y-%m-%d %H:%M:%S} UTC"
        )
    if row["released"]:
        raise LedgerConflict("this run has no lease any more: it was given back")


def _within_its_time(
    connection: sqlite3.Connection, lease: Lease, now: datetime, seconds: int
) -> Lease:
    """A lease cannot last longer than it was taken for. When it seems to, the clock was set back:
    it is cut to that time, so that a dead holder does not lock everybody out for hours."""
    latest_end = now + timedelta(seconds=seconds)
    if lease.expires_at <= latest_end:
        return lease
    cut = replace(lease, expires_at=latest_end)
    _write(connection, cut, seconds)
    return cut


def _row(connection: sqlite3.Connection, company: str, environment: str) -> sqlite3.Row | None:
    found: sqlite3.Row | None = connection.execute(
        statements.LEASE, {"company": company, "environment": environment}
    ).fetchone()
    return found


def _write(connection: sqlite3.Connection, lease: Lease, seconds: int) -> None:
    connection.execute(statements.WRITE_LEASE, lease_cells(lease) | {"seconds": seconds})
