"""The tree of a compiled expression, as CEL writes it down: ``cel.expr.CheckedExpr``, a protobuf.

Read by hand: it is a few messages, and protobuf is no dependency.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

MAX_DEPTH = 200
"""CEL itself stops at 32, but for sums and chains of fields."""


class UnreadableError(ValueError):
    """No such tree, or a part of it that is not known."""


@dataclass(frozen=True, slots=True)
class Constant:
    """``size`` in bytes, 0 of numbers and the like; ``text`` only where it is one."""

    size: int
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Name:
    """A fact, a variable of a loop, or a type."""

    name: str


@dataclass(frozen=True, slots=True)
class Field:
    """``operand.name``; ``is_test`` is ``has(operand.name)``."""

    operand: Node
    is_test: bool


@dataclass(frozen=True, slots=True)
class Call:
    """Operators are functions as well: ``_+_``. ``arguments`` begin with what a method is of."""

    function: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Collection:
    """A list's elements, or a map's keys and values in turn; ``count`` is how many it has."""

    elements: tuple[Node, ...]
    count: int


@dataclass(frozen=True, slots=True)
class Loop:
    """``exists``, ``map`` and so on: ``step`` is done for each ``variable`` of ``over``, and
    becomes the ``accumulator``, from which ``result`` follows."""

    variable: str
    over: Node
    accumulator: str
    start: Node
    condition: Node
    step: Node
    result: Node


Node: TypeAlias = Constant | Name | Field | Call | Collection | Loop

_Fields: TypeAlias = dict[int, list["int | bytes"]]


def read_tree(serialized: bytes) -> Node:
    """Of what ``Expression.serialize`` gives: an ``Any`` around it. Raises UnreadableError."""
    envelope = _fields(serialized)
    if not _text(envelope, 1).endswith("/cel.expr.CheckedExpr"):
        raise UnreadableError("no CheckedExpr")
    return _node(_message(_fields(_bytes(envelope, 2)), 4), 0)


def _node(fields: _Fields, depth: int) -> Node:
    if depth > MAX_DEPTH:
        raise UnreadableError("too deep")
    kinds = fields.keys() - {2}  # its number
    if len(kinds) != 1:
        raise UnreadableError("no kind, or several")
    (kind,) = kinds
    read = _KINDS.get(kind)
    if read is None:
        raise UnreadableError("unknown kind")
    return read(_message(fields, kind), depth + 1)


def _constant(fields: _Fields, _: int) -> Node:
    texts = [each for number in (6, 7) for each in fields.get(number, ())]  # string, bytes
    size = sum(len(each) for each in texts if isinstance(each, bytes))
    return Constant(size, _text(fields, 6) if 6 in fields else None)


def _name(fields: _Fields, _: int) -> Node:
    return Name(_text(fields, 1))


def _field(fields: _Fields, depth: int) -> Node:
    return Field(_node(_message(fields, 1), depth), fields.get(3) == [1])


def _call(fields: _Fields, depth: int) -> Node:
    arguments = [_node(each, depth) for each in (*_messages(fields, 1), *_messages(fields, 3))]
    return Call(_text(fields, 2), tuple(arguments))


def _list(fields: _Fields, depth: int) -> Node:
    elements = tuple(_node(each, depth) for each in _messages(fields, 1))
    return Collection(elements, len(elements))


def _map(fields: _Fields, depth: int) -> Node:
    """Also a message with its fields, whose names take no room of ours."""
    entries = list(_messages(fields, 2))
    parts = [part for each in entries for number in (3, 4) for part in _messages(each, number)]
    return Collection(tuple(_node(each, depth) for each in parts), len(entries))


def _loop(fields: _Fields, depth: int) -> Node:
    if 8 in fields:
        raise UnreadableError("a loop over keys and values")
    over, start, condition, step, result = (
        _node(_message(fields, number), depth) for number in (2, 4, 5, 6, 7)
    )
    return Loop(_text(fields, 1), over, _text(fields, 3), start, condition, step, result)


_KINDS = {3: _constant, 4: _name, 5: _field, 6: _call, 7: _list, 8: _map, 9: _loop}


def _text(fields: _Fields, number: int) -> str:
    try:
        return _bytes(fields, number).decode()
    except UnicodeDecodeError as error:
        raise UnreadableError("no text") from error


def _bytes(fields: _Fields, number: int) -> bytes:
    values = fields.get(number, [])
    if len(values) != 1 or not isinstance(values[0], bytes):
        raise UnreadableError(f"no field {number}")
    return values[0]


def _message(fields: _Fields, number: int) -> _Fields:
    return _fields(_bytes(fields, number))


def _messages(fields: _Fields, number: int) -> Iterator[_Fields]:
    for each in fields.get(number, ()):
        if not isinstance(each, bytes):
            raise UnreadableError(f"no message in field {number}")
        yield _fields(each)


_FIXED = {1: 8, 5: 4}
_VARINT, _DELIMITED = 0, 2


def _fields(data: bytes) -> _Fields:
    """What stands in a message, by number; texts and messages as they are."""
    found: _Fields = {}
    at = 0
    while at < len(data):
        key, at = _varint(data, at)
        kind = key & 7
        value: int | bytes
        if kind == _VARINT:
            value, at = _varint(data, at)
        else:
            if kind == _DELIMITED:
                length, at = _varint(data, at)
            elif kind in _FIXED:
                length = _FIXED[kind]
            else:
                raise UnreadableError("unknown kind of field")
            value = data[at : at + length]
            at += length
        found.setdefault(key >> 3, []).append(value)
    if at > len(data):
        raise UnreadableError("broken off")
    return found


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    for place, byte in enumerate(data[at : at + 10]):
        value |= (byte & 0x7F) << (7 * place)
        if byte < 0x80:
            return value, at + place + 1
    raise UnreadableError("broken off")
