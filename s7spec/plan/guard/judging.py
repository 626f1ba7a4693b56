"""All guardrails over one plan."""

from __future__ import annotations

from collections.abc import Iterator

from s7spec.model.guardrails import Guardrails
from s7spec.model.plan import Plan, Verdict
from s7spec.plan.guard.amounts import amounts_of
from s7spec.plan.guard.circumstances import Circumstances
from s7spec.plan.guard.denied_modifiers import modifiers_verdicts
from s7spec.plan.guard.file_names import names_verdicts
from s7spec.plan.guard.limits import limit_verdicts
from s7spec.plan.guard.originals import originals_verdicts
from s7spec.plan.guard.own_policies import policy_verdicts
from s7spec.plan.guard.protected import protected_verdicts
from s7spec.plan.guard.verdicts import passed

PRODUCTION = "apply asks for the environment's name; --yes needs a saved plan or --expect-digest"


def guard(plan: Plan, rails: Guardrails, circumstances: Circumstances) -> tuple[Verdict, ...]:
    """The word of each guardrail that is set, in a fixed order; approvals are not looked at. A plan
    that does nothing is not held up by anything."""
    return tuple(_verdicts(plan, rails, circumstances))


def _verdicts(plan: Plan, rails: Guardrails, circumstances: Circumstances) -> Iterator[Verdict]:
    amounts = amounts_of(plan.items)
    yield from limit_verdicts(amounts, rails.limits, circumstances.known)
    yield from protected_verdicts(plan, amounts, rails.protected, circumstances)
    if rails.production:
        yield passed("production", PRODUCTION)
    yield from originals_verdicts(amounts, rails.originals)
    yield from modifiers_verdicts(amounts, rails.deny_modifiers, circumstances.commands)
    yield from names_verdicts(amounts, rails.names)
    if plan.has_changes:
        yield from policy_verdicts(plan, amounts, rails.policies, circumstances)
