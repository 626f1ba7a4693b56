"""A look at the whole way to IPS, step by step. Reads only: no job is submitted."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from datetime import UTC, timedelta
from email.utils import parsedate_to_datetime
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from s7spec.adapters.credentials import Credentials
from s7spec.adapters.ips_soap.calls import Calls
from s7spec.adapters.ips_soap.exchange import Exchange, HttpAnswer
from s7spec.adapters.ips_soap.failures import NameUnknown
from s7spec.adapters.ips_soap.limits import ANSWER_BYTES, ReadRetries, Route, Timeouts
from s7spec.adapters.ips_soap.messages import VERSION
from s7spec.adapters.ips_soap.probes import refused_operations
from s7spec.model.check import CheckLine, CheckOutcome, CheckStep
from s7spec.ports import (
    Clock,
    CompanyUnknown,
    CredentialsMissing,
    CredentialsRefused,
    IpsFault,
    PortError,
)

# facts: IPS API section 2.
WSDL_PATH = f"/scene7/webservice/IpsApi-{VERSION}.wsdl"
_SKEW = timedelta(seconds=60)
_SHOWN = 5
_RETRIES = ReadRetries(tries=2)
_REMEDIES: dict[type[PortError], str] = {
    CredentialsMissing: (
        "set S7SPEC_USER and S7SPEC_PASSWORD (or S7SPEC_PASSWORD_FILE, S7SPEC_PASSWORD_COMMAND)"
    ),
    CredentialsRefused: (
        "check S7SPEC_USER and S7SPEC_PASSWORD, and that the user belongs to this region"
    ),
    CompanyUnknown: ("write `company:` as IPS spells it; the user must be a member of it"),
}
_OTHERWISE = "check that `ips:` leads to IPS itself, then try again"


class IpsCheck:
    """One look at one environment's IPS.

    ``credentials`` is asked when the login is reached, and may raise CredentialsMissing.
    """

    def __init__(
        self,
        *,
        endpoint: str,
        company: str,
        credentials: Callable[[], Credentials],
        contract: Path,
        route: Route,
        clock: Clock,
        timeouts: Timeouts,
    ) -> None:
        self._endpoint = endpoint
        self._company = company
        self._credentials = credentials
        self._contract = contract
        self._clock = clock
        self._exchange = Exchange(
            endpoint, timeouts=timeouts, answer_bytes=ANSWER_BYTES, route=route
        )
        # Steps leave here what those after them need.
        self._page = HttpAnswer(status=0, content_type="", body=b"", where=self._exchange.where)
        self._seen_at = clock.now()
        self._calls: Calls | None = None
        self._answered_in = ""

    def lines(self) -> Iterator[CheckLine]:
        """One line for each step, as soon as it is done. What depends on a step that failed is
        skipped. Raises nothing of the ports."""
        steps: tuple[tuple[CheckStep, CheckStep | None, Callable[[], CheckLine]], ...] = (
            (CheckStep.DNS, None, self._dns),
            (CheckStep.CONNECTION, CheckStep.DNS, self._connection),
            (CheckStep.LOGIN, CheckStep.CONNECTION, self._login),
            (CheckStep.COMPANY, CheckStep.LOGIN, self._member),
            (CheckStep.PERMISSIONS, CheckStep.COMPANY, self._permissions),
            (CheckStep.CLOCK, CheckStep.CONNECTION, self._skew),
            (CheckStep.VERSION, CheckStep.CONNECTION, self._version),
        )
        broken: set[CheckStep] = set()
        try:
            for step, needed, take in steps:
                if needed in broken:
                    line = _skipped(step, f"needs {needed} first")
                else:
                    line = _guarded(step, take)
                if needed in broken or line.outcome is CheckOutcome.FAILED:
                    broken.add(step)
                yield line
        finally:
            self._exchange.close()

    def _dns(self) -> CheckLine:
        way = self._exchange.way
        if way.proxy:
            return _skipped(CheckStep.DNS, f"left to the proxy {way.proxy_name}".rstrip())
        parts = urlsplit(self._endpoint)
        host = parts.hostname or ""
        if _is_address(host):
            return _ok(CheckStep.DNS, f"{host} is an address")
        try:
            found = socket.getaddrinfo(host, parts.port or 443, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            return _failed(
                CheckStep.DNS,
                f"the name {host} cannot be resolved",
                NameUnknown.remedy,
            )
        addresses = tuple(dict.fromkeys(str(address[0]) for *_, address in found))
        return _ok(CheckStep.DNS, f"{host} is {_listed(addresses)}")

    def _connection(self) -> CheckLine:
        parts = urlsplit(self._endpoint)
        url = urlunsplit(parts._replace(path=WSDL_PATH, query=""))
        self._page = self._exchange.get(url)
        self._seen_at = self._clock.now()
        way, tls = self._exchange.way, self._page.tls
        through = f" through the proxy {way.proxy_name}".rstrip() if way.proxy else ""
        if parts.scheme == "http":
            found = f"TCP to {self._exchange.where}; TLS: not used on this machine"
        elif tls is None or tls.expires is None:
            found = f"TLS to {self._exchange.where}{through}"
        else:
            days = (tls.expires - self._seen_at).days
            found = (
                f"{tls.protocol} to {self._exchange.where}{through}; "
                f"its certificate ends {tls.expires:%Y-%m-%d} (in {days} days)"
            )
        return _ok(CheckStep.CONNECTION, found)

    def _login(self) -> CheckLine:
        credentials = self._credentials()
        calls = self._calls = Calls(
            exchange=self._exchange,
            endpoint=self._endpoint,
            contract=self._contract,
            company=self._company,
            credentials=credentials,
            retries=_RETRIES,
        )
        try:
            reply = calls.read_own("getCompanyMembership")
        except CompanyUnknown as fault:
            return _ok(CheckStep.LOGIN, f"{credentials.user} is let in, but {fault}")
        except IpsFault as fault:
            if fault.fault != "authorizationFault":
                raise
            return _ok(CheckStep.LOGIN, f"{credentials.user} is let in, but {fault}")
        items = reply.items("membershipArray")
        names = (name for item in items if (name := (item.child("company") or item).text("name")))
        companies = _listed(tuple(sorted(map(calls.scrub, names)))) or "no company"
        self._answered_in = reply.namespace
        return _ok(CheckStep.LOGIN, f"{credentials.user} is let in; member of {companies}")

    def _member(self) -> CheckLine:
        assert self._calls is not None, "the login comes first"
        handle = self._calls.scrub(self._calls.company_handle(), self._company)
        return _ok(CheckStep.COMPANY, f"{self._company} is {handle}")

    def _permissions(self) -> CheckLine:
        assert self._calls is not None, "the login comes first"
        answered, refused = refused_operations(self._calls)
        untried = "submitJob itself cannot be tried without submitting"
        if not refused:
            return _ok(CheckStep.PERMISSIONS, f"{', '.join(answered)} answer; {untried}")
        told = "; ".join(f"{operation}: {error}" for operation, error in refused.items())
        return _failed(
            CheckStep.PERMISSIONS,
            f"{len(refused)} of {len(refused) + len(answered)} operations do not answer: {told}",
            "ask your IPS administrator to let this user call them, and submitJob, in this company",
        )

    def _skew(self) -> CheckLine:
        """The header has whole seconds, and the answer took a moment to come."""
        try:
            theirs = parsedate_to_datetime(self._page.date)
        except ValueError:
            return _skipped(CheckStep.CLOCK, "the server does not say what time it has")
        theirs = theirs if theirs.tzinfo else theirs.replace(tzinfo=UTC)
        skew = self._seen_at - theirs
        seconds = abs(round(skew.total_seconds()))
        if abs(skew) <= _SKEW:
            return _ok(CheckStep.CLOCK, f"within {max(seconds, 1)} s of the server's")
        side = "ahead of" if skew > timedelta() else "behind"
        return _failed(
            CheckStep.CLOCK,
            f"this machine is {timedelta(seconds=seconds)} {side} the server",
            "set this machine's clock (NTP): logs and deadlines are compared by it",
        )

    def _version(self) -> CheckLine:
        answered = self._answered_in.rpartition("/")[2]
        spoken = f"IPS answers in version {answered}; " if answered else ""
        page = self._page
        if page.status == 200 and b"definitions" in page.body and VERSION.encode() in page.body:
            return _ok(CheckStep.VERSION, f"{spoken}the WSDL of {VERSION} is at {WSDL_PATH}")
        missing = f"no WSDL at {WSDL_PATH} (HTTP {page.status}); none is needed"
        if answered:
            return _ok(CheckStep.VERSION, f"{spoken}{missing}")
        return _skipped(CheckStep.VERSION, missing)


def _guarded(step: CheckStep, take: Callable[[], CheckLine]) -> CheckLine:
    try:
        return take()
    except PortError as error:
        known = next((_REMEDIES[k] for k in type(error).__mro__ if k in _REMEDIES), _OTHERWISE)
        return _failed(step, str(error), error.remedy or known)


def _ok(step: CheckStep, found: str) -> CheckLine:
    return CheckLine(step=step, outcome=CheckOutcome.OK, found=found)


def _skipped(step: CheckStep, found: str) -> CheckLine:
    return CheckLine(step=step, outcome=CheckOutcome.SKIPPED, found=found)


def _failed(step: CheckStep, found: str, remedy: str) -> CheckLine:
    return CheckLine(step=step, outcome=CheckOutcome.FAILED, found=found, remedy=remedy)


def _listed(texts: tuple[str, ...]) -> str:
    more = f" and {len(texts) - _SHOWN} more" if len(texts) > _SHOWN else ""
    return ", ".join(texts[:_SHOWN]) + more


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
