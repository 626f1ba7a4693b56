"""``s7spec ips check``: each step over real sockets, what depends on what, and no secrets."""

from __future__ import annotations

import socket
import ssl
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
import trustme

from s7spec.adapters.clock import SystemClock
from s7spec.adapters.credentials import Credentials
from s7spec.adapters.ips_soap import IpsCheck, Route
from s7spec.adapters.ips_soap.checking import WSDL_PATH
from s7spec.model.check import CheckLine, CheckOutcome, CheckStep
from s7spec.ports import CredentialsMissing
from tests.adapters.ips_soap.conftest import CONTRACT, PATIENT
from tests.adapters.ips_soap.connect_proxy import ConnectProxy, refusal
from tests.adapters.ips_soap.peer import Peer, fault, http, resets, returned
from tests.fakes.clock import NOON, ManualClock

PASSWORD = "s3cret-canary"
ANN = Credentials(user="ann@example.com", password=PASSWORD)
MEMBER = (
    "<membershipArray><items><company><companyHandle>c|7</companyHandle><name>Acme</name>"
    "</company></items><items><company><name>Beta</name></company></items></membershipArray>"
)
OPERATIONS = {
    "searchAssets": "<totalRows>9</totalRows>",
    "getAssetsByName": "<assetArray/>",
    "getImageFormats": "<imageFormatArray/>",
    "getActiveJobs": "<jobArray/>",
    "getScheduledJobs": "<jobArray/>",
    "getJobLogDetails": "<jobLogArray/>",
    "getJobLogs": "<jobLogArray/>",
}
OK, FAILED, SKIPPED = CheckOutcome.OK, CheckOutcome.FAILED, CheckOutcome.SKIPPED


def page(body: bytes = b"", *, status: int = 404, date: str | None = None) -> bytes:
    date = format_datetime(NOON, usegmt=True) if date is None else date
    head, _, rest = http(status, body, "text/xml").partition(b"\r\n\r\n")
    return head + (f"\r\nDate: {date}".encode() if date else b"") + b"\r\n\r\n" + rest


@pytest.fixture
def ips(peer: Peer) -> Peer:
    """A peer that lets everybody do everything."""
    return agreeable(peer)


def agreeable(peer: Peer) -> Peer:
    peer.answer("GET", page())
    peer.answer("getCompanyMembership", returned("getCompanyMembership", MEMBER))
    for operation, inner in OPERATIONS.items():
        peer.answer(operation, returned(operation, inner))
    return peer


def look(endpoint: str, **changes: Any) -> dict[CheckStep, CheckLine]:
    settings: dict[str, Any] = {
        "company": "Acme",
        "credentials": lambda: ANN,
        "contract": CONTRACT,
        "route": Route(),
        "clock": ManualClock(),
        "timeouts": PATIENT,
    }
    lines = tuple(IpsCheck(endpoint=endpoint, **{**settings, **changes}).lines())
    assert [line.step for line in lines] == list(CheckStep)
    assert all(bool(line.remedy) == (line.outcome is FAILED) for line in lines)
    assert PASSWORD not in repr(lines)
    return {line.step: line for line in lines}


def outcomes(lines: dict[CheckStep, CheckLine]) -> str:
    """One letter each, in order."""
    return "".join(line.outcome.value[0] for line in lines.values())


def test_all_is_well(ips: Peer) -> None:
    lines = look(ips.endpoint)
    assert outcomes(lines) == "ooooooo"
    found = {step: line.found for step, line in lines.items()}
    assert found[CheckStep.DNS] == "127.0.0.1 is an address"
    where = f"127.0.0.1:{ips.port}"
    assert found[CheckStep.CONNECTION] == f"TCP to {where}; TLS: not used on this machine"
    assert found[CheckStep.LOGIN] == "ann@example.com is let in; member of Acme, Beta"
    assert found[CheckStep.COMPANY] == "Acme is c|7"
    assert found[CheckStep.PERMISSIONS] == (
        f"{', '.join(OPERATIONS)} answer; submitJob itself cannot be tried without submitting"
    )
    assert found[CheckStep.CLOCK] == "within 1 s of the server's"
    assert found[CheckStep.VERSION] == (
        f"IPS answers in version 2014-04-03; no WSDL at {WSDL_PATH} (HTTP 404); none is needed"
    )
    assert ips.count("submitJob") == 0
    assert ips.connections == 1


def test_a_wsdl_that_is_there_is_told(ips: Peer) -> None:
    ips.answer("GET", page(b"<definitions>2014-04-03</definitions>", status=200))
    assert look(ips.endpoint)[CheckStep.VERSION].found.endswith(f"2014-04-03 is at {WSDL_PATH}")


def test_no_credentials_are_sent_for_the_wsdl(ips: Peer) -> None:
    look(ips.endpoint)
    (get,) = (request for request in ips.requests if request.operation == "GET")
    assert get.body == b""
    assert "authorization" not in get.headers


def test_without_a_name_nothing_else_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*arguments: object, **options: object) -> object:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    lines = look("https://ips.test/x")
    assert outcomes(lines) == "fssssss"
    assert lines[CheckStep.DNS].found == "the name ips.test cannot be resolved"
    assert lines[CheckStep.CONNECTION].found == "needs dns first"
    assert lines[CheckStep.LOGIN].found == "needs connection first"


def test_a_closed_port(peer: Peer) -> None:
    endpoint = peer.endpoint
    peer.stop()
    lines = look(endpoint)
    assert outcomes(lines) == "ofsssss"
    assert "refuses connections" in lines[CheckStep.CONNECTION].found


def test_a_hangup(peer: Peer) -> None:
    peer.answer("GET", resets)
    assert outcomes(look(peer.endpoint)) == "ofsssss"


LOGINS: dict[str, tuple[Any, str, str]] = {
    "refused": (
        fault("authenticationFault", 10001, f"no: {PASSWORD}"),
        "oofssoo",
        "10001: no: ***",
    ),
    "other fault": (fault("ipsApiFault", 30000, "broken"), "oofssoo", "ipsApiFault 30000: broken"),
    "page": (http(200, b"<html/>", "text/html"), "oofssoo", "a web page where IPS should be"),
    "memberships not for all": (
        fault("authorizationFault", 20003, "not you"),
        "ooooooo",
        "is let in, but authorizationFault 20003: not you",
    ),
    "company not for all": (
        fault("authorizationFault", 20000, "which"),
        "ooooooo",
        "is let in, but authorizationFault 20000: which",
    ),
}


@pytest.mark.parametrize("name", LOGINS)
def test_a_login(name: str, ips: Peer) -> None:
    answer, expected, words = LOGINS[name]
    ips.answer("getCompanyMembership", answer)
    lines = look(ips.endpoint)
    assert outcomes(lines)[:5] == expected[:5]
    assert words in lines[CheckStep.LOGIN].found


def test_no_credentials_at_all(ips: Peer) -> None:
    def nobody() -> Credentials:
        raise CredentialsMissing("no IPS credentials: set S7SPEC_USER")

    lines = look(ips.endpoint, credentials=nobody)
    assert outcomes(lines)[:6] == "oofsso"
    assert "S7SPEC_PASSWORD" in lines[CheckStep.LOGIN].remedy
    assert [request.operation for request in ips.requests] == ["GET"]


def test_an_unknown_company(ips: Peer) -> None:
    lines = look(ips.endpoint, company="Nobody")
    assert outcomes(lines) == "ooofsoo"
    assert "this user may use: Acme, Beta" in lines[CheckStep.COMPANY].found
    assert lines[CheckStep.PERMISSIONS].found == "needs company first"


def test_operations_that_are_not_for_this_user(ips: Peer) -> None:
    ips.answer("searchAssets", fault("authorizationFault", 20003, "no search"))
    ips.answer("getJobLogDetails", fault("ipsApiFault", 30000, "no logs"))
    line = look(ips.endpoint)[CheckStep.PERMISSIONS]
    assert line.outcome is FAILED
    assert line.found == (
        "2 of 7 operations do not answer: searchAssets: authorizationFault 20003: no search; "
        "getJobLogDetails: ipsApiFault 30000: no logs"
    )


@pytest.mark.parametrize(
    ("wrong_by", "outcome", "words"),
    [
        (timedelta(seconds=59), OK, "within 59 s of the server's"),
        (timedelta(seconds=-30), OK, "within 30 s"),
        (timedelta(seconds=61), FAILED, "this machine is 0:01:01 ahead of the server"),
        (timedelta(hours=-3, seconds=-1), FAILED, "this machine is 3:00:01 behind the server"),
        (timedelta(days=400), FAILED, "400 days, 0:00:00 ahead"),
    ],
)
def test_clocks(wrong_by: timedelta, outcome: CheckOutcome, words: str, ips: Peer) -> None:
    line = look(ips.endpoint, clock=ManualClock(NOON + wrong_by))[CheckStep.CLOCK]
    assert line.outcome is outcome
    assert words in line.found


@pytest.mark.parametrize("date", ["", "yesterday", "Thu, 99 Jan 2026 00:00:00 GMT"])
def test_a_server_without_a_clock(date: str, ips: Peer) -> None:
    ips.answer("GET", page(date=date))
    assert look(ips.endpoint)[CheckStep.CLOCK].outcome is SKIPPED


# TLS and proxies


def secured(authority: trustme.CA, *names: str) -> Peer:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    end = SystemClock().now() + timedelta(days=90, hours=1)
    authority.issue_cert(*names, not_after=end).configure_cert(context)
    return Peer(tls=context)


REAL = {"clock": SystemClock()}


def test_tls_and_the_end_of_the_certificate(tmp_path: Path) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    with secured(authority, "127.0.0.1") as peer:
        port = peer.port
        lines = look(agreeable(peer).endpoint, route=Route(ca=tmp_path / "ca.pem"), **REAL)
    assert outcomes(lines)[:5] == "ooooo"
    end = SystemClock().now() + timedelta(days=90, hours=1)
    assert lines[CheckStep.CONNECTION].found == (
        f"TLSv1.3 to 127.0.0.1:{port}; its certificate ends {end:%Y-%m-%d} (in 90 days)"
    )


def test_a_certificate_that_is_not_trusted() -> None:
    with secured(trustme.CA(), "127.0.0.1") as peer:
        lines = look(peer.endpoint)
    assert outcomes(lines) == "ofsssss"
    assert "`ca:`" in lines[CheckStep.CONNECTION].remedy


def test_a_proxy_looks_the_name_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    with secured(authority, "ips.test") as peer, ConnectProxy(port_behind=peer.port) as proxy:
        agreeable(peer)
        monkeypatch.setenv("HTTPS_PROXY", f"http://pat:s3cret-proxy@127.0.0.1:{proxy.port}")
        lines = look("https://ips.test/x", route=Route(ca=tmp_path / "ca.pem"), **REAL)
        name = f"127.0.0.1:{proxy.port}"
        proxy.answer = refusal(407)
        refused = look("https://ips.test/x", route=Route(ca=tmp_path / "ca.pem"))
    assert outcomes(lines)[:5] == "soooo"
    assert lines[CheckStep.DNS].found == f"left to the proxy {name}"
    assert f"to ips.test:443 through the proxy {name}; its" in lines[CheckStep.CONNECTION].found
    assert outcomes(refused) == "sfsssss"
    assert "s3cret" not in repr((lines, refused))


def test_a_route_that_cannot_be_used(tmp_path: Path) -> None:
    lines = look("https://127.0.0.1:1/", route=Route(ca=tmp_path / "none.pem"))
    assert outcomes(lines) == "fssssss"
    assert "none.pem cannot be read" in lines[CheckStep.DNS].found


def test_ten_lookers_leave_no_connection_open(ips: Peer) -> None:
    for _ in range(10):
        look(ips.endpoint)
    assert ips.connections == 10
