"""Answers as XML text, in the order of the schema."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from s7spec.emulator.soap.schema import Field, Schema
from s7spec.emulator.soap.selection import EVERYTHING, Selection

Reply = Mapping[str, object]
"""Children by name: str, bool, int, float or aware datetime for built-in types, a sequence for an
array type, a Reply for other types. Absent and None children are left out."""

_NOT_PLAIN = re.compile("[&<>\r\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"}


def escape(text: str) -> str:
    """Text content for XML 1.0. What XML cannot carry becomes U+FFFD."""
    if _NOT_PLAIN.search(text) is None:
        return text
    return _NOT_PLAIN.sub(lambda found: _ESCAPES.get(found.group(), "�"), text)


def date_time(moment: datetime) -> str:
    """Milliseconds and the offset of the server, Z for none."""
    text = moment.astimezone().isoformat(timespec="milliseconds")
    return text[:-6] + "Z" if text.endswith("+00:00") else text


class UnfitReply(Exception):
    """An operation answered something that the contract does not allow: a defect of the server."""


class ReplyWriter:
    """Writes the Return elements of one version of the interface."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema

    def write(self, element: str, reply: Reply, selection: Selection = EVERYTHING) -> str:
        """The element with the version's namespace as its default one. Raises UnfitReply."""
        out: list[str] = []
        self._children(out, self._schema.elements[element], reply, selection)
        start = f'<{element} xmlns="{self._schema.namespace}"'
        return f"{start}>{''.join(out)}</{element}>" if out else f"{start}/>"

    def _children(
        self, out: list[str], fields: tuple[Field, ...], reply: Reply, selection: Selection
    ) -> None:
        seen = 0
        for field in fields:
            value = reply.get(field.name)
            if field.name in reply:
                seen += 1
            wanted = EVERYTHING if selection is EVERYTHING else selection.below(field.name)
            if wanted is None:
                continue
            if value is None:
                if field.required:
                    raise UnfitReply(f"{field.name} is required")
                continue
            self._child(out, field, value, wanted)
        if seen != len(reply):
            unknown = set(reply) - {field.name for field in fields}
            raise UnfitReply(f"no such children: {sorted(unknown)}")

    def _child(self, out: list[str], field: Field, value: object, selection: Selection) -> None:
        if field.built_in:
            text = _built_in(field, value)
            out.append(f"<{field.name}>{text}</{field.name}>" if text else f"<{field.name}/>")
            return
        place = len(out)
        out.append("")
        items = self._schema.array_items(field.type)
        if items is not None:
            wanted = selection if selection is EVERYTHING else selection.below("items")
            if not isinstance(value, Sequence) or isinstance(value, str):
                raise UnfitReply(f"{field.name} is an array")
            for item in value if wanted is not None else ():
                self._child(out, items, item, wanted or EVERYTHING)
        elif isinstance(value, Mapping):
            self._children(out, self._schema.types[field.type], value, selection)
        else:
            raise UnfitReply(f"{field.name} has children")
        if len(out) == place + 1:
            out[place] = f"<{field.name}/>"
        else:
            out[place] = f"<{field.name}>"
            out.append(f"</{field.name}>")


def _built_in(field: Field, value: object) -> str:
    match field.type, value:
        case "string", str():
            return escape(value)
        case "boolean", bool():
            return "true" if value else "false"
        case (("int" | "long"), int()) if not isinstance(value, bool):
            return str(value)
        case "double", float():
            return repr(value)
        case "dateTime", datetime():
            return date_time(value)
    raise UnfitReply(f"{field.name} is {field.type}, not {type(value).__name__}")
