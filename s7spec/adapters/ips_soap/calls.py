"""Calls of IPS operations: reads are repeated when the wire fails, a submit never is."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any, TypeAlias

from tenacity import (
    Retrying,
    retry_if_exception,
    stop_after_attempt,
    stop_after_delay,
    wait_random_exponential,
)

from s7spec.adapters.credentials import Credentials
from s7spec.adapters.ips_soap.element import Element
from s7spec.adapters.ips_soap.exchange import Exchange
from s7spec.adapters.ips_soap.failures import may_pass
from s7spec.adapters.ips_soap.limits import ReadRetries
from s7spec.adapters.ips_soap.messages import Messages
from s7spec.adapters.ips_soap.replies import read_reply
from s7spec.adapters.ips_soap.scrubbing import Scrub
from s7spec.adapters.ips_soap.shared import Shared
from s7spec.adapters.ips_soap.templates import is_xml_text
from s7spec.ports import CompanyUnknown, CredentialsRefused, IpsFault

Around: TypeAlias = Callable[[str], AbstractContextManager[None]]
"""Entered for each request, with the name of its operation."""


def nothing_around(operation: str) -> AbstractContextManager[None]:
    return nullcontext()


class Calls:
    """One caller in one company. May be used by several threads.

    ``scrub`` takes the caller's password out of texts that are shown. Each request is made, and its
    answer read, inside of ``around``.
    """

    def __init__(
        self,
        *,
        exchange: Exchange,
        endpoint: str,
        contract: Path,
        company: str,
        credentials: Credentials,
        retries: ReadRetries,
        around: Around = nothing_around,
    ) -> None:
        self._exchange = exchange
        self._around = around
        self._endpoint = endpoint
        self._contract = contract
        self._company = company
        self._credentials = credentials
        self._retries = retries
        self.scrub = Scrub(credentials)
        self._company_handle = Shared(self._resolve_company)
        self._messages = Shared(self._make_messages)

    def read(self, operation: str, **children: Any) -> Element:
        """The Return element of a reading operation, within the company.

        Raises IpsUnreachable, IpsAnswerUnreadable, IpsFault, Credentials*, CompanyUnknown.
        """
        return self.read_own(operation, companyHandle=self.company_handle(), **children)

    def send_once(self, operation: str, envelope: bytes) -> Element:
        """One request on a fresh connection, whatever happens. Raises as ``read`` does."""
        with self._around(operation):
            answer = self._exchange.post_once(operation, envelope)
            return read_reply(operation, answer, scrub=self.scrub)

    def company_handle(self) -> str:
        """Resolved once per run: handles do not outlive it (semantics: F6)."""
        return self._company_handle.get()

    def messages(self) -> Messages:
        """Raises CredentialsRefused when XML cannot carry the user or the password."""
        return self._messages.get()

    def close(self) -> None:
        self._exchange.close()

    def read_own(self, operation: str, **children: Any) -> Element:
        """As ``read``, outside of any company: what is the caller's own."""
        envelope = self.messages().wire(operation, **children)
        retries = self._retries
        tries = Retrying(
            retry=retry_if_exception(may_pass),
            stop=stop_after_attempt(retries.tries) | stop_after_delay(retries.total),
            wait=wait_random_exponential(multiplier=retries.first_wait, max=retries.longest_wait),
            reraise=True,
        )
        return tries(self._once, operation, envelope)

    def _once(self, operation: str, envelope: bytes) -> Element:
        with self._around(operation):
            answer = self._exchange.post(operation, envelope)
            return read_reply(operation, answer, scrub=self.scrub)

    def _make_messages(self) -> Messages:
        if not is_xml_text(self._credentials.user + self._credentials.password):
            raise CredentialsRefused(
                "the user or the password holds a control character, or bytes that are no"
                " UTF-8: IPS cannot take them"
            )
        return Messages(self._contract, endpoint=self._endpoint, credentials=self._credentials)

    def _resolve_company(self) -> str:
        """By name; when IPS faults there, among the caller's memberships, which say more."""
        if not is_xml_text(self._company):
            raise CompanyUnknown("the company's name holds a control character")
        try:
            reply = self.read_own("getCompanyInfo", companyName=self._company)
        except (CompanyUnknown, IpsFault) as error:
            return self._among_memberships(error)
        info = reply.child("companyInfo")
        if info is None or info.text("name") not in (self._company, None):
            # A name that IPS matches loosely would give one company two ledgers.
            return self._among_memberships(self._unknown())
        return info.needed("companyHandle")

    def _among_memberships(self, error: CompanyUnknown | IpsFault) -> str:
        try:
            reply = self.read_own("getCompanyMembership")
        except (CompanyUnknown, IpsFault):
            raise error from None
        # Before IPS 6.0 an item was the company itself (facts: IPS API section 6).
        companies = [m.child("company") or m for m in reply.items("membershipArray")]
        for company in companies:
            if company.text("name") == self._company:
                return company.needed("companyHandle")
        names = sorted(name for c in companies if (name := c.text("name")) is not None)
        raise self._unknown(*names) from error

    def _unknown(self, *others: str) -> CompanyUnknown:
        usable = f"; this user may use: {', '.join(map(self.scrub, others))}" if others else ""
        return CompanyUnknown(f"IPS knows no company {self._company!r}{usable}")
