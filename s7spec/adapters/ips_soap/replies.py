"""From an HTTP answer to the Return element in it, or to the error it stands for."""

from __future__ import annotations

from collections.abc import Callable, Sized
from typing import Any

from lxml import etree

from s7spec.adapters.ips_soap.element import Element, local_name
from s7spec.adapters.ips_soap.exchange import HttpAnswer
from s7spec.adapters.ips_soap.failures import Unavailable, error_for
from s7spec.adapters.ips_soap.limits import ANSWER_NODES
from s7spec.ports import IpsAnswerUnreadable, PortError

_ENVELOPES = (
    "{http://schemas.xmlsoap.org/soap/envelope/}",
    "{http://www.w3.org/2003/05/soap-envelope}",
)
_FAULTS = ("ipsApiFault", "authenticationFault", "authorizationFault")
_AWAY = (502, 503, 504)


def read_reply(operation: str, answer: HttpAnswer, *, scrub: Callable[[str], str]) -> Element:
    """The ``<operation>Return`` element.

    A fault counts whatever the HTTP status is (facts: IPS API section 4: 500, or 200 on demand).
    ``scrub`` takes secrets out of whatever a message quotes. Raises the fault's error or
    IpsAnswerUnreadable; no message quotes the answer, for a proxy's page may repeat the request.
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
    return Element(content, scrub=scrub)


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
    """Raises IpsAnswerUnreadable for more nodes than any answer has."""
    try:
        etree.fromstring(answer.body, _parser(target=_Counter(answer.where)))
        root = etree.fromstring(answer.body, _parser())
    except etree.XMLSyntaxError:
        return None
    # SOAP forbids document types; with one the answer is an attack or no SOAP at all.
    docinfo: Any = root.getroottree().docinfo
    return None if docinfo.doctype else root


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
            raise IpsAnswerUnreadable(
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
    fault = Element(content, scrub=scrub)
    # Scrubbed before it is split: the password may hold a colon.
    code = scrub(fault.text("faultcode") or "Fault").rpartition(":")[2]
    return error_for(f"soap:{code}", 0, scrub(fault.text("faultstring") or "no reason given"))


def _from_detail(node: etree._Element, scrub: Callable[[str], str]) -> PortError:
    detail = Element(node, scrub=scrub)
    reason = detail.text("reason") or "no reason given"
    return error_for(local_name(node), detail.count("code"), scrub(reason))


def _unreadable(answer: HttpAnswer, what: str, scrub: Callable[[str], str]) -> IpsAnswerUnreadable:
    kind = Unavailable if answer.status in _AWAY else IpsAnswerUnreadable
    media = scrub(answer.content_type).partition(";")[0].strip()
    content = (
        f"{len(answer.body)} bytes of {media or 'unnamed content'}" if answer.body else "empty"
    )
    text = f"{answer.where} answered with HTTP {answer.status} and {what} ({content})"
    if 300 <= answer.status < 400:
        text += "; redirects are not followed, give the service's own URL"
    return kind(text)
