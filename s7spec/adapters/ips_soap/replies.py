"""From an HTTP answer to the Return element in it, or to the error it stands for."""

from __future__ import annotations

import re
from collections.abc import Callable, Sized
from typing import Any

from lxml import etree

from s7spec.adapters.ips_soap.element import Element, local_name
from s7spec.adapters.ips_soap.exchange import HttpAnswer
from s7spec.adapters.ips_soap.failures import (
    AnswerTooLarge,
    NotSoap,
    ProxyLogin,
    Redirected,
    Unavailable,
    WebPage,
    error_for,
)
from s7spec.adapters.ips_soap.limits import ANSWER_NODES
from s7spec.ports import PortError

_ENVELOPES = (
    "{http://schemas.xmlsoap.org/soap/envelope/}",
    "{http://www.w3.org/2003/05/soap-envelope}",
)
_LONGEST_REASON = 1000
_FAULTS = ("ipsApiFault", "authenticationFault", "authorizationFault")
_AWAY = (502, 503, 504)
# Bytes that mean what they look like: XML's own encoding, or one that is declared and keeps ASCII.
# In others (UTF-7, EBCDIC, UTF-16) a "<" may hide behind other bytes.
_PLAIN = re.compile(
    rb"""(?:\xef\xbb\xbf)?
    (?:<\?xml \s+version\s*=\s*(?:'1\.[0-9]'|"1\.[0-9]")
      (?:\s+encoding\s*=\s*(?:'(?:utf-8|us-ascii|iso-8859-1)'|"(?:utf-8|us-ascii|iso-8859-1)"))?
      (?:\s+standalone\s*=\s*(?:'(?:yes|no)'|"(?:yes|no)"))?\s*\?>)?
    \s*<[A-Za-z_]""",
    re.IGNORECASE | re.VERBOSE,
)


def read_reply(operation: str, answer: HttpAnswer, *, scrub: Callable[[str], str]) -> Element:
    """The ``<operation>Return`` element.

    A fault counts whatever the HTTP status is (facts: IPS API section 4: 500, or 200 on demand).
    ``scrub`` takes secrets out of whatever a message quotes. Raises the fault's error, NotSoap or
    AnswerTooLarge; no message quotes the answer, for a proxy's page may repeat the request.
    """
    content = _body_content(answer)
    if content is None:
        raise _unreadable(answer, "no SOAP answer", scrub)
    fault = _fault(content, scrub)
    if fault is not None:
        raise fault
    if answer.status != 200:
        raise _unreadable(answer, "no SOAP fault", scrub)
    if local_name(content) != f"{operation}Return":
        raise _unreadable(answer, f"no {operation}Return", scrub)
    return Element(content, scrub)


def _body_content(answer: HttpAnswer) -> etree._Element | None:
    """The first element in the SOAP body, or a bare fault document; None for anything else."""
    root = _parse(answer)
    if root is None or local_name(root) in _FAULTS:
        return root
    for space in _ENVELOPES:
        if root.tag == f"{space}Envelope":
            body = root.find(f"{space}Body")
            return None if body is None or len(body) == 0 else body[0]
    return None


def _parse(answer: HttpAnswer) -> etree._Element | None:
    """Raises AnswerTooLarge for more nodes than any answer has.

    Counting them exactly means to parse twice, with a call for every element: more than twice the
    time of the tree itself (benchmarks/gateway.py). The bytes give an upper bound for nothing, and
    no ordinary answer comes near the limit.
    """
    try:
        if not _surely_small(answer.body):
            etree.fromstring(answer.body, _parser(target=_Counter(answer.where)))
        root = etree.fromstring(answer.body, _parser())
    except etree.XMLSyntaxError:
        return None
    # SOAP forbids document types; with one the answer is an attack or no SOAP at all.
    docinfo: Any = root.getroottree().docinfo
    return None if docinfo.doctype else root


def _surely_small(body: bytes) -> bool:
    """Whether the document has few nodes whatever it says: an element begins with ``<``, an
    attribute or a prefix holds a ``=``, unless a document type brings some of its own."""
    return (
        _PLAIN.match(body) is not None
        and b"<!DOCTYPE" not in body
        and body.count(b"<") + body.count(b"=") <= ANSWER_NODES
    )


def _parser(target: Any = None) -> etree.XMLParser:  # the stubs ask a target for more than lxml
    # A new parser each time: lxml's are not meant to be shared between threads.
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        target=target,
    )


class _Counter:
    """Reads along without building a tree, which takes forty times the bytes of empty elements."""

    def __init__(self, where: str) -> None:
        self._where = where
        self._left = ANSWER_NODES

    def start(self, tag: str, attributes: Sized, prefixes: Sized) -> None:
        self._left -= 1 + len(attributes) + len(prefixes)
        if self._left < 0:
            raise AnswerTooLarge(
                f"{self._where} answered with more than {ANSWER_NODES} elements and attributes"
            )

    def close(self) -> None:
        """Part of the interface of a parser's target."""


def _fault(content: etree._Element, scrub: Callable[[str], str]) -> PortError | None:
    """The error for a fault. Only its detail element and code count: faultcode and faultstring
    differ between the documentation and the live service."""
    name = local_name(content)
    if name in _FAULTS:
        return _from_detail(content, scrub)
    if name != "Fault":
        return None
    for node in content.iter():
        if local_name(node) in _FAULTS:
            return _from_detail(node, scrub)
    code, reason = _own_words(Element(content, scrub))
    # Scrubbed before it is split: the password may hold a colon.
    code = scrub(code or "Fault").rpartition(":")[2]
    return error_for(f"soap:{code}", 0, _short(scrub(reason or "no reason given")))


def _own_words(fault: Element) -> tuple[str | None, str | None]:
    """The code and the reason of a fault of the SOAP stack itself, in SOAP 1.1 or 1.2."""
    code, reason = fault.child("Code"), fault.child("Reason")
    return (
        code.text("Value") if code else fault.text("faultcode"),
        reason.text("Text") if reason else fault.text("faultstring"),
    )


def _from_detail(node: etree._Element, scrub: Callable[[str], str]) -> PortError:
    detail = Element(node, scrub)
    reason = detail.text("reason") or "no reason given"
    return error_for(local_name(node), detail.count("code"), _short(scrub(reason)))


def _short(reason: str) -> str:
    """For people; the longest that IPS is known to say is far shorter."""
    return reason if len(reason) <= _LONGEST_REASON else f"{reason[:_LONGEST_REASON]}..."


def _unreadable(answer: HttpAnswer, what: str, scrub: Callable[[str], str]) -> NotSoap:
    media = scrub(answer.content_type).partition(";")[0].strip()
    content = (
        f"{len(answer.body)} bytes of {media or 'unnamed content'}" if answer.body else "empty"
    )
    kind, more = _page(answer)
    return kind(f"{answer.where} answered with HTTP {answer.status} and {what} ({content}){more}")


def _page(answer: HttpAnswer) -> tuple[type[NotSoap], str]:
    """What an answer without SOAP is, and what that may mean."""
    status = answer.status
    if 300 <= status < 400:
        return Redirected, "; redirects are not followed, give the service's own URL"
    if status == 407:
        return ProxyLogin, ": a proxy on the way wants a login"
    if status in _AWAY:
        return Unavailable, "; a server in front of IPS says that IPS is not available now"
    if not _is_html(answer):
        return NotSoap, ""
    if status == 404:
        return WebPage, ": a web page says that the path of the address is not there"
    if status in (401, 403):
        return WebPage, ": a web page, by a proxy or firewall rather than by IPS"
    return WebPage, ": a web page where IPS should be"


def _is_html(answer: HttpAnswer) -> bool:
    head = answer.body[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return "html" in answer.content_type.lower() or head.startswith((b"<!doctype html", b"<html"))
