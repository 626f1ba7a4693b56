"""Reads ``--select``: the grammar of docs/selecting.md."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from s7spec.model.diagnostics import Diagnostic
from s7spec.model.plan import Action
from s7spec.pipeline.selecting.terms import (
    NOT,
    REASON_WORDS,
    ActionTerm,
    Clause,
    Condition,
    LabelTerm,
    NameTerm,
    Narrowing,
    PathTerm,
    ReasonTerm,
    State,
    StateTerm,
    Term,
    Written,
)
from s7spec.validate.words import choice_hint, listed, nearest

LONGEST = 10_000
"""Characters of one option: a command line may be longer, what a person means is not."""

_SPACE = re.compile(r"\s*")
_KIND = re.compile(r"([A-Za-z][A-Za-z_-]*):")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_BARE = re.compile(r"(?:(?!\s)[^,])+")
_LABEL_NAME = re.compile(r"[A-Za-z0-9._/*?\[\]!-]+")
_NAME = re.compile(r"[A-Za-z0-9._*?\[][A-Za-z0-9._*?\[\]!/-]*")
_NEGATIONS = ("!", "^", "~", "-")
_JOINTS = {
    "&": "a comma joins terms that must all hold: a,b",
    "|": "a blank, or another --select, stands between terms of which any may hold",
    "+": "a blank, or another --select, stands between terms of which any may hold",
    "(": "there are no parentheses: a comma binds more closely than a blank",
    ")": "there are no parentheses: a comma binds more closely than a blank",
    '"': 'quotes go around a whole value: path:"my files/*.yaml"',
}
_COMMA = "a comma joins two terms that must both hold, without blanks around it: a,b"
_GRAMMAR = "docs/selecting.md has the terms: zalando/*, label:team=shoes, path:eu/*, changed ..."


class SelectError(Exception):
    """``findings`` say what cannot be read, and where it stands."""

    def __init__(self, findings: tuple[Diagnostic, ...]) -> None:
        super().__init__("; ".join(finding.summary for finding in findings))
        self.findings = findings


def parse(options: Iterable[str]) -> Narrowing:
    """What the options say together. Raises SelectError, for all of them at once."""
    clauses: list[Clause] = []
    findings: list[Diagnostic] = []
    for number, text in enumerate(options, 1):
        try:
            clauses += _Reader(text, number).clauses()
        except _ReadError as error:
            findings.append(error.finding)
    if findings:
        raise SelectError(tuple(findings))
    return Narrowing(clauses=tuple(dict.fromkeys(clauses)))


class _ReadError(Exception):
    def __init__(self, finding: Diagnostic) -> None:
        super().__init__(finding.summary)
        self.finding = finding


class _Reader:
    """Reads one option from left to right."""

    def __init__(self, text: str, number: int) -> None:
        self._text = text
        self._number = number
        self._at = 0

    def clauses(self) -> list[Clause]:
        if len(self._text) > LONGEST:
            raise self._error(LONGEST, len(self._text), "longer than anybody means", _GRAMMAR)
        found: list[Clause] = []
        self._skip_space()
        if self._at == len(self._text):
            raise self._error(0, len(self._text), "nothing is selected", _GRAMMAR)
        while self._at < len(self._text):
            found.append(self._clause())
            self._skip_space()
        return found

    def _clause(self) -> Clause:
        start = self._at
        conditions = [self._condition()]
        while self._text[self._at : self._at + 1] == ",":
            self._at += 1
            conditions.append(self._condition())
        written = self._written(start, self._at)
        return Clause(conditions=tuple(dict.fromkeys(conditions)), written=written)

    def _condition(self) -> Condition:
        start = self._at
        self._refuse_other_spellings()
        is_negated = self._text.startswith(NOT, start)
        if is_negated:
            self._at += len(NOT)
            self._refuse_other_spellings()
        if self._text.startswith(NOT, self._at):
            raise self._error(start, self._at + len(NOT), "a contrary of a contrary", "leave both")
        return Condition(
            term=self._term(), is_negated=is_negated, written=self._written(start, self._at)
        )

    def _refuse_other_spellings(self) -> None:
        at, rest = self._at, self._text[self._at :]
        if not rest or rest[0].isspace() or rest[0] == ",":
            is_after_not = self._text.endswith(NOT, 0, at)
            hint = f"write {NOT}a, without a blank" if is_after_not else _COMMA
            raise self._error(at, at + 1, "a term is missing here", hint)
        word = _BARE.match(rest)
        assert word is not None
        if rest[0] in _NEGATIONS:
            shown = word[0][1:] or "zalando/*"
            hint = f"write {NOT}{shown}: shells have meanings of their own for `{rest[0]}`"
            raise self._error(at, at + 1, f"`{rest[0]}` does not stand before a term", hint)
        if word[0].lower() in ("not", "and", "or"):
            hint = f"write {NOT}zalando/*, a,b for both, `a b` for any; a manifest of that name "
            raise self._error(
                at, at + len(word[0]), f"`{word[0]}` is no term", f"{hint}is name:{word[0]}"
            )

    def _term(self) -> Term:
        start = self._at
        kind = _KIND.match(self._text, start)
        if kind is None:
            return self._bare()
        read = _KINDS.get(kind[1])
        if read is None:
            summary = f"there are no terms of the kind `{kind[1]}`"
            raise self._error(start, kind.end(), summary, _kind_hint(kind[1]))
        self._at = kind.end()
        return read(self)

    def _bare(self) -> Term:
        start, value = self._at, self._value()
        if value in _STATES and self._text[start] != '"':
            return StateTerm(state=State(value))
        return self._named(start, value)

    def name(self) -> Term:
        start, value = self._at, self._value()
        return self._named(start, value)

    def _named(self, start: int, value: str) -> Term:
        plain = _NAME.match(value)
        end = 0 if plain is None else plain.end()
        if end == len(value):
            return NameTerm(pattern=value)
        is_quoted = self._text[start] == '"'
        at = start if is_quoted else start + end
        hint = _JOINTS.get(value[end], "names have letters, digits, dots, hyphens, underscores")
        raise self._error(
            at, self._at if is_quoted else at + 1, f"`{value[end]}` stands in no name", hint
        )

    def label(self) -> Term:
        start = self._at
        name = _LABEL_NAME.match(self._text, start)
        if name is None:
            hint = "write label:team=shoes, or label:team for any value"
            raise self._error(start, self._end_of_word(start), "a label has a name", hint)
        self._at = name.end()
        after = self._text[self._at : self._at + 1]
        if after == "=":
            self._at += 1
            return LabelTerm(name=name[0], value=self._value())
        if after and after != "," and not after.isspace():
            hint = "write label:team=shoes, or label:team for any value"
            raise self._error(self._at, self._at + 1, f"`{after}` stands in no label's name", hint)
        return LabelTerm(name=name[0])

    def path(self) -> Term:
        start, value = self._at, self._value()
        if value.startswith("/") or ".." in value.split("/"):
            hint = "paths are relative to the folder of s7spec.yaml, without `..`"
            raise self._error(start, self._at, f"`{value}` leaves the project", hint)
        if not value.strip("./"):
            hint = "write path:eu/*.yaml, or path:eu for the whole folder"
            raise self._error(start, self._at, f"`{value}` is no path", hint)
        return PathTerm(pattern=value)

    def state(self) -> Term:
        return StateTerm(state=State(self._choice("state", _STATES)))

    def action(self) -> Term:
        return ActionTerm(action=Action(self._choice("action", [each.value for each in Action])))

    def reason(self) -> Term:
        return ReasonTerm(word=self._choice("reason", REASON_WORDS))

    def _choice(self, kind: str, choices: Iterable[str]) -> str:
        start, value = self._at, self._value()
        if value not in choices:
            hint = choice_hint(value, choices)
            raise self._error(start, self._at, f"there is no {kind} `{value}`", hint)
        return value

    def _value(self) -> str:
        start = self._at
        if self._text.startswith('"', start):
            return self._quoted(start)
        bare = _BARE.match(self._text, start)
        if bare is None:
            hint = "write it right after the colon, without a blank"
            raise self._error(start, start + 1, "a value is missing here", hint)
        if '"' in bare[0] or "\\" in bare[0]:
            at = start + min(bare[0].find(sign) % (len(bare[0]) + 1) for sign in '"\\')
            raise self._error(at, at + 1, f"`{self._text[at]}` in the middle of a value", _QUOTES)
        self._at = bare.end()
        return bare[0]

    def _quoted(self, start: int) -> str:
        quoted = _QUOTED.match(self._text, start)
        if quoted is None:
            raise self._error(start, len(self._text), "the quotes are not closed", _QUOTES)
        end = quoted.end()
        after = self._text[end : end + 1]
        if after and after != "," and not after.isspace():
            raise self._error(end, end + 1, f"`{after}` right after the quotes", _QUOTES)
        self._at = end
        return re.sub(r"\\(.)", r"\1", quoted[1], flags=re.DOTALL)

    def _skip_space(self) -> None:
        space = _SPACE.match(self._text, self._at)
        assert space is not None
        self._at = space.end()

    def _end_of_word(self, start: int) -> int:
        word = _BARE.match(self._text, start)
        return start + 1 if word is None else word.end()

    def _written(self, start: int, end: int) -> Written:
        return Written(text=self._text, number=self._number, start=start, end=end)

    def _error(self, start: int, end: int, summary: str, hint: str) -> _ReadError:
        return _ReadError(self._written(start, end).finding(f"--select: {summary}", hint))


_QUOTES = 'quotes go around a whole value, with \\" and \\\\ in them: path:"my files/*.yaml"'
_STATES = tuple(state.value for state in State)
_KINDS: Mapping[str, Callable[[_Reader], Term]] = {
    "name": _Reader.name,
    "label": _Reader.label,
    "path": _Reader.path,
    "state": _Reader.state,
    "action": _Reader.action,
    "reason": _Reader.reason,
}
_ALSO_CALLED = {
    "tag": "label",
    "labels": "label",
    "file": "path",
    "manifest": "name",
    "job": "name",
}


def _kind_hint(kind: str) -> str:
    meant = _ALSO_CALLED.get(kind) or nearest(kind, (*_KINDS, NOT.rstrip(":")))
    if meant is not None:
        return f"did you mean `{meant}:`?"
    return f"there are {listed([f'{each}:' for each in _KINDS], last='and')}"
