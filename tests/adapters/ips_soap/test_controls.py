"""stopJob and deleteJob: one request each, whatever comes back, with the handle that IPS gave."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from s7spec.adapters.credentials import Credentials
from s7spec.adapters.ips_soap import IpsSoapGateway
from s7spec.model.submission import Submission
from s7spec.ports import (
    CompanyUnknown,
    CredentialsRefused,
    IpsAnswerUnreadable,
    IpsFault,
    IpsUnreachable,
    PortError,
)
from tests.adapters.ips_soap.conftest import BRIEF, PATIENT
from tests.adapters.ips_soap.peer import (
    Peer,
    Step,
    closes,
    fault,
    hangs,
    http,
    resets,
    returned,
    sends,
    then,
)
from tests.adapters.ips_soap.test_messages import SPACE, checked

Connect = Callable[..., IpsSoapGateway]
Control = tuple[str, str]
HANDLE = "j|230095||s7-shop-1_2026-06-11-12:28:16.666|319033220"
CONTROLS: list[Control] = [("stop", "stopJob"), ("delete", "deleteJob")]
TROUBLES: dict[str, tuple[Step | bytes, type[PortError]]] = {
    "reset": (resets, IpsUnreachable),
    "closed": (closes, IpsUnreachable),
    "never answered": (hangs, IpsUnreachable),
    "unavailable": (http(503, b""), IpsAnswerUnreadable),
    "HTML page": (http(200, b"<html>Sign in</html>", "text/html"), IpsAnswerUnreadable),
    "another operation's answer": (returned("submitJob", ""), IpsAnswerUnreadable),
    "no such job": (fault("ipsApiFault", 30001), IpsFault),
    "not allowed": (fault("authorizationFault", 20003), IpsFault),
    "wrong login": (fault("authenticationFault", 10001), CredentialsRefused),
    "another company": (fault("authorizationFault", 20006), CompanyUnknown),
}


@pytest.mark.parametrize(("method", "operation"), CONTROLS)
def test_it_asks_once_and_says_nothing(
    method: str, operation: str, peer: Peer, connect: Connect
) -> None:
    peer.answer(operation, returned(operation, ""))
    assert getattr(connect(peer.endpoint), method)(HANDLE) is None
    (request,) = (each for each in peer.requests if each.operation == operation)
    assert request.headers["connection"] == "close"
    _, content = checked(request.body)
    fields = [(str(node.tag).removeprefix(SPACE), node.text) for node in content]
    assert fields == [("companyHandle", "c|7"), ("jobHandle", HANDLE)]


@pytest.mark.parametrize("name", TROUBLES)
@pytest.mark.parametrize(("method", "operation"), CONTROLS)
def test_doubt_is_told_and_never_asked_again(
    method: str, operation: str, name: str, peer: Peer, connect: Connect
) -> None:
    step, kind = TROUBLES[name]
    peer.answer(operation, step)
    gateway = connect(peer.endpoint, timeouts=BRIEF if step is hangs else PATIENT)
    with pytest.raises(kind):
        getattr(gateway, method)(HANDLE)
    assert peer.count(operation) == 1


@pytest.mark.parametrize(("method", "operation"), CONTROLS)
def test_a_kept_connection_that_died_does_not_cost_a_doubt(
    method: str, operation: str, peer: Peer, connect: Connect
) -> None:
    peer.answer(operation, then(sends(returned(operation, "")), closes))
    gateway = connect(peer.endpoint)
    for _ in range(3):
        getattr(gateway, method)(HANDLE)
    assert (peer.count(operation), peer.connections) == (3, 4)


@pytest.mark.parametrize(("method", "operation"), CONTROLS)
def test_no_handle_holds_a_control_character(
    method: str, operation: str, peer: Peer, connect: Connect
) -> None:
    with pytest.raises(IpsAnswerUnreadable, match="control character"):
        getattr(connect(peer.endpoint), method)("j|7|\x00||")
    assert peer.requests == []


@pytest.mark.parametrize("password", ["26", "230095", "shop", "s7-shop-1", "|", "-", "j", "12:2"])
def test_the_handle_that_is_shown_is_the_one_to_send_back(
    password: str, peer: Peer, connect: Connect
) -> None:
    """However short the password is, and wherever in a handle it turns up by chance."""
    item = f"<items><originalName>s7-shop-1</originalName><jobHandle>{HANDLE}</jobHandle></items>"
    peer.answer("getActiveJobs", returned("getActiveJobs", f"<jobArray>{item}</jobArray>"))
    peer.answer("stopJob", returned("stopJob", ""))
    gateway = connect(peer.endpoint, credentials=Credentials(user="u", password=password))
    found = gateway.find("s7-shop-1")
    assert found is not None
    assert found.jobHandle == HANDLE
    gateway.stop(found.jobHandle)
    assert f"jobHandle>{HANDLE}<" in peer.bodies("stopJob")[0]


def test_the_handle_of_a_submission_can_be_sent_back(
    peer: Peer, connect: Connect, submission: Submission
) -> None:
    handle = "j|7|s7-shop-0123abcd-89ef0123-g1||"
    peer.answer("submitJob", returned("submitJob", f"<jobHandle>{handle}</jobHandle>"))
    login = Credentials(user="u", password="shop")
    assert connect(peer.endpoint, credentials=login).submit(submission) == handle
