"""A plan meets a ledger that has moved on: all of it still fits, or nothing is started."""

from dataclasses import replace

from s7spec.model.ledger import AttemptState
from s7spec.model.plan import Action, Plan
from s7spec.model.receipt import RunOutcome
from tests.apply.world import World, states_of
from tests.fakes.gateway import Fate, Result
from tests.fakes.jobs import export_job, resolved_job

OTHER = resolved_job("shop/main", export_job(is_modifier="wid=200"))


def stale_items(world: World, plan: Plan) -> dict[str, str]:
    """Applies a plan that must be stale; nothing may be started, the lease must be free again."""
    sent = len(world.ips.sent)
    report = world.apply(plan)
    assert report.outcome is RunOutcome.STALE
    assert "nothing was started" in report.message
    assert len(world.ips.sent) == sent
    assert world.apply(plan).outcome is RunOutcome.STALE
    return {item.key.short: item.message for item in report.items}


def test_applied_twice_the_second_does_nothing(world: World) -> None:
    plan = world.plan()
    world.apply(plan)
    report = world.apply(plan)
    assert report.outcome is RunOutcome.OK
    [item] = report.items
    assert (item.action, item.state) == (Action.SUBMIT, AttemptState.OK)
    assert item.message == "already applied"
    assert item.zip_urls == world.latest().zip_urls
    assert len(world.ips.sent) == 1


def test_applied_again_while_it_runs_it_is_followed(world: World) -> None:
    plan = world.plan()
    world.apply(plan, detach=True)
    report = world.apply(plan)
    assert (report.outcome, states_of(report)) == (RunOutcome.OK, {"shop/main": "ok"})
    assert len(world.ips.sent) == 1


def test_somebody_applied_the_same_under_another_plan(world: World) -> None:
    """The same wish reached by another way is fulfilled, whatever its generation."""
    plan = world.plan()
    world.ips.result_of = lambda name: Result(fatal=name.endswith("g1"))
    world.apply()
    world.apply()
    assert world.latest().generation == 2
    assert world.apply(plan).outcome is RunOutcome.OK


def test_somebody_wants_something_else_meanwhile(world: World) -> None:
    plan = world.plan()
    mine = world.jobs
    world.jobs = [OTHER]
    world.apply()
    world.jobs = mine
    [why] = stale_items(world, plan).values()
    assert why.startswith("planned on no attempt, but the ledger has moved on: s7-shop-main-")
    assert why.endswith("-g1, ok")


def test_something_else_is_in_flight(world: World) -> None:
    plan = world.plan()
    mine, world.jobs = world.jobs, [OTHER]
    world.apply(detach=True)
    world.jobs = mine
    assert "accepted" in stale_items(world, plan)["shop/main"]


def test_it_failed_meanwhile(world: World) -> None:
    """Whether it is worth another run is for a new plan, and for people, to say."""
    plan = world.plan()
    world.ips.result_of = lambda name: Result(fatal=True)
    world.apply(plan)
    assert "failed" in stale_items(world, plan)["shop/main"]


def test_one_stale_item_holds_the_others_back(world: World) -> None:
    world.jobs = [resolved_job("shop/a"), resolved_job("shop/b"), resolved_job("shop/c")]
    plan = world.plan()
    everything, world.jobs = world.jobs, [resolved_job("shop/b", export_job(is_modifier="x=1"))]
    world.apply()
    world.jobs = everything
    assert list(stale_items(world, plan)) == ["shop/b"]


def test_assets_that_are_not_those_of_the_plan(world: World) -> None:
    plan = world.plan()
    world.jobs = [OTHER]
    assert "not those of the plan" in stale_items(world, plan)["shop/main"]
    world.jobs = []
    assert "not those of the plan" in stale_items(world, plan)["shop/main"]


def test_a_skip_that_is_no_longer_one(world: World) -> None:
    world.apply()
    plan = world.plan()
    mine, world.jobs = world.jobs, [OTHER]
    world.apply()
    world.jobs = mine
    assert list(stale_items(world, plan)) == ["shop/main"]


def test_a_retry_that_somebody_else_made(world: World) -> None:
    world.ips.result_of = lambda name: Result(fatal=name.endswith("g1"))
    world.apply()
    plan = world.plan()
    world.apply()
    report = world.apply(plan)
    assert (report.outcome, report.items[0].message) == (RunOutcome.OK, "already applied")
    assert len(world.ips.sent) == 2


class TestForget:
    def test_already_forgotten(self, world: World) -> None:
        world.apply()
        world.jobs = []
        plan = world.plan()
        world.apply(plan)
        report = world.apply(plan)
        assert report.outcome is RunOutcome.OK
        assert report.items[0].message == "already forgotten"

    def test_it_ran_again(self, world: World) -> None:
        world.apply()
        declared, world.jobs = world.jobs, []
        plan = world.plan()
        world.jobs = [OTHER]
        world.apply()
        world.jobs = declared
        assert list(stale_items(world, plan)) == ["shop/main"]

    def test_a_forgotten_job_is_not_already_applied(self, world: World) -> None:
        plan = world.plan()
        world.apply(plan)
        declared, world.jobs = world.jobs, []
        world.apply()
        world.jobs = declared
        assert "forgotten" in stale_items(world, plan)["shop/main"]


class TestWait:
    def test_it_ended_well_meanwhile(self, world: World) -> None:
        world.apply(detach=True)
        plan = world.plan()
        world.apply()
        report = world.apply(plan)
        assert (report.outcome, states_of(report)) == (RunOutcome.OK, {"shop/main": "ok"})

    def test_it_ended_badly_meanwhile(self, world: World) -> None:
        world.ips.result_of = lambda name: Result(fatal=True)
        world.apply(detach=True)
        plan = world.plan()
        world.apply()
        report = world.apply(plan)
        assert (report.outcome, states_of(report)) == (
            RunOutcome.INCOMPLETE,
            {"shop/main": "failed"},
        )
        assert "fatal" in report.items[0].message

    def test_another_run_of_it_goes_on(self, world: World) -> None:
        world.ips.result_of = lambda name: Result(fatal=True)
        world.apply(detach=True)
        plan = world.plan()
        world.apply()
        world.apply(detach=True)
        assert world.latest().generation == 2
        assert list(stale_items(world, plan)) == ["shop/main"]


def test_a_lost_ledger_makes_every_plan_on_it_stale(world: World) -> None:
    world.apply()
    world.jobs = [OTHER]
    plan = world.plan()
    prior = plan.items[0].prior
    assert prior is not None
    gone = replace(
        plan,
        items=(replace(plan.items[0], prior=replace(prior, attempt_name="s7-other-g1")),),
    )
    assert "planned on s7-other-g1" in stale_items(world, gone)["shop/main"]


def test_refused_meanwhile_by_ips(world: World) -> None:
    plan = world.plan()
    world.ips.fate_of = lambda name: Fate.REFUSED
    world.apply(plan)
    assert "refused" in stale_items(world, plan)["shop/main"]
