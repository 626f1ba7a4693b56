"""What guardrails have to know beyond the plan: whoever makes the plan hands it in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from s7spec.model.job import ExportJob, JobKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Commands:
    """What an ``is_modifier`` says: ``values`` are its own commands, the last where one stands
    twice; ``names`` are all that it and the presets it uses say, at any depth, in lower case.
    ``further`` is what else they do that can be denied: the variables they define, with their
    ``$``, and what needs leave, ``url`` among it; in lower case. Not ``is_sure`` where a request
    holds variables of which nobody can tell what they bring into it."""

    values: Mapping[str, str]
    names: frozenset[str]
    further: frozenset[str] = frozenset()
    is_sure: bool = True


class Standing(StrEnum):
    """Whether a job is protected; unknown where what would tell is not there any more."""

    PROTECTED = "protected"
    FREE = "free"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class IdleTerms:
    """A note on each term of ``protected`` that means no job; not ``is_sure`` where there may be
    jobs that nobody looked at."""

    notes: tuple[str, ...] = ()
    is_sure: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """``known`` counts the jobs of the environment that the ledger knows, forgotten ones not: it is
    asked only when a guardrail needs it. ``standing`` says whether a job is protected, ``idle``
    which terms protect none, ``commands`` reads a payload's modifier."""

    known: Callable[[], int]
    standing: Callable[[JobKey], Standing]
    idle: Callable[[], IdleTerms]
    commands: Callable[[ExportJob], Commands]
