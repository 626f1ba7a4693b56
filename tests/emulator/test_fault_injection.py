"""Faults on the wire: what a client sees, and what the server has done by then."""

from __future__ import annotations

import gzip
import http.client
import io
import logging
import os
import socket
import struct
import threading
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest
import requests
from lxml import etree

from s7spec.adapters.credentials import Credentials
from s7spec.adapters.ips_soap import IpsSoapGateway
from s7spec.emulator import EmbeddedIps, FaultsFileError
from s7spec.emulator.faults import jobs
from s7spec.emulator.faults.book import Decision, RuleBook
from s7spec.emulator.faults.carrying_out import FaultyApplication
from s7spec.emulator.faults.live import LiveFaults
from s7spec.emulator.faults.rules import (
    ClockSkew,
    DroppedReply,
    Effect,
    FaultRule,
    HttpError,
    JobHangs,
    Latency,
    MalformedXml,
    Reset,
    SlowBody,
    SoapFault,
    Trigger,
    TruncatedBody,
)
from s7spec.emulator.http.connection import CONNECTION, Connection, Parking
from s7spec.emulator.http.replies import Environ, StartResponse
from s7spec.emulator.options import ENDPOINT
from s7spec.emulator.soap.faults import FaultCode
from s7spec.ports import PortError
from tests.emulator.conftest import CONTRACT, SOAP_11, Ips, Serve, V, envelope

SOAP_12 = "http://www.w3.org/2003/05/soap-envelope"
LONG = 3600.0
"""Longer than any test may take: what waits for so long ends only because the server stops."""


def inject(
    ips: Ips, effect: Effect, *operations: str, trigger: Trigger | None = None
) -> LiveFaults:
    faults = ips.server.faults
    faults.replace(FaultRule(effect=effect, operations=operations, trigger=trigger or Trigger()))
    return faults


def connect(ips: Ips) -> socket.socket:
    return socket.create_connection((ips.address.hostname or "", ips.address.port or 0), 20)


def ask(ips: Ips, operation: str = "getUserInfo", children: str = "") -> socket.socket:
    """A raw connection with a request on its way."""
    body = ips.envelope(operation, children)
    head = (
        f"POST {ips.address.path} HTTP/1.1\r\nHost: ips\r\nContent-Type: text/xml\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    connection = connect(ips)
    connection.sendall(head.encode() + body)
    return connection


def everything(connection: socket.socket) -> bytes:
    """All that comes until the other side closes. Raises ConnectionResetError."""
    with connection:
        data = b""
        while block := connection.recv(65536):
            data += block
        return data


def submitted(ips: Ips) -> list[str]:
    """Names of all jobs the server knows of; what it was asked is done by now."""
    ips.server.faults.clear()
    active = ips.call("getActiveJobs").texts("jobArray/items/originalName")
    logs = ips.call("getJobLogs", ips.children(companyHandle="c|110"))
    return sorted({*active, *logs.texts("jobLogArray/items/originalJobName")})


def job(ips: Ips, name: str = "the job") -> str:
    return ips.export_job(name, [ips.handles()["PS_1"]])


@pytest.mark.parametrize("acted", [False, True])
def test_reset(ips: Ips, acted: bool) -> None:
    children = job(ips)
    inject(ips, Reset(acted=acted), "submitJob")
    with pytest.raises(ConnectionResetError):
        everything(ask(ips, "submitJob", children))
    assert submitted(ips) == (["the job"] if acted else [])


def test_reset_as_requests_sees_it(ips: Ips) -> None:
    faults = inject(ips, Reset())
    with pytest.raises(requests.ConnectionError, match="reset by peer"):
        requests.post(ips.endpoint, data=ips.envelope("getUserInfo", ""), timeout=20)
    assert faults.hits == (1,)


def test_dropped_reply(ips: Ips) -> None:
    children = job(ips)
    inject(ips, DroppedReply(), "submitJob")
    assert everything(ask(ips, "submitJob", children)) == b""
    assert submitted(ips) == ["the job"]


def test_dropped_reply_as_other_clients_see_it(ips: Ips) -> None:
    inject(ips, DroppedReply())
    with pytest.raises(http.client.RemoteDisconnected):
        ips.call("getUserInfo")
    with pytest.raises(requests.ConnectionError):
        requests.post(ips.endpoint, data=ips.envelope("getUserInfo", ""), timeout=20)


@pytest.mark.parametrize("status", [500, 502, 503, 504])
@pytest.mark.parametrize("acted", [False, True])
def test_http_error(ips: Ips, status: int, acted: bool) -> None:
    children = job(ips)
    inject(ips, HttpError(status=status, acted=acted), "submitJob")
    reply = ips.call("submitJob", children)
    assert reply.status == status
    assert reply.headers["Content-Type"].startswith("text/html")
    assert "Retry-After" not in reply.headers
    assert etree.HTML(reply.body).findtext(".//title").startswith(str(status))  # type: ignore[union-attr]
    assert submitted(ips) == (["the job"] if acted else [])


def test_retry_after_and_a_connection_that_is_kept(ips: Ips) -> None:
    inject(ips, HttpError(status=503, retry_after=7), trigger=Trigger(first=1))
    with requests.Session() as session:
        body = ips.envelope("getUserInfo", "")
        answers = [
            session.post(ips.endpoint, body, headers={"Content-Type": "text/xml"}, timeout=20)
            for _ in range(2)
        ]
    assert [answer.status_code for answer in answers] == [503, 200]
    assert answers[0].headers["Retry-After"] == "7"
    assert "Connection" not in answers[0].headers


@pytest.mark.parametrize("code", list(FaultCode))
def test_every_fault_code(ips: Ips, code: FaultCode) -> None:
    inject(ips, SoapFault(code=code, reason="<no> & no"))
    reply = ips.call("getUserInfo")
    names = {1: "authenticationFault", 2: "authorizationFault", 3: "ipsApiFault"}
    assert reply.status == 500
    assert reply.fault == (names[code // 10000], int(code), "<no> & no")


def test_fault_as_the_header_of_the_request_wants_it(ips: Ips) -> None:
    inject(ips, SoapFault(code=FaultCode.EXCEPTION))
    header = (
        f'<a:authHeader xmlns:a="{V}"><a:user>nobody</a:user><a:appName>t</a:appName>'
        "<a:appVersion>1</a:appVersion><a:gzipResponse>true</a:gzipResponse>"
        "<a:faultHttpStatusCode>200</a:faultHttpStatusCode></a:authHeader>"
    )
    reply = ips.call("getUserInfo", header=header)
    assert reply.status == 200
    assert reply.headers["Content-Encoding"] == "gzip"
    assert b"ipsApiFault" in gzip.decompress(reply.body)


def test_fault_for_soap_1_2_and_for_what_is_no_envelope(ips: Ips) -> None:
    inject(ips, SoapFault(code=FaultCode.INVALID_USER))
    content_type = "application/soap+xml; charset=UTF-8"
    body = ips.envelope("getUserInfo", "", soap=SOAP_12)
    reply = ips.send(body, Content_Type=content_type)
    assert reply.root.tag == f"{{{SOAP_12}}}Envelope"
    assert reply.headers["Content-Type"] == content_type
    assert ips.send(b"nonsense").fault[1] == 10002
    assert ips.send(b"nonsense").root.tag == f"{{{SOAP_11}}}Envelope"


@pytest.mark.parametrize("acted", [False, True])
def test_fault_with_and_without_acting(ips: Ips, acted: bool) -> None:
    children = job(ips)
    inject(ips, SoapFault(code=FaultCode.EXCEPTION, acted=acted), "submitJob")
    assert ips.call("submitJob", children).status == 500
    assert submitted(ips) == (["the job"] if acted else [])


@pytest.mark.parametrize("accept", ["identity", "gzip"])
def test_malformed_xml(ips: Ips, accept: str) -> None:
    inject(ips, MalformedXml())
    body = ips.envelope("getUserInfo", "")
    reply = requests.post(ips.endpoint, body, headers={"Accept-Encoding": accept}, timeout=20)
    assert reply.status_code == 200
    assert b"<userHandle>" in reply.content
    with pytest.raises(etree.XMLSyntaxError):
        etree.fromstring(reply.content)


@pytest.mark.parametrize("share", [0.0, 0.25, 0.99])
def test_truncated_body(ips: Ips, share: float) -> None:
    whole = ips.call("getUserInfo").body
    inject(ips, TruncatedBody(share=share))
    head, _, body = everything(ask(ips)).partition(b"\r\n\r\n")
    assert f"Content-Length: {len(whole)}".encode() in head
    assert body == whole[: max(1, int(len(whole) * share))]
    with pytest.raises(http.client.IncompleteRead):
        ips.call("getUserInfo")
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        requests.post(ips.endpoint, ips.envelope("getUserInfo", ""), timeout=20)


def test_slow_body_comes_in_pieces_and_whole(ips: Ips) -> None:
    whole = ips.call("getUserInfo").body
    inject(ips, SlowBody(seconds=0.01, chunk_bytes=50))
    assert ips.call("getUserInfo").body == whole
    inject(ips, SlowBody(seconds=LONG, chunk_bytes=50))
    with ask(ips) as connection:
        data = b""
        while b"\r\n\r\n" not in data or len(data.partition(b"\r\n\r\n")[2]) < 50:
            data += connection.recv(65536)
        connection.settimeout(0.1)
        with pytest.raises(TimeoutError):
            connection.recv(1)
    assert data.partition(b"\r\n\r\n")[2] == whole[:50]


@pytest.mark.parametrize("acted", [False, True])
def test_latency_before_and_after_acting(ips: Ips, acted: bool) -> None:
    children = job(ips)
    faults = inject(ips, Latency(seconds=LONG, acted=acted), "submitJob")
    with ask(ips, "submitJob", children) as connection:
        if acted:
            log = ips.finished("the job")
            assert len(log.find("jobLogArray/items")) == 1
        else:
            ips.until(lambda: ips.call("getActiveJobs"), lambda _: faults.hits == (1,))
            assert ips.log("the job").find("jobLogArray/items") == []
        connection.settimeout(0.1)
        with pytest.raises(TimeoutError):
            connection.recv(1)


def test_latency_ends(ips: Ips) -> None:
    inject(ips, Latency(seconds=0.02))
    assert ips.call("getUserInfo").status == 200


@pytest.mark.parametrize(
    "effect",
    [Latency(seconds=LONG), Latency(seconds=LONG, acted=True), SlowBody(seconds=LONG)],
    ids=["before", "after", "dripping"],
)
def test_slow_requests_starve_nobody(ips: Ips, effect: Effect) -> None:
    """There are eight threads; thirty calls wait, and others are still answered."""
    faults = inject(ips, effect, "getUserInfo")
    with ExitStack() as stack:
        for _ in range(30):
            stack.enter_context(ask(ips))
        ips.until(lambda: ips.call("getActiveJobs"), lambda _: faults.hits == (30,))
        for _ in range(20):
            assert ips.call("getActiveJobs").status == 200


def test_a_stopping_server_drops_those_that_wait(serve: Serve) -> None:
    before = set(threading.enumerate())
    ips = serve()
    faults = inject(ips, Latency(seconds=LONG), "getUserInfo")
    connections = [ask(ips) for _ in range(12)]
    ips.until(lambda: ips.call("getActiveJobs"), lambda _: faults.hits == (12,))
    ips.server.close()
    assert [everything(connection) for connection in connections] == [b""] * 12
    assert set(threading.enumerate()) == before


def test_clients_that_go_away_while_they_wait(ips: Ips) -> None:
    faults = inject(ips, Reset(acted=True), "getUserInfo")
    faults.add(FaultRule(effect=Latency(seconds=0.05), operations=("getUserInfo",)))
    for _ in range(20):
        connection = ask(ips)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()
    assert ips.call("getActiveJobs").status == 200
    assert ips.call("getCompanyMembership").status == 200


def test_by_operation_and_number(ips: Ips) -> None:
    faults = inject(ips, HttpError(status=500), "getUserInfo", trigger=Trigger(nth=2))
    statuses = [
        ips.call(name).status
        for name in ("getUserInfo", "getActiveJobs", "getUserInfo", "getActiveJobs", "getUserInfo")
    ]
    assert statuses == [200, 200, 500, 200, 200]
    assert faults.hits == (1,)


def test_packed_requests_are_known_by_their_operation(ips: Ips) -> None:
    inject(ips, HttpError(status=502), "getUserInfo")
    packed = gzip.compress(ips.envelope("getUserInfo", ""))
    assert ips.send(packed, Content_Encoding="gzip").status == 502
    other = gzip.compress(ips.envelope("getActiveJobs", ""))
    assert ips.send(other, Content_Encoding="gzip").status == 200


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"nonsense",
        b"<a/>",
        b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
        b"<Envelope><Header>" * 5000,
        b"<Envelope><Body>text<searchAssets/></Body></Envelope>",
    ],
)
def test_requests_without_an_operation(ips: Ips, body: bytes) -> None:
    """They are nobody's but everybody's, and answered as ever when nothing hits them."""
    plain = ips.send(body)
    faults = inject(ips, Reset(), "submitJob")
    assert (ips.send(body).status, ips.send(body).body) == (plain.status, plain.body)
    assert faults.hits == (0,)
    inject(ips, HttpError(status=502), "*")
    assert ips.send(body).status == 502


def test_requests_that_are_too_large_are_answered_as_ever(ips: Ips) -> None:
    inject(ips, HttpError(status=502), "submitJob")
    reply = ips.send(b" " * (9 * 1024 * 1024))
    assert reply.fault[1] == 30003
    assert "larger than" in reply.fault[2]


def zip_path(ips: Ips) -> str:
    log = ips.export(ips.export_job("zipped", list(ips.handles().values())), "zipped")
    names = log.texts("jobLogArray/items/detailArray/items/assetName")
    (url,) = [name for name in names if name.startswith("http")]
    return url.removeprefix(ips.server.url)


def test_downloads(ips: Ips) -> None:
    path = zip_path(ips)
    whole = ips.request("GET", path).body
    inject(ips, TruncatedBody(), "zipDownload")
    with pytest.raises(http.client.IncompleteRead) as caught:
        ips.request("GET", path)
    assert caught.value.partial == whole[: len(whole) // 2]
    assert ips.request("HEAD", path).headers["Content-Length"] == str(len(whole))
    inject(ips, SlowBody(seconds=0.001, chunk_bytes=500), "zipDownload")
    assert ips.request("GET", path).body == whole
    inject(ips, HttpError(status=503), "*")
    assert ips.request("GET", path).status == 200
    inject(ips, HttpError(status=503), "zipDownload", "imagePreview", "wsdlDownload")
    assert ips.request("GET", path).status == 503
    assert ips.request("GET", "/is/image/Acme/PS_1").status == 503
    assert ips.request("GET", f"{ips.address.path}?wsdl").status == 503
    assert ips.request("GET", "/").status == 200
    assert ips.call("getUserInfo").status == 200


def test_malformed_wsdl(ips: Ips) -> None:
    inject(ips, MalformedXml(), "wsdlDownload")
    with pytest.raises(etree.XMLSyntaxError):
        _ = ips.request("GET", f"{ips.address.path}?wsdl").root


GATEWAY_SEES: list[Effect] = [
    Reset(),
    Reset(acted=True),
    DroppedReply(),
    HttpError(status=502),
    SoapFault(code=FaultCode.EXCEPTION),
    MalformedXml(),
    TruncatedBody(),
]


@pytest.mark.parametrize("effect", GATEWAY_SEES, ids=lambda effect: effect.kind)
def test_a_real_soap_stack_gets_an_error_it_can_name(ips: Ips, effect: Effect) -> None:
    """zeep over requests, as our own gateway uses it."""
    inject(ips, effect)
    with (
        pytest.raises(PortError),
        IpsSoapGateway(
            endpoint=ips.endpoint,
            company="Acme",
            credentials=Credentials(user="demo@example.com", password="demo"),
            contract=CONTRACT,
        ) as gateway,
    ):
        gateway.presets()


def test_the_file_at_the_start(serve: Serve, tmp_path: Path) -> None:
    file = tmp_path / "faults.yaml"
    file.write_text("faults:\n  - {kind: http-error, status: 503, nth: 1}\n")
    ips = serve(faults=file)
    assert ips.call("getUserInfo").status == 503
    assert ips.call("getUserInfo").status == 200
    assert ips.server.faults.rules[0].place == f"{file}:2:5"


def test_a_broken_file_at_the_start(serve: Serve, tmp_path: Path) -> None:
    file = tmp_path / "faults.yaml"
    file.write_text("faults:\n  - {kind: reset, nht: 1}\n")
    with pytest.raises(FaultsFileError, match=r"faults\.yaml:2:19: .*did you mean 'nth'"):
        serve(faults=file)
    with pytest.raises(FaultsFileError, match="cannot be read"):
        serve(faults=tmp_path / "none.yaml")
    file.write_text("faults: []\n")
    assert serve(faults=file).call("getUserInfo").status == 200


def rewrite(file: Path, text: str) -> None:
    """As editors do it: a new file in the place of the old one."""
    part = file.with_suffix(".part")
    part.write_text(text)
    os.replace(part, file)  # noqa: PTH105 - Path.replace would do the same


def test_an_edited_file(serve: Serve, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    file = tmp_path / "faults.yaml"
    file.write_text("faults: []\n")
    ips = serve(faults=file)
    assert ips.call("getUserInfo").status == 200
    rewrite(file, "faults:\n  - {kind: http-error, status: 502}\n")
    assert ips.call("getUserInfo").status == 502
    with caplog.at_level(logging.WARNING):
        rewrite(file, "faults:\n  - {kind: http-eror, status: 504}\n")
        assert [ips.call("getUserInfo").status for _ in range(3)] == [502] * 3
    again, complaint = (record.getMessage() for record in caplog.records)
    assert again == f"{file} is read again, rules: 1"
    assert complaint.startswith(f"{file}:2:12: unknown kind 'http-eror'")
    assert complaint.endswith("the faults stay as they were")
    file.unlink()
    assert ips.call("getUserInfo").status == 502
    rewrite(file, "faults: []\n")
    assert ips.call("getUserInfo").status == 200


def test_there_are_no_faults_without_a_server(ips: Ips) -> None:
    server: EmbeddedIps = ips.server
    server.close()
    with pytest.raises(RuntimeError, match="not running"):
        _ = server.faults


class Faults(LiveFaults):
    """Carries any rule to the application, also one that the job engine would not carry out."""

    def __init__(self, *effects: Effect) -> None:
        super().__init__()
        self.book = RuleBook([FaultRule(effect=effect) for effect in effects])

    def are_there(self) -> bool:
        return True

    def decide(self, operation: str | None) -> Decision | None:
        return self.book.decide(operation)


def test_the_application_works_under_the_faults_of_its_call() -> None:
    seen: list[object] = []
    sent: list[tuple[str, dict[str, str]]] = []

    def application(environ: Environ, start_response: StartResponse) -> list[bytes]:
        seen.append(jobs.skew_of_call())
        start_response("200 OK", [("Content-Length", "2"), ("Date", "today")])
        return [b"ok"]

    environ: Environ = {
        "PATH_INFO": ENDPOINT,
        "REQUEST_METHOD": "POST",
        "wsgi.input": io.BytesIO(envelope("submitJob", "")),
        CONNECTION: Connection(channel=None, parking=Parking(lambda count: None, threads=1)),
    }
    faulty = FaultyApplication(application, Faults(ClockSkew(seconds=86400), JobHangs(after=3)))
    body = faulty(environ, lambda status, headers: sent.append((status, dict(headers))))
    assert list(body) == [b"ok"]
    assert seen == [timedelta(days=1)]
    ((status, headers),) = sent
    assert status == "200 OK"
    ahead = parsedate_to_datetime(headers["Date"]) - datetime.now(UTC)
    assert timedelta(hours=23) < ahead < timedelta(hours=25)
    assert jobs.skew_of_call() is None
