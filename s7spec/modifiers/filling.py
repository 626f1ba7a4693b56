"""What nested requests say once variables are filled in (facts: Image Serving section 2).

The server fills a variable in wherever ``$name$`` stands between the brackets, and only then looks
for the ``?``, ``&`` and ``=`` of the request: what a variable holds can be commands of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from math import prod
from typing import NamedTuple
from urllib.parse import unquote

from s7spec.model.preset import BUILT_IN_PRESETS
from s7spec.modifiers.parsing import parse_modifier
from s7spec.modifiers.printing import print_modifier
from s7spec.modifiers.spelling import spelt
from s7spec.modifiers.syntax import Command, Macro, Modifier, Piece, Request, Variable
from s7spec.modifiers.unreadable import find_unreadable

MAX_ROUNDS = 8
"""Variables that stand in what variables hold are filled in so often."""

MAX_READINGS = 64
"""So many readings of one text, where variables are defined more than once."""

MAX_ROOM = 200_000
"""So many characters are read at most with variables filled in, in one modifier."""

_MAX_DECODED = 4

_REFERENCE = re.compile(r"\$([A-Za-z0-9_.!-]+)\$")
_IS_PRESET = re.compile(r"(?<=[?&])\$[A-Za-z0-9_.!-]+\$(?=[&)}]|\Z)")
_OF_OTHERS = re.compile(r"[{(]\s*/").search
_ENCODED_DOLLAR = re.compile(r"%(?:25)*24")
_REQUEST = re.compile(r"[^=]*=(?:is|ir|fxg)?[({]", re.IGNORECASE).match
_BLANKS = re.compile(r"[\s+\x00-\x20\x7f-\xa0\u200b-\u200f\u2060\ufeff]+")
# A word that can be a command: any before `=`, and without it what `&` or `?` stands before. Values
# overlap, as brackets in them mean nothing here.
_WORD = re.compile(r"(^|[&?{}()])([^&?={}()]+)(?:(=)(?=([^&?]{0,300})))?")
_SOURCES = ("src", "mask")
_ASSET = "object"


class Filled(NamedTuple):
    """``pieces`` are what a piece may say beside what is written. Not all of it is there where a
    reference ``is_unresolved`` or a bound was reached (``is_cut``)."""

    pieces: tuple[Piece, ...] = ()
    is_unresolved: bool = False
    is_cut: bool = False

    @property
    def is_sure(self) -> bool:
        """Whether all that the piece can say is known."""
        return not (self.is_unresolved or self.is_cut)


_AS_WRITTEN = Filled()


class Filling:
    """Fills the variables of all ``modifiers`` of one request, and of the ``presets`` that they
    use, into requests; ``presets`` are by name in lower case. Each definition of a variable is
    taken to hold everywhere: which one does is not for those to rely on who refuse what it says."""

    def __init__(self, modifiers: Iterable[Modifier], presets: Mapping[str, Modifier]) -> None:
        self._presets = presets
        self._values: dict[str, dict[str, None]] = {}
        self._defined = 0
        self._room = MAX_ROOM
        used: set[str] = set()
        pending: list[Modifier] = [*modifiers]
        for modifier in pending:  # grows while it is walked
            for piece in pieces_in(modifier.pieces):
                if isinstance(piece, Variable):
                    self._define(piece)
                elif isinstance(piece, Macro) and piece.name.lower() not in used:
                    used.add(piece.name.lower())
                    preset = presets.get(piece.name.lower())
                    pending += () if preset is None else (preset,)

    def of(self, piece: Piece) -> Filled:
        """Of a source or a variable with a request in it, and of a source that may become one."""
        for _ in range(MAX_ROUNDS):
            before = self._defined
            filled = self._of(piece)
            for each in pieces_in(filled.pieces):
                if isinstance(each, Variable):
                    self._define(each)
            if self._defined == before:
                return filled
        return filled._replace(is_cut=True)

    def _of(self, piece: Piece) -> Filled:
        texts = [_ENCODED_DOLLAR.sub("$", text) for text in _texts_of(piece)]
        if not texts:
            return _AS_WRITTEN
        written = {*texts} if isinstance(_value_of(piece), Request) else set[str]()
        pieces: list[Piece] = []
        is_unresolved = is_cut = False
        seen = {*texts}
        rounds = dict.fromkeys(texts, 0)
        for text in texts:  # grows while it is walked
            if text not in written:
                if len(text) > self._room:
                    return Filled(tuple(pieces), is_unresolved, is_cut=True)
                self._room -= len(text)
                pieces += read_widely(text)
            names = self._references(text)
            known = {name: self._values[name] for name in names if name in self._values}
            is_unresolved = is_unresolved or len(known) < len(names)
            if not known:
                continue
            if rounds[text] == MAX_ROUNDS or prod(map(len, known.values())) > MAX_READINGS:
                is_cut = True
                continue
            for values in product(*known.values()):
                filled = self._filled(text, dict(zip(known, values, strict=True)))
                if filled is None or len(seen) > MAX_READINGS:
                    return Filled(tuple(pieces), is_unresolved, is_cut=True)
                if filled not in seen:
                    seen.add(filled)
                    texts.append(filled)
                    rounds[filled] = rounds[text] + 1
        return Filled(tuple(pieces), is_unresolved, is_cut)

    def _define(self, variable: Variable) -> None:
        held = print_modifier(Modifier((variable,))).partition("=")[2]
        values = self._values.setdefault(plain_name(variable.name), {})
        before = len(values)
        values.update(dict.fromkeys(_decoded(held)[1:] or (held,)))
        self._defined += len(values) - before

    def _references(self, text: str) -> frozenset[str]:
        """By name in lower case; presets that are known, and the asset, are none. Another company
        has presets of its own."""
        names = set()
        is_ours = _OF_OTHERS(text) is None
        for found in _REFERENCE.finditer(text):
            name = found[1].lower()
            is_known = name == _ASSET or (
                (name in BUILT_IN_PRESETS or (is_ours and name in self._presets))
                and _IS_PRESET.match(text, found.start()) is not None
            )
            if name in self._values or not is_known:
                names.add(name)
        return frozenset(names)

    def _filled(self, text: str, values: Mapping[str, str]) -> str | None:
        """None where it becomes too long."""
        length = len(text)
        for found in _REFERENCE.finditer(text):
            length += len(values.get(found[1].lower(), ""))
            if length > self._room:
                return None
        filled = _REFERENCE.sub(lambda found: values.get(found[1].lower(), found[0]), text)
        return _ENCODED_DOLLAR.sub("$", filled)


def pieces_in(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """At any depth: a request within a piece has pieces of its own."""
    pending: list[Piece] = [*pieces]
    for piece in pending:  # grows while it is walked
        yield piece
        value = _value_of(piece)
        if isinstance(value, Request) and value.modifier is not None:
            pending += value.modifier.pieces


def read_widely(text: str) -> tuple[Piece, ...]:
    """The pieces of a text; of one that cannot be read as it should, also every word in it that
    could be a command, wherever it stands."""
    parsed = parse_modifier(text)
    pieces = parsed.modifier.pieces
    # Blanks and the like are in nobody's way here.
    if len(parsed.problems) > len(find_unreadable(text)):
        pieces += tuple(_words(text))
    return pieces


def plain_name(written: str) -> str:
    """A name as a server might read it: decoded, without blanks, in lower case."""
    if written.isidentifier():
        return written.lower()
    return _BLANKS.sub("", _decoded(written)[-1]).lower()


def _words(text: str) -> Iterator[Piece]:
    for found in _WORD.finditer(text):
        before, written, equals, value = found.groups()
        name = plain_name(written)
        if name.startswith("$") and equals:
            yield Variable(name[1:], spelt(value))
        elif name and (equals or before in ("", "&", "?")):
            yield Command(name, spelt(value) if equals else None)


def _texts_of(piece: Piece) -> tuple[str, ...]:
    """What has to be filled in and read, none where nothing has."""
    value = _value_of(piece)
    if isinstance(value, Request):
        text = print_modifier(Modifier((piece,)))
        return (text,) if "$" in text or _ENCODED_DOLLAR.search(text) else ()
    if not isinstance(piece, Command) or not isinstance(value, str):
        return ()
    name = plain_name(piece.name)
    if name not in _SOURCES or not ("$" in value or "%" in value):
        return ()
    texts = _decoded(f"{name}={value}")
    if "$" in texts[-1] or _REQUEST(texts[-1]):
        return texts
    return ()


def _value_of(piece: Piece) -> str | Request | None:
    return piece.value if isinstance(piece, Command | Variable) else None


def _decoded(text: str) -> tuple[str, ...]:
    """The text, and it decoded once, twice and so on, as long as that changes it."""
    texts = [text]
    while "%" in texts[-1] and len(texts) <= _MAX_DECODED:
        decoded = unquote(texts[-1])
        if decoded == texts[-1]:
            break
        texts.append(decoded)
    return tuple(texts)
