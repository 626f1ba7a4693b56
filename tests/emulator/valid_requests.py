"""Random requests that the contract allows, for every operation, built from the XSD itself."""

from __future__ import annotations

import random
from functools import cache
from xml.sax.saxutils import escape

from lxml import etree

from s7spec.emulator.soap.schema import Field, Schema, read_schema
from tests.emulator.conftest import CONTRACT, SOAP_11, VERSIONED_HEADER, V

_DEEPEST = 4
# Values that mean something to the server, by the name of the child.
_KNOWN: dict[str, tuple[str, ...]] = {
    "companyHandle": ("c|110",),
    "companyName": ("Acme",),
    "userHandle": ("u|110|demo@example.com",),
    "accessUserHandle": ("u|110|demo@example.com",),
    "email": ("demo@example.com",),
    "password": ("demo",),
    "assetHandle": ("a|1001", "a|1003", "a|9"),
    "assetHandleArray": ("a|1001", "a|1002", "a|9"),
    "folder": ("Acme/", "Acme/Products/ss27/"),
    "folderPath": ("Acme/", "Acme/Products/"),
    "folderHandle": ("f|Acme/", "f|Acme/Brand/"),
    "nameArray": ("PS_1", "logo", "nobody"),
    "assetType": ("Image", "Video", "Boat"),
    "assetTypeArray": ("Image", "Pdf"),
    "field": ("Name", "FileSize", "Created", "Keywords", "Sku"),
    "fieldHandle": ("name", "modified_at", "m|110|ASSET|x", "custom_attributes.x"),
    "op": ("Equals", "StartsWith", "Between", "GreaterThan", "MatchesAny"),
    "fmt": ("orig", "convert"),
    "emailSetting": ("None", "All"),
    "is_modifier": ("wid=5", "fmt=png&wid=3"),
    "macro": ("$x$",),
    "trashState": ("NotInTrash", "InTrash"),
    "publishState": ("MarkedForPublish",),
    "sortDirection": ("Ascending", "Descending"),
    "sortBy": ("Name", "StartDate", "Date"),
    "execSchedule": ("0 0 3 * * ?", "never"),
    "responseFieldArray": ("totalRows", "assetArray/items/name"),
    "recordsPerPage": ("1", "50"),
    "resultsPage": ("1", "2"),
    "depth": ("0", "-1", "3"),
    "jobHandle": ("j|110|nothing||", "j|110||x_2026|7"),
}
_TYPED = {
    "boolean": ("true", "false", "1", "0"),
    "int": ("0", "1", "7", "2147483647", "-2147483648"),
    "long": ("0", "5", "9223372036854775807"),
    "double": ("0", "1.5", "-2E10", "INF", "NaN"),
    "dateTime": ("2026-05-01T10:00:00Z", "2031-01-01T00:00:00.123-05:00", "0001-01-01T00:00:00"),
    "string": ("", "x", "two words", "ünïcödé 😀", "<&>\"'", "a|b||c", "../..", "%00", "{{ x }}"),
}


@cache
def contract() -> Schema:
    return read_schema(etree.parse(str(CONTRACT / "IpsApi-2014-04-03.xsd")).getroot())


def operations() -> tuple[str, ...]:
    """All of them, by name."""
    names = (name.removesuffix("Param") for name in contract().elements if name.endswith("Param"))
    return tuple(sorted(names))


def valid_request(chance: random.Random, operation: str) -> bytes:
    """An envelope with random children; those that are optional come and go."""
    fields = contract().elements[f"{operation}Param"]
    inner = "".join(_child(chance, field, "", 0) for field in fields)
    param = f"{operation}Param"
    return (
        f'<s:Envelope xmlns:s="{SOAP_11}"><s:Header>{VERSIONED_HEADER}</s:Header><s:Body>'
        f'<{param} xmlns="{V}">{inner}</{param}></s:Body></s:Envelope>'
    ).encode()


def _child(chance: random.Random, field: Field, parent: str, depth: int) -> str:
    if not field.required and (depth >= _DEEPEST or chance.random() < 0.6):
        return ""
    count = chance.choice((0, 1, 2, 3)) if field.many else 1
    return "".join(_element(chance, field, parent, depth) for _ in range(count))


def _element(chance: random.Random, field: Field, parent: str, depth: int) -> str:
    if field.built_in:
        name = parent if field.name == "items" else field.name
        values = _KNOWN.get(name, _TYPED[field.type])
        text = escape(chance.choice(values))
    else:
        inner = contract().types[field.type]
        text = "".join(_child(chance, one, field.name, depth + 1) for one in inner)
    return f"<{field.name}>{text}</{field.name}>"
