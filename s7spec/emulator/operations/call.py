"""One authenticated call of an operation."""

from __future__ import annotations

from dataclasses import dataclass, field

from s7spec.emulator.catalog.model import Company, User
from s7spec.emulator.company.view import Catalog
from s7spec.emulator.jobs.engine import JobEngine
from s7spec.emulator.quirks import Quirks
from s7spec.emulator.soap.faults import FaultCode, IpsFault
from s7spec.emulator.soap.params import Params
from s7spec.emulator.soap.selection import EVERYTHING, Selection, select
from s7spec.emulator.soap.writing import Reply
from s7spec.emulator.store.job_lists import JobLists


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What an operation gets to work with.

    ``url`` is the address of this server, ``locale`` that of authHeader as sent. Every locale is
    accepted and nothing is translated: texts are in English.
    """

    params: Params
    caller: User
    catalog: Catalog
    jobs: JobLists
    engine: JobEngine
    url: str
    max_assets_per_job: int | None
    quirks: Quirks
    locale: str | None = None

    def company(self) -> Company:
        """The company that companyHandle names, the caller's first one without it.

        Raises authorizationFault 20000 for an unknown one and 20006 for one that the caller is no
        active member of.
        """
        handle = self.params.text("companyHandle")
        if handle is None:
            return self.open_company(self.catalog.company(self.caller.memberships[0].company))
        known = (one for one in self.catalog.companies if one.handle == handle)
        return self.open_company(next(known, None), f"company {handle!r}")

    def open_company(self, company: Company | None, called: str = "the company") -> Company:
        """The company itself when the caller may use it. Raises as ``company`` does."""
        if company is None:
            raise IpsFault(FaultCode.INVALID_COMPANY, f"{called} does not exist")
        membership = self.caller.membership(company.number)
        active = membership is not None and membership.is_active
        if not active and not self.caller.is_ips_admin:
            reason = f"{called} is not open to {self.caller.email}"
            raise IpsFault(FaultCode.ILLEGAL_COMPANY, reason)
        return company

    def user(self, name: str) -> User:
        """The user that a handle parameter names, the caller without one: else fault 20002."""
        handle = self.params.text(name)
        user = self.caller if not handle else self.catalog.user_by_handle(handle)
        if user is None:
            raise IpsFault(FaultCode.INVALID_REQUEST_USER, f"{name}: there is no user {handle!r}")
        return user

    def refuse(self, *names: str) -> None:
        """Fault 30001 for parameters that this server does not honour, when they say something:
        ignoring a filter would answer with what the caller did not ask for."""
        for name in names:
            group = self.params.group(name)
            if group is not None and (group.names() or self.params.text(name)):
                raise not_built(name)
        self.user("accessUserHandle")

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
