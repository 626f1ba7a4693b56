"""The lease of one (company, environment): who may apply there now.

Everything here runs inside the caller's transaction.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

from s7spec.adapters.ledger_rows.row import Row
from s7spec.adapters.ledger_rows.rows import lease_from
from s7spec.model.ledger import Holder, Lease
from s7spec.ports import LeaseHeld, LedgerConflict


class LeaseTable(Protocol):
    """One row for each (company, environment), never more: whoever is given it holds it fast until
    the transaction ends. A new row is not released."""

    def row(self, company: str, environment: str) -> Row | None: ...

    def write(self, lease: Lease, seconds: int) -> None: ...

    def mark_released(self, lease: Lease) -> bool:
        """False when it is not the latest, or was given back before."""
        ...


def acquire(
    table: LeaseTable,
    company: str,
    environment: str,
    *,
    holder: Holder,
    now: datetime,
    seconds: int,
) -> Lease | LeaseHeld:
    """The new lease, or who holds the old one."""
    fence = 0
    row = table.row(company, environment)
    if row is not None:
        old, taken_for = lease_from(row)
        if not row["released"] and old.expires_at > now:
            return LeaseHeld(_within_its_time(table, old, now, taken_for))
        fence = old.fence
    lease = Lease(
        company=company,
        environment=environment,
        fence=fence + 1,
        holder=holder,
        taken_at=now,
        expires_at=now + timedelta(seconds=seconds),
    )
    table.write(lease, seconds)
    return lease


def renew(table: LeaseTable, lease: Lease, *, now: datetime, seconds: int) -> Lease:
    check(table, lease)
    renewed = replace(lease, expires_at=now + timedelta(seconds=seconds))
    table.write(renewed, seconds)
    return renewed


def latest(table: LeaseTable, company: str, environment: str) -> Lease | None:
    """The lease taken last, unless it was given back."""
    row = table.row(company, environment)
    if row is None:
        return None
    lease, _ = lease_from(row)
    return None if row["released"] else lease


def give_back(table: LeaseTable, lease: Lease) -> None:
    """For its holder. Raises LedgerConflict when it is not the latest, or was given back."""
    if not table.mark_released(lease):
        raise LedgerConflict(
            f"the lease that {lease.holder.user}@{lease.holder.host} took at "
            f"{lease.taken_at:%Y-%m-%d %H:%M:%S} UTC is not held any more"
        )


def release(table: LeaseTable, lease: Lease) -> None:
    """A lease that was lost meanwhile is left to whoever has it now."""
    table.mark_released(lease)


def check(table: LeaseTable, lease: Lease) -> None:
    """Raises LedgerConflict unless ``lease`` is the latest one taken and not given back.

    A lease that only ran out still holds: nobody else has written since.
    """
    row = table.row(lease.company, lease.environment)
    if row is None:
        raise LedgerConflict("this run holds no lease")
    latest, _ = lease_from(row)
    # Fences begin anew in a ledger that was lost: the moment tells a lease of the older one.
    if (latest.fence, latest.taken_at) != (lease.fence, lease.taken_at):
        who = latest.holder
        raise LedgerConflict(
            f"this run has lost its lease: {who.user}@{who.host} (pid {who.pid}) took it over at "
            f"{latest.taken_at:%Y-%m-%d %H:%M:%S} UTC"
        )
    if row["released"]:
        raise LedgerConflict("this run has no lease any more: it was given back")


def _within_its_time(table: LeaseTable, lease: Lease, now: datetime, seconds: int) -> Lease:
    """A lease cannot last longer than it was taken for. When it seems to, the clock was set back:
    it is cut to that time, so that a dead holder does not lock everybody out for hours."""
    latest_end = now + timedelta(seconds=seconds)
    if lease.expires_at <= latest_end:
        return lease
    cut = replace(lease, expires_at=latest_end)
    table.write(cut, seconds)
    return cut
