"""Reads a plan file back: all of it, or a plain sentence why not."""

from __future__ import annotations

import json

from s7spec.model.diagnostics import Diagnostic, RelatedPlace
from s7spec.model.fingerprint import FINGERPRINT_VERSION
from s7spec.model.plan import (
    Plan,
    PlanHeader,
)
from s7spec.model.rules import Rule
from s7spec.plan.parts import Part, PlanFileError
from s7spec.plan.read_item import item_from, range_from
from s7spec.plan.read_verdict import verdict_from
from s7spec.plan.soundness import check_items
from s7spec.plan.write import FORMAT, FORMAT_VERSION, plan_seal, seal_of

__all__ = ["PlanFileError", "read_plan"]

_RULES = {rule.id: rule for rule in Rule}


def read_plan(text: str) -> Plan:
    """Reads what ``write_plan`` wrote. Raises PlanFileError for anything else: not JSON, another
    format, a changed file, missing parts, parts that do not go together."""
    document = _parsed(text)
    _check_format(document)
    if document.get("seal") != seal_of(document):
        raise PlanFileError(
            "the plan was changed after it was made: its content does not match its seal"
        )
    plan = _plan(Part(document))
    check_items(plan)
    if plan_seal(plan) != document["seal"]:
        raise PlanFileError("the plan holds parts that this s7spec does not know")
    return plan


def _parsed(text: str) -> dict[str, object]:
    try:
        value: object = json.loads(
            text, object_pairs_hook=_without_repetition, parse_constant=_no_constant
        )
    except PlanFileError:
        raise
    except (ValueError, RecursionError) as error:
        raise PlanFileError(f"the plan is not JSON: {error}") from error
    if not isinstance(value, dict):
        raise PlanFileError("the plan is JSON, but not an object")
    _check_unicode(value)
    return value


def _check_unicode(value: object) -> None:
    r"""JSON can spell half a character (``\ud800``); no name or modifier may hold one."""
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise PlanFileError("the plan holds text that is not Unicode") from error


def _without_repetition(pairs: list[tuple[str, object]]) -> dict[str, object]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise PlanFileError("the plan has a key twice in one object")
    return value


def _no_constant(name: str) -> object:
    raise PlanFileError(f"the plan holds {name}, which is not JSON")


def _check_format(document: dict[str, object]) -> None:
    if document.get("format") != FORMAT:
        raise PlanFileError("the file is JSON, but no plan of s7spec")
    version = document.get("format_version")
    if version != FORMAT_VERSION:
        raise PlanFileError(
            f"the plan has format version {version!s:.20}, this s7spec reads version "
            f"{FORMAT_VERSION}: plan again"
        )
    if document.get("fingerprint_version") != FINGERPRINT_VERSION:
        raise PlanFileError(
            "the plan was made by an s7spec that computes fingerprints otherwise: plan again"
        )


def _plan(part: Part) -> Plan:
    return Plan(
        header=_header(part.at("header")),
        items=tuple(item_from(item) for item in part.at("items").each()),
        verdicts=tuple(verdict_from(verdict) for verdict in part.at("verdicts").each()),
        warnings=tuple(_diagnostic(warning) for warning in part.at("warnings").each()),
        assumptions=tuple(text.text() for text in part.at("assumptions").each()),
    )


def _header(part: Part) -> PlanHeader:
    return PlanHeader(
        company=part.at("company").text(),
        environment=part.at("environment").text(),
        ips=part.at("ips").text(),
        created_at=part.at("created_at").moment(),
        expires_at=part.at("expires_at").moment(),
        tool_version=part.at("tool_version").text(),
        manifest_hash=part.at("manifest_hash").text(),
        preset_hash=part.at("preset_hash").text(),
        assets_at=part.at("assets_at").moment(),
        git_commit=part.at("git_commit").text_or_none(),
        git_dirty=part.at("git_dirty").flag(),
    )


def _diagnostic(part: Part) -> Diagnostic:
    rule, where = part.at("rule").text(), part.at("where").or_none()
    if rule not in _RULES:
        raise PlanFileError(f"a warning has the unknown rule {rule}")
    return Diagnostic(
        rule=_RULES[rule],
        summary=part.at("summary").text(),
        where=None if where is None else range_from(where),
        hint=part.at("hint").text_or_none(),
        snippet=part.at("snippet").text_or_none(),
        related=tuple(_related(place) for place in part.at("related").each()),
    )


def _related(part: Part) -> RelatedPlace:
    return RelatedPlace(
        where=range_from(part.at("where")),
        message=part.at("message").text(),
        snippet=part.at("snippet").text_or_none(),
    )
