"""The ledger was lost, or an older copy was put back: what IPS still has is never sent again."""

from datetime import timedelta

import pytest

from s7spec.model.ips import JobSnapshot
from s7spec.model.job import JobKey
from s7spec.model.ledger import AttemptState
from s7spec.model.plan import Action, Plan, ReasonCode
from s7spec.model.policy import JobPolicy
from s7spec.model.receipt import RunOutcome
from s7spec.model.sight import RECENT
from s7spec.model.wishes import Refresh
from s7spec.plan import Surgery, read_plan, write_plan
from tests.apply.world import World
from tests.fakes.clock import NOON
from tests.fakes.gateway import ScriptedIps
from tests.fakes.jobs import export_job, job_key, resolved_job
from tests.fakes.ledger import MemoryLedger

LONG = (RECENT + timedelta(days=1)).total_seconds()
"""After it the listing of an ordinary run says nothing of a job."""

MOVED = Surgery(moved={job_key("shop/new"): job_key("shop/old")})


def lose_ledger(world: World, *, after: float = LONG) -> None:
    world.clock.move(after)
    world.ledger = MemoryLedger()


def said(plan: Plan) -> list[tuple[Action, list[ReasonCode]]]:
    assert read_plan(write_plan(plan)) == plan
    return [(item.action, [reason.code for reason in item.reasons]) for item in plan.items]


class TestLongAgo:
    """IPS keeps job logs for longer than anybody would list them at each run."""

    def test_the_plan_finds_it(self, world: World) -> None:
        world.apply()
        lose_ledger(world)
        assert said(world.plan()) == [(Action.ADOPT, [ReasonCode.FOUND_ON_SERVER])]
        assert world.apply(cold_wait_seconds=300).outcome is RunOutcome.OK
        assert len(world.ips.sent) == 1
        assert world.is_settled()

    def test_apply_finds_it_by_its_name_whatever_the_plan_says(self, world: World) -> None:
        world.apply()
        lose_ledger(world)
        plan = world.plan(refresh=Refresh.NONE)
        assert said(plan) == [(Action.SUBMIT, [ReasonCode.NEW])]
        assert world.apply(plan, cold_wait_seconds=300).outcome is RunOutcome.OK
        assert len(world.ips.sent) == 1
        assert world.latest().state is AttemptState.OK
        assert "not sent again" in world.latest().message

    def test_a_ledger_that_is_half_recovered_is_not_cold_any_more(self, world: World) -> None:
        """Somebody applied a part of the project first."""
        whole = [resolved_job(f"shop/{name}") for name in "abc"]
        world.jobs = whole
        world.apply()
        lose_ledger(world)
        world.jobs = whole[:1]
        world.apply()
        world.jobs = whole
        assert not world.is_cold()
        assert [action for action, _ in said(world.plan())] == ["skip", "submit", "submit"]
        assert world.apply().outcome is RunOutcome.OK
        assert len(world.ips.sent) == len(world.ips.jobs) == 3
        assert world.is_settled()

    def test_an_older_copy_is_put_back(self, world: World) -> None:
        world.jobs = [resolved_job("shop/main", export_job(is_modifier="wid=1"))]
        world.apply()
        copy = MemoryLedger()
        copy.restore(world.ledger.records())
        world.clock.move(60)
        world.jobs = [resolved_job("shop/main", export_job(is_modifier="wid=2"))]
        world.apply()
        world.clock.move(LONG)
        world.ledger = copy
        assert world.actions() == {"shop/main": "submit"}
        assert world.apply().outcome is RunOutcome.OK
        assert len(world.ips.sent) == len(world.ips.jobs) == 2
        assert world.is_settled()

    def test_the_last_generation_is_found(self, world: World) -> None:
        world.apply()
        world.apply(world.plan(forced=frozenset({job_key("shop/main")})))
        lose_ledger(world)
        world.apply()
        assert world.latest().generation == 2
        world.apply(world.plan(forced=frozenset({job_key("shop/main")})))
        assert len(set(world.ips.names())) == len(world.ips.names()) == 3

    def test_a_log_without_a_job_is_left_to_people(self, world: World) -> None:
        class Shy(ScriptedIps):
            def find(self, attempt_name: str) -> JobSnapshot | None:
                return None

        world.apply()
        lose_ledger(world)
        ips = Shy(clock=world.clock, jobs=world.ips.jobs)
        report = world.apply(world.plan(refresh=Refresh.NONE), gateway=ips)
        assert report.outcome is RunOutcome.INCOMPLETE
        assert "shows nothing of it" in report.items[0].message
        assert ips.sent == []


class TestCost:
    def test_each_name_is_asked_for_once(self, world: World) -> None:
        plan = world.plan()
        world.ips.looks.clear()
        world.apply(plan, detach=True)
        assert world.ips.looks == [plan.items[0].attempt_name]

    def test_a_first_run_asks_for_none(self, world: World) -> None:
        world.apply(world.plan(), detach=True, first_run=True)
        assert world.ips.looks == []
        assert len(world.ips.sent) == 1

    def test_nor_does_it_list_everything(self, world: World) -> None:
        world.apply()
        lose_ledger(world)
        assert said(world.plan(first_run=True)) == [(Action.SUBMIT, [ReasonCode.NEW])]
        lose_ledger(world, after=0)
        everything = world.plan(first_run=True, refresh=Refresh.FULL)
        assert said(everything) == [(Action.ADOPT, [ReasonCode.FOUND_ON_SERVER])]

    def test_who_says_so_of_a_ledger_that_is_not_empty_is_not_believed(self, world: World) -> None:
        world.jobs = [resolved_job("shop/other"), resolved_job("shop/main")]
        world.apply()
        lose_ledger(world)
        world.jobs = world.jobs[:1]
        world.apply()
        world.jobs = [resolved_job("shop/main")]
        assert world.apply(world.plan(whole=False), first_run=True).outcome is RunOutcome.OK
        assert len(world.ips.sent) == 2


class TestMoved:
    """IPS knows the job under the name of its former key."""

    @pytest.mark.parametrize("after", [60.0, LONG])
    def test_it_is_found_under_its_former_key(self, world: World, after: float) -> None:
        world.jobs = [resolved_job("shop/old")]
        world.apply()
        name = world.latest("shop/old").name
        lose_ledger(world, after=after)
        world.jobs = [resolved_job("shop/new")]
        plan = world.plan(surgery=MOVED)
        assert said(plan) == [(Action.ADOPT, [ReasonCode.FOUND_ON_SERVER, ReasonCode.MOVED])]
        assert world.apply(plan).outcome is RunOutcome.OK
        assert world.ips.names() == [world.latest("shop/new").name] == [name]
        assert said(world.plan(surgery=MOVED)) == [(Action.SKIP, [ReasonCode.UNCHANGED])]
        assert world.ledger.check() == ()

    def test_also_when_the_ledger_is_half_recovered(self, world: World) -> None:
        world.jobs = [resolved_job("shop/old"), resolved_job("shop/main")]
        world.apply()
        lose_ledger(world)
        world.jobs = [resolved_job("shop/main")]
        world.apply()
        world.jobs = [resolved_job("shop/new"), resolved_job("shop/main")]
        assert [action for action, _ in said(world.plan(surgery=MOVED))] == ["skip", "adopt"]
        assert world.apply(world.plan(surgery=MOVED)).outcome is RunOutcome.OK
        assert len(world.ips.names()) == 2

    def test_without_a_look_nothing_is_sent(self, world: World) -> None:
        world.jobs = [resolved_job("shop/new")]
        plan = world.plan(surgery=MOVED, refresh=Refresh.NONE)
        assert said(plan) == [(Action.BLOCKED, [ReasonCode.CANNOT_OBSERVE])]
        assert world.apply(plan).outcome is RunOutcome.INCOMPLETE
        assert world.ips.sent == []

    def test_what_was_never_sent_is_sent(self, world: World) -> None:
        world.jobs = [resolved_job("shop/new")]
        assert world.apply(world.plan(surgery=MOVED)).outcome is RunOutcome.OK
        assert len(world.ips.sent) == 1

    def test_the_next_run_has_a_name_of_its_own(self, world: World) -> None:
        world.jobs = [resolved_job("shop/old")]
        world.apply()
        lose_ledger(world)
        world.jobs = [resolved_job("shop/new")]
        world.apply(world.plan(surgery=MOVED))
        again = world.plan(surgery=MOVED, forced=frozenset({job_key("shop/new")}))
        assert world.apply(again).outcome is RunOutcome.OK
        assert len(set(world.ips.names())) == len(world.ips.names()) == 2


class TestOnceMore:
    """Nobody knows whether what IPS has is the run that was asked for."""

    KEY: JobKey = job_key("shop/main")

    def test_asked_for_with_rerun(self, world: World) -> None:
        world.apply()
        lose_ledger(world)
        plan = world.plan(forced=frozenset({self.KEY}))
        assert said(plan) == [(Action.ADOPT, [ReasonCode.FOUND_ON_SERVER, ReasonCode.FORCED])]
        report = world.apply(plan)
        assert report.outcome is RunOutcome.INCOMPLETE
        assert "--rerun runs it again" in report.items[0].message
        assert len(world.ips.sent) == 1
        assert world.apply(world.plan(forced=frozenset({self.KEY}))).outcome is RunOutcome.OK
        assert len(set(world.ips.names())) == len(world.ips.sent) == 2

    def test_asked_for_with_a_token(self, world: World) -> None:
        world.apply()
        lose_ledger(world)
        world.jobs = [resolved_job("shop/main", policy=JobPolicy(rerun="b"))]
        plan = world.plan()
        assert said(plan) == [(Action.ADOPT, [ReasonCode.FOUND_ON_SERVER, ReasonCode.FORCED])]
        assert "nobody knows" in plan.items[0].reasons[1].detail
        report = world.apply(plan)
        assert report.outcome is RunOutcome.INCOMPLETE
        assert "it was to run once more, but IPS had it already" in report.items[0].message
        assert len(world.ips.sent) == 1
        assert world.is_settled()
        world.jobs = [resolved_job("shop/main", policy=JobPolicy(rerun="c"))]
        assert world.apply().outcome is RunOutcome.OK
        assert len(set(world.ips.names())) == len(world.ips.sent) == 2

    def test_found_only_by_the_run(self, world: World) -> None:
        """The copy that was put back knows the job, but not that it ran once more."""
        world.apply()
        copy = MemoryLedger()
        copy.restore(world.ledger.records())
        world.clock.move(60)
        world.apply(world.plan(forced=frozenset({self.KEY})))
        world.clock.move(LONG)
        world.ledger = copy
        plan = world.plan(forced=frozenset({self.KEY}))
        assert said(plan) == [(Action.SUBMIT, [ReasonCode.FORCED])]
        report = world.apply(plan)
        assert report.outcome is RunOutcome.INCOMPLETE
        assert "it was to run once more" in report.items[0].message
        assert len(world.ips.sent) == 2
        assert world.latest().generation == 2


def test_what_ends_long_after_it_began_counts_from_its_begin(world: World) -> None:
    """The window is one of begins: a job at work is listed however old it is."""
    world.ips.runs_for = 2 * LONG
    world.apply(detach=True)
    lose_ledger(world)
    assert world.clock.now() > NOON + RECENT
    assert said(world.plan(first_run=True)) == [(Action.ADOPT, [ReasonCode.FOUND_ON_SERVER])]
