"""What guardrails have to know beyond the plan: whoever makes the plan hands it in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from s7spec.model.job import ExportJob, JobKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Commands:
    """What an ``is_modifier`` says: ``values`` are its own commands, the last where one stands
    twice; ``names`` are all that it and the presets it uses say, at any depth, in lower case.
    ``further`` is what else they do that can be denied: the variables they define, with their
    ``$``, and what needs leave, ``url`` among it; in lower case."""

    values: Mapping[str, str]
    names: frozenset[str]
    further: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """``known`` counts the jobs of the environment that the ledger knows, forgotten ones not: it is
    asked only when a guardrail needs it. ``matches`` says whether a pattern of ``--select`` means
    a job, ``commands`` reads a payload's modifier."""

    known: Callable[[], int]
    matches: Callable[[JobKey, str], bool]
    commands: Callable[[ExportJob], Commands]
