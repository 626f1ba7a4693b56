"""Answers as XML text, in the order of the schema.

What is to be done for a type is worked out once and kept (``_Structure``): for each set of children
that an operation really answers, a list of steps in wire order. So the common case is one loop over
the children at hand, and no answer can fall out of order or lack a required child.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from s7spec.emulator.soap.schema import Field, Schema
from s7spec.emulator.soap.selection import EVERYTHING, Selection

Reply = Mapping[str, object]
"""Children by name: str, bool, int, float or aware datetime for built-in types, a sequence for an
array type, a Reply for other types. Absent and None children are left out, so are children that
only other versions of the interface have."""

_NOT_PLAIN = re.compile("[&<>\r\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"}
_MOST_SHAPES = 64

_TextOf = Callable[[object], str]
_Step = tuple[str, _TextOf, str, str, str, bool]
"""Name, content of the element, start tag, end tag, the empty element, whether it is required."""


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


class _Misfit(Exception):
    """The value of one child does not fit; whoever knows the name of the child says the rest."""


class ReplyWriter:
    """Writes the Return elements of one version of the interface. Thread-safe."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._whole: dict[str, _Structure] = {}

    def write(self, element: str, reply: Reply, selection: Selection = EVERYTHING) -> str:
        """The element with the version's namespace as its default one. Raises UnfitReply."""
        text = self._structure(element, self._schema.elements[element], selection).text(reply)
        start = f'<{element} xmlns="{self._schema.namespace}"'
        return f"{start}>{text}</{element}>" if text else f"{start}/>"

    def text_of(self, field: Field, selection: Selection) -> _TextOf:
        """The function that makes the content of a child from its value."""
        if field.built_in:
            return _BUILT_IN[field.type]
        items = self._schema.array_items(field.type)
        if items is None:
            return self._structure(field.type, self._schema.types[field.type], selection).text
        wanted = selection.below(items.name)
        return _array(items.name, None if wanted is None else self.text_of(items, wanted))

    def _structure(self, name: str, fields: tuple[Field, ...], selection: Selection) -> _Structure:
        """Kept for what is wanted whole; restricted ones live as long as one answer."""
        if selection is not EVERYTHING:
            return _Structure(self, name, fields, selection, self._schema)
        known = self._whole.get(name)
        if known is None:
            known = self._whole[name] = _Structure(self, name, fields, selection, self._schema)
        return known


class _Structure:
    """Writes the children of one element or type, as far as they are wanted."""

    def __init__(
        self,
        writer: ReplyWriter,
        name: str,
        fields: tuple[Field, ...],
        selection: Selection,
        schema: Schema,
    ) -> None:
        self._writer = writer
        self._fields = fields
        self._selection = selection
        self._known = {field.name for field in fields} | schema.elsewhere.get(name, frozenset())
        self._steps: dict[str, _Step | None] = {}
        self._shapes: dict[tuple[str, ...], tuple[_Step, ...]] = {}

    def text(self, reply: object) -> str:
        if not isinstance(reply, Mapping):
            raise _Misfit("has children")
        shape = tuple(reply)
        steps = self._shapes.get(shape)
        if steps is None:
            steps = self._learn(shape)
        out: list[str] = []
        name = ""
        try:
            for name, text_of, start, end, empty, required in steps:
                value = reply[name]
                if value is not None:
                    text = text_of(value)
                    out.append(f"{start}{text}{end}" if text else empty)
                elif required:
                    raise UnfitReply(f"{name} is required")
        except _Misfit as misfit:
            raise UnfitReply(f"{name} {misfit}") from None
        return "".join(out)

    def _learn(self, shape: tuple[str, ...]) -> tuple[_Step, ...]:
        """The steps for a reply of exactly these children. Raises UnfitReply."""
        given = set(shape)
        unknown = given - self._known
        if unknown:
            raise UnfitReply(f"no such children: {sorted(unknown)}")
        found: list[_Step] = []
        for field in self._fields:
            step = self._step(field)
            if step is None:
                continue
            if field.name in given:
                found.append(step)
            elif field.required:
                raise UnfitReply(f"{field.name} is required")
        if len(self._shapes) >= _MOST_SHAPES:
            self._shapes.clear()
        steps = self._shapes[shape] = tuple(found)
        return steps

    def _step(self, field: Field) -> _Step | None:
        """None for a child that is not wanted."""
        name = field.name
        if name not in self._steps:
            wanted = self._selection.below(name)
            self._steps[name] = (
                None
                if wanted is None
                else (
                    name,
                    self._writer.text_of(field, wanted),
                    f"<{name}>",
                    f"</{name}>",
                    f"<{name}/>",
                    field.required,
                )
            )
        return self._steps[name]


def _array(name: str, text_of: _TextOf | None) -> _TextOf:
    start, end, empty = f"<{name}>", f"</{name}>", f"<{name}/>"

    def text(values: object) -> str:
        if not isinstance(values, Sequence) or isinstance(values, str):
            raise _Misfit("is an array")
        if text_of is None:
            return ""
        texts = map(text_of, values)
        return "".join([f"{start}{text}{end}" if text else empty for text in texts])

    return text


def _string(value: object) -> str:
    if not isinstance(value, str):
        raise _misfit("string", value)
    return value if _NOT_PLAIN.search(value) is None else escape(value)


def _boolean(value: object) -> str:
    if not isinstance(value, bool):
        raise _misfit("boolean", value)
    return "true" if value else "false"


def _whole_number(type_name: str) -> _TextOf:
    def text(value: object) -> str:
        if not isinstance(value, int) or isinstance(value, bool):
            raise _misfit(type_name, value)
        return str(value)

    return text


def _double(value: object) -> str:
    if not isinstance(value, float):
        raise _misfit("double", value)
    return repr(value)


def _date_time(value: object) -> str:
    if not isinstance(value, datetime):
        raise _misfit("dateTime", value)
    return date_time(value)


def _misfit(type_name: str, value: object) -> _Misfit:
    return _Misfit(f"is {type_name}, not {type(value).__name__}")


_BUILT_IN: Mapping[str, _TextOf] = {
    "string": _string,
    "boolean": _boolean,
    "int": _whole_number("int"),
    "long": _whole_number("long"),
    "double": _double,
    "dateTime": _date_time,
}
