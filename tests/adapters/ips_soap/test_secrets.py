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
from s7spec.model.submission import Submission
from s7spec.ports import PortError
from tests.adapters.ips_soap.peer import Peer, Step, envelope, fault, resets, returned, sends
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


LONGER = Credentials(user="Canary", password="CanaryPw:7&x")


def job(inner: str) -> bytes:
    return returned(
        "getActiveJobs",
        f"<jobArray><items><originalName>Canary-job</originalName>{inner}</items></jobArray>",
    )


def reply_with(inner: str) -> bytes:
    page = f"<totalRows>1</totalRows><assetArray><items>{inner}</items></assetArray>"
    return returned("searchAssets", page)


ASSET = "<assetHandle>a|1</assetHandle><type>Image</type><name>x</name>"
ECHOES: dict[str, tuple[str, Step | bytes]] = {
    "reason": ("getImageFormats", fault("ipsApiFault", 30000, "Canary has CanaryPw:7&amp;x")),
    "escaped reason": ("getImageFormats", fault("ipsApiFault", 30000, "CanaryPw:7&amp;amp;x")),
    "encoded reason": ("getImageFormats", fault("ipsApiFault", 30000, "?p=CanaryPw%3A7%26x")),
    "faultstring": (
        "getImageFormats",
        answer(
            500,
            envelope(
                "<soapenv:Fault><faultcode>CanaryPw:7&amp;x</faultcode>"
                "<faultstring>CanaryPw:7&amp;x</faultstring></soapenv:Fault>"
            ),
        ),
    ),
    "media type": ("getImageFormats", answer(502, b"x", "text/CanaryPw:7&x")),
    "status line": ("getImageFormats", sends(b"CanaryPw:7&x is no HTTP\r\n\r\n")),
    "odd header": (
        "getImageFormats",
        sends(b"HTTP/1.1 200 OK\r\n CanaryPw:7&x\r\nContent-Length: 0\r\n\r\n"),
    ),
    "company": ("getCompanyInfo", returned("getCompanyInfo", "<companyInfo/>")),
    "no date": (
        "searchAssets",
        reply_with(f"{ASSET}<lastModified>{'-' * 50}CanaryPw:7&amp;x</lastModified>"),
    ),
    "no number": (
        "searchAssets",
        reply_with(f"{ASSET}<imageInfo><width>CanaryPw:7&amp;x</width></imageInfo>"),
    ),
}


@pytest.mark.parametrize("name", ECHOES)
def test_a_user_within_the_password_does_not_give_it_away(
    name: str, peer: Peer, connect: Connect, everything_logged: io.StringIO
) -> None:
    operation, step = ECHOES[name]
    peer.answer(operation, step)
    peer.answer(
        "getCompanyMembership",
        returned(
            "getCompanyMembership",
            "<membershipArray><items><company><name>CanaryPw:7&amp;x</name></company></items>"
            "</membershipArray>",
        ),
    )
    gateway = connect(peer.endpoint, credentials=LONGER)
    calls: dict[str, Callable[[], object]] = {
        "searchAssets": lambda: list(gateway.in_folder("", recursive=True, types=(), where=())),
    }
    with pytest.raises(PortError) as caught:
        calls.get(operation, gateway.presets)()
    told = "".join(traceback.format_exception(caught.value)) + everything_logged.getvalue()
    assert "Pw" not in told


def test_handles_and_messages_are_kept_without_the_password(
    peer: Peer, connect: Connect, submission: Submission
) -> None:
    secret = "CanaryPw:7&amp;x"
    peer.answer("submitJob", returned("submitJob", f"<jobHandle>j|{secret}</jobHandle>"))
    peer.answer(
        "getActiveJobs",
        job(f"<jobHandle>{secret}</jobHandle><progressMessage>{secret}</progressMessage>"),
    )
    gateway = connect(peer.endpoint, credentials=LONGER)
    assert gateway.submit(submission) == "j|***"
    found = gateway.find("Canary-job")
    assert found is not None
    assert (found.jobHandle, found.progressMessage) == ("***", "***")
    assert gateway.active_jobs()[0].jobHandle == "***"


def test_a_short_password_leaves_the_jobs_own_name_alone(peer: Peer, connect: Connect) -> None:
    """The embedded IPS's default password is a word that turns up in names."""
    peer.answer("getActiveJobs", job("<jobHandle>j|7||Canary-job_2026|1 ary</jobHandle>"))
    gateway = connect(peer.endpoint, credentials=Credentials(user="u", password="ary"))
    found = gateway.find("Canary-job")
    assert found is not None
    assert found.jobHandle == "j|7||Canary-job_2026|1 ***"
