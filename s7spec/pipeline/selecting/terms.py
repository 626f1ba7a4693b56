"""What ``--select`` can say, as nouns. Printed, they read as they are written."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from s7spec.model.diagnostics import Diagnostic
from s7spec.model.plan import Action, ReasonCode
from s7spec.model.rules import Rule
from s7spec.model.source import SourceRange

NOT = "not:"
OPTION = "--select"


class State(StrEnum):
    """What a plan finds of a job, in one word."""

    CHANGED = "changed"
    UNCHANGED = "unchanged"
    NEW = "new"
    FAILED = "failed"


FAMILIES: dict[str, frozenset[ReasonCode]] = {
    "assets": frozenset({ReasonCode.ASSETS_CHANGED, ReasonCode.ASSETS_TOUCHED}),
    "payload": frozenset({ReasonCode.PAYLOAD_CHANGED}),
    "preset": frozenset({ReasonCode.PRESET_CHANGED}),
    "meta": frozenset({ReasonCode.META_CHANGED}),
    "new": frozenset({ReasonCode.NEW, ReasonCode.RETURNED}),
    "failed": frozenset(
        {
            ReasonCode.FAILED,
            ReasonCode.PARTIAL,
            ReasonCode.STOPPED,
            ReasonCode.REFUSED,
            ReasonCode.PERMANENT,
            ReasonCode.TRIED_ENOUGH,
        }
    ),
    "schedule": frozenset({ReasonCode.SCHEDULE_CHANGED, ReasonCode.SCHEDULED}),
    "running": frozenset({ReasonCode.IN_FLIGHT, ReasonCode.OLDER_IN_FLIGHT}),
    "doubt": frozenset(
        {ReasonCode.AMBIGUOUS, ReasonCode.HELD, ReasonCode.CANNOT_OBSERVE, ReasonCode.DOUBLED}
    ),
    "found": frozenset({ReasonCode.FOUND_ON_SERVER, ReasonCode.RECONCILED, ReasonCode.DECLARED}),
    "gone": frozenset({ReasonCode.NOT_DECLARED}),
}
"""Reasons that people take together, by one word. A word that is also a code means the family."""

REASON_WORDS = tuple(dict.fromkeys((*FAMILIES, *(code.value for code in ReasonCode))))


def reason_codes(word: str) -> frozenset[ReasonCode]:
    """One of ``REASON_WORDS`` as codes."""
    return FAMILIES.get(word) or frozenset({ReasonCode(word)})


@dataclass(frozen=True, slots=True, kw_only=True)
class NameTerm:
    """A manifest's name, or a pattern of ``manifest/export``."""

    pattern: str

    def __str__(self) -> str:
        is_plain = self.pattern not in _OTHERWISE_READ and _plain(self.pattern)
        return self.pattern if is_plain else f"name:{_quoted(self.pattern)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelTerm:
    """Patterns of a label of the manifest and of its value; None: any value."""

    name: str
    value: str | None = None

    def __str__(self) -> str:
        value = "" if self.value is None else f"={_quoted(self.value)}"
        return f"label:{self.name}{value}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PathTerm:
    """A pattern of the manifest's file, or of a folder it lies in."""

    pattern: str

    def __str__(self) -> str:
        return f"path:{_quoted(self.pattern)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class StateTerm:
    state: State

    def __str__(self) -> str:
        return self.state.value


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionTerm:
    action: Action

    def __str__(self) -> str:
        return f"action:{self.action.value}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonTerm:
    """``word`` is one of ``REASON_WORDS``."""

    word: str

    def __str__(self) -> str:
        return f"reason:{self.word}"


OfflineTerm: TypeAlias = NameTerm | LabelTerm | PathTerm
PlanTerm: TypeAlias = StateTerm | ActionTerm | ReasonTerm
"""Those that only a plan can answer."""

Term: TypeAlias = OfflineTerm | PlanTerm


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """Where something stands: in the ``number``-th option's text, from ``start`` to ``end``."""

    text: str
    number: int
    start: int
    end: int

    def __str__(self) -> str:
        return self.text[self.start : self.end]

    def finding(self, summary: str, hint: str) -> Diagnostic:
        where = SourceRange(
            path=OPTION,
            line=self.number,
            column=self.start + 1,
            end_line=self.number,
            end_column=self.end + 1,
        )
        return Diagnostic(
            rule=Rule.USAGE, summary=summary, hint=hint, where=where, snippet=self.text
        )


NOWHERE = Written(text="", number=0, start=0, end=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """A term, or its contrary."""

    term: Term
    is_negated: bool = False
    written: Written = field(default=NOWHERE, compare=False)

    @property
    def is_offline(self) -> bool:
        return isinstance(self.term, NameTerm | LabelTerm | PathTerm)

    def __str__(self) -> str:
        return f"{NOT if self.is_negated else ''}{self.term}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """Conditions that all have to hold. One of nothing but contraries takes away."""

    conditions: tuple[Condition, ...]
    written: Written = field(default=NOWHERE, compare=False)

    @property
    def takes_away(self) -> bool:
        return all(condition.is_negated for condition in self.conditions)

    def __str__(self) -> str:
        return ",".join(map(str, self.conditions))


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowing:
    """Jobs for which any clause holds, without those for which one that takes away does not. When
    all take away, what they leave of all jobs."""

    clauses: tuple[Clause, ...] = ()

    @property
    def adding(self) -> tuple[Clause, ...]:
        return tuple(clause for clause in self.clauses if not clause.takes_away)

    @property
    def taking_away(self) -> tuple[Clause, ...]:
        return tuple(clause for clause in self.clauses if clause.takes_away)

    @property
    def conditions(self) -> tuple[Condition, ...]:
        return tuple(each for clause in self.clauses for each in clause.conditions)

    @property
    def leaves_out_offline(self) -> bool:
        """Whether jobs may be left out before there is a plan: by name, label or path."""
        adding = self.adding
        takes_all = not adding or any(map(_asks_a_plan_only, adding))
        return not (takes_all and all(map(_asks_a_plan_only, self.taking_away)))

    @property
    def needs_plan(self) -> bool:
        return any(not condition.is_offline for condition in self.conditions)

    def __str__(self) -> str:
        return " ".join(map(str, self.clauses))


EVERYTHING = Narrowing()


def _asks_a_plan_only(clause: Clause) -> bool:
    return not any(condition.is_offline for condition in clause.conditions)


_OTHERWISE_READ = frozenset({*(state.value for state in State), "not", "and", "or"})
_PLAIN_NAME = re.compile(r"[A-Za-z0-9._*?\[][A-Za-z0-9._*?\[\]!/-]*")
_PLAIN_VALUE = re.compile(r'[^\s,"\\]+')


def _plain(pattern: str) -> bool:
    return _PLAIN_NAME.fullmatch(pattern) is not None


def _quoted(value: str) -> str:
    if _PLAIN_VALUE.fullmatch(value):
        return value
    return '"{}"'.format(value.replace("\\", "\\\\").replace('"', '\\"'))
