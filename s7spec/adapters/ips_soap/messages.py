"""The envelopes: after our own WSDL, in wire order."""

from __future__ import annotations

import logging
from collections.abc import Collection
from functools import cache
from pathlib import Path
from typing import Any

from lxml import etree
from zeep import Client
from zeep.settings import Settings

from s7spec import __version__
from s7spec.adapters.credentials import Credentials
from s7spec.adapters.ips_soap.templates import Children, Templates

VERSION = "2014-04-03"
_WSDL = f"IpsApi-{VERSION}.wsdl"
_TYPES = f"http://www.scene7.com/IpsApi/xsd/{VERSION}"
_BINDING = "{http://www.scene7.com/IpsApi}IpsApiServiceSoapBinding"
_REDACTED = "***"

# At DEBUG zeep's transport prints envelopes with the password in them. We do not send through it;
# should anybody ever do, it stays silent.
for _name in ("zeep", "zeep.transports"):
    logging.getLogger(_name).setLevel(logging.WARNING)


class Messages:
    """Envelopes of one caller. Threads may share it."""

    def __init__(self, contract: Path, *, endpoint: str, credentials: Credentials) -> None:
        self._client = _load(contract / _WSDL)
        self._service = self._client.create_service(_BINDING, endpoint)
        self._header = {
            # facts: IPS API section 3: versioned namespace, appName and appVersion always.
            "user": credentials.user,
            "password": credentials.password,
            "appName": "s7spec",
            "appVersion": __version__,
        }
        self._templates = Templates(self._by_zeep)

    def wire(self, operation: str, **children: Any) -> bytes:
        """The envelope of ``operation``; ``children`` are the Param element's, see templates."""
        return self._templates.wire(operation, children)

    def _by_zeep(self, operation: str, children: Children) -> etree._Element:
        envelope: etree._Element = self._client.create_message(
            self._service, operation, _soapheaders={"authHeader": self._header}, **children
        )
        return envelope

    def info_leaves(self, names: Collection[str]) -> tuple[str, ...]:
        """``xInfo/leaf`` for every leaf of these names in the type Asset's Info children."""
        asset = self._client.get_type(f"{{{_TYPES}}}Asset")
        return tuple(
            f"{info}/{leaf}"
            for info, element in asset.elements
            if info.endswith("Info")
            for leaf, _ in element.type.elements
            if leaf in names
        )


@cache
def _load(wsdl: Path) -> Any:
    """zeep's client for our WSDL, once in a process. It holds no caller's data.

    Measured (benchmarks/gateway.py, best of 21): the whole WSDL takes 25 ms, one pruned to the nine
    operations we call 20 ms, for submitJob and Asset reach most of the types; importing zeep takes
    150 ms. zeep's model cannot be pickled (it holds a thread-local), and its own cache keeps
    downloads, not the model. So there is one contract, read whole: nothing can drift for 5 ms.
    """
    untyped: Any = Client
    settings = Settings(
        forbid_dtd=True, forbid_entities=True, forbid_external=True, xml_huge_tree=False
    )
    return untyped(str(wsdl), settings=settings)


def to_show(wire: bytes) -> str:
    """The envelope as people read it, user and password blackened."""
    shown = etree.fromstring(wire)
    for name in ("user", "password"):
        for node in shown.iter(f"{{{_TYPES}}}{name}"):
            node.text = _REDACTED
    return etree.tostring(shown, pretty_print=True, encoding="unicode")
