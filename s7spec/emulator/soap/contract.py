"""The files of schemas/ips, ready for use in every version that is served."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

from lxml import etree

from s7spec.emulator.soap.derivation import earlier_version
from s7spec.emulator.soap.faults import FaultCode, IpsFault
from s7spec.emulator.soap.names import VERSIONED
from s7spec.emulator.soap.schema import Schema, read_schema
from s7spec.emulator.soap.versions import NEWEST, VERSIONS, known_elsewhere
from s7spec.emulator.soap.writing import ReplyWriter

_PLACEHOLDER = b'"http://localhost/scene7/services/IpsApiService"'


class Edition:
    """One version of the interface: its schema, its WSDL, its check of requests, its answers.

    Thread-safe.
    """

    def __init__(self, version: str, *, xsd: bytes, wsdl: bytes) -> None:
        self.version = version
        self.namespace = VERSIONED.format(version=version)
        self._xsd = xsd
        self._wsdl = wsdl
        self.schema: Schema = read_schema(etree.fromstring(xsd), known_elsewhere(version))
        self.writer = ReplyWriter(self.schema)
        self._idle: list[etree.XMLSchema] = []

    def wsdl(self, address: str) -> bytes:
        """The WSDL with ``address`` as the address of both ports."""
        return self._wsdl.replace(_PLACEHOLDER, quoteattr(address).encode())

    def check(self, param: etree._Element) -> None:
        """Check a <op>Param element. Raises IpsFault 30003 with the first complaint."""
        with self._validator() as validator:
            if validator.validate(param):
                return
            log: Any = validator.error_log
            complaint = log[0]
        raise IpsFault(FaultCode.INVALID_REQUEST_XML, f"line {complaint.line}: {complaint.message}")

    @contextmanager
    def _validator(self) -> Iterator[etree.XMLSchema]:
        """One for this block alone: it collects the complaints of its last use. To make one takes
        longer than to answer most requests, and threads come and go."""
        try:
            validator = self._idle.pop()
        except IndexError:
            validator = etree.XMLSchema(etree.fromstring(self._xsd))
        yield validator
        self._idle.append(validator)


class Contract:
    """All versions of the interface, from the files of the newest one.

    Raises FileNotFoundError when the folder lacks one of the files.
    """

    versions = VERSIONS

    def __init__(self, folder: Path) -> None:
        self._xsd = _existing(folder / f"IpsApi-{NEWEST}.xsd").read_bytes()
        self._wsdl = _existing(folder / f"IpsApi-{NEWEST}.wsdl").read_bytes()
        self.newest = Edition(NEWEST, xsd=self._xsd, wsdl=self._wsdl)
        self._editions = {NEWEST: self.newest}
        self._making = threading.Lock()

    def edition(self, version: str) -> Edition | None:
        """A version, made when it is first asked for; None for one that is not served."""
        if version not in VERSIONS:
            return None
        with self._making:
            known = self._editions.get(version)
            if known is None:
                known = self._editions[version] = Edition(
                    version,
                    xsd=earlier_version(self._xsd, version),
                    wsdl=earlier_version(self._wsdl, version),
                )
            return known

    def speaking(self, namespace: str) -> Edition | None:
        """The version whose elements live in ``namespace``."""
        if namespace == self.newest.namespace:
            return self.newest
        for version in VERSIONS:
            if namespace == VERSIONED.format(version=version):
                return self.edition(version)
        return None


def _existing(path: Path) -> Path:
    if not path.is_file():
        raise FileNotFoundError(f"the contract lacks {path}")
    return path
