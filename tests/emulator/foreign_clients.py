"""Clients that know nothing of us: two SOAP libraries from the served WSDL, one from the facts.

Each offers the same few calls, so that one test can drive them all.
"""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from xml.etree import ElementTree as ET

import pytest
import suds
import suds.client
import suds.sudsobject
import zeep
import zeep.exceptions
import zeep.helpers
from zeep.settings import Settings
from zeep.transports import Transport

FACTS = json.loads(
    (Path(__file__).parents[1] / "contract" / "data" / "ips_api.json").read_text(encoding="utf-8")
)
COMMON = "http://www.scene7.com/IpsApi/xsd"
NEWEST = "2014-04-03"
ENDPOINT = "/scene7/services/IpsApiService"
LOGIN = {
    "user": "demo@example.com",
    "password": "demo",
    "appName": "foreign",
    "appVersion": "1",
}

Plain = dict[str, Any]


class Client(Protocol):
    """Calls an operation with nested dicts and lists; answers the Return element like that.

    Children that were absent or empty may be missing or None, numbers may be texts.
    """

    def call(self, operation: str, parameters: Plain) -> Plain: ...

    def fault(self, operation: str, parameters: Plain) -> tuple[str, int]:
        """Name and code of the fault that the call must end with."""
        ...

    def close(self) -> None: ...


class ZeepClient:
    def __init__(self, server: str, version: str, *, port: str) -> None:
        self._transport = Transport(operation_timeout=30)  # type: ignore[no-untyped-call]
        self._client = zeep.Client(  # type: ignore[no-untyped-call]
            f"{server}/scene7/webservice/IpsApi-{version}.wsdl",
            transport=self._transport,
            settings=Settings(strict=True, forbid_dtd=True, forbid_external=True),
        )
        self._service = self._client.bind("IpsApiService", port)

    def call(self, operation: str, parameters: Plain) -> Plain:
        answer = self._service[operation](**parameters, _soapheaders={"authHeader": LOGIN})
        plain = zeep.helpers.serialize_object(answer, dict)  # type: ignore[no-untyped-call]
        return _named(operation, plain)

    def fault(self, operation: str, parameters: Plain) -> tuple[str, int]:
        with pytest.raises(zeep.exceptions.Fault) as caught:
            self.call(operation, parameters)
        (detail,) = caught.value.detail
        return _fault(detail)

    def close(self) -> None:
        self._transport.session.close()


class SudsClient:
    def __init__(self, server: str, version: str) -> None:
        self._client = suds.client.Client(
            f"{server}/scene7/IpsApi-{version}.wsdl", cache=None, timeout=30
        )
        self._client.set_options(port="IpsApiSoapPort")
        namespace = f"{COMMON}/{version}" if version == NEWEST else COMMON
        header = self._client.factory.create(f"{{{namespace}}}authHeader")
        for name, value in LOGIN.items():
            setattr(header, name, value)
        self._client.set_options(soapheaders=[header])

    def call(self, operation: str, parameters: Plain) -> Plain:
        return _named(operation, _plain(getattr(self._client.service, operation)(**parameters)))

    def fault(self, operation: str, parameters: Plain) -> tuple[str, int]:
        with pytest.raises(suds.WebFault) as caught:
            self.call(operation, parameters)
        ((name, detail),) = caught.value.fault.detail
        return name, int(detail.code)

    def close(self) -> None:
        """Its connections end with each call."""


def _fault(detail: Any) -> tuple[str, int]:
    """From an element of either ElementTree or lxml."""
    return str(detail.tag).removeprefix(_c("")), int(detail.findtext(_c("code")))


def _named(operation: str, plain: Any) -> Plain:
    """Both libraries give a Return element of one child as that child."""
    names = [f["name"] for f in FACTS["operations"][operation]["output"]["fields"]]
    answer: Plain = {names[0]: plain} if len(names) == 1 else plain
    return answer


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, suds.sudsobject.Object):
        return {name: _plain(child) for name, child in value}
    return value


@dataclass(frozen=True, slots=True)
class FactsClient:
    """Written against the facts alone: urllib, ElementTree and the order of the fields."""

    server: str
    version: str
    soap: str

    def call(self, operation: str, parameters: Plain) -> Plain:
        envelope = ET.Element(f"{{{self.soap}}}Envelope")
        # The header of any version may be sent in the common namespace, as the docs say.
        header = ET.SubElement(ET.SubElement(envelope, f"{{{self.soap}}}Header"), _c("authHeader"))
        for name, value in LOGIN.items():
            ET.SubElement(header, _c(name)).text = value
        body = ET.SubElement(envelope, f"{{{self.soap}}}Body")
        fact = FACTS["operations"][operation]["input"]
        self._fill(ET.SubElement(body, self._v(fact["element"])), fact["fields"], parameters)
        return self._send(operation, ET.tostring(envelope, encoding="utf-8", xml_declaration=True))

    def fault(self, operation: str, parameters: Plain) -> tuple[str, int]:
        with pytest.raises(urllib.error.HTTPError) as caught:
            self.call(operation, parameters)
        with caught.value as reply:
            assert reply.status == 500
            root = ET.fromstring(reply.read())
        (detail,) = root.findall(f".//{_c('code')}/..")
        return _fault(detail)

    def _send(self, operation: str, data: bytes) -> Plain:
        if "2003" in self.soap:
            headers = {"Content-Type": f'application/soap+xml; action="{operation}"'}
        else:
            headers = {"Content-Type": "text/xml; charset=UTF-8", "SOAPAction": operation}
        request = urllib.request.Request(self.server + ENDPOINT, data, headers)
        with urllib.request.urlopen(request, timeout=30) as reply:
            root = ET.fromstring(reply.read())
        (answer,) = root[0]
        assert root.tag == f"{{{self.soap}}}Envelope"
        assert answer.tag == self._v(f"{operation}Return")
        read: Plain = self._read(answer) or {}
        return read

    def _fill(self, parent: ET.Element, fields: list[Plain], values: Plain) -> None:
        for field in fields:
            if field["name"] not in values:
                continue
            many = values[field["name"]] if field["maxOccurs"] == "unbounded" else None
            for value in [values[field["name"]]] if many is None else many:
                child = ET.SubElement(parent, self._v(field["name"]))
                kind, _, type_name = field["type"].partition(":")
                if kind == "types":
                    self._fill(child, FACTS["types"][type_name]["fields"], value)
                else:
                    child.text = str(value).lower() if isinstance(value, bool) else str(value)

    def _read(self, element: ET.Element) -> Any:
        children = list(element)
        if not children:
            return element.text
        names = [child.tag.removeprefix(self._v("")) for child in children]
        assert not [name for name in names if name.startswith("{")]
        if set(names) == {"items"}:
            return {"items": [self._read(child) for child in children]}
        return {name: self._read(child) for name, child in zip(names, children, strict=True)}

    def _v(self, name: str) -> str:
        return f"{{{COMMON}/{self.version}}}{name}"

    def close(self) -> None:
        """Its connections end with each call."""


def _c(name: str) -> str:
    return f"{{{COMMON}}}{name}"


def _zeep(port: str) -> Callable[[str, str], Client]:
    return lambda server, version: ZeepClient(server, version, port=port)


def _facts(soap: str) -> Callable[[str, str], Client]:
    return lambda server, version: FactsClient(server, version, soap)


CLIENTS: dict[str, Callable[[str, str], Client]] = {
    "zeep, SOAP 1.1": _zeep("IpsApiSoapPort"),
    "zeep, SOAP 1.2": _zeep("IpsApiSoap12Port"),
    "suds": SudsClient,
    "facts, SOAP 1.1": _facts("http://schemas.xmlsoap.org/soap/envelope/"),
    "facts, SOAP 1.2": _facts("http://www.w3.org/2003/05/soap-envelope"),
}
"""Name -> (address of the server, version) -> client."""
