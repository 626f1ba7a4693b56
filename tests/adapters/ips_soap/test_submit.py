"""What a failed submit means, and that there is exactly one request whatever happens."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from s7spec.adapters.ips_soap import IpsSoapGateway, Timeouts
from s7spec.adapters.ips_soap.shared import Shared
from s7spec.model.submission import Submission
from s7spec.ports import (
    CompanyUnknown,
    CredentialsMissing,
    CredentialsRefused,
    PortError,
    SubmitAmbiguous,
    SubmitInvalid,
    SubmitRefused,
)
from tests.adapters.ips_soap.conftest import BRIEF, CERTIFICATE, PATIENT
from tests.adapters.ips_soap.peer import (
    Peer,
    Step,
    closes,
    envelope,
    fault,
    hangs,
    http,
    reads,
    resets,
    returned,
    sends,
    then,
)

Connect = Callable[..., IpsSoapGateway]
TAKEN = returned("submitJob", "<jobHandle>j|7|s7-shop||</jobHandle>")


def submit_fails(gateway: IpsSoapGateway, submission: Submission) -> PortError:
    with pytest.raises(PortError) as caught:
        gateway.submit(submission)
    return caught.value


def know_company(gateway: IpsSoapGateway) -> None:
    """As if an earlier call had resolved it, so that the submit is what fails."""
    gateway._calls._company_handle = Shared(lambda: "c|7")


def test_submit_returns_the_job_handle(
    peer: Peer, connect: Connect, submission: Submission
) -> None:
    peer.answer("submitJob", TAKEN)
    assert connect(peer.endpoint).submit(submission) == "j|7|s7-shop||"
    assert peer.count("submitJob") == 1


AFTER_SEND: dict[str, Step | bytes] = {
    "reset": resets,
    "closed": closes,
    "never answered": hangs,
    "answer cut short": sends(TAKEN[:-20]),
    "answer reset in the middle": then(sends(TAKEN[:200]), resets),
    "answer too slow": sends(TAKEN[:150], *[bytes([c]) for c in TAKEN[150:]], pause=0.05),
    "empty": http(200, b""),
    "no content": b"HTTP/1.1 204 No Content\r\n\r\n",
    "not HTTP": b"220 smtp.example.com ready\r\n\r\n",
    "HTML page": http(200, b"<html><body>Sign in</body></html>", "text/html"),
    "bad gateway": http(502, b"<html>Bad Gateway</html>", "text/html"),
    "unavailable": http(503, b""),
    "forbidden": http(403, b"no", "text/plain"),
    "redirect": b"HTTP/1.1 307 Go\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n",
    "truncated XML": http(200, TAKEN.partition(b"\r\n\r\n")[2][:-9]),
    "empty body element": http(200, envelope("")),
    "another operation's answer": returned("getAssets", ""),
    "no handle": returned("submitJob", ""),
    "empty handle": returned("submitJob", "<jobHandle/>"),
    "handle with status 500": TAKEN.replace(b" 200 ", b" 500 "),
    "fault 30000": fault("ipsApiFault", 30000),
    "unknown IPS code": fault("ipsApiFault", 30999),
    "code out of place": fault("ipsApiFault", 20003),
    "fault without detail": http(
        500, envelope("<soapenv:Fault><faultcode>x</faultcode></soapenv:Fault>")
    ),
    "bad gzip": http(200, b"\x1f\x8bnonsense").replace(
        b"Content-Type", b"Content-Encoding: gzip\r\nContent-Type"
    ),
}


SLOW = ("never answered", "answer too slow")


@pytest.mark.parametrize("name", AFTER_SEND)
def test_doubt_after_sending_is_ambiguous_and_sent_once(
    name: str, peer: Peer, connect: Connect, submission: Submission
) -> None:
    peer.answer("submitJob", AFTER_SEND[name])
    gateway = connect(peer.endpoint, timeouts=BRIEF if name in SLOW else PATIENT)
    know_company(gateway)
    error = submit_fails(gateway, submission)
    assert type(error) is SubmitAmbiguous
    assert peer.count("submitJob") == 1


DRIPS = {
    "status line": b"HTTP/1.1 200 " + b"O" * 400,
    "headers": b"HTTP/1.1 200 OK\r\n" + b"X-Slow: x\r\n" * 40,
    "one header": b"HTTP/1.1 200 OK\r\nX-Slow: " + b"x" * 400,
    "body": TAKEN,
    "body of unknown length": TAKEN.replace(b"Content-Length", b"X-Length"),
}


@pytest.mark.parametrize("tls", [False, True], ids=["http", "https"])
@pytest.mark.parametrize("name", DRIPS)
def test_a_drip_ends_at_the_deadline(
    name: str,
    tls: bool,
    peer: Peer,
    tls_peer: Peer,
    connect: Connect,
    submission: Submission,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Every byte comes well within the time limit between two bytes."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(CERTIFICATE))
    server = tls_peer if tls else peer
    server.answer("submitJob", sends(*[bytes([byte]) for byte in DRIPS[name]], pause=0.05))
    gateway = connect(server.endpoint, timeouts=Timeouts(connect=10, read=10, operation=0.5))
    know_company(gateway)
    started = time.monotonic()
    error = submit_fails(gateway, submission)
    assert time.monotonic() - started < 5
    assert type(error) is SubmitAmbiguous
    assert "did not finish its answer within 0.5 s" in str(error)
    assert server.count("submitJob") == 1


def test_a_dripping_handshake_is_refused_at_the_deadline(
    peer: Peer, connect: Connect, submission: Submission
) -> None:
    peer.at_accept = sends(b"\x16\x03\x03\x40\x00", *[b"\x02"] * 200, pause=0.05)
    brief = Timeouts(connect=10, read=10, operation=0.5)
    gateway = connect(peer.endpoint.replace("http:", "https:"), timeouts=brief)
    know_company(gateway)
    assert type(submit_fails(gateway, submission)) is SubmitRefused


@pytest.mark.parametrize("status", [200, 500])
@pytest.mark.parametrize(
    ("element", "code", "expected"),
    [
        ("authenticationFault", 10000, CredentialsMissing),
        ("authenticationFault", 10001, CredentialsRefused),
        ("authenticationFault", 10002, CredentialsRefused),
        ("authorizationFault", 20000, CompanyUnknown),
        ("authorizationFault", 20006, CompanyUnknown),
        *(
            ("authorizationFault", code, SubmitRefused)
            for code in (20001, 20002, 20003, 20004, 20005, 20007, 20008, 20009)
        ),
        ("ipsApiFault", 30000, SubmitAmbiguous),
        ("ipsApiFault", 30001, SubmitInvalid),
        ("ipsApiFault", 30002, SubmitInvalid),
        ("ipsApiFault", 30003, SubmitInvalid),
    ],
)
def test_each_fault_has_its_meaning(
    element: str,
    code: int,
    expected: type[PortError],
    status: int,
    peer: Peer,
    connect: Connect,
    submission: Submission,
) -> None:
    peer.answer("submitJob", fault(element, code, "the reason", status=status))
    error = submit_fails(connect(peer.endpoint), submission)
    assert type(error) is expected
    assert f"{element} {code}: the reason" in str(error)
    assert peer.count("submitJob") == 1


def test_refused_connection_is_certainly_not_taken(
    peer: Peer, connect: Connect, submission: Submission
) -> None:
    gateway = connect(peer.endpoint)
    gateway.envelope(submission)
    peer.stop()
    error = submit_fails(gateway, submission)
    assert type(error) is SubmitRefused
    assert "refuses connections" in str(error)


def test_unreachable_before_the_job_is_refused(connect: Connect, submission: Submission) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    error = submit_fails(connect(f"http://127.0.0.1:{port}/x"), submission)
    assert type(error) is SubmitRefused
    assert f"127.0.0.1:{port} refuses connections" in str(error)


def test_connection_that_never_stands_is_refused(connect: Connect, submission: Submission) -> None:
    """A full backlog: the kernel drops the SYN, as a firewall would."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener:
        address = listener.getsockname()
        waiting = [socket.socket() for _ in range(3)]
        for one in waiting:
            one.settimeout(0)
            one.connect_ex(address)
        try:
            full = connect(f"http://127.0.0.1:{address[1]}/x", timeouts=BRIEF)
            know_company(full)
            error = submit_fails(full, submission)
        finally:
            for one in waiting:
                one.close()
    assert type(error) is SubmitRefused
    assert "accepted no connection within 0.3 s" in str(error)


def test_reset_before_the_request_was_read_is_never_taken_for_an_answer(
    peer: Peer, connect: Connect, submission: Submission
) -> None:
    """Whether the reset comes before or after our bytes left is the kernel's choice."""
    gateway = connect(peer.endpoint)
    know_company(gateway)
    peer.at_accept = resets
    error = submit_fails(gateway, submission)
    assert type(error) in (SubmitRefused, SubmitAmbiguous)
    assert (peer.connections, peer.requests) == (1, [])


def test_tls_refusal_is_certainly_not_taken(
    tls_peer: Peer, connect: Connect, submission: Submission
) -> None:
    gateway = connect(tls_peer.endpoint)
    know_company(gateway)
    error = submit_fails(gateway, submission)
    assert type(error) is SubmitRefused
    assert "is not trusted" in str(error)
    assert tls_peer.requests == []


def test_tls_broken_after_sending_is_ambiguous(
    tls_peer: Peer, connect: Connect, submission: Submission, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same kind of exception as a failed handshake, at a time when the job may be taken."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(CERTIFICATE))
    tls_peer.answer("submitJob", closes)
    error = submit_fails(connect(tls_peer.endpoint), submission)
    assert type(error) is SubmitAmbiguous
    assert tls_peer.count("submitJob") == 1


def test_tls_handshake_cut_off_is_refused(
    peer: Peer, connect: Connect, submission: Submission
) -> None:
    peer.at_accept = then(reads(5), resets)
    gateway = connect(peer.endpoint.replace("http:", "https:"))
    know_company(gateway)
    assert type(submit_fails(gateway, submission)) is SubmitRefused
    assert peer.requests == []


def test_a_kept_connection_that_died_does_not_cost_a_doubt(
    peer: Peer, connect: Connect, submission: Submission
) -> None:
    """The server drops every connection after an answer without saying so."""
    peer.answer("submitJob", then(sends(TAKEN), closes))
    gateway = connect(peer.endpoint)
    for _ in range(5):
        assert gateway.submit(submission) == "j|7|s7-shop||"
    assert peer.count("submitJob") == 5
    assert peer.connections == 6  # one for the company's handle, one for each submit


def test_threads_share_a_gateway(peer: Peer, connect: Connect, submission: Submission) -> None:
    peer.answer("submitJob", TAKEN)
    gateway = connect(peer.endpoint)
    names = [f"job-{number}" for number in range(24)]
    with ThreadPoolExecutor(8) as pool:
        sent = [replace(submission, attempt_name=name) for name in names]
        assert set(pool.map(gateway.submit, sent)) == {"j|7|s7-shop||"}
    bodies = peer.bodies("submitJob")
    assert sorted(name for b in bodies for name in names if f">{name}<" in b) == sorted(names)
    assert peer.count("getCompanyInfo") == 1


@pytest.mark.parametrize(
    "step", [hangs, http(502, b""), fault("ipsApiFault", 30000)], ids=["hangs", "502", "30000"]
)
def test_failing_to_resolve_the_company_sends_no_job(
    step: Step | bytes, peer: Peer, connect: Connect, submission: Submission
) -> None:
    peer.answer("getCompanyInfo", step)
    peer.answer("getCompanyMembership", fault("ipsApiFault", 30000))
    error = submit_fails(connect(peer.endpoint, timeouts=BRIEF), submission)
    assert type(error) is SubmitRefused
    assert peer.count("submitJob") == 0


@pytest.mark.parametrize("field", ["attempt_name", "description", "is_modifier", "macro"])
@pytest.mark.parametrize("text", ["a\x00b", "a\x1bb", "a\x0bb", "\ud800", "\uffff"], ids=repr)
def test_control_characters_are_not_sent(
    field: str, text: str, peer: Peer, connect: Connect, submission: Submission
) -> None:
    changes: dict[str, Any] = {field: text}
    error = submit_fails(connect(peer.endpoint), replace(submission, **changes))
    assert type(error) is SubmitRefused
    assert "control character" in str(error)
    assert peer.requests == []
