"""JSON into values: as strict as RFC 8259 wishes, and within bounds."""

from __future__ import annotations

import contextlib
import json
import math
import re
from dataclasses import dataclass, field
from typing import Any

from s7spec.load.characters import Lines, has_control
from s7spec.load.data_findings import DataFindings
from s7spec.load.events import MAX_DEPTH
from s7spec.load.findings import StopLoadingError
from s7spec.load.scalars import MAX_INTEGER
from s7spec.load.table import MAPPING, SCALAR, SEQUENCE, PlaceTable
from s7spec.model.source import Pointer, SourceRange

_MAX_DIGITS = 17
_SUSPICIOUS_ESCAPE = re.compile(r"\\(?:u(?:00[0189]|[dD]|[fF]{3})|b|f|u007[fF])")
_TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+"|[\[\]{},:]|[^\s\[\]{},:"]+', re.DOTALL)
_NUMBER_HINT = "put quotes around it to keep it as a text"


def read_json(text: str, findings: DataFindings) -> Any:
    """The value of ``text``. What is wrong is added to ``findings``: then the value is worthless.

    Never raises for what the text holds.
    """
    doubts = _Doubts(bool(_SUSPICIOUS_ESCAPE.search(text)))
    try:
        value = json.loads(
            text,
            object_pairs_hook=doubts.members,
            parse_int=doubts.integer,
            parse_float=doubts.fraction,
            parse_constant=doubts.constant,
        )
    except json.JSONDecodeError as error:
        _syntax(error, findings)
        return None
    except RecursionError:
        value = None
        doubts.any = True
    if doubts.any or _is_deep(value):
        with contextlib.suppress(StopLoadingError):
            _Walk(text, findings.lines, findings).run()
    return value


class JsonLocator:
    """Places in a JSON text that ``read_json`` could read; built at the first question."""

    def __init__(self, path: str, text: str, lines: Lines) -> None:
        self._path = path
        self._text = text
        self._lines = lines
        self._table: PlaceTable | None = None

    def __call__(self, pointer: Pointer, *, key: bool = False) -> SourceRange:
        if self._table is None:
            self._table = _Walk(self._text, self._lines, None).run()
        return self._table.place(self._path, pointer, key=key)


@dataclass(slots=True)
class _Doubts:
    """What the fast reader gets by: that something is wrong, not yet where."""

    any: bool

    def members(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        value = dict(pairs)
        if len(value) != len(pairs):
            self.any = True
        return value

    def integer(self, digits: str) -> int:
        # Converting thousands of digits takes long, or is refused.
        if len(digits) > _MAX_DIGITS or abs(value := int(digits)) > MAX_INTEGER:
            self.any = True
            return 0
        return value

    def fraction(self, digits: str) -> float:
        value = float(digits)
        if not math.isfinite(value):
            self.any = True
        return value

    def constant(self, name: str) -> None:
        self.any = True


def _is_deep(value: object) -> bool:
    level = [value]
    for _ in range(MAX_DEPTH):
        level = [
            below
            for each in level
            for below in (each.values() if isinstance(each, dict) else _items(each))
            if type(below) is dict or type(below) is list
        ]
        if not level:
            return False
    return True


def _items(value: object) -> list[object]:
    return value if isinstance(value, list) else []


@dataclass(slots=True)
class _Open:
    """A mapping or list that is not closed yet; ``waiting`` for a key."""

    entry: int
    is_mapping: bool
    waiting: bool
    keys: dict[str, tuple[int, int]] = field(default_factory=dict)


class _Walk:
    """Goes through the tokens of a correct text once more, for their places.

    With ``findings`` it says what is refused, without it it fills the table.
    """

    def __init__(self, text: str, lines: Lines, findings: DataFindings | None) -> None:
        self._text = text
        self._lines = lines
        self._findings = findings
        self._table = PlaceTable()
        self._open: list[_Open] = []

    def run(self) -> PlaceTable:
        """Raises StopLoadingError where ``findings`` has had enough."""
        for match in _TOKEN.finditer(self._text):
            start, end = match.span()
            character = self._text[start]
            if character in "[{":
                self._begin(start, is_mapping=character == "{")
            elif character in "]}":
                if self._open:
                    self._table.close(self._open.pop().entry, self._lines.point(end))
            elif character == ",":
                self._wait_for_key()
            elif character != ":":
                self._leaf(start, end)
        return self._table

    def _wait_for_key(self) -> None:
        if self._open:
            self._open[-1].waiting = self._open[-1].is_mapping

    def _begin(self, start: int, *, is_mapping: bool) -> None:
        if len(self._open) >= MAX_DEPTH:
            self._refuse(
                start, start + 1, f"more than {MAX_DEPTH} levels deep", "flatten the document"
            )
            raise StopLoadingError
        point = self._lines.point(start)
        entry = self._table.add(point, point, MAPPING if is_mapping else SEQUENCE)
        self._open.append(_Open(entry=entry, is_mapping=is_mapping, waiting=is_mapping))

    def _leaf(self, start: int, end: int) -> None:
        token = self._text[start:end]
        text: str | None = None
        if token[0] == '"':
            text = str(json.loads(token))
            if has_control(text):
                self._refuse(
                    start,
                    end,
                    "the text holds a control character",
                    r"remove escapes such as \u0000: nothing after JSON can carry them",
                )
        else:
            self._number(token, start, end)
        is_key = bool(self._open) and self._open[-1].waiting
        if self._findings is None:
            points = self._lines.point(start), self._lines.point(end)
            self._table.add(*points, SCALAR, text if is_key else None)
        if is_key and text is not None:
            self._key(text, start, end)

    def _key(self, name: str, start: int, end: int) -> None:
        here = self._open[-1]
        here.waiting = False
        if self._findings is None:
            return
        first = here.keys.setdefault(name, (start, end))
        if first != (start, end):
            self._findings.at(
                start,
                end,
                f"the key `{name}` stands twice in this object",
                "keep one of the two: JSON readers disagree about which one counts",
                first=first,
            )

    def _number(self, token: str, start: int, end: int) -> None:
        if token in ("true", "false", "null"):
            return
        if token in ("NaN", "Infinity", "-Infinity"):
            summary = "numbers without end and not-a-number have no place in JSON"
            self._refuse(start, end, summary, "write null, or a number")
        elif set(token) & set(".eE"):
            if not math.isfinite(float(token)):
                self._refuse(start, end, "the number is too large to be kept", _NUMBER_HINT)
        elif len(token) > _MAX_DIGITS or abs(int(token)) > MAX_INTEGER:
            summary = f"a whole number beyond {MAX_INTEGER} cannot be kept exactly"
            self._refuse(start, end, summary, _NUMBER_HINT)

    def _refuse(self, start: int, end: int, summary: str, hint: str) -> None:
        if self._findings is not None:
            self._findings.at(start, end, summary, hint)


def _syntax(error: json.JSONDecodeError, findings: DataFindings) -> None:
    text, at = error.doc, error.pos
    if at >= len(text.rstrip()):
        at = len(text.rstrip())
        said = ("the JSON text ends too early", "close what is open: quotes, ] and }")
    else:
        said = _by_character(text, at) or _by_message(error.msg)
    findings.at(at, at + 1, *said)


def _by_character(text: str, at: int) -> tuple[str, str] | None:
    character = text[at]
    if character in "]}" and text[:at].rstrip().endswith(","):
        return "a comma after the last value", "remove the comma"
    return _CHARACTERS.get(character)


def _by_message(message: str) -> tuple[str, str]:
    for part, said in _MESSAGES.items():
        if part in message:
            return said
    return "not valid JSON", "check the commas, quotes and brackets here and just before"


_COMMENT = ("a comment", "JSON has no comments: remove it, or use a YAML file")
_CHARACTERS = {
    "'": ("a text in single quotes", 'JSON wants double quotes: "'),
    "/": _COMMENT,
    "#": _COMMENT,
}
_MESSAGES = {
    "Unterminated string": ("the quotes of a text are not closed", 'end the text with "'),
    "Extra data": ("text after the end of the JSON value", "a file holds one JSON value"),
    "Invalid control character": (
        "a line break or tab inside of a text",
        r"write \n for a line break, \t for a tab",
    ),
    "escape": (r"an escape (\...) that JSON does not know", r"write a backslash as \\"),
    "delimiter": ("a comma or colon is missing here", 'write "key": value, "key": value'),
    "property name": ("a key without quotes", 'keys are texts in double quotes: "key": value'),
}
