"""Envelopes that were serialised once, with places for the values.

zeep weighs every value against the schema each time, which takes longer than all the rest of a call
(benchmarks/submitting.py). So it serialises one envelope of each shape, in which marks stand for
the values; what differs from call to call are texts only, and a test holds what comes out to zeep's
own envelopes and to the XSD.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import count
from typing import Any
from uuid import uuid4

from lxml import etree

Children = Mapping[str, Any]
"""By name: str, bool, int or an aware datetime; a mapping for a structure, one of ``items`` alone
for an array of texts or of structures. None is left out."""

# What XML 1.0 cannot carry: control characters but tab and line ends, halves of surrogate pairs.
_NOT_XML = "\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff"
_UNCARRIED = re.compile(f"[{_NOT_XML}]")
_NOT_PLAIN = re.compile(f"[&<>\r{_NOT_XML}]")
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})

_Value = str | Sequence[str]
_Shape = tuple[Any, ...]


def is_xml_text(text: str) -> bool:
    """False when an XML document cannot carry the text."""
    return _UNCARRIED.search(text) is None


def to_wire(envelope: etree._Element) -> bytes:
    return etree.tostring(envelope, encoding="utf-8", xml_declaration=True)


class Templates:
    """``build`` makes the envelope of an operation the long way. Threads may share it."""

    def __init__(self, build: Callable[[str, Children], etree._Element]) -> None:
        self._build = build
        self._known: dict[_Shape, _Template] = {}

    def wire(self, operation: str, children: Children) -> bytes:
        """Raises ValueError for a text that XML cannot carry."""
        values: list[_Value] = []
        shape = (operation, *_shape(children, values))
        template = self._known.get(shape)
        if template is None:
            template = self._known[shape] = self._learned(operation, children)
        return template.filled(values)

    def _learned(self, operation: str, children: Children) -> _Template:
        mark = uuid4().hex  # it stands in no name and no password
        marks = (f"{mark}.{place}." for place in count())
        envelope = self._build(operation, _marked(children, marks))
        return _Template(to_wire(envelope).decode(), mark)


class _Template:
    """``places`` tell which value comes next, in the order of the schema and not of the caller; for
    an array also the element that holds each item."""

    def __init__(self, envelope: str, mark: str) -> None:
        marks = re.compile(rf"<([^<>/]*items)>{mark}\.(\d+)\.</\1>|{mark}\.(\d+)\.")
        self._pieces: list[str] = []
        self._places: list[tuple[int, str]] = []
        end = 0
        for found in marks.finditer(envelope):
            self._pieces.append(envelope[end : found.start()])
            self._places.append((int(found[2] or found[3]), found[1] or ""))
            end = found.end()
        self._rest = envelope[end:]

    def filled(self, values: Sequence[_Value]) -> bytes:
        out: list[str] = []
        for piece, (place, element) in zip(self._pieces, self._places, strict=True):
            out.append(piece)
            value = values[place]
            if isinstance(value, str):
                out.append(_escaped(value))
            else:
                out.extend([f"<{element}>{_escaped(item)}</{element}>" for item in value])
        out.append(self._rest)
        return "".join(out).encode()


def _shape(children: Children, values: list[_Value]) -> Iterator[object]:
    """What an envelope depends on but for its values, which go into the list."""
    for name, value in children.items():
        if value is None:
            continue
        if isinstance(value, bool):
            yield name, value
        elif not isinstance(value, Mapping):
            values.append(_text(value))
            yield name
        elif _is_texts(value):
            values.append(value["items"])
            yield name, "items"
        elif value.keys() == {"items"}:
            yield name, *(tuple(_shape(item, values)) for item in value["items"])
        else:
            yield name, tuple(_shape(value, values))


def _marked(children: Children, marks: Iterator[str]) -> dict[str, Any]:
    """The same children with marks for values, in the order in which ``_shape`` meets them."""
    marked: dict[str, Any] = {}
    for name, value in children.items():
        if value is None or isinstance(value, bool):
            marked[name] = value
        elif not isinstance(value, Mapping):
            marked[name] = next(marks)
        elif _is_texts(value):
            marked[name] = {"items": [next(marks)]}
        elif value.keys() == {"items"}:
            marked[name] = {"items": [_marked(item, marks) for item in value["items"]]}
        else:
            marked[name] = _marked(value, marks)
    return marked


def _is_texts(value: Children) -> bool:
    if value.keys() != {"items"}:
        return False
    items = value["items"]
    return not items or isinstance(items[0], str)


def _text(value: object) -> str:
    """Dates with their offset: IPS is told the zone (facts: IPS API section 8)."""
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    return str(value)


def _escaped(text: str) -> str:
    if _NOT_PLAIN.search(text) is None:
        return text
    if not is_xml_text(text):
        raise ValueError("XML cannot carry a control character")
    return text.translate(_ESCAPES)
