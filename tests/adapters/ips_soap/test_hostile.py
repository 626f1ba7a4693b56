"""Hostile answers: an error in bounded memory and time, and a process that lives.

Each case is read by a process of its own, whose peak of memory tells what the answer cost.
"""

from __future__ import annotations

import gzip
import subprocess
import sys
import zlib
from collections.abc import Callable

import pytest

from tests.adapters.ips_soap.conftest import CONTRACT
from tests.adapters.ips_soap.peer import Peer, Step, envelope, http, returned, sends

# An answer may have 32 MB, and 500,000 elements and attributes: bytes, their parts and the tree.
MEGABYTES = 200
READER = """
import resource, sys
from pathlib import Path
from s7spec.adapters.credentials import Credentials
from s7spec.adapters.ips_soap import IpsSoapGateway, ReadRetries, Timeouts
from s7spec.ports import IpsAnswerUnreadable, IpsUnreachable

def peak() -> int:
    status = Path("/proc/self/status")
    if status.exists():  # Linux counts the memory of whoever started us into ru_maxrss
        return int(status.read_text().partition("VmHWM:")[2].split()[0])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

gateway = IpsSoapGateway(
    endpoint=sys.argv[1], company="Acme", contract=Path(sys.argv[2]),
    credentials=Credentials(user="ann", password="s3cret-canary"),
    timeouts=Timeouts(connect=10, read=10, operation=float(sys.argv[3])),
    retries=ReadRetries(tries=1),
)
gateway._calls.company_handle()
before = peak()
try:
    told = f"read {len(gateway.presets())}"
except (IpsAnswerUnreadable, IpsUnreachable) as error:
    told = f"{type(error).__name__}: {error}"
print((peak() - before) // 1024)
print(told)
"""


def read_alone(peer: Peer, *, seconds: float = 30) -> tuple[int, str]:
    """Megabytes that the answer cost, and what came of it."""
    done = subprocess.run(
        [sys.executable, "-c", READER, peer.endpoint, str(CONTRACT), str(seconds)],
        capture_output=True,
        text=True,
        check=False,
        timeout=50,
    )
    assert done.returncode == 0, done.stderr
    assert "s3cret-canary" not in done.stdout + done.stderr
    megabytes, told = done.stdout.splitlines()
    return int(megabytes), told


def xml(text: str | bytes) -> bytes:
    return http(200, text.encode() if isinstance(text, str) else text)


def packed(body: bytes, encoding: str) -> bytes:
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: {encoding}\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def zeros(megabytes: int) -> bytes:
    """gzip of so many blanks, made piece by piece."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    piece = b" " * 1_000_000
    return b"".join([packer.compress(piece) for _ in range(megabytes)]) + packer.flush()


def entities(declared: str, used: str) -> bytes:
    return xml(f"<!DOCTYPE x [{declared}]>" + envelope(used).decode().partition("?>")[2])


RETURN = "getImageFormatsReturn"
HEAD = "<?xml version='1.0' encoding='{}'?>"
LAUGHS = "".join(f"<!ENTITY b{i} '{f'&b{i - 1};' * 10}'>" for i in range(1, 12))
ANSWERS: dict[str, tuple[Callable[[], Step | bytes], str]] = {
    "entity bomb": (
        lambda: entities(f"<!ENTITY b0 'boom'>{LAUGHS}", f"<{RETURN}>&b11;</{RETURN}>"),
        "NotSoap",
    ),
    "quadratic entity": (
        lambda: entities(
            f"<!ENTITY a '{'a' * 100_000}'>", f"<{RETURN}>{'&a;' * 100_000}</{RETURN}>"
        ),
        "NotSoap",
    ),
    "parameter entity": (
        lambda: entities("<!ENTITY % p SYSTEM 'file:///etc/passwd'>%p;", f"<{RETURN}/>"),
        "NotSoap",
    ),
    "external entity": (
        lambda: entities("<!ENTITY e SYSTEM 'file:///etc/passwd'>", f"<{RETURN}>&e;</{RETURN}>"),
        "NotSoap",
    ),
    "attributes by default": (
        lambda: entities(
            "<!ATTLIST i " + " ".join(f"a{n} CDATA 'v'" for n in range(500)) + ">", "<i/>" * 20_000
        ),
        "NotSoap",
    ),
    "deep nesting": (lambda: xml("<a>" * 5_000_000), "NotSoap"),
    "deep nesting, closed": (lambda: xml("<a>" * 100_000 + "</a>" * 100_000), "NotSoap"),
    "one huge text": (
        lambda: returned("getImageFormats", "x" * 25_000_000),
        "NotSoap",
    ),
    "one huge name": (lambda: xml(f"<{'x' * 25_000_000}/>"), "NotSoap"),
    "one huge attribute": (lambda: xml(f"<x a='{'x' * 25_000_000}'/>"), "NotSoap"),
    "many elements": (
        lambda: returned("getImageFormats", "<b/>" * 7_000_000),
        "AnswerTooLarge",
    ),
    "many attributes": (
        lambda: xml("<x " + " ".join(f"a{n}='v'" for n in range(600_000)) + "/>"),
        "AnswerTooLarge",
    ),
    "many prefixes": (
        lambda: xml("<x " + " ".join(f"xmlns:a{n}='v'" for n in range(600_000)) + "/>"),
        "NotSoap",
    ),
    "elements hidden in UTF-7": (
        lambda: xml(HEAD.format("utf-7") + "+ADw-x+AD4-" + "+ADw-b/+AD4-" * 2_000_000),
        "",
    ),
    "elements hidden in EBCDIC": (
        lambda: xml((HEAD.format("ibm037") + "<x>" + "<b/>" * 2_000_000).encode("cp037")),
        "",
    ),
    "elements in UTF-16": (
        lambda: xml((HEAD.format("utf-16") + "<x>" + "<b/>" * 2_000_000).encode("utf-16")),
        "AnswerTooLarge",
    ),
    "an encoding that lies": (
        lambda: xml((HEAD.format("utf-8") + "<x>é</x>").encode("latin-1")),
        "NotSoap",
    ),
    "an encoding nobody knows": (lambda: xml(HEAD.format("x-klingon") + "<x/>"), "NotSoap"),
    "NUL": (lambda: xml(b"<x>\0</x>"), "NotSoap"),
    "too many bytes": (lambda: xml(b" " * 40_000_000), "AnswerTooLarge"),
    "gzip bomb": (lambda: packed(zeros(500), "gzip"), "AnswerTooLarge"),
    "gzip in gzip": (lambda: packed(gzip.compress(zeros(500)), "gzip, gzip"), "NotSoap"),
    "deflate bomb": (
        lambda: packed(zlib.compress(b" " * 200_000_000, 9), "deflate"),
        "AnswerTooLarge",
    ),
    "an encoding we did not ask for": (lambda: packed(b"x", "zstd"), "NotSoap"),
    "endless header": (
        lambda: sends(b"HTTP/1.1 200 OK\r\nX: ", *[b"x" * 60_000] * 50),
        "AnswerLost",
    ),
    "endless headers": (
        lambda: sends(b"HTTP/1.1 200 OK\r\n", *[b"X: y\r\n" * 1_000] * 50),
        "AnswerLost",
    ),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_a_hostile_answer_is_an_error_and_no_burden(name: str, peer: Peer) -> None:
    make, kind = ANSWERS[name]
    answer = make()
    peer.answer("getImageFormats", answer)
    megabytes, told = read_alone(peer)
    assert told.startswith(kind)
    assert not told.startswith("read")
    assert len(told) < 300
    assert megabytes < MEGABYTES


def test_an_answer_without_an_end_ends(peer: Peer) -> None:
    def endless(connection: object) -> None:
        piece = b"400\r\n" + b" " * 1024 + b"\r\n"
        sends(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")(connection)  # type: ignore[arg-type]
        sends(*[piece] * 10_000, pause=0.01)(connection)  # type: ignore[arg-type]

    peer.answer("getImageFormats", endless)
    megabytes, told = read_alone(peer, seconds=1)
    assert told.startswith("ReadTimedOut")
    assert megabytes < MEGABYTES


def test_the_largest_ordinary_answer_is_read(peer: Peer) -> None:
    """The limits are for attacks: a page full of presets passes."""
    item = "<items><name>{}</name><urlModifier>{}</urlModifier></items>"
    items = "".join(item.format(f"n{n}", "wid=900&amp;" * 20) for n in range(20_000))
    peer.answer(
        "getImageFormats",
        returned("getImageFormats", f"<imageFormatArray>{items}</imageFormatArray>"),
    )
    _, told = read_alone(peer)
    assert told == "read 20000"
