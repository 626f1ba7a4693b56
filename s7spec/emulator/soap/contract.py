"""The files of schemas/ips, ready for use."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

from lxml import etree

from s7spec.emulator.soap.faults import FaultCode, IpsFault
from s7spec.emulator.soap.names import VERSIONED
from s7spec.emulator.soap.schema import Schema, read_schema

VERSION = "2014-04-03"
_PLACEHOLDER = '"http://localhost/scene7/services/IpsApiService"'


class Contract:
    """One version of the interface: its schema, its WSDL, its check of requests.

    Raises FileNotFoundError when the folder lacks one of the files.
    """

    def __init__(self, folder: Path, *, version: str = VERSION) -> None:
        self.version = version
        self.namespace = VERSIONED.format(version=version)
        self._xsd = etree.parse(str(_existing(folder / f"IpsApi-{version}.xsd")))
        self._wsdl = _existing(folder / f"IpsApi-{version}.wsdl").read_text(encoding="utf-8")
        self.schema: Schema = read_schema(self._xsd.getroot())
        self._of_thread = threading.local()

    def wsdl(self, address: str) -> bytes:
        """The WSDL with ``address`` as the address of both ports."""
        return self._wsdl.replace(_PLACEHOLDER, quoteattr(address)).encode()

    def check(self, param: etree._Element) -> None:
        """Check a <op>Param element. Raises IpsFault 30003 with the first complaint."""
        validator = self._validator()
        if validator.validate(param):
            return
        log: Any = validator.error_log
        complaint = log[0]
        raise IpsFault(FaultCode.INVALID_REQUEST_XML, f"line {complaint.line}: {complaint.message}")

    def _validator(self) -> etree.XMLSchema:
        # An XMLSchema object collects the complaints of its last use: one for each thread.
        validator: etree.XMLSchema | None = getattr(self._of_thread, "validator", None)
        if validator is None:
            validator = self._of_thread.validator = etree.XMLSchema(self._xsd)
        return validator


def _existing(path: Path) -> Path:
    if not path.is_file():
        raise FileNotFoundError(f"the contract lacks {path}")
    return path
