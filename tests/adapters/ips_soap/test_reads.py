"""Reads: what is repeated, how often, and what each failure is called."""

from __future__ import annotations

import gzip
import resource
import socket
from collections.abc import Callable

import pytest

from s7spec.adapters.credentials import Credentials
from s7spec.adapters.ips_soap import IpsSoapGateway, ReadRetries, Timeouts
from s7spec.ports import (
    CompanyUnknown,
    CredentialsMissing,
    CredentialsRefused,
    IpsAnswerUnreadable,
    IpsFault,
    IpsUnreachable,
    PortError,
)
from tests.adapters.ips_soap.conftest import BRIEF, CERTIFICATE, PATIENT
from tests.adapters.ips_soap.peer import (
    COMPANY,
    Peer,
    Step,
    closes,
    envelope,
    fault,
    hangs,
    http,
    resets,
    returned,
    sends,
    then,
)

Connect = Callable[..., IpsSoapGateway]
TRIES = 3
PRESETS = returned(
    "getImageFormats",
    "<imageFormatArray><items><imageFormatHandle>i|1</imageFormatHandle><name>Large</name>"
    "<urlModifier>wid=900&amp;fmt=png</urlModifier></items></imageFormatArray>",
)


def read_fails(gateway: IpsSoapGateway) -> PortError:
    with pytest.raises(PortError) as caught:
        gateway.presets()
    return caught.value


PASSING: dict[str, tuple[Step | bytes, type[PortError], str]] = {
    "reset": (resets, IpsUnreachable, "closed the connection without an answer"),
    "closed": (closes, IpsUnreachable, "closed the connection without an answer"),
    "hanging": (hangs, IpsUnreachable, "did not answer within 0.3 s"),
    "dripping": (
        sends(PRESETS[:150], *[bytes([c]) for c in PRESETS[150:]], pause=0.05),
        IpsUnreachable,
        "did not finish its answer within 0.5 s",
    ),
    "cut short": (
        then(sends(PRESETS[:-20]), closes),
        IpsAnswerUnreadable,
        "in the middle of its answer",
    ),
    "HTTP 502": (http(502, b"<html/>", "text/html"), IpsAnswerUnreadable, "HTTP 502"),
    "HTTP 503": (http(503, b""), IpsAnswerUnreadable, "HTTP 503"),
    "HTTP 504": (http(504, b""), IpsAnswerUnreadable, "HTTP 504"),
}


SLOW = ("hanging", "dripping")


@pytest.mark.parametrize("name", PASSING)
def test_what_may_pass_is_tried_again_and_then_told(
    name: str, peer: Peer, connect: Connect
) -> None:
    step, kind, words = PASSING[name]
    peer.answer("getImageFormats", step)
    error = read_fails(connect(peer.endpoint, timeouts=BRIEF if name in SLOW else PATIENT))
    assert isinstance(error, kind)
    assert words in str(error)
    assert f"127.0.0.1:{peer.port}" in str(error)
    assert peer.count("getImageFormats") == TRIES


@pytest.mark.parametrize("name", PASSING)
def test_what_passes_is_not_noticed(name: str, peer: Peer, connect: Connect) -> None:
    peer.answer("getImageFormats", PASSING[name][0], PRESETS)
    gateway = connect(peer.endpoint, timeouts=BRIEF if name in SLOW else PATIENT)
    (preset,) = gateway.presets()
    assert (preset.name, preset.urlModifier) == ("Large", "wid=900&fmt=png")
    assert peer.count("getImageFormats") == 2


def bomb() -> bytes:
    levels = "".join(f"<!ENTITY b{i} '{f'&b{i - 1};' * 10}'>" for i in range(1, 12))
    declared = f"<!DOCTYPE x [<!ENTITY b0 'boom'>{levels}]>"
    return http(200, declared.encode() + b"<x a='&b11;'>&b11;</x>")


STAYING: dict[str, tuple[bytes, str]] = {
    "HTML page": (http(200, b"<html>Sign in</html>", "text/html"), "HTTP 200 and no SOAP answer"),
    "HTML error": (http(500, b"<html>Oops</html>", "text/html"), "HTTP 500 and no SOAP answer"),
    "not found": (http(404, b"", "text/html"), "HTTP 404 and no SOAP answer (empty)"),
    "redirect": (
        b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n",
        "redirects are not followed",
    ),
    "empty": (http(200, b""), "HTTP 200 and no SOAP answer (empty)"),
    "truncated XML": (http(200, PRESETS.partition(b"\r\n\r\n")[2][:-9]), "no SOAP answer"),
    "garbage": (http(200, b"\xff\xfe\x00"), "no SOAP answer"),
    "false encoding": (http(200, b"<?xml version='1.0' encoding='utf-16'?><a/>"), "no SOAP"),
    "other XML": (http(200, b"<x/>"), "no SOAP answer"),
    "no body": (
        http(200, b"<e:Envelope xmlns:e='http://schemas.xmlsoap.org/soap/envelope/'/>"),
        "",
    ),
    "empty body": (http(200, envelope("")), "no SOAP answer"),
    "other operation": (returned("getAssets", ""), "no getImageFormatsReturn"),
    "entity bomb": (bomb(), "no SOAP answer"),
    "external entity": (
        http(
            200,
            b"<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>"
            + envelope("<getImageFormatsReturn>&e;</getImageFormatsReturn>").split(b"?>")[1],
        ),
        "no SOAP answer",
    ),
    "document type": (
        http(200, b"<!DOCTYPE x SYSTEM 'http://127.0.0.1:1/x.dtd'>" + envelope("").split(b"?>")[1]),
        "no SOAP answer",
    ),
    "deep nesting": (http(200, b"<a>" * 100_000), "no SOAP answer"),
    "too large": (http(200, b" " * 5_000_000), "more than 4000000 bytes"),
    "nameless preset": (
        returned("getImageFormats", "<imageFormatArray><items/></imageFormatArray>"),
        "a items without name",
    ),
}


@pytest.mark.parametrize(("answer", "words"), STAYING.values(), ids=STAYING.keys())
def test_what_is_no_answer_is_told_at_once(
    answer: bytes, words: str, peer: Peer, connect: Connect
) -> None:
    peer.answer("getImageFormats", answer)
    error = read_fails(connect(peer.endpoint, answer_bytes=4_000_000))
    assert isinstance(error, IpsAnswerUnreadable)
    assert words in str(error)
    assert peer.count("getImageFormats") == 1


@pytest.mark.parametrize("status", [200, 500, 503])
@pytest.mark.parametrize(
    ("element", "code", "kind"),
    [
        ("authenticationFault", 10000, CredentialsMissing),
        ("authenticationFault", 10001, CredentialsRefused),
        ("authenticationFault", 10002, CredentialsRefused),
        ("authorizationFault", 20000, CompanyUnknown),
        ("authorizationFault", 20006, CompanyUnknown),
        ("authorizationFault", 20003, IpsFault),
        ("ipsApiFault", 30000, IpsFault),
        ("ipsApiFault", 30001, IpsFault),
    ],
)
def test_faults_are_told_at_once(
    element: str, code: int, kind: type[PortError], status: int, peer: Peer, connect: Connect
) -> None:
    peer.answer("getImageFormats", fault(element, code, "the reason", status=status))
    error = read_fails(connect(peer.endpoint))
    assert type(error) is kind
    assert str(error) == f"{element} {code}: the reason"
    if isinstance(error, IpsFault):
        assert (error.fault, error.code, error.reason) == (element, code, "the reason")
    assert peer.count("getImageFormats") == 1


def test_a_fault_without_our_detail_is_told_with_its_text(peer: Peer, connect: Connect) -> None:
    text = "<faultcode>soapenv:Client</faultcode><faultstring>go away</faultstring>"
    peer.answer("getImageFormats", http(500, envelope(f"<soapenv:Fault>{text}</soapenv:Fault>")))
    error = read_fails(connect(peer.endpoint))
    assert isinstance(error, IpsFault)
    assert (error.fault, error.code, error.reason) == ("soap:Client", 0, "go away")


def test_a_bare_fault_document_is_a_fault(peer: Peer, connect: Connect) -> None:
    bare = "<ipsApiFault xmlns='u'><code>30002</code><reason>no</reason></ipsApiFault>"
    peer.answer("getImageFormats", http(200, bare.encode()))
    assert str(read_fails(connect(peer.endpoint))) == "ipsApiFault 30002: no"


def test_refused_connection(connect: Connect) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    error = read_fails(connect(f"http://127.0.0.1:{port}/x"))
    assert isinstance(error, IpsUnreachable)
    assert str(error) == f"127.0.0.1:{port} refuses connections"


def test_certificate_nobody_vouches_for_is_told_at_once(tls_peer: Peer, connect: Connect) -> None:
    error = read_fails(connect(tls_peer.endpoint))
    assert isinstance(error, IpsUnreachable)
    where = f"127.0.0.1:{tls_peer.port}"
    assert str(error).startswith(f"the TLS certificate of {where} is not trusted: self")
    assert tls_peer.connections == 1


def test_certificate_of_a_named_authority_is_taken(
    tls_peer: Peer, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(CERTIFICATE))
    tls_peer.answer("getImageFormats", PRESETS)
    assert len(connect(tls_peer.endpoint).presets()) == 1


def test_plain_http_where_tls_is_expected(peer: Peer, connect: Connect) -> None:
    peer.at_accept = sends(b"HTTP/1.1 400 Bad Request\r\n\r\n")
    error = read_fails(connect(peer.endpoint.replace("http:", "https:")))
    assert isinstance(error, IpsUnreachable)
    where = f"127.0.0.1:{peer.port}"
    assert str(error) == f"no TLS connection to {where}: it does not speak TLS there"


def test_a_proxy_of_the_environment_is_not_used_for_loopback(
    peer: Peer, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://user:secret@127.0.0.1:1")
    monkeypatch.delenv("NO_PROXY", raising=False)
    peer.answer("getImageFormats", PRESETS)
    assert len(connect(peer.endpoint).presets()) == 1


def test_connections_are_kept_between_reads(peer: Peer, connect: Connect) -> None:
    peer.answer("getImageFormats", PRESETS)
    gateway = connect(peer.endpoint)
    for _ in range(5):
        gateway.presets()
    assert peer.connections == 1
    assert peer.count("getCompanyInfo") == 1


def test_a_gzipped_answer_is_read(peer: Peer, connect: Connect) -> None:
    body = gzip.compress(PRESETS.partition(b"\r\n\r\n")[2])
    peer.answer(
        "getImageFormats",
        http(200, body).replace(b"Content-Type", b"Content-Encoding: gzip\r\nContent-Type"),
    )
    assert len(connect(peer.endpoint).presets()) == 1


def test_the_size_limit_counts_what_a_compressed_answer_becomes(
    peer: Peer, connect: Connect
) -> None:
    body = gzip.compress(b" " * 50_000_000)
    peer.answer(
        "getImageFormats",
        http(200, body).replace(b"Content-Type", b"Content-Encoding: gzip\r\nContent-Type"),
    )
    error = read_fails(connect(peer.endpoint, answer_bytes=1_000_000))
    assert "more than 1000000 bytes" in str(error)


# The company


def memberships(*names: str) -> bytes:
    items = "".join(
        f"<items><company><companyHandle>c|{i}</companyHandle><name>{name}</name><rootPath/>"
        "</company><role>IpsUser</role><isActive>true</isActive></items>"
        for i, name in enumerate(names)
    )
    return returned("getCompanyMembership", f"<membershipArray>{items}</membershipArray>")


@pytest.mark.parametrize(
    "answer",
    [
        fault("authorizationFault", 20000),
        fault("ipsApiFault", 30000),
        returned("getCompanyInfo", ""),
        returned("getCompanyInfo", COMPANY.replace("Acme", "ACME")),
    ],
    ids=["20000", "30000", "nothing", "another spelling"],
)
def test_unknown_company_names_the_usable_ones(answer: bytes, peer: Peer, connect: Connect) -> None:
    peer.answer("getCompanyInfo", answer)
    peer.answer("getCompanyMembership", memberships("Zeta", "Beta"))
    error = read_fails(connect(peer.endpoint))
    assert isinstance(error, CompanyUnknown)
    assert str(error) == "IPS knows no company 'Acme'; this user may use: Beta, Zeta"


def test_a_company_found_among_the_memberships_is_used(peer: Peer, connect: Connect) -> None:
    peer.answer("getCompanyInfo", fault("authorizationFault", 20003))
    peer.answer("getCompanyMembership", memberships("Beta", "Acme"))
    peer.answer("getImageFormats", PRESETS)
    connect(peer.endpoint).presets()
    assert "companyHandle>c|1<" in peer.bodies("getImageFormats")[0]


def test_without_memberships_the_first_fault_counts(peer: Peer, connect: Connect) -> None:
    peer.answer("getCompanyInfo", fault("authorizationFault", 20000, "no such company"))
    peer.answer("getCompanyMembership", fault("ipsApiFault", 30000))
    error = read_fails(connect(peer.endpoint))
    assert type(error) is CompanyUnknown
    assert "no such company" in str(error)


def test_a_password_that_xml_cannot_carry_is_refused_here(peer: Peer, connect: Connect) -> None:
    login = Credentials(user="ann", password="a\x07b")
    error = read_fails(connect(peer.endpoint, credentials=login))
    assert isinstance(error, CredentialsRefused)
    assert peer.requests == []


def test_small_answers_do_not_become_large_trees(peer: Peer, connect: Connect) -> None:
    peer.answer("getImageFormats", returned("getImageFormats", "<b/>" * 2_000_000))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(IpsAnswerUnreadable, match="more than 500000 elements"):
        connect(peer.endpoint).presets()
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100 * 1024


def test_a_kept_connection_ends_at_the_deadline_too(peer: Peer, connect: Connect) -> None:
    drip = sends(*[bytes([byte]) for byte in b"HTTP/1.1 200 " + b"O" * 400], pause=0.05)
    peer.answer("getImageFormats", drip)
    gateway = connect(
        peer.endpoint,
        timeouts=Timeouts(connect=10, read=10, operation=0.5),
        retries=ReadRetries(tries=1),
    )
    gateway._calls.company_handle()
    with pytest.raises(IpsUnreachable, match=r"did not finish its answer within 0\.5 s"):
        gateway.presets()
    assert peer.connections == 1


def test_a_page_of_a_thousand_full_assets_is_read(peer: Peer, connect: Connect) -> None:
    fields = "".join(f"<field{number}>x</field{number}>" for number in range(200))
    items = "".join(
        f"<items><assetHandle>a|{number}</assetHandle><type>Image</type><name>n{number}</name>"
        f"{fields}</items>"
        for number in range(1000)
    )
    inner = f"<totalRows>1000</totalRows><assetArray>{items}</assetArray>"
    peer.answer("searchAssets", returned("searchAssets", inner))
    assert (
        len(list(connect(peer.endpoint).in_folder("", recursive=True, types=(), where=()))) == 1000
    )
