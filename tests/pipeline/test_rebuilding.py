"""A lost ledger, rebuilt from what IPS lists: nothing is sent, nothing is made up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

import pytest

from s7spec.apply import ApplyOptions, Means, StopSign
from s7spec.model.ips import JobEcho
from s7spec.model.job import JobKey, attempt_name
from s7spec.model.ledger import AttemptState, OutcomeKind
from s7spec.model.rebuilt import Rebuilt
from s7spec.model.schedule import Timing
from s7spec.pipeline.rebuilding import Hands, Wanted, rebuild
from s7spec.plan import Surgery
from s7spec.ports import LeaseHeld
from tests.apply.world import World
from tests.fakes.crew import InlineCrew
from tests.fakes.gateway import Result
from tests.fakes.jobs import HOLDER, job_key, plan_header, resolved_job
from tests.fakes.ledger import MemoryLedger
from tests.fakes.ledgers import take

JOBS = ("shop/main", "shop/small", "shop/zoom")


@pytest.fixture
def world() -> World:
    return World(MemoryLedger(), jobs=JOBS)


def lose_ledger(world: World) -> None:
    world.ledger = MemoryLedger()


def rebuilt(
    world: World,
    *,
    trial: bool = False,
    stop: StopSign | None = None,
    unresolved: Iterable[JobKey] = (),
    surgery: Surgery | None = None,
    days: int = 90,
) -> Rebuilt:
    now = world.clock.now()
    missing = set(unresolved)
    wanted = Wanted(
        header=plan_header(at=now),
        keys=tuple(sorted(job.key for job in world.jobs)),
        jobs={job.key: job for job in world.jobs if job.key not in missing},
        surgery=surgery or Surgery(),
        diagnostics=(),
    )
    means = Means(
        ledger=world.ledger,
        gateway=world.ips,
        clock=world.clock,
        observer=world.diary,
        crew=InlineCrew(world.clock),
        stop=stop or StopSign(),
    )
    options = ApplyOptions(holder=HOLDER, description="rebuild", quarantine_seconds=300)
    hands = Hands(means=means, options=options, crew=lambda: InlineCrew(world.clock))
    since = now - timedelta(days=days)
    return rebuild(
        wanted,
        world.ips.known_jobs(since),
        since=since,
        ledger=world.ledger,
        hands=None if trial else hands,
    )


def states(result: Rebuilt) -> dict[str, str | None]:
    return {each.key.short: each.state for each in result.recovered}


def test_all_is_unchanged_after_it(world: World) -> None:
    world.apply()
    sent = list(world.ips.sent)
    lose_ledger(world)
    result = rebuilt(world)
    assert states(result) == dict.fromkeys(JOBS, AttemptState.OK)
    assert not result.fell_short
    assert world.is_settled()
    assert world.ips.sent == sent
    assert world.ledger.check() == ()


def test_a_second_time_finds_everything_known(world: World) -> None:
    world.apply()
    lose_ledger(world)
    rebuilt(world)
    again = rebuilt(world)
    assert again.recovered == ()
    assert len(again.known) == 3
    assert again.history == ()


def test_a_trial_writes_nothing(world: World) -> None:
    world.apply()
    lose_ledger(world)
    result = rebuilt(world, trial=True)
    assert states(result) == dict.fromkeys(JOBS)
    assert result.is_trial
    with world.ledger.reading("acme", "prod") as view:
        assert view.is_cold()
    assert not [*world.ledger.records()]


def test_what_is_at_work_is_followed_later(world: World) -> None:
    world.ips.runs_for = 1000
    world.apply(detach=True)
    lose_ledger(world)
    result = rebuilt(world)
    assert states(result) == dict.fromkeys(JOBS, AttemptState.ACTIVE)
    assert set(world.actions().values()) == {"wait"}
    world.apply()
    assert world.is_settled()
    assert len(world.ips.names()) == 3


def test_partial_attempts_and_their_repairs_come_back(world: World) -> None:
    """The repair's name follows from the partial attempt: it is found once that is known."""
    world.jobs = world.jobs[:1]
    bad = world.jobs[0].assets[0]
    world.ips.result_of = lambda name: Result(errors=frozenset({bad.name}))
    world.apply()
    assert world.latest().state is AttemptState.PARTIAL
    world.ips.result_of = lambda name: Result()
    before = world.ips.names()
    assert world.actions() == {"shop/main": "repair"}
    world.apply()
    repaired = world.latest()
    assert repaired.only is not None
    first = before[0]
    world.ips.result_of = lambda name: (
        Result(errors=frozenset({bad.name})) if name == first else Result()
    )
    lose_ledger(world)
    result = rebuilt(world)
    assert [each.attempt_name for each in result.recovered] == [first, repaired.name]
    assert world.latest().name == repaired.name
    assert world.latest().only == repaired.only
    assert world.is_settled()
    assert len(world.ips.names()) == 2


def test_the_last_generation_counts(world: World) -> None:
    world.jobs = world.jobs[:1]
    world.apply()
    for _ in range(2):
        world.clock.move(60)
        world.apply(world.plan(forced=frozenset({world.jobs[0].key})))
    lose_ledger(world)
    result = rebuilt(world)
    assert [each.generation for each in result.recovered] == [3]
    assert [found.name[-3:] for found in result.history] == ["-g1", "-g2"]
    assert world.is_settled()


def test_an_older_copy_learns_of_later_runs_of_the_same(world: World) -> None:
    world.jobs = world.jobs[:1]
    world.apply()
    copy = MemoryLedger()
    copy.restore(world.ledger.records())
    world.clock.move(60)
    world.apply(world.plan(forced=frozenset({world.jobs[0].key})))
    world.ledger = copy
    result = rebuilt(world)
    assert [each.generation for each in result.recovered] == [2]
    assert len(result.known) == 1
    assert world.latest().generation == 2


def test_other_content_is_history_only(world: World) -> None:
    world.jobs = world.jobs[:1]
    before = world.jobs[0]
    payload = replace(before.export_job, is_modifier="wid=7")
    world.jobs = [replace(before, export_job=payload)]
    world.apply()
    old = world.latest().name
    world.jobs = [before]
    lose_ledger(world)
    result = rebuilt(world)
    assert result.recovered == ()
    assert [(found.name, found.key) for found in result.history] == [(old, before.key)]
    assert world.actions() == {"shop/main": "submit"}


def test_a_later_run_with_other_content_is_told_of(world: World) -> None:
    world.jobs = world.jobs[:1]
    before = world.jobs[0]
    world.apply()
    world.clock.move(60)
    world.jobs = [replace(before, export_job=replace(before.export_job, is_modifier="wid=7"))]
    world.apply()
    later = world.latest().name
    world.jobs = [before]
    lose_ledger(world)
    (recovered,) = rebuilt(world).recovered
    assert recovered.overtaken_by is not None
    assert recovered.overtaken_by.name == later


def test_doubled_jobs_are_adopted_and_told_of(world: World) -> None:
    world.apply()
    submission = next(each for each in world.ips.sent if "main" in each.attempt_name)
    world.ips.take(submission)
    world.clock.move(60)
    lose_ledger(world)
    result = rebuilt(world)
    assert result.doubled == 1
    assert result.fell_short
    assert states(result) == dict.fromkeys(JOBS, AttemptState.OK)
    assert "2 jobs of this name" in world.latest("shop/main").message


def test_a_job_of_our_name_that_is_another_one_is_left(world: World) -> None:
    world.ips.runs_for = 1000
    world.apply(detach=True)
    lose_ledger(world)
    other = JobEcho(fmt="orig", is_modifier="wid=1", macro=None, emailSetting=None, assets=99)
    world.ips.echo_of = lambda submission: other if "main" in submission.attempt_name else None
    result = rebuilt(world)
    assert [each.key.short for each in result.left] == ["shop/main"]
    assert "another one" in result.left[0].message
    assert result.fell_short
    assert set(states(result)) == {"shop/small", "shop/zoom"}


def test_names_are_sorted_into_ours_like_ours_and_others(world: World) -> None:
    world.apply()
    elsewhere = replace(world.jobs[0].key, environment="elsewhere")
    fingerprint = world.jobs[0].export_job.fingerprint
    sample = world.ips.sent[0]
    for name in (attempt_name(elsewhere, fingerprint, 1), "Publish all", "s7-x", "s7-a-b-g1", ""):
        world.ips.take(replace(sample, attempt_name=name))
    lose_ledger(world)
    result = rebuilt(world)
    assert [found.name for found in result.undeclared] == [attempt_name(elsewhere, fingerprint, 1)]
    assert result.foreign == 4
    assert result.listed == 8


def test_jobs_that_ips_shows_nothing_of(world: World) -> None:
    world.apply()
    gone = world.latest("shop/zoom").name
    world.ips.lose(gone)
    lose_ledger(world)
    result = rebuilt(world)
    assert [key.short for key in result.without] == ["shop/zoom"]
    assert world.actions()["shop/zoom"] == "submit"


def test_jobs_that_cannot_be_resolved_stand_in_nobodys_way(world: World) -> None:
    world.apply()
    lose_ledger(world)
    result = rebuilt(world, unresolved=[world.jobs[0].key])
    assert [key.short for key in result.unresolved] == ["shop/main"]
    assert set(states(result)) == {"shop/small", "shop/zoom"}
    assert [found.key for found in result.history] == [world.jobs[0].key]
    assert result.fell_short


def test_scheduled_jobs_come_back_as_such(world: World) -> None:
    world.jobs = world.jobs[:1]
    at = world.clock.now() + timedelta(days=2)
    policy = replace(world.jobs[0].policy, timing=Timing(at=at))
    world.jobs = [replace(world.jobs[0], policy=policy)]
    world.apply()
    assert world.latest().state is AttemptState.SCHEDULED
    lose_ledger(world)
    result = rebuilt(world)
    assert states(result) == {"shop/main": AttemptState.SCHEDULED}
    assert world.latest().timing == Timing(at=at)
    assert world.actions() == {"shop/main": "skip"}


def test_outcomes_are_those_of_the_job_log(world: World) -> None:
    world.jobs = world.jobs[:1]
    bad = world.jobs[0].assets[0]
    world.ips.result_of = lambda name: Result(errors=frozenset({bad.name}))
    world.apply()
    before = world.latest()
    lose_ledger(world)
    rebuilt(world)
    after = world.latest()
    assert after.outcomes == before.outcomes
    assert OutcomeKind.ERROR in {outcome.kind for outcome in after.outcomes}
    assert (after.zip_urls, after.failure) == (before.zip_urls, before.failure)


def test_names_that_a_manifest_declares_are_ours(world: World) -> None:
    world.jobs = world.jobs[:1]
    world.apply()
    sample = world.ips.sent[0]
    lose_ledger(world)
    world.ips.lose(sample.attempt_name)
    world.ips.take(replace(sample, attempt_name="by hand"))
    world.clock.move(60)
    key = world.jobs[0].key
    result = rebuilt(world, surgery=Surgery(adopted={key: "by hand"}))
    assert states(result) == {"shop/main": AttemptState.OK}
    assert world.latest().name == "by hand"


def test_somebody_else_applies(world: World) -> None:
    world.apply()
    lose_ledger(world)
    take(world.ledger, after=world.clock.now().timestamp())
    with pytest.raises(LeaseHeld):
        rebuilt(world)


def test_an_interrupted_one_can_be_begun_again(world: World) -> None:
    world.apply()
    lose_ledger(world)
    stop = StopSign()
    stop.ask()
    result = rebuilt(world, stop=stop)
    assert result.interrupted
    assert result.recovered == ()
    assert states(rebuilt(world)) == dict.fromkeys(JOBS, AttemptState.OK)


def test_only_what_is_recent_is_listed(world: World) -> None:
    world.apply()
    world.clock.move(10 * 86400)
    lose_ledger(world)
    result = rebuilt(world, days=7)
    assert result.recovered == ()
    assert len(result.without) == 3


@pytest.mark.parametrize("apply_before", [False, True])
def test_a_job_that_moved_comes_back_under_its_new_key(world: World, apply_before: bool) -> None:
    """Also when the ledger is an older copy, from before the last run under the former key."""
    world.jobs = [resolved_job("shop/old")]
    world.apply()
    copy = MemoryLedger()
    copy.restore(world.ledger.records())
    world.clock.move(60)
    world.apply(world.plan(forced=frozenset({job_key("shop/old")})))
    name = world.latest("shop/old").name
    world.ledger = copy if apply_before else MemoryLedger()
    world.jobs = [resolved_job("shop/new")]
    moved = Surgery(moved={job_key("shop/new"): job_key("shop/old")})
    result = rebuilt(world, surgery=moved)
    assert states(result) == {"shop/new": AttemptState.OK}
    assert world.latest("shop/new").name == name
    assert (result.undeclared, result.without, result.fell_short) == ((), (), False)
    assert [item.action for item in world.plan(surgery=moved).items] == ["skip"]


def test_to_look_for_later_runs_is_not_to_ask_for_one(world: World) -> None:
    world.apply()
    lose_ledger(world)
    result = rebuilt(world)
    assert all("once more" not in each.message for each in result.recovered)
