"""The guardrails of an environment in ``s7spec.yaml``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from s7spec.model.guardrails import (
    Approval,
    Gate,
    Guardrails,
    Limits,
    Policy,
    PolicyLevel,
    PolicyScope,
)
from s7spec.model.rules import Rule
from s7spec.model.source import Pointer
from s7spec.modifiers.commands import ALL_COMMANDS, command_named
from s7spec.modifiers.lint import FOREIGN_URL, OBJECT
from s7spec.policies import FACTS, BadExpressionError, compile_policy
from s7spec.validate.mistakes import Mistake
from s7spec.validate.words import nearest, shown


def guardrails_of(value: Mapping[str, Any]) -> Guardrails:
    """Of an environment that fits the schema."""
    given: dict[str, Any] = {}
    for key in ("protected", "deny_modifiers"):
        if key in value:
            given[key] = tuple(value[key])
    for key in ("originals", "names"):
        if key in value:
            given[key] = Gate(value[key])
    limits = {key: _whole(each) for key, each in value.get("limits", {}).items()}
    return Guardrails(
        limits=Limits(**limits),
        production=value.get("production", False),
        policies=tuple(map(_policy, value.get("policies", ()))),
        approve=tuple(Approval(**each) for each in value.get("approve", ())),
        **given,
    )


def _policy(value: Mapping[str, Any]) -> Policy:
    given: dict[str, Any] = {}
    if "level" in value:
        given["level"] = PolicyLevel(value["level"])
    if "scope" in value:
        given["scope"] = PolicyScope(value["scope"])
    return Policy(name=value["name"], when=value["when"], message=value["message"], **given)


def _whole(value: Any) -> int:
    """JSON Schema takes 20.0 for an integer as well."""
    return int(value)


def find_bad_guardrails(environments: Mapping[str, object]) -> Iterator[Mistake]:
    """What a schema cannot see: expressions that are none, commands that there are not. Takes any
    value; what does not fit the schema is passed over."""
    for name, environment in environments.items():
        pointer = ("environments", name)
        for at, word in _texts(environment, "deny_modifiers", pointer):
            yield from _unknown_command(word, at)
        yield from _bad_policies(environment, pointer)
        yield from _idle_approvals(environment, pointer)


def _unknown_command(word: str, pointer: Pointer) -> Iterator[Mistake]:
    """A slip of the pen would deny nothing."""
    if word.startswith("$"):
        if _is_nearly_object(word.lower()):
            summary = f"`{shown(word)}` is nearly the variable that stands for the asset"
            yield _not_denied(pointer, summary, f"did you mean `{OBJECT}`?")
        return
    if command_named(word) is not None or word.lower() in _WORDS:
        return
    near = nearest(word, (*(each.name for each in ALL_COMMANDS), *_WORDS))
    hint = (
        f"did you mean `{near}`?"
        if near is not None
        else "`s7spec modifier --commands` lists all; what Adobe does not document a policy can "
        f"deny: '\"{shown(word.lower())}\" in job.commands'"
    )
    yield _not_denied(pointer, f"`{shown(word)}` is no command of Image Serving", hint)


_WORDS = (FOREIGN_URL, OBJECT)
"""Denied like commands, and none."""


def _is_nearly_object(word: str) -> bool:
    """Variables have any name; `$object2` is one of a template."""
    import difflib

    if word.startswith(OBJECT):
        return False
    return difflib.SequenceMatcher(a=word[:100], b=OBJECT).ratio() > _ALMOST_EQUAL


_ALMOST_EQUAL = 0.85


def _not_denied(pointer: Pointer, summary: str, hint: str) -> Mistake:
    return Mistake(rule=Rule.NOT_ALLOWED, pointer=pointer, summary=summary, hint=hint)


def _bad_policies(environment: object, pointer: Pointer) -> Iterator[Mistake]:
    named: dict[str, int] = {}
    for index, policy in enumerate(_members(environment, "policies")):
        at = (*pointer, "policies", index)
        if not isinstance(policy, dict):
            continue
        name = policy.get("name")
        if isinstance(name, str) and named.setdefault(name, index) != index:
            yield Mistake(
                rule=Rule.NOT_ALLOWED,
                pointer=(*at, "name"),
                summary=f"two policies are called `{shown(name)}`",
                hint="give each a name of its own: verdicts and approvals go by it",
                see=(*pointer, "policies", named[name], "name"),
            )
        scope, when = policy.get("scope", PolicyScope.JOB), policy.get("when")
        if scope in tuple(PolicyScope) and isinstance(when, str):
            yield from _bad_expression(when, PolicyScope(scope), (*at, "when"))


def _idle_approvals(environment: object, pointer: Pointer) -> Iterator[Mistake]:
    """An approval goes by a policy's name: of one that there is not, it approves nothing."""
    policies = _members(environment, "policies")
    names = [each.get("name") for each in policies if isinstance(each, dict)]
    known = [f"{_POLICY}{name}" for name in names if isinstance(name, str)]
    for index, approval in enumerate(_members(environment, "approve")):
        guard = approval.get("guard") if isinstance(approval, dict) else None
        if not isinstance(guard, str) or not guard.startswith(_POLICY) or guard in known:
            continue
        near = nearest(guard, known)
        yield Mistake(
            rule=Rule.NOT_ALLOWED,
            pointer=(*pointer, "approve", index, "guard"),
            summary=f"there is no `{shown(guard)}` in this environment to be approved",
            hint=f"did you mean `{near}`?" if near else "remove the entry: it approves nothing",
        )


_POLICY = "policy:"


def _bad_expression(when: str, scope: PolicyScope, pointer: Pointer) -> Iterator[Mistake]:
    try:
        compile_policy(when, scope)
    except BadExpressionError as error:
        where = (
            f"line {error.line}, character {error.column}"
            if "\n" in when.strip()
            else f"character {error.column}"
        )
        yield Mistake(
            rule=Rule.BAD_POLICY,
            pointer=pointer,
            summary=f"the expression is not valid, at its {where}: {shown(str(error))}",
            hint=_hint(error.unknown, scope),
        )


def _hint(unknown: str, scope: PolicyScope) -> str:
    facts = FACTS[scope]
    if not unknown:
        return "policies are written in CEL: `s7spec explain S7E025` shows one"
    other = next((each for each in PolicyScope if unknown in FACTS[each]), None)
    if other is not None:
        return f"`{unknown}` is known with scope: {other}"
    near = nearest(unknown, facts)
    return f"did you mean `{near}`?" if near else f"there are {', '.join(facts)}"


def _texts(environment: object, key: str, pointer: Pointer) -> Iterator[tuple[Pointer, str]]:
    for index, word in enumerate(_members(environment, key)):
        if isinstance(word, str):
            yield (*pointer, key, index), word


def _members(environment: object, key: str) -> list[object]:
    value = environment.get(key) if isinstance(environment, dict) else None
    return value if isinstance(value, list) else []
