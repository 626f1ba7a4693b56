"""One authenticated call of an operation."""

from __future__ import annotations

from dataclasses import dataclass, field

from s7spec.emulator.catalog.model import Catalog, Company, User
from s7spec.emulator.jobs.engine import JobEngine
from s7spec.emulator.soap.faults import FaultCode, IpsFault
from s7spec.emulator.soap.params import Params
from s7spec.emulator.soap.selection import EVERYTHING, Selection, select
from s7spec.emulator.soap.writing import Reply
from s7spec.emulator.store.jobs import JobStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What an operation gets to work with. ``url`` is the address of this server."""

    params: Params
    caller: User
    catalog: Catalog
    jobs: JobStore
    engine: JobEngine
    url: str
    max_assets_per_job: int | None

    def company(self) -> Company:
        """The company that companyHandle names, the caller's own without one: else fault 20000."""
        company = self.catalog.company
        handle = self.params.text("companyHandle")
        if handle is not None and handle != company.handle:
            reason = f"company {handle!r} does not exist or is not open to {self.caller.email}"
            raise IpsFault(FaultCode.INVALID_COMPANY, reason)
        return company

    def user(self, name: str) -> User:
        """The user that a handle parameter names, the caller without one: else fault 20002."""
        handle = self.params.text(name)
        user = self.caller if not handle else self.catalog.user_by_handle(handle)
        if user is None:
            raise IpsFault(FaultCode.INVALID_REQUEST_USER, f"{name}: there is no user {handle!r}")
        return user

    def selection(self) -> Selection:
        """What responseFieldArray and excludeFieldArray ask for."""
        return select(
            self.params.strings("responseFieldArray"), self.params.strings("excludeFieldArray")
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The children of the Return element, and which of them the caller wants to see."""

    reply: Reply = field(default_factory=dict)
    selection: Selection = EVERYTHING


def not_built(what: str) -> IpsFault:
    """ipsApiFault 30001 for a parameter that this server knows and does not honour."""
    return IpsFault(FaultCode.INVALID_PARAMETER, f"{what} is not built in the embedded IPS")
