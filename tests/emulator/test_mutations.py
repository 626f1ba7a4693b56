"""Whatever a client sends, it gets an answer of the interface, and the server lives on."""

from __future__ import annotations

import copy
import http.client
import random
from collections import Counter
from typing import TYPE_CHECKING

from lxml import etree

from tests.emulator.conftest import COMMON, V, Wire
from tests.emulator.valid_requests import operations, valid_request

if TYPE_CHECKING:
    from tests.emulator.conftest import Ips

MUTANTS = 10_000
VALID = 1_500
_ODD_TEXTS = (
    *("", " ", "-1", "0", "1e999", "NaN", "99999999999999999999", "true", "2026-13-45T99:99:99Z"),
    *("a" * 5000, "|", "c|110|", "a|", "a|-1", "%s%n", "\ud7ff\ue000", "../../etc", "'; DROP--"),
    *("0 0 0 31 2 ?", "\u202eevil", "😀" * 50, "<![CDATA[", "]]>", "&amp;", "\t\r\n"),
)
_CONTENT_TYPES = ("text/xml", "application/soap+xml", "", "text/plain; charset=latin-1", "x" * 300)


class Sender:
    """One kept connection, opened again whenever the server closed it."""

    def __init__(self, wire: Wire) -> None:
        self._address = wire.address
        self.broken = 0
        self._connection = self._connect()

    def _connect(self) -> http.client.HTTPConnection:
        assert self._address.hostname
        return http.client.HTTPConnection(self._address.hostname, self._address.port, timeout=30)

    def send(self, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
        try:
            self._connection.request("POST", self._address.path, body, headers)
            answer = self._connection.getresponse()
            return answer.status, answer.read()
        except (http.client.HTTPException, OSError):
            self.broken += 1
            self._connection.close()
            self._connection = self._connect()
            self._connection.request("POST", self._address.path, body, headers)
            answer = self._connection.getresponse()
            return answer.status, answer.read()

    def close(self) -> None:
        self._connection.close()


def kind_of(status: int, body: bytes) -> str:
    """Return or the code of the fault; fails for anything else."""
    root = etree.fromstring(body)
    (envelope_body,) = [child for child in root if str(child.tag).endswith("}Body")]
    (content,) = envelope_body
    if not str(content.tag).endswith("}Fault"):
        assert status == 200
        assert str(content.tag).endswith("Return")
        return "Return"
    (code,) = content.iterfind(f".//{{{COMMON}}}code")
    (reason,) = content.iterfind(f".//{{{COMMON}}}reason")
    assert "has a defect" not in (reason.text or ""), reason.text
    assert 200 <= status <= 599
    return code.text or ""


def test_valid_requests_are_answered(ips: Ips) -> None:
    chance = random.Random(7)  # noqa: S311
    sender, seen = Sender(ips), Counter[str]()
    for number in range(VALID):
        operation = operations()[number % len(operations())]
        request = valid_request(chance, operation)
        status, body = sender.send(request, {"Content-Type": "text/xml"})
        seen[f"{operation} {kind_of(status, body)}"] += 1
        assert "30003" not in kind_of(status, body), body.decode()
    sender.close()
    answered = {key.split()[0] for key in seen if key.endswith("Return")}
    assert len(answered) >= 24, seen


def test_mutants_are_answered(ips: Ips) -> None:
    chance = random.Random(11)  # noqa: S311
    sender, seen = Sender(ips), Counter[str]()
    for number in range(MUTANTS):
        request = valid_request(chance, operations()[number % len(operations())])
        mutant = mutate(chance, request)
        headers = {"Content-Type": "text/xml; charset=UTF-8"}
        if chance.random() < 0.05:
            headers = {"Content-Type": chance.choice(_CONTENT_TYPES), "SOAPAction": "?"}
        status, body = sender.send(mutant, headers)
        try:
            seen[kind_of(status, body)] += 1
        except (AssertionError, ValueError, etree.XMLSyntaxError) as error:
            raise AssertionError(f"{mutant!r}\n{status} {body!r}") from error
    sender.close()
    # The server closes a connection only when it was idle.
    assert sender.broken <= 2
    assert seen["Return"] > MUTANTS / 20
    assert seen["30003"] > MUTANTS / 20
    assert ips.call("getImageFormats", "<companyHandle>c|110</companyHandle>").status == 200


def mutate(chance: random.Random, request: bytes) -> bytes:
    """One to three changes, of the tree or of the bytes."""
    for _ in range(chance.choice((1, 1, 2, 3))):
        try:
            root = etree.fromstring(request, etree.XMLParser(resolve_entities=False))
        except (etree.XMLSyntaxError, ValueError):
            root = None
        if root is None or chance.random() < 0.3:
            request = _mutate_bytes(chance, request)
        else:
            request = _mutate_tree(chance, root)
    return request


def _mutate_bytes(chance: random.Random, request: bytes) -> bytes:
    place = chance.randrange(len(request)) if request else 0
    match chance.randrange(7):
        case 0:
            return request[:place]
        case 1:
            return request[:place] + bytes([chance.randrange(256)]) + request[place + 1 :]
        case 2:
            end = min(len(request), place + chance.randrange(1, 60))
            return request[:place] + request[end:]
        case 3:
            return request[:place] + request[place : place + 40] * 2 + request[place + 40 :]
        case 4:
            encoding = chance.choice(("utf-16", "latin-1", "utf-32", "EBCDIC-CP-US", "no-such"))
            return f"<?xml version='1.0' encoding='{encoding}'?>".encode() + request
        case 5:
            return b'<!DOCTYPE x [<!ENTITY e "boom">]>' + request.replace(b"c|110", b"&e;")
        case _:
            return request.decode("utf-8", "replace").encode(chance.choice(("utf-16", "utf-32")))


def _mutate_tree(chance: random.Random, root: etree._Element) -> bytes:
    nodes = list(root.iter("*"))
    node = chance.choice(nodes)
    parent = node.getparent()
    match chance.randrange(8):
        case 0 if parent is not None:
            parent.remove(node)
        case 1 if parent is not None:
            parent.insert(parent.index(node), copy.deepcopy(node))
        case 2 if parent is not None and len(parent) > 1:
            parent.append(node)
        case 3:
            text = chance.choice(_ODD_TEXTS)
            node.text = "".join(letter for letter in text if letter >= " " or letter in "\t\r\n")
        case 4:
            node.tag = chance.choice(nodes).tag
        case 5:
            space = chance.choice((V, COMMON, "", "urn:x", V.replace("2014-04-03", "2013-02-15")))
            local = etree.QName(node).localname
            node.tag = f"{{{space}}}{local}" if space else local
        case 6:
            node.set("{urn:x}odd", "1")
        case _:
            for _ in range(chance.choice((1, 30, 300))):
                node = etree.SubElement(node, chance.choice(nodes).tag)
    return etree.tostring(root)
