"""Reading and writing SOAP envelopes, versions 1.1 and 1.2."""

from __future__ import annotations

import re
from collections.abc import Sized
from dataclasses import dataclass
from typing import Any

from lxml import etree

from s7spec.emulator.soap.faults import FaultCode, IpsFault
from s7spec.emulator.soap.names import COMMON, SOAP_11, SOAP_12, WSDL
from s7spec.emulator.soap.params import local_name
from s7spec.emulator.soap.writing import escape

_CONTENT_TYPES = {
    SOAP_11: "text/xml; charset=UTF-8",
    SOAP_12: "application/soap+xml; charset=UTF-8",
}
# A job of 20,000 assets has as many elements.
MAX_NODES = 200_000
MAX_ATTRIBUTES = 20_000
_TAG = re.compile(rb"[^>\"']*+(?:(?:\"[^\"]*+\"|'[^']*+')[^>\"']*+)*+>")
# The start of a document in an encoding where each < and = of the markup is a byte of that value.
# In others, such as UTF-7 or EBCDIC, markup can hide from a count of bytes.
_ASCII_LIKE = re.compile(
    rb"""(?:\xef\xbb\xbf)?\s*
    <(?:[^?\0]|\?xml(?=\s)(?:(?!encoding)[^?>])*
       (?:encoding\s*=\s*["'](?:utf-8|us-ascii|iso-8859-1)["'][^?>]*)?\?>)""",
    re.IGNORECASE | re.VERBOSE,
)
# Any HTTP status under which an answer can have a body.
_FAULT_STATUS = re.compile("(?!204|205|304)[2-5][0-9]{2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthHeader:
    """What the caller says about itself, from whichever form of header it used.

    ``locale`` is as sent: a language and perhaps a country, such as en-US.
    """

    user: str | None = None
    password: str | None = None
    locale: str | None = None
    gzip_response: bool | None = None
    fault_status: int = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """A request. ``soap`` is its SOAP namespace, ``body`` the one element of its Body."""

    soap: str
    header: AuthHeader
    body: etree._Element


def content_type(soap: str) -> str:
    return _CONTENT_TYPES[soap]


def read_envelope(data: bytes) -> Envelope:
    """Parse a request. Raises IpsFault 30003 for all that is not a plain SOAP envelope."""
    root = _parse(data)
    soap = root.tag[1:].partition("}")[0]
    if soap not in _CONTENT_TYPES or local_name(root) != "Envelope":
        raise _refused(f"the root element is {root.tag}, not a SOAP envelope")
    body = root.find(f"{{{soap}}}Body")
    if body is None or len(body) != 1:
        raise _refused("the Body of the envelope must hold exactly one element")
    header = root.find(f"{{{soap}}}Header")
    return Envelope(
        soap=soap,
        header=AuthHeader() if header is None else _read_header(header),
        body=body[0],
    )


def _parse(data: bytes) -> etree._Element:
    try:
        if not _is_surely_small(data):
            etree.fromstring(data, _parser(target=_Counter()))
        root = etree.fromstring(data, _parser())
    except etree.XMLSyntaxError as error:
        # The parser's words repeat names of entities: a piece of a password with a bare & in it.
        line, column = error.position
        trouble = "an entity that is not defined" if "ntity" in error.msg else error.msg
        raise _refused(f"not well-formed: {trouble}, line {line}, column {column}") from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise _refused("a document type declaration is not allowed in SOAP")
    return root


def _is_surely_small(data: bytes) -> bool:
    """Whether a mere count of bytes, which no element or attribute escapes, is within the limit."""
    # Nor do attributes that a document type declares: the parser leaves them out.
    attributes = data.count(b"=")
    if attributes > MAX_ATTRIBUTES:
        _refuse_many_attributes(data)
    markup = data.count(b"<") + attributes
    return markup <= MAX_NODES and _ASCII_LIKE.match(data) is not None


def _refuse_many_attributes(data: bytes) -> None:
    """The parser holds all attributes of an element before anybody can count them."""
    # No < stands inside a tag, not even in its attributes.
    for stretch in data.split(b"<"):
        if stretch.count(b"=") > MAX_ATTRIBUTES:
            tag = _TAG.match(stretch)
            if tag is None or tag[0].count(b"=") > MAX_ATTRIBUTES:
                raise _refused(f"more than {MAX_ATTRIBUTES} attributes in one element")


def _parser(target: Any = None) -> etree.XMLParser:  # the stubs ask a target for more than lxml
    return etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        target=target,
    )


class _Counter:
    """Reads along without building a tree, which takes thirty times the bytes of empty elements.

    Raises IpsFault at the first node too many.
    """

    def __init__(self) -> None:
        self._left = MAX_NODES

    def start(self, tag: str, attributes: Sized, prefixes: Sized) -> None:
        self._left -= 1 + len(attributes) + len(prefixes)
        if self._left < 0:
            raise _refused(f"more than {MAX_NODES} elements and attributes")

    def close(self) -> None:
        """Part of the interface of a parser's target."""


def _refused(reason: str) -> IpsFault:
    return IpsFault(FaultCode.INVALID_REQUEST_XML, reason)


def _read_header(header: etree._Element) -> AuthHeader:
    """Both namespaces, any order, nothing required (facts: IPS API section 3)."""
    for block in header:
        namespace, _, name = str(block.tag)[1:].rpartition("}")
        if name == "authHeader" and (namespace == COMMON or namespace.startswith(f"{COMMON}/")):
            return _read_auth_header(block)
    # The deprecated form: two elements in the namespace of the WSDL.
    return AuthHeader(
        user=header.findtext(f"{{{WSDL}}}AuthUser"),
        password=header.findtext(f"{{{WSDL}}}AuthPassword"),
    )


def _read_auth_header(block: etree._Element) -> AuthHeader:
    values = {local_name(child): child.text or "" for child in block}
    gzip = values.get("gzipResponse", "").strip()
    status = values.get("faultHttpStatusCode", "").strip()
    return AuthHeader(
        user=values.get("user"),
        password=values.get("password"),
        locale=values.get("locale", "").strip() or None,
        gzip_response=gzip in ("true", "1") if gzip else None,
        fault_status=int(status) if _FAULT_STATUS.fullmatch(status) else 500,
    )


def write_envelope(soap: str, content: str) -> bytes:
    """``content`` is the text of the one element of the Body."""
    return (
        "<?xml version='1.0' encoding='UTF-8'?>"
        f'<soapenv:Envelope xmlns:soapenv="{soap}"><soapenv:Body>{content}'
        "</soapenv:Body></soapenv:Envelope>"
    ).encode()


def write_fault(soap: str, fault: IpsFault) -> bytes:
    """The recorded form: a detail element with its own prefix for the common namespace."""
    detail = (
        f'<tns:{fault.element} xmlns:tns="{COMMON}"><tns:code>{int(fault.code)}</tns:code>'
        f"<tns:reason>{escape(fault.reason)}</tns:reason></tns:{fault.element}>"
    )
    if soap == SOAP_12:
        code = "Receiver" if fault.is_of_the_server else "Sender"
        return write_envelope(
            soap,
            f"<soapenv:Fault><soapenv:Code><soapenv:Value>soapenv:{code}</soapenv:Value>"
            f'</soapenv:Code><soapenv:Reason><soapenv:Text xml:lang="en">{fault.faultstring}'
            f"</soapenv:Text></soapenv:Reason><soapenv:Detail>{detail}</soapenv:Detail>"
            "</soapenv:Fault>",
        )
    code = "Server" if fault.is_of_the_server else "Client"
    return write_envelope(
        soap,
        f"<soapenv:Fault><faultcode>soapenv:{code}</faultcode>"
        f"<faultstring>{fault.faultstring}</faultstring><detail>{detail}</detail></soapenv:Fault>",
    )
