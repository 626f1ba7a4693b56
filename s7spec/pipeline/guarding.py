"""Plans before the guardrails: what those have to know comes from elsewhere in the house."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import lru_cache
from urllib.parse import unquote

from s7spec.apply import is_seen_to
from s7spec.model.guardrails import Guardrails
from s7spec.model.job import ExportJob, JobKey
from s7spec.model.plan import Action, Plan, PlanItem
from s7spec.modifiers import (
    Command,
    Modifier,
    Piece,
    Request,
    Variable,
    parse_modifier,
    print_modifier,
)
from s7spec.modifiers.lint import unsafe_names
from s7spec.pipeline.protection import Declared, Protection
from s7spec.plan import Circumstances, Commands, IdleTerms, judged
from s7spec.ports import LedgerView


def judge_plan(
    plan: Plan, rails: Guardrails, view: LedgerView, declared: Callable[[], Declared]
) -> Plan:
    """The plan with the verdicts of these guardrails, on what is left to do of it: what an earlier
    apply of it did is not weighed again. The ledger is read only where one of them asks for the
    jobs that it knows, and where they refuse the whole plan; so are the manifests, by ``declared``,
    where names alone do not tell what is protected."""
    around = _circumstances(plan, rails, view, declared)
    whole = judged(plan, rails, around)
    if not whole.is_refused:
        return whole
    left = tuple(item for item in plan.items if not _was_done(item, view))
    return judged(plan, rails, around, left=replace(plan, items=left))


def _was_done(item: PlanItem, view: LedgerView) -> bool:
    """True of what was sent or taken back meanwhile. What a plan merely follows or leaves is asked
    about as ever: that nothing has to be sent for it lets it pass no policy."""
    changes_ips = item.action.sends or item.action is Action.CANCEL
    return changes_ips and is_seen_to(item, view)


def _circumstances(
    plan: Plan, rails: Guardrails, view: LedgerView, declared: Callable[[], Declared]
) -> Circumstances:
    protection = Protection(rails.protected, declared)

    def known_jobs() -> Iterator[JobKey]:
        return (head.key for head in view.heads() if not head.forgotten)

    def idle() -> IdleTerms:
        keys = [item.key for item in plan.items]
        return protection.idle(keys, known_jobs, is_whole=not plan.narrowed)

    return Circumstances(
        known=lambda: sum(1 for _ in known_jobs()),
        standing=protection.standing,
        idle=idle,
        commands=commands_of,
    )


def commands_of(job: ExportJob) -> Commands:
    """What a payload's modifier and the presets it uses say."""
    presets = [each.urlModifier for each in (job.preset, *job.presets) if each is not None]
    texts = [job.is_modifier or "", *presets]
    return Commands(
        values=_values(texts[0]),
        names=frozenset().union(*map(_names, texts)),
        further=frozenset().union(*map(_further, texts)),
    )


@lru_cache(maxsize=1024)
def _names(text: str) -> frozenset[str]:
    return frozenset(each.lower() for each in _names_in(parse_modifier(text).modifier))


@lru_cache(maxsize=1024)
def _further(text: str) -> frozenset[str]:
    pieces = _pieces_in(parse_modifier(text).modifier)
    variables = (f"${each.name}" for each in pieces if isinstance(each, Variable))
    return frozenset(each.lower() for each in (*variables, *unsafe_names(text)))


def _names_in(modifier: Modifier) -> Iterator[str]:
    return (each.name for each in _pieces_in(modifier) if isinstance(each, Command))


def _pieces_in(modifier: Modifier) -> Iterator[Piece]:
    """At any depth: a request within a command has commands of its own."""
    pending: list[Piece] = [*modifier.pieces]
    for piece in pending:  # grows while it is walked
        yield piece
        if isinstance(piece, Command | Variable) and isinstance(piece.value, Request):
            pending += () if piece.value.modifier is None else piece.value.modifier.pieces


@lru_cache(maxsize=1024)
def _values(text: str) -> dict[str, str]:
    """By name in lower case; decoded, but for requests."""
    values = {}
    for piece in parse_modifier(text).modifier.pieces:
        if isinstance(piece, Command):
            values[piece.name.lower()] = _value(piece)
    return values


def _value(command: Command) -> str:
    match command.value:
        case None:
            return ""
        case Request():
            return print_modifier(Modifier((command,))).partition("=")[2]
        case text:
            return unquote(text)
