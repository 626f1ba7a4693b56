"""The contract as data: which children every element and type has, in which order.

Read from the same XSD that requests are checked with, so that answers cannot fall out of wire
order.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from lxml import etree

from s7spec.emulator.soap.names import XSD

_X = f"{{{XSD}}}"


@dataclass(frozen=True, slots=True)
class Field:
    """One child. ``type`` is the name of a type of the contract, or of a built-in one."""

    name: str
    type: str
    built_in: bool
    required: bool
    many: bool


@dataclass(frozen=True, slots=True)
class Schema:
    """Global elements and named types by name, each as its children in wire order.

    ``elsewhere`` names children of an element or type that only other versions have.
    """

    namespace: str
    elements: Mapping[str, tuple[Field, ...]]
    types: Mapping[str, tuple[Field, ...]]
    elsewhere: Mapping[str, frozenset[str]]

    def array_items(self, type_name: str) -> Field | None:
        """The one repeated child of an array type, None for other types."""
        fields = self.types[type_name]
        return fields[0] if len(fields) == 1 and fields[0].many else None


def read_schema(
    root: etree._Element, elsewhere: Mapping[str, frozenset[str]] = MappingProxyType({})
) -> Schema:
    """Read a schema document that uses plain sequences only, as the contract does."""
    elements = {
        str(node.get("name")): _fields(node[-1])
        for node in root.findall(f"{_X}element")
        if node.get("name") != "authHeader"
    }
    types = {str(node.get("name")): _fields(node) for node in root.findall(f"{_X}complexType")}
    return Schema(str(root.get("targetNamespace")), elements, types, elsewhere)


def _fields(complex_type: etree._Element) -> tuple[Field, ...]:
    return tuple(_field(node) for node in complex_type.findall(f"{_X}sequence/{_X}element"))


def _field(node: etree._Element) -> Field:
    prefix, _, local = str(node.get("type")).rpartition(":")
    return Field(
        name=str(node.get("name")),
        type=local,
        built_in=node.nsmap[prefix or None] == XSD,
        required=node.get("minOccurs", "1") != "0",
        many=node.get("maxOccurs", "1") == "unbounded",
    )
