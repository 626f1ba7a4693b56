"""From the text of a modifier to its pieces (facts: Image Serving section 2)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from s7spec.modifiers.printing import CLOSING
from s7spec.modifiers.spelling import spelt, spelt_elsewhere, spelt_target
from s7spec.modifiers.syntax import (
    Command,
    Comment,
    Macro,
    Modifier,
    Parsed,
    Piece,
    Request,
    Span,
    SyntaxProblem,
    Variable,
    is_url,
)
from s7spec.modifiers.unreadable import find_unreadable

MAX_DEPTH = 16
"""Requests inside requests: a bound of ours, far beyond what pictures need."""

# A source begins a request of its own, in which `&`, `?` and `=` are not encoded. Variables can
# hold one: `$view=is{...}&src=$view$`.
_OPENING = re.compile(r"(?:src|mask|\$[A-Za-z0-9_.-]+)=(is|ir|fxg)?([{(])", re.IGNORECASE).match
_BRACKET = re.compile(r"[(){}]")
_BRACE = re.compile(r"[{}]")
_NAME = re.compile(r"[A-Za-z0-9_.-]+").fullmatch
_PRESET = re.compile(r"[A-Za-z0-9_.!-]+").fullmatch  # stock presets begin with `!`
_SHORTEST_MACRO = len("$a$")
_NAMES_ARE_MADE_OF = "names are made of ASCII letters, digits, `-`, `_` and `.`"


def parse_modifier(text: str) -> Parsed:
    """Reads all it can of ``text``, in time linear in its length; never raises.

    The modifier is complete when there are no problems; then printing it and parsing that gives
    an equal one.
    """
    problems = find_unreadable(text)
    start = 0
    if text.startswith("?"):
        hint = "leave the `?` out"
        problems.append(_problem(0, 1, "a modifier begins with a command, not with `?`", hint))
        start = 1
    reader = _Reader(text=text, problems=problems, closings=_closings(text))
    modifier, spans = reader.modifier(start, len(text), depth=0)
    problems.sort(key=lambda problem: (problem.start, problem.end))
    return Parsed(modifier=modifier, spans=spans, problems=tuple(problems))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reader:
    """Reads parts of one text; what is wrong with them is added to ``problems``."""

    text: str
    problems: list[SyntaxProblem]
    closings: dict[int, int]

    def modifier(self, start: int, end: int, depth: int) -> tuple[Modifier, tuple[Span, ...]]:
        text = self.text
        pieces: list[Piece] = []
        spans: list[Span] = []
        while start < end:
            opening = _OPENING(text, start, end) if self.closings else None
            stop = self._end_of_request(opening, end) if opening is not None else None
            if opening is not None and stop is not None:
                piece, inside = self._with_request(opening, stop, depth)
                pieces.append(piece)
                spans.append(Span(start, stop, inside))
            else:
                stop = text.find("&", start, end)
                stop = end if stop < 0 else stop
                if stop > start:
                    pieces.append(self._plain(start, stop))
                    spans.append(Span(start, stop))
            start = stop + 1
        return Modifier(tuple(pieces)), tuple(spans)

    def _plain(self, start: int, stop: int) -> Piece:
        read = _read_often if stop - start <= _SHORT else _read
        piece, problems = read(self.text[start:stop])
        for each in problems:
            at, until = start + each.start, start + each.end
            self.problems.append(_problem(at, until, each.summary, each.hint))
        return piece

    def _end_of_request(self, opening: re.Match[str], end: int) -> int | None:
        """Where the piece ends whose request is opened there, or None if it is a plain value."""
        closing = self.closings.get(opening.end() - 1)
        if closing is None or closing >= end:
            return None  # found as a bracket without its other half
        after = closing + 1
        if after == end or self.text[after] == "&":
            return after
        if not opening[0].startswith("$"):
            hint = "write `&` after it, or encode the bracket if it is part of a name"
            summary = f"text follows the `{CLOSING[opening[2]]}` of a nested request"
            self.problems.append(_problem(after, after + 1, summary, hint))
        return None

    def _with_request(
        self, opening: re.Match[str], stop: int, depth: int
    ) -> tuple[Command | Variable, tuple[Span, ...]]:
        name, _, _ = opening[0].partition("=")
        request, inside = self._request(opening, stop - 1, depth + 1)
        if name.startswith("$"):
            return Variable(name[1:], request), inside
        return Command(name, request), inside

    def _request(
        self, opening: re.Match[str], end: int, depth: int
    ) -> tuple[Request, tuple[Span, ...]]:
        start, server, bracket = opening.end(), (opening[1] or "").lower(), opening[2]
        if depth > MAX_DEPTH:
            summary = f"requests are nested more than {MAX_DEPTH} deep"
            self.problems.append(_problem(start - 1, start, summary, "nest less deep"))
        written = self.text[start:end]
        if depth > MAX_DEPTH or server in ("ir", "fxg") or is_url(written):
            return Request(server, bracket, spelt_elsewhere(written), None), ()
        target, asks, _ = written.partition("?")
        if not asks:
            return Request(server, bracket, spelt_target(target), None), ()
        modifier, inside = self.modifier(start + len(target) + 1, end, depth)
        return Request(server, bracket, spelt_target(target), modifier), inside


def _closings(text: str) -> dict[int, int]:
    """The closing bracket of each opening one, by place."""
    closings: dict[int, int] = {}
    if "{" not in text and "(" not in text:
        return closings  # as most are
    still_open: list[int] = []
    for found in _BRACKET.finditer(text):
        if found[0] in CLOSING:
            still_open.append(found.start())
        elif still_open and CLOSING[text[still_open[-1]]] == found[0]:
            closings[still_open.pop()] = found.start()
    return closings


def _read(text: str) -> tuple[Piece, tuple[SyntaxProblem, ...]]:
    """A piece without a request in it; places count from its start."""
    if text[0] == ".":
        return Comment(spelt(text[1:])), ()
    name, equals, written = text.partition("=")
    problems = _check_braces(written, len(name) + 1) if "{" in written or "}" in written else ()
    if not name.startswith("$"):
        if not _NAME(name):
            problems += _bad_name(name, "is not the name of a command", _NAMES_ARE_MADE_OF)
        return Command(name, spelt(written) if equals else None), problems
    if equals:
        if not _NAME(name, 1):
            problems += _bad_name(name, "is not the name of a variable", _NAMES_ARE_MADE_OF)
        return Variable(name[1:], spelt(written)), problems
    if len(name) < _SHORTEST_MACRO or name[-1] != "$" or not _PRESET(name, 1, len(name) - 1):
        hint = "write $name$ for an image preset, $name=value for a variable"
        problems += _bad_name(name, "is neither a preset nor a variable", hint)
    return Macro(name[1:].removesuffix("$")), problems


# Modifiers of one manifest repeat most of their pieces. Long ones are not worth their memory.
_SHORT = 80
_read_often = lru_cache(maxsize=4096)(_read)


def _bad_name(name: str, what: str, hint: str) -> tuple[SyntaxProblem]:
    said = f"`{name}` {what}" if name else "a name is missing before `=`"
    return (_problem(0, max(1, len(name)), said, hint),)


def _check_braces(written: str, start: int) -> tuple[SyntaxProblem, ...]:
    still_open: list[int] = []
    for found in _BRACE.finditer(written):
        if found[0] == "}" and still_open:
            still_open.pop()
            continue
        still_open.append(found.start())
        if found[0] == "}":
            break
    if not still_open:
        return ()
    where = start + still_open[-1]
    hint = "write literal braces as %7B and %7D"
    return (_problem(where, where + 1, "braces are not balanced", hint),)


def _problem(start: int, end: int, summary: str, hint: str) -> SyntaxProblem:
    return SyntaxProblem(start=start, end=end, summary=summary, hint=hint)
