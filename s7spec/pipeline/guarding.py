"""Plans before the guardrails: what those have to know comes from elsewhere in the house."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote

from s7spec.apply import is_seen_to
from s7spec.model.guardrails import Guardrails
from s7spec.model.job import ExportJob, JobKey
from s7spec.model.plan import Action, Plan, PlanItem
from s7spec.model.preset import Preset, preset_key
from s7spec.modifiers import (
    Command,
    Filling,
    Modifier,
    Piece,
    Request,
    Variable,
    parse_modifier,
    pieces_in,
    plain_name,
    print_modifier,
    read_widely,
)
from s7spec.modifiers.commands import command_named
from s7spec.modifiers.lint import unsafe_names, unsafe_uses
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
    """What a payload's modifier and the presets it uses say, what variables of any of them bring
    into requests of any of them with it."""
    presets = tuple(each for each in (job.preset, *job.presets) if each is not None)
    text = job.is_modifier or ""
    said = [_said(text), *(_said(each.urlModifier) for each in presets)]
    texts = (text, *(each.urlModifier for each in presets))
    if any(map(_REFERS, texts)) and any(map(_HAS_SOURCE, texts)):
        said.append(_filled(text, presets))
    return Commands(
        values=_values(text),
        names=frozenset().union(*(each.names for each in said)),
        further=frozenset().union(*(each.further for each in said)),
        is_sure=all(each.is_sure for each in said),
    )


_REFERS = re.compile(r"[$%]").search
_HAS_SOURCE = re.compile(r"[({%]|src|mask", re.IGNORECASE).search  # encoded or not


class _Said(NamedTuple):
    names: frozenset[str]
    further: frozenset[str]
    is_sure: bool = True


@lru_cache(maxsize=1024)
def _said(text: str) -> _Said:
    said = _said_by(read_widely(text))
    return said._replace(further=said.further.union(map(str.lower, unsafe_names(text))))


@lru_cache(maxsize=1024)
def _filled(text: str, presets: tuple[Preset, ...]) -> _Said:
    """What requests say with their variables filled in."""
    own = Modifier(read_widely(text))
    others = {preset_key(each.name): Modifier(read_widely(each.urlModifier)) for each in presets}
    filling = Filling((own, *others.values()), others)
    found: list[Piece] = []
    is_sure = True
    for modifier in (own, *others.values()):
        for piece in modifier.pieces:
            filled = filling.of(piece)
            found += filled.pieces
            is_sure = is_sure and filled.is_sure
    return _said_by(found)._replace(is_sure=is_sure)


def _said_by(pieces: Iterable[Piece]) -> _Said:
    """Names as a server might read them, older ones also by what they are called now."""
    names: set[str] = set()
    further: set[str] = set()
    for piece in pieces:
        further.update(each.name.lower() for each in unsafe_uses(piece))
    for piece in pieces_in(pieces):
        if isinstance(piece, Command):
            name = plain_name(piece.name)
            definition = command_named(name)
            names.add(name)
            further.update(() if definition is None else (definition.name.lower(),))
        elif isinstance(piece, Variable):
            further.add(f"${plain_name(piece.name)}")
    return _Said(frozenset(names), frozenset(further))


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
