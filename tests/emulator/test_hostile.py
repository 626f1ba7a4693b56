"""Hostile requests: refused with a fault, in bounded time, and the server stays alive."""

from __future__ import annotations

import gzip
import random
import resource
import socket
from typing import TYPE_CHECKING

import pytest
from lxml import etree

if TYPE_CHECKING:
    from tests.emulator.conftest import Ips, Serve

ENVELOPE = '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/">'
ATTRIBUTES = " ".join(f"b{number}='x'" for number in range(50_000))
LAUGHS = "".join(f'<!ENTITY l{level} "{f"&l{level - 1};" * 10}">' for level in range(1, 10))

HOSTILE = {
    "external entity": '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    + ENVELOPE
    + "<s:Body><a>&x;</a></s:Body></s:Envelope>",
    "external dtd": '<!DOCTYPE a SYSTEM "http://127.0.0.1:1/a.dtd">'
    + ENVELOPE
    + "<s:Body><a/></s:Body></s:Envelope>",
    "parameter entity": '<!DOCTYPE a [<!ENTITY % x SYSTEM "file:///etc/passwd"> %x;]>'
    + ENVELOPE
    + "<s:Body><a/></s:Body></s:Envelope>",
    "billion laughs": f'<!DOCTYPE a [<!ENTITY l0 "ha">{LAUGHS}]>'
    + ENVELOPE
    + "<s:Body><a>&l9;</a></s:Body></s:Envelope>",
    "laughs in an attribute": f'<!DOCTYPE a [<!ENTITY l0 "ha">{LAUGHS}]>'
    + ENVELOPE
    + '<s:Body><a b="&l9;"/></s:Body></s:Envelope>',
    "harmless dtd": "<!DOCTYPE a>" + ENVELOPE + "<s:Body><a/></s:Body></s:Envelope>",
    "unknown entity": ENVELOPE + "<s:Body><a>&x;</a></s:Body></s:Envelope>",
    "deep nesting": ENVELOPE + "<s:Body>" + "<a>" * 100_000,
    "deep and closed": ENVELOPE + f"<s:Body>{'<a>' * 5000}{'</a>' * 5000}</s:Body></s:Envelope>",
    "many attributes": ENVELOPE + f"<s:Body><a {ATTRIBUTES} c/></s:Body></s:Envelope>",
    "not xml": "hello",
    "nothing": "",
    "cut off": ENVELOPE + "<s:Body>",
    "null": "\x00\x00\x00\x00",
    "no envelope": "<a/>",
    "no body": ENVELOPE + "</s:Envelope>",
    "empty body": ENVELOPE + "<s:Body/></s:Envelope>",
    "two in the body": ENVELOPE + "<s:Body><a/><a/></s:Body></s:Envelope>",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_xml_is_a_fault(shared_ips: Ips, name: str) -> None:
    reply = shared_ips.send(HOSTILE[name].encode())
    assert (reply.status, *reply.fault[:2]) == (500, "ipsApiFault", 30003)
    assert b"root:" not in reply.body


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-32"])
def test_a_dtd_cannot_hide_in_another_encoding(shared_ips: Ips, encoding: str) -> None:
    data = HOSTILE["external entity"].encode(encoding)
    assert shared_ips.send(data).fault[1] == 30003


def test_wrong_encoding_is_a_fault(shared_ips: Ips) -> None:
    data = shared_ips.envelope("getCompanyInfo", "<companyName>X</companyName>")
    assert shared_ips.send(data.replace(b">X<", b">\xff\xfe<")).fault[1] == 30003


def test_huge_text_is_refused(shared_ips: Ips) -> None:
    name = f"<companyName>{'x' * 12_000_000}</companyName>"
    reply = shared_ips.send(shared_ips.envelope("getCompanyInfo", name))
    assert reply.fault[:2] == ("ipsApiFault", 30003)


LEAN = {
    "elements": "<b/>" * 2_000_000,
    "attributes": "".join(f"<b {ATTRIBUTES[:-1]}'/>" for _ in range(5)),
    "namespaces": "<b>" + "".join(f"<b xmlns:n{n}='u'/>" for n in range(300_000)) + "</b>",
}


@pytest.mark.parametrize("name", LEAN)
def test_small_requests_do_not_become_large_trees(shared_ips: Ips, name: str) -> None:
    """Without credentials. A peak never sinks, so earlier tests can only hide a growth of less."""
    body = ENVELOPE + f"<s:Body><a>{LEAN[name]}</a></s:Body></s:Envelope>"
    assert len(body) <= 8 * 1024 * 1024
    before = peak_memory()
    reply = shared_ips.send(body.encode())
    assert reply.fault[:2] == ("ipsApiFault", 30003)
    assert "attributes" in reply.fault[2]
    assert peak_memory() - before < 100 * 1024 * 1024


def peak_memory() -> int:
    """Bytes, of this process, in which the server runs."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def test_more_than_eight_megabytes_of_xml_are_refused(shared_ips: Ips) -> None:
    body = ENVELOPE + f"<s:Body><a>{'<b/>' * 2_100_000}</a></s:Body></s:Envelope>"
    reply = shared_ips.send(body.encode())
    assert reply.fault == ("ipsApiFault", 30003, "the request is larger than 8388608 bytes")


def test_a_job_of_twenty_thousand_handles_is_read(serve: Serve) -> None:
    ips = serve(max_assets_per_job=None)
    order = ips.export_job("large", ["a|4242"] * 20_000)
    assert ips.call("submitJob", order).status == 200
    ips.call("deleteJob", ips.children(companyHandle="c|110", jobHandle="j|110|large||"))


def test_a_gzip_bomb_is_not_unpacked(shared_ips: Ips) -> None:
    bomb = gzip.compress(bytes(64 * 1024 * 1024), 9)
    assert len(bomb) < 300_000
    reply = shared_ips.send(bomb, Content_Encoding="gzip")
    assert reply.fault[1] == 30003
    assert "larger than" in reply.fault[2]


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (gzip.compress(b"<a/>")[:-6], "gzip"),
        (b"<a/>", "gzip"),
        (b"", "gzip"),
        (b"<a/>", "br"),
    ],
    ids=["cut off", "not gzip", "empty", "unknown"],
)
def test_bad_content_encodings(shared_ips: Ips, data: bytes, encoding: str) -> None:
    assert shared_ips.send(data, Content_Encoding=encoding).fault[1] == 30003


def test_a_request_beyond_the_cap_is_refused_before_it_is_sent(shared_ips: Ips) -> None:
    address = shared_ips.address
    with socket.create_connection((address.hostname or "", address.port or 0), 10) as peer:
        head = f"POST {address.path} HTTP/1.1\r\nHost: x\r\nContent-Length: 40000000\r\n\r\n"
        peer.sendall(head.encode())
        assert peer.recv(100).startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize(
    "path",
    [
        "/Exports/",
        "/Exports/Acme/",
        "/Exports/Acme/1/",
        "/Exports/../ips.sqlite3",
        "/Exports/Acme/../../ips.sqlite3",
        "/Exports/Acme/1/../../../ips.sqlite3",
        "/Exports/%2e%2e/%2e%2e/ips.sqlite3",
        "/Exports/..%2f..%2fips.sqlite3",
        "/Exports/Acme/1/..%2f..%2f..%2fips.sqlite3",
        "/Exports/../1/00000000-0000-0000-0000-000000000000.zip",
        "/Exports//etc/passwd",
        "/Exports/Acme/1/00000000-0000-0000-0000-000000000000.zip%00",
        "/ips.sqlite3",
        "/server.json",
        "/outbox/1.eml",
        "/%ff%fe",
    ],
)
def test_downloads_do_not_leave_their_folder(shared_ips: Ips, path: str) -> None:
    (shared_ips.options.data / "1").mkdir(exist_ok=True)
    decoy = shared_ips.options.data / "1" / "00000000-0000-0000-0000-000000000000.zip"
    decoy.write_bytes(b"secret")
    assert shared_ips.request("GET", path).status == 404


def test_mutated_requests_never_break_the_server(shared_ips: Ips) -> None:
    """Seeded: each of 400 damaged requests gets a good answer or a fault that parses."""
    chance = random.Random(27)  # noqa: S311 - damage, not secrets
    samples = [
        shared_ips.envelope("getUserInfo", ""),
        shared_ips.envelope(
            "searchAssets", shared_ips.children(companyHandle="c|110", includeSubfolders=True)
        ),
        shared_ips.envelope("submitJob", shared_ips.export_job("m", ["a|1001"], fmt="convert")),
        shared_ips.envelope(
            "getJobLogDetails", shared_ips.children(companyHandle="c|110", originalName="m")
        ),
    ]
    for _ in range(400):
        reply = shared_ips.send(mutated(chance.choice(samples), chance))
        etree.fromstring(reply.body)
        if reply.status != 200:
            assert reply.status == 500
            assert "defect" not in reply.fault[2]
    assert shared_ips.call("getUserInfo").status == 200


def mutated(data: bytes, chance: random.Random) -> bytes:
    for _ in range(chance.randint(1, 4)):
        place, length = chance.randrange(len(data)), chance.randint(0, 12)
        other = chance.randrange(len(data))
        piece = chance.choice(
            [
                b"",
                bytes(chance.randrange(256) for _ in range(length)),
                data[other : other + length],
                b"<x/>",
                b"&amp;",
                b"99999999999999999999",
            ]
        )
        data = data[:place] + piece + data[place + length :]
    return data


@pytest.mark.parametrize(
    ("operation", "children"),
    [
        ("getJobLogs", "<startDate>0001-01-01T00:00:00+14:00</startDate>"),
        ("getJobLogs", "<startDate>12026-01-01T00:00:00Z</startDate>"),
        ("getJobLogs", "<startDate>2026-01-01T24:00:00Z</startDate>"),
        ("getJobLogs", "<numRows>-1</numRows>"),
    ],
)
def test_odd_values_are_invalid_parameters(shared_ips: Ips, operation: str, children: str) -> None:
    assert shared_ips.call(operation, children).fault[:2] == ("ipsApiFault", 30001)


def test_job_handles_made_up_by_a_stranger(shared_ips: Ips) -> None:
    for handle in ("", "|", "j|110||x|1", "j|110||x|" + "9" * 40, "j|110||x|²", "a|1"):
        inner = shared_ips.children(companyHandle="c|110", jobHandle=handle, originalName="x")
        reply = shared_ips.call("getJobLogDetails", inner)
        assert reply.find("jobLogArray/items") == []
        inner = shared_ips.children(companyHandle="c|110", jobHandle=handle)
        assert shared_ips.call("stopJob", inner).fault[1] in (30001, 30002)
