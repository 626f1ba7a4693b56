"""TLS, proxies and names: each failure has its own sentence and class, over real sockets."""

from __future__ import annotations

import logging
import socket
import ssl
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme

from s7spec.adapters.ips_soap import IpsSoapGateway, ReadRetries, Route, Timeouts
from s7spec.adapters.ips_soap import failures as f
from s7spec.model.submission import Submission
from s7spec.ports import PortError, SubmitRefused
from tests.adapters.ips_soap.connect_proxy import ConnectProxy, refusal
from tests.adapters.ips_soap.peer import (
    Peer,
    Step,
    closes,
    hangs,
    http,
    reads,
    resets,
    returned,
    sends,
    then,
)

Connect = Callable[..., IpsSoapGateway]
HOST = "ips.test"
FAR = f"https://{HOST}/scene7/services/IpsApiService"
EMPTY = returned("getImageFormats", "<imageFormatArray/>")
TRIES = 3


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def ca(authority: trustme.CA, tmp_path: Path) -> Path:
    path = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(path)
    return path


@contextmanager
def tls_peer(certificate: trustme.LeafCert, **settings: object) -> Iterator[Peer]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    for name, value in settings.items():
        setattr(context, name, value)
    with Peer(tls=context) as peer:
        peer.answer("getImageFormats", EMPTY)
        yield peer


@pytest.fixture
def peer_at_host(authority: trustme.CA) -> Iterator[Peer]:
    with tls_peer(authority.issue_cert(HOST)) as peer:
        yield peer


@pytest.fixture
def proxy(peer_at_host: Peer) -> Iterator[ConnectProxy]:
    with ConnectProxy(port_behind=peer_at_host.port) as running:
        yield running


def failure(gateway: IpsSoapGateway) -> PortError:
    with pytest.raises(PortError) as caught:
        gateway.presets()
    return caught.value


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


# TLS


def test_an_authority_of_the_project_is_trusted(
    authority: trustme.CA, ca: Path, connect: Connect
) -> None:
    with tls_peer(authority.issue_cert("127.0.0.1")) as peer:
        assert connect(peer.endpoint, route=Route(ca=ca)).presets() == ()


@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"])
def test_an_authority_of_the_environment_is_trusted(
    variable: str,
    authority: trustme.CA,
    ca: Path,
    connect: Connect,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(variable, str(ca))
    with tls_peer(authority.issue_cert("127.0.0.1")) as peer:
        assert connect(peer.endpoint).presets() == ()


def test_the_projects_authority_wins_over_the_environments(
    authority: trustme.CA,
    ca: Path,
    connect: Connect,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    other = tmp_path / "other.pem"
    trustme.CA().cert_pem.write_to_path(other)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(ca))
    with tls_peer(authority.issue_cert("127.0.0.1")) as peer:
        error = failure(connect(peer.endpoint, route=Route(ca=other)))
    assert type(error) is f.NotTrusted


YESTERDAY = datetime.now(UTC) - timedelta(days=1)
TOMORROW = datetime.now(UTC) + timedelta(days=1)
LONG_AGO = YESTERDAY - timedelta(days=30)
FAR_OFF = TOMORROW + timedelta(days=30)
CERTIFICATES: dict[str, tuple[Callable[[trustme.CA], trustme.LeafCert], type[PortError], str]] = {
    "untrusted": (
        lambda _: trustme.CA().issue_cert("127.0.0.1"),
        f.NotTrusted,
        "the TLS certificate of {where} is not trusted: unable to get local issuer certificate",
    ),
    "expired": (
        lambda ca: ca.issue_cert("127.0.0.1", not_before=LONG_AGO, not_after=YESTERDAY),
        f.Expired,
        "the TLS certificate of {where} has expired",
    ),
    "not yet valid": (
        lambda ca: ca.issue_cert("127.0.0.1", not_before=TOMORROW, not_after=FAR_OFF),
        f.Expired,
        "the TLS certificate of {where} is not valid yet",
    ),
    "other host": (
        lambda ca: ca.issue_cert("elsewhere.test", "10.9.8.7"),
        f.WrongHost,
        "the TLS certificate of {where} is made for another host",
    ),
}


@pytest.mark.parametrize("name", CERTIFICATES)
def test_a_refused_certificate_is_told_at_once(
    name: str, authority: trustme.CA, ca: Path, connect: Connect, submission: Submission
) -> None:
    make, kind, words = CERTIFICATES[name]
    with tls_peer(make(authority)) as peer:
        gateway = connect(peer.endpoint, route=Route(ca=ca))
        error = failure(gateway)
        assert type(error) is kind
        assert str(error) == words.format(where=f"127.0.0.1:{peer.port}")
        assert error.remedy
        assert (peer.connections, peer.requests) == (1, [])
        with pytest.raises(SubmitRefused):
            gateway.submit(submission)
        assert peer.requests == []


def test_a_server_of_another_time_is_told(
    authority: trustme.CA, ca: Path, connect: Connect
) -> None:
    """It offers no cipher that the two have in common."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("PSK")
    with Peer(tls=context) as peer:
        error = failure(connect(peer.endpoint, route=Route(ca=ca)))
        where = f"127.0.0.1:{peer.port}"
    assert type(error) is f.TlsRefused
    assert str(error).startswith(f"no TLS connection to {where}: ")
    assert "handshake failure" in str(error)
    assert peer.connections == 1


@pytest.mark.parametrize("step", [then(reads(10), resets), then(reads(10), closes)])
def test_a_handshake_that_is_cut_may_pass(step: Step, peer: Peer, connect: Connect) -> None:
    peer.at_accept = step
    error = failure(connect(peer.endpoint.replace("http:", "https:")))
    assert type(error) is f.TlsFailed
    where = f"127.0.0.1:{peer.port}"
    assert str(error) == f"no TLS connection to {where}: it hung up in the handshake"
    assert peer.connections == TRIES


def test_a_handshake_that_hangs_is_told(peer: Peer, connect: Connect) -> None:
    peer.at_accept = hangs
    brief = Timeouts(connect=0.2, read=0.2, operation=5)
    error = failure(connect(peer.endpoint.replace("http:", "https:"), timeouts=brief))
    assert isinstance(error, f.NotSent)
    assert "within 0.2 s" in str(error)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (None, "cannot be read: No such file or directory"),
        ("nothing of that kind", "holds no certificates in PEM form"),
    ],
)
@pytest.mark.parametrize("source", ["`ca:`", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"])
def test_an_authority_that_cannot_be_used_is_told(
    source: str,
    text: str | None,
    words: str,
    tls_peer: Peer,
    connect: Connect,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = tmp_path / "authority.pem"
    if text is not None:
        path.write_text(text)
    stated = source.startswith("`")
    if not stated:
        monkeypatch.setenv(source, str(path))
    error = failure(connect(tls_peer.endpoint, route=Route(ca=path if stated else None)))
    assert type(error) is f.BadRoute
    assert str(error) == f"{source} {path} {words}"
    assert tls_peer.connections == 0


def test_connections_are_kept_over_tls(authority: trustme.CA, ca: Path, connect: Connect) -> None:
    with tls_peer(authority.issue_cert("127.0.0.1")) as peer:
        gateway = connect(peer.endpoint, route=Route(ca=ca))
        for _ in range(5):
            gateway.presets()
        assert (peer.connections, peer.count("getImageFormats")) == (1, 5)
        assert peer.count("getCompanyInfo") == 1


# Names and ports


def test_a_name_that_does_not_resolve(connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    """The resolver is the one part of the world that loopback cannot stand in for."""

    def unknown(*arguments: object, **options: object) -> object:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    error = failure(connect(FAR))
    assert type(error) is f.NameUnknown
    assert str(error) == f"the name of {HOST}:443 cannot be resolved"


def test_a_label_too_long_for_any_name(connect: Connect) -> None:
    error = failure(connect(f"http://{'x' * 64}.localhost:81/x"))
    assert isinstance(error, f.NotSent)


def test_a_port_that_accepts_nothing(connect: Connect) -> None:
    """A full queue drops what else comes, as firewalls do."""
    waiting = []
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener:
        port = listener.getsockname()[1]
        for _ in range(3):
            one = socket.socket()
            one.settimeout(0)
            one.connect_ex(("127.0.0.1", port))
            waiting.append(one)
        brief = Timeouts(connect=0.2, read=5, operation=5)
        error = failure(
            connect(f"http://127.0.0.1:{port}/", timeouts=brief, retries=ReadRetries(tries=1))
        )
        for one in waiting:
            one.close()
    assert type(error) is f.ConnectTimedOut
    assert str(error) == f"127.0.0.1:{port} accepted no connection within 0.2 s"


# Proxies

LOGIN = "proxy-proxy-ann:s3cret%2Fproxy"


def test_a_proxy_of_the_project_is_used(
    peer_at_host: Peer, proxy: ConnectProxy, ca: Path, connect: Connect
) -> None:
    gateway = connect(FAR, route=Route(proxy=f"http://127.0.0.1:{proxy.port}", ca=ca))
    for _ in range(3):
        assert gateway.presets() == ()
    (line,) = proxy.asked
    assert line.startswith(f"CONNECT {HOST}:443 HTTP/1.")
    assert peer_at_host.connections == 1


@pytest.mark.parametrize("variable", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"])
def test_a_proxy_of_the_environment_gets_its_login_and_nobody_else_does(
    variable: str,
    peer_at_host: Peer,
    proxy: ConnectProxy,
    ca: Path,
    connect: Connect,
    submission: Submission,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    monkeypatch.setenv(variable, f"http://{LOGIN}@127.0.0.1:{proxy.port}")
    gateway = connect(FAR, route=Route(ca=ca))
    assert gateway.presets() == ()
    peer_at_host.answer("submitJob", returned("submitJob", "<jobHandle>j</jobHandle>"))
    assert gateway.submit(submission) == "j"
    assert {head["proxy-authorization"][:6] for head in proxy.headers} == {"Basic "}
    assert all("proxy-authorization" not in r.headers for r in peer_at_host.requests)
    assert "s3cret" not in caplog.text
    assert "s3cret" not in repr(vars(gateway._calls._exchange))


@pytest.mark.parametrize("spared", [HOST, ".test", "*"])
def test_no_proxy_keeps_the_environments_proxy_away(
    spared: str, proxy: ConnectProxy, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{proxy.port}")
    monkeypatch.setenv("NO_PROXY", spared)
    monkeypatch.setattr(socket, "getaddrinfo", _nothing_resolves)
    assert type(failure(connect(FAR))) is f.NameUnknown
    assert proxy.asked == []


def _nothing_resolves(*arguments: object, **options: object) -> object:
    raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")


def test_the_projects_proxy_wins_over_the_environments(
    proxy: ConnectProxy, ca: Path, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{closed_port()}")
    monkeypatch.setenv("NO_PROXY", HOST)
    route = Route(proxy=f"http://127.0.0.1:{proxy.port}", ca=ca)
    assert connect(FAR, route=route).presets() == ()
    assert len(proxy.asked) == 1


REFUSALS: dict[str, tuple[bytes, type[PortError], str, int]] = {
    "login": (
        refusal(407),
        f.ProxyWantsLogin,
        "the proxy {proxy} wants a login (HTTP 407) to connect to ips.test:443",
        1,
    ),
    "rule": (
        refusal(403),
        f.ProxyRefused,
        "the proxy {proxy} does not let us connect to ips.test:443 (HTTP 403)",
        1,
    ),
    "away": (
        refusal(502),
        f.ProxyFailed,
        "the proxy {proxy} could not connect to ips.test:443 (HTTP 502)",
        TRIES,
    ),
    "no HTTP": (
        b"\xff\xfe\r\n\r\n",
        f.NotSent,
        "",
        TRIES,
    ),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_what_a_proxy_refuses_is_told_without_its_login(
    name: str,
    proxy: ConnectProxy,
    peer_at_host: Peer,
    connect: Connect,
    submission: Submission,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    answer, kind, words, tries = REFUSALS[name]
    proxy.answer = answer
    monkeypatch.setenv("HTTPS_PROXY", f"http://{LOGIN}@127.0.0.1:{proxy.port}")
    gateway = connect(FAR)
    error = failure(gateway)
    assert isinstance(error, kind)
    assert words.format(proxy=f"127.0.0.1:{proxy.port}") in str(error)
    assert len(proxy.asked) == tries
    with pytest.raises(SubmitRefused) as caught:
        gateway.submit(submission)
    told = "".join(traceback.format_exception(error) + traceback.format_exception(caught.value))
    assert "s3cret" not in told + caplog.text
    assert "proxy-ann" not in told + caplog.text
    assert peer_at_host.connections == 0


@pytest.mark.parametrize(
    ("step", "words"),
    [
        (hangs, "nothing came within 0.3 s"),
        (closes, "it was cut before TLS stood"),
        (then(reads(10), resets), "it was cut before TLS stood"),
    ],
    ids=["hangs", "closes", "resets"],
)
def test_a_proxy_that_says_nothing(
    step: Step, words: str, peer: Peer, connect: Connect, submission: Submission
) -> None:
    peer.at_accept = step
    gateway = connect(
        FAR,
        route=Route(proxy=f"http://127.0.0.1:{peer.port}"),
        timeouts=Timeouts(connect=0.3, read=0.3, operation=10),
    )
    error = failure(gateway)
    assert type(error) is f.ProxyFailed
    assert str(error) == (
        f"no connection to ips.test:443 through the proxy 127.0.0.1:{peer.port}: {words}"
    )
    with pytest.raises(SubmitRefused):
        gateway.submit(submission)


def test_a_proxy_that_is_not_there_is_told_without_its_login(
    connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = closed_port()
    monkeypatch.setenv("HTTPS_PROXY", f"http://{LOGIN}@127.0.0.1:{port}")
    error = failure(connect(FAR))
    assert type(error) is f.ProxyFailed
    assert str(error) == (
        f"the proxy 127.0.0.1:{port} did not connect to ips.test:443: it refuses connections"
    )


@pytest.mark.parametrize(
    "url",
    [
        "http://proxy-ann:s3cret/x@127.0.0.1:{port}",
        "http://proxy-ann:s3cret#x@127.0.0.1:{port}",
        "http://proxy-ann:s3cret?x@127.0.0.1:{port}",
        "socks5://proxy-ann:s3cret@127.0.0.1:{port}",
        "http://proxy-ann:s3cret@127.0.0.1:seven",
        "http://proxy-ann:s3cret@[::1",
        "proxy-ann:s3cret@127.0.0.1:{port}",
    ],
)
def test_a_proxy_url_that_is_written_wrongly_gives_nothing_away(
    url: str, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", url.format(port=closed_port()))
    error = failure(connect(FAR))
    assert isinstance(error, f.BadRoute | f.ProxyFailed | f.NameUnknown)
    told = "".join(traceback.format_exception(error))
    assert "s3cret" not in told
    assert "proxy-ann" not in told


def test_a_certificate_is_checked_through_a_proxy_too(
    proxy: ConnectProxy, connect: Connect
) -> None:
    error = failure(connect(FAR, route=Route(proxy=f"http://127.0.0.1:{proxy.port}")))
    assert type(error) is f.NotTrusted
    assert str(error).startswith("the TLS certificate of ips.test:443 is not trusted: ")


def test_a_login_that_somebody_on_the_way_wants(peer: Peer, connect: Connect) -> None:
    peer.answer("getImageFormats", http(407, b"<html>Login</html>", "text/html"))
    error = failure(connect(peer.endpoint))
    assert type(error) is f.ProxyLogin
    assert str(error).endswith(": a proxy on the way wants a login")


# Pages instead of SOAP

PAGE = b"<!DOCTYPE html><html><body>words</body></html>"
PAGES: dict[str, tuple[bytes, type[PortError], str]] = {
    "200": (http(200, PAGE, "text/html"), f.WebPage, "a web page where IPS should be"),
    "404": (http(404, PAGE, "text/html"), f.WebPage, "the path of the address is not there"),
    "403": (http(403, PAGE, "text/html"), f.WebPage, "by a proxy or firewall"),
    "500": (http(500, PAGE, "text/html"), f.WebPage, "HTTP 500 and no SOAP answer"),
    "500 without a type": (http(500, PAGE, ""), f.WebPage, "a web page where IPS should be"),
    "503": (http(503, PAGE, "text/html"), f.Unavailable, "IPS is not available now"),
    "302": (
        b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n",
        f.Redirected,
        "redirects are not followed",
    ),
    "text": (http(400, b"no", "text/plain"), f.NotSoap, "HTTP 400 and no SOAP answer (2 bytes"),
    "garbled compression": (
        http(200, b"no gzip").replace(b"Content-Type", b"Content-Encoding: gzip\r\nContent-Type"),
        f.AnswerCut,
        "broke off in the middle of its answer, or garbled it",
    ),
    "garbled chunks": (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n",
        f.AnswerCut,
        "broke off in the middle of its answer, or garbled it",
    ),
    "garbled status line": (
        b"what is this\r\n\r\n",
        f.AnswerLost,
        "closed the connection without an answer",
    ),
}


@pytest.mark.parametrize("name", PAGES)
def test_each_page_has_its_class_and_sentence(name: str, peer: Peer, connect: Connect) -> None:
    answer, kind, words = PAGES[name]
    peer.answer("getImageFormats", then(sends(answer), closes))
    error = failure(connect(peer.endpoint, retries=ReadRetries(tries=1)))
    assert type(error) is kind
    assert words in str(error)
    assert f"127.0.0.1:{peer.port}" in str(error)
