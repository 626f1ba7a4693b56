"""What IPS starts again and again is scheduled or it is not: what ran of it decides nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from s7spec.adapters.ledger_sqlite import SqliteLedger
from s7spec.model.ledger import AttemptState
from s7spec.model.receipt import RunOutcome, RunReport
from s7spec.model.schedule import Timing
from s7spec.ports import LeaseHeld
from tests.apply.world import QUARANTINE, World, states_of
from tests.fakes.clock import NOON
from tests.fakes.doom import Doom, DoomedGateway, DoomedLedger, Killed
from tests.fakes.gateway import Fate
from tests.fakes.jobs import job_key, resolved_job
from tests.fakes.ledger import MemoryLedger

OFTEN = Timing(cron="0/20 * * * * ?")
NIGHTLY = Timing(cron="0 0 6 ? * *")
ONCE = Timing(at=NOON + timedelta(hours=1))
EVERY = 1000.0
"""Seconds from one run to the next: longer than any wait for what is not shown."""


def declare(world: World, timing: Timing | None) -> None:
    job = resolved_job("shop/main")
    world.jobs = [replace(job, policy=replace(job.policy, timing=timing))]


def started(world: World, timing: Timing = OFTEN) -> None:
    """Scheduled by an apply that is over."""
    world.ips.cron_every = EVERY
    declare(world, timing)
    assert world.apply().outcome is RunOutcome.OK


def has_run(world: World) -> None:
    started(world)
    world.clock.move(EVERY + 10)


def is_running(world: World, *, spares_runs: bool) -> None:
    world.ips.runs_for, world.ips.spares_runs = 100, spares_runs
    has_run(world)
    assert len(world.ips.active_jobs()) == 1


def ends(world: World) -> list[str]:
    return [each.state.value for each in world.ledger.attempts(job_key("shop/main"))]


def on_ips(world: World) -> list[tuple[str, Timing | None]]:
    world.ips.known_jobs(NOON)
    return [(each.name, each.submission.timing) for each in world.ips.schedules]


def is_as_declared(world: World) -> bool:
    """One schedule, the one that is wanted, and everybody knows."""
    wanted = world.jobs[0].policy.timing
    is_settled = world.is_settled() and world.latest().state is AttemptState.SCHEDULED
    return is_settled and on_ips(world) == [(world.latest().name, wanted)]


def told(report: RunReport) -> tuple[RunOutcome, str]:
    [item] = report.items
    return report.outcome, item.message


def test_it_stays_scheduled_whatever_ran(world: World) -> None:
    has_run(world)
    assert is_as_declared(world)


class TestAnew:
    def test_at_another_time(self, world: World) -> None:
        has_run(world)
        declare(world, NIGHTLY)
        assert world.actions() == {"shop/main": "reschedule"}
        assert world.apply().outcome is RunOutcome.OK
        assert ends(world) == ["cancelled", "scheduled"]
        assert is_as_declared(world)

    def test_at_once(self, world: World) -> None:
        has_run(world)
        declare(world, None)
        assert states_of(world.apply()) == {"shop/main": "ok"}
        assert ends(world) == ["cancelled", "ok"]
        assert on_ips(world) == []

    def test_once_more(self, world: World) -> None:
        has_run(world)
        plan = world.plan(forced=frozenset({job_key("shop/main")}))
        assert world.apply(plan).outcome is RunOutcome.OK
        assert ends(world) == ["cancelled", "scheduled"]
        assert is_as_declared(world)

    @pytest.mark.parametrize("spares_runs", [False, True])
    def test_while_one_of_its_runs_is_at_work(self, world: World, spares_runs: bool) -> None:
        """Its last run comes to its end first, where IPS does not end it with the schedule."""
        is_running(world, spares_runs=spares_runs)
        declare(world, None)
        assert world.apply().outcome is RunOutcome.OK
        assert ends(world) == ["cancelled", "ok"]
        *earlier, last = sorted(world.ips.jobs, key=lambda job: job.taken_at)
        assert len(earlier) == spares_runs
        assert all(job.ends_at <= last.taken_at for job in earlier)

    @pytest.mark.parametrize("options", [{"detach": True}, {"follow_seconds": 30}])
    def test_its_last_run_may_be_left(self, world: World, options: dict[str, Any]) -> None:
        is_running(world, spares_runs=True)
        declare(world, NIGHTLY)
        outcome, message = told(world.apply(**options))
        assert outcome is RunOutcome.INCOMPLETE
        assert "a run that IPS started goes on" in message
        assert on_ips(world) == []
        settle(world)
        assert ends(world) == ["cancelled", "scheduled"]

    def test_one_that_ips_does_not_show_yet(self, world: World) -> None:
        """It was taken, and shows only while it is being taken back: it is not left behind."""
        world.ips.visible_after = 60
        world.ips.cron_every = EVERY
        declare(world, OFTEN)
        world.apply(detach=True)
        declare(world, NIGHTLY)
        world.apply()
        settle(world)

    def test_two_copies_go(self, world: World) -> None:
        started(world)
        world.ips.take(world.ips.sent[0])
        declare(world, NIGHTLY)
        world.apply()
        settle(world)


def test_what_was_delivered_at_once_is_scheduled(world: World) -> None:
    declare(world, None)
    world.apply()
    declare(world, NIGHTLY)
    assert world.actions() == {"shop/main": "submit"}
    assert world.apply().outcome is RunOutcome.OK
    assert ends(world) == ["ok", "scheduled"]
    assert is_as_declared(world)


@pytest.mark.parametrize("detach", [False, True])
@pytest.mark.parametrize("runs", [0, 1])
def test_what_somebody_took_back_is_sent_again(world: World, runs: int, detach: bool) -> None:
    started(world)
    world.clock.move(runs * EVERY + 10)
    assert len(on_ips(world)) == 1
    world.ips.schedules.clear()
    assert world.actions() == {"shop/main": "wait"}
    outcome, message = told(world.apply(detach=detach))
    assert outcome is RunOutcome.INCOMPLETE
    assert "it was taken back" in message
    assert ends(world) == ["cancelled"]
    assert world.actions() == {"shop/main": "retry"}
    world.apply(detach=detach)
    settle(world)


def test_a_list_that_lags_takes_nothing_back(world: World) -> None:
    has_run(world)
    shown_again = world.clock.true_time + timedelta(seconds=QUARANTINE / 2)
    world.ips.schedules[:] = [replace(each, visible_at=shown_again) for each in world.ips.schedules]
    assert world.actions() == {"shop/main": "wait"}
    assert world.apply().outcome is RunOutcome.OK
    assert ends(world) == ["scheduled"]


class TestCancel:
    @pytest.mark.parametrize("spares_runs", [False, True])
    def test_while_one_of_its_runs_is_at_work(self, world: World, spares_runs: bool) -> None:
        is_running(world, spares_runs=spares_runs)
        world.jobs = []
        assert world.actions() == {"shop/main": "cancel"}
        assert world.apply().outcome is RunOutcome.OK
        assert (on_ips(world), ends(world)) == ([], ["cancelled"])
        assert world.latest().forgotten
        assert world.actions() == {}

    def test_one_that_always_runs(self, world: World) -> None:
        world.ips.runs_for, world.ips.spares_runs = 2 * EVERY, True
        has_run(world)
        world.jobs = []
        assert world.apply(detach=True).outcome is RunOutcome.INCOMPLETE
        assert on_ips(world) == []
        assert world.actions() == {"shop/main": "wait"}
        world.apply()
        assert ends(world) == ["cancelled"]
        assert world.actions() == {"shop/main": "forget"}

    def test_one_that_ips_does_not_take_back(self, world: World) -> None:
        is_running(world, spares_runs=False)
        world.ips.control_fate_of = lambda method, handle: Fate.REFUSED
        world.jobs = []
        outcome, message = told(world.apply(detach=True))
        assert outcome is RunOutcome.INCOMPLETE
        assert "still has it scheduled" in message
        assert world.actions() == {"shop/main": "cancel"}

    @pytest.mark.parametrize("detach", [False, True])
    def test_one_that_has_started_was_not_taken_back(self, world: World, detach: bool) -> None:
        started(world, ONCE)
        world.jobs = []
        plan = world.plan()
        world.clock.move(3601)
        outcome, message = told(world.apply(plan, detach=detach))
        assert outcome is RunOutcome.INCOMPLETE
        assert "before it could be taken back" in message
        world.clock.move(10)
        world.apply()
        assert ends(world) == ["ok"]

    def test_one_that_ended_since_the_plan(self, world: World) -> None:
        started(world, ONCE)
        declared, world.jobs = world.jobs, []
        plan = world.plan()
        world.clock.move(3610)
        world.jobs = declared
        world.apply()
        assert world.apply(plan, jobs=[]).outcome is RunOutcome.INCOMPLETE


class TestInDoubt:
    @pytest.mark.parametrize("runs", [0, 1])
    def test_it_is_found_by_its_schedule(self, world: World, runs: int) -> None:
        sent_without_an_answer(world)
        world.clock.move(runs * EVERY + 10)
        assert states_of(world.apply()) == {"shop/main": "scheduled"}
        assert is_as_declared(world)
        assert len(world.ips.sent) == 1

    def test_a_run_alone_does_not_make_it_scheduled(self, world: World) -> None:
        sent_without_an_answer(world)
        world.clock.move(EVERY + 10)
        on_ips(world)
        world.ips.schedules.clear()
        assert states_of(world.apply()) == {"shop/main": "cancelled"}
        settle(world)
        assert ends(world) == ["cancelled", "scheduled"]

    def test_one_that_never_showed_is_held(self, world: World) -> None:
        started_unseen(world)
        assert world.apply().outcome is RunOutcome.AMBIGUOUS
        assert len(world.ips.sent) == 1

    def test_nor_does_one_that_a_new_ledger_finds(self, world: World) -> None:
        has_run(world)
        on_ips(world)
        world.ips.schedules.clear()
        world.ledger = MemoryLedger()
        assert world.actions() == {"shop/main": "adopt"}
        assert states_of(world.apply()) == {"shop/main": "cancelled"}
        settle(world)


def sent_without_an_answer(world: World) -> None:
    world.ips.fate_of = lambda name: Fate.REPLY_LOST
    world.ips.cron_every = EVERY
    declare(world, OFTEN)
    world.apply(detach=True, follow_seconds=0)
    world.ips.fate_of = lambda name: Fate.TAKEN
    assert len(world.ips.schedules) == 1


def started_unseen(world: World) -> None:
    declare(world, OFTEN)
    world.apply(detach=True)
    assert world.latest().state is AttemptState.ACCEPTED
    world.ips.schedules.clear()


def settle(world: World) -> None:
    """Healthy runs; the last leaves nothing to do."""
    for _ in range(4):
        if world.is_settled():
            break
        world.clock.move(61)
        world.apply()
    assert is_as_declared(world), (world.actions(), ends(world), on_ips(world))


@pytest.mark.parametrize("spares_runs", [False, True])
@pytest.mark.parametrize("runs", ["ran", "running"])
def test_killed_at_every_moment_of_a_reschedule(
    ledger_path: Path, runs: str, spares_runs: bool
) -> None:
    moment, is_over = 0, False
    while not is_over:
        moment += 1
        with fresh(ledger_path, f"{runs}-{moment}") as world:
            world.ips.runs_for, world.ips.spares_runs = 3 if runs == "ran" else 100, spares_runs
            has_run(world)
            declare(world, NIGHTLY)
            is_over = survives(world, Doom(at=moment))
            world.clock.move(61)
            settle(world)
            assert ends(world) in (["cancelled", "scheduled"], ["cancelled"] * 2 + ["scheduled"])
            assert len({name for name in world.ips.names() if name.endswith("-g1")}) <= 1
    assert moment > 20


def survives(world: World, doom: Doom) -> bool:
    try:
        world.apply(ledger=DoomedLedger(world.ledger, doom), gateway=DoomedGateway(world.ips, doom))
    except (Killed, LeaseHeld):
        return False
    return True


@contextmanager
def fresh(ledger_path: Path, name: str) -> Iterator[World]:
    with SqliteLedger(ledger_path.parent / f"{name}.db", create=True) as ledger:
        yield World(ledger)
