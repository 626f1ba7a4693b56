"""The password shows in no log and no error, at whatever level somebody logs."""

from __future__ import annotations

import io
import logging
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from s7spec.adapters.credentials import Credentials
from s7spec.adapters.ips_soap import IpsSoapGateway
from s7spec.model.job import Submission
from s7spec.ports import PortError
from tests.adapters.ips_soap.peer import Peer, Step, fault, resets, returned
from tests.adapters.ips_soap.peer import http as answer

Connect = Callable[..., IpsSoapGateway]
CANARY = "s3cret-canary"


@pytest.fixture
def everything_logged(caplog: pytest.LogCaptureFixture) -> Iterator[io.StringIO]:
    """DEBUG on the root; urllib3 also where it was configured before."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    root = logging.getLogger()
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, "urllib3")
    root.addHandler(handler)
    yield stream
    root.removeHandler(handler)


FAILURES: dict[str, Step | bytes] = {
    "reset": resets,
    "page that repeats the request": answer(
        502, f"<html>{CANARY}</html>".encode(), f"text/html; x={CANARY}"
    ),
    "fault that repeats the password": fault("ipsApiFault", 30000, f"ann has {CANARY}!"),
    "wrong password": fault("authenticationFault", 10001, f"no login with '{CANARY}'"),
}


@pytest.mark.parametrize("step", FAILURES.values(), ids=FAILURES.keys())
def test_canary(
    step: Step | bytes,
    peer: Peer,
    connect: Connect,
    submission: Submission,
    everything_logged: io.StringIO,
) -> None:
    peer.answer("getImageFormats", step)
    peer.answer("submitJob", step, returned("submitJob", "<jobHandle>j</jobHandle>"))
    gateway = connect(peer.endpoint)
    errors: list[PortError] = []
    for call in (gateway.presets, lambda: gateway.submit(submission)):
        with pytest.raises(PortError) as caught:
            call()
        errors.append(caught.value)
    assert gateway.submit(submission) == "j"
    told = [*(text for e in errors for text in traceback.format_exception(e)), *map(repr, errors)]
    assert CANARY not in "".join(told)
    assert CANARY in peer.bodies("submitJob")[0]
    log = everything_logged.getvalue()
    assert "POST /scene7/services/IpsApiService" in log  # it was indeed listening
    assert CANARY not in log
    assert CANARY not in repr(gateway.__dict__) + repr(vars(gateway._calls))


def test_zeep_stays_silent(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for name in ("zeep", "zeep.transports", "zeep.wsdl.bindings.soap"):
        assert not logging.getLogger(name).isEnabledFor(logging.DEBUG)


def test_the_user_stays_readable_when_the_password_is_a_part_of_it(
    peer: Peer, connect: Connect
) -> None:
    peer.answer("getImageFormats", fault("ipsApiFault", 30000, "demo@example.com said demo"))
    login = Credentials(user="demo@example.com", password="demo")
    with pytest.raises(PortError, match=r"30000: demo@example.com said \*\*\*$"):
        connect(peer.endpoint, credentials=login).presets()


def test_no_login_is_taken_from_netrc(
    peer: Peer, connect: Connect, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login other password elsewhere\n")
    monkeypatch.setenv("NETRC", str(netrc))
    peer.answer("getImageFormats", returned("getImageFormats", "<imageFormatArray/>"))
    connect(peer.endpoint).presets()
    assert all("authorization" not in request.headers for request in peer.requests)
