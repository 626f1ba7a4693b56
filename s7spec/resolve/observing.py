"""A look at the server for every attempt that may still be at work."""

from __future__ import annotations

from collections.abc import Mapping

from s7spec.model.ips import JobSnapshot
from s7spec.model.ledger import LedgerSnapshot
from s7spec.ports import IpsGateway


def observe(snapshot: LedgerSnapshot, gateway: IpsGateway) -> Mapping[str, JobSnapshot | None]:
    """Each open attempt by name, as the server shows it; None: the server does not show it.

    Errors of ``IpsGateway.find`` pass through: a failed look is never taken for "not there".
    """
    return {
        attempt.name: gateway.find(attempt.name)
        for attempt in snapshot.latest
        if attempt.state.is_open
    }
