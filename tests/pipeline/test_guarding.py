"""What guardrails weigh: the plan, without what an earlier apply of it did, and nothing less."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from s7spec.adapters.ledger_sqlite import SqliteLedger
from s7spec.model.guardrails import Guardrails, Limits, Policy, PolicyScope
from s7spec.model.plan import Action, Plan
from s7spec.pipeline.guarding import judge_plan
from s7spec.pipeline.protection import Declared
from tests.apply.world import World
from tests.fakes.jobs import COMPANY, ENVIRONMENT


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with SqliteLedger(tmp_path / "ledger.db", create=True) as ledger:
        yield World(ledger)


def judged(world: World, plan: Plan, rails: Guardrails) -> Plan:
    with world.ledger.reading(COMPANY, ENVIRONMENT) as view:
        return judge_plan(plan, rails, view, lambda: Declared(manifests=(), is_all=True))


def policy(when: str, scope: PolicyScope = PolicyScope.JOB) -> Guardrails:
    return Guardrails(policies=(Policy(name="mine", when=when, message="why", scope=scope),))


@pytest.mark.parametrize(
    "rails",
    [policy("job.action == 'wait'"), policy("plan.actions['wait'] > 0", PolicyScope.PLAN)],
    ids=["job", "plan"],
)
def test_what_is_followed_is_weighed_as_well(world: World, rails: Guardrails) -> None:
    """It needs nothing of the plan any more, but a policy may be about just that."""
    world.apply(detach=True)
    plan = world.plan()
    assert [item.action for item in plan.items] == [Action.WAIT]
    assert judged(world, plan, rails).is_refused


def test_what_was_sent_by_an_earlier_apply_is_not_weighed_again(world: World) -> None:
    plan = world.plan()
    rails = Guardrails(limits=Limits(jobs=0))
    assert judged(world, plan, rails).is_refused
    world.apply(plan)
    assert not judged(world, plan, rails).is_refused
