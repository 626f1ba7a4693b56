"""Earlier versions of the contract, made from the files of the newest one.

There is one written contract; what differs is a table (``versions``), so the versions cannot drift
apart.
"""

from __future__ import annotations

from lxml import etree

from s7spec.emulator.soap.names import COMMON, VERSIONED, XSD
from s7spec.emulator.soap.versions import ABSENT_EARLIER, EARLIER_CHANGES, NEWEST, Addition, Change

_X = f"{{{XSD}}}"
_W = "{http://schemas.xmlsoap.org/wsdl/}"


def earlier_version(document: bytes, version: str) -> bytes:
    """The XSD or the WSDL of the newest version as ``version`` has it.

    The authHeader is the one of the common namespace. Raises ValueError when the document lacks
    something that the table of versions speaks of.
    """
    root = etree.fromstring(document.replace(NEWEST.encode(), version.encode()))
    for schema in root.iter(f"{_X}schema"):
        if schema.get("targetNamespace") == VERSIONED.format(version=version):
            _change_schema(schema)
    for part in root.iterfind(f"{_W}message[@name='authHeader']/{_W}part"):
        prefixes = {uri: prefix for prefix, uri in part.nsmap.items()}
        part.set("element", f"{prefixes[COMMON]}:authHeader")
    tree = root.getroottree()
    return bytes(etree.tostring(tree, xml_declaration=True, encoding="UTF-8"))


def _change_schema(schema: etree._Element) -> None:
    for name, change in EARLIER_CHANGES.items():
        _change(_sequence(schema, name), change)
    for name in (*ABSENT_EARLIER, "authHeader"):
        schema.remove(_named(schema, name))


def _sequence(schema: etree._Element, name: str) -> etree._Element:
    """Where the children of a global element or a named type are declared."""
    return next(_named(schema, name).iter(f"{_X}sequence"))


def _change(sequence: etree._Element, change: Change) -> None:
    # Additions first: one of them may stand after something that is lacking.
    for addition in change.adds:
        _named(sequence, addition.after).addnext(_declared(addition))
    for name in change.lacks:
        sequence.remove(_named(sequence, name))


def _declared(addition: Addition) -> etree._Element:
    node = etree.Element(f"{_X}element", {"name": addition.name, "type": f"xsd:{addition.type}"})
    if not addition.required:
        node.set("minOccurs", "0")
    return node


def _named(parent: etree._Element, name: str) -> etree._Element:
    for node in parent:
        if node.get("name") == name:
            return node
    raise ValueError(f"the contract has no {name} where the table of versions expects it")
