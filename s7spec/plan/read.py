"""Reads a plan file back: all of it, or a plain sentence why not."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, fields
from typing import Any, TypeVar

import msgspec

from s7spec.model.diagnostics import Diagnostic, RelatedPlace
from s7spec.model.fingerprint import FINGERPRINT_VERSION
from s7spec.model.plan import Plan, PlanHeader, PlanItem, Verdict
from s7spec.model.rules import Rule
from s7spec.model.source import SourceRange
from s7spec.plan.bounds import check_bounds
from s7spec.plan.failure import PlanFileError
from s7spec.plan.soundness import check_items
from s7spec.plan.write import FORMAT, FORMAT_VERSION, laid_out, seal_of, write_plan

_RULES = {rule.id: rule for rule in Rule}
_Noun = TypeVar("_Noun")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Form:
    """What tells whether the rest can be read. Of any kind: what it is instead is told."""

    format: Any = None
    format_version: Any = None
    fingerprint_version: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Warning:
    """A Diagnostic whose rule is told by its ID."""

    rule: str
    summary: str
    where: SourceRange | None
    hint: str | None
    snippet: str | None
    related: tuple[RelatedPlace, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Document:
    """Its parts one by one, so that an error can say which item it is about."""

    header: PlanHeader
    items: tuple[msgspec.Raw, ...]
    verdicts: tuple[msgspec.Raw, ...]
    warnings: tuple[_Warning, ...]
    narrowed: tuple[str, ...]
    assumptions: tuple[str, ...]


def read_plan(text: str) -> Plan:
    """Reads what ``write_plan`` wrote. Raises PlanFileError for anything else: not JSON, another
    format, a changed file, missing parts, parts that do not go together."""
    try:
        data = text.encode()
    except UnicodeEncodeError as error:
        raise PlanFileError(f"the plan is not JSON: {error}") from error
    _check_format(_as(_Form, data))
    plan = _plan(_as(_Document, data))
    written = write_plan(plan)
    # Most files are as they were written: then nothing else can be in them.
    document = None if text == written else _otherwise_written(text)
    check_bounds(plan)
    check_items(plan)
    if document is not None and laid_out(document) != written:
        raise PlanFileError("the plan holds parts that this s7spec does not know")
    return plan


def _plan(document: _Document) -> Plan:
    return Plan(
        header=document.header,
        items=_each(PlanItem, document.items, "items"),
        verdicts=_each(Verdict, document.verdicts, "verdicts"),
        warnings=tuple(map(_diagnostic, document.warnings)),
        narrowed=document.narrowed,
        assumptions=document.assumptions,
    )


def _check_format(form: _Form) -> None:
    if form.format != FORMAT:
        raise PlanFileError("the file is JSON, but no plan of s7spec")
    if form.format_version != FORMAT_VERSION:
        raise PlanFileError(
            f"the plan has format version {form.format_version!s:.20}, this s7spec reads version "
            f"{FORMAT_VERSION}: plan again"
        )
    if form.fingerprint_version != FINGERPRINT_VERSION:
        raise PlanFileError(
            "the plan was made by an s7spec that computes fingerprints otherwise: plan again"
        )


def _otherwise_written(text: str) -> dict[str, object]:
    """All of a file that is not as ``write_plan`` wrote it: laid out anew by another program, or
    edited."""
    try:
        document: dict[str, object] = json.loads(text, object_pairs_hook=_without_repetition)
    except PlanFileError:
        raise
    except (ValueError, RecursionError) as error:  # a number of 5,000 digits, or too deep
        raise PlanFileError(f"the plan is not JSON: {error}") from error
    if document.get("seal") != seal_of(document):
        raise PlanFileError(
            "the plan was changed after it was made: its content does not match its seal"
        )
    return document


def _without_repetition(pairs: list[tuple[str, object]]) -> dict[str, object]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise PlanFileError("the plan has a key twice in one object")
    return value


def _each(kind: type[_Noun], parts: tuple[msgspec.Raw, ...], place: str) -> tuple[_Noun, ...]:
    decoder = msgspec.json.Decoder(kind)
    nouns = []
    for index, part in enumerate(parts):
        try:
            nouns.append(decoder.decode(part))
        except msgspec.ValidationError as error:
            raise _said_plainly(error, f"{place}[{index}]") from error
    return tuple(nouns)


def _as(kind: type[_Noun], data: bytes) -> _Noun:
    try:
        return msgspec.json.decode(data, type=kind)
    except msgspec.ValidationError as error:
        raise _said_plainly(error, "") from error
    except (ValueError, RecursionError) as error:
        raise PlanFileError(f"the plan is not JSON: {error}") from error


_MISSING = re.compile("Object missing required field `(?P<field>.+)`")


def _said_plainly(error: msgspec.ValidationError, above: str) -> PlanFileError:
    what, _, below = str(error).partition(" - at ")
    place = f"{above}{below.strip('`').removeprefix('$')}".removeprefix(".")
    missing = _MISSING.fullmatch(what)
    if missing is not None:
        return PlanFileError(f"the plan lacks `{place}{'.' if place else ''}{missing['field']}`")
    said = f"{what[:1].lower()}{what[1:]}"
    return PlanFileError(f"{f'`{place}` of the plan' if place else 'the plan'}: {said}")


def _diagnostic(warning: _Warning) -> Diagnostic:
    if warning.rule not in _RULES:
        raise PlanFileError(f"a warning has the unknown rule {warning.rule}")
    members = {each.name: getattr(warning, each.name) for each in fields(warning)}
    return Diagnostic(**members | {"rule": _RULES[warning.rule]})
