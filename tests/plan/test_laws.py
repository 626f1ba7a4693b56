"""Laws of planning that hold whatever is wanted, known and seen."""

from dataclasses import replace
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from s7spec.model.diagnostics import Diagnostic
from s7spec.model.job import ResolvedJob, attempt_name
from s7spec.model.plan import Action, Plan, PlanItem, ReasonCode
from s7spec.model.policy import Mode, OnTouch, Supersede
from s7spec.model.rules import Rule
from s7spec.model.source import SourceRange
from s7spec.plan import REASONS_OF, Evidence, Surgery, make_plan, read_plan, write_plan
from tests.fakes.jobs import job_key, plan_header, resolved_job
from tests.plan import chances
from tests.plan.world import World, settings_of

CHANCE = st.randoms(use_true_random=True)
MANY = settings(max_examples=150, deadline=None)
WARNINGS = [
    Diagnostic(rule=Rule.EXCLUDED_ASSET, summary=f"{n}", where=SourceRange(path="a", line=n))
    for n in range(3)
]


def pieces(chance: Random) -> tuple[tuple[ResolvedJob, ...], Evidence]:
    jobs = chances.wanted_jobs(chance)
    return jobs, chances.evidence(chance, jobs)


def planned(
    jobs: tuple[ResolvedJob, ...],
    evidence: Evidence,
    *,
    whole: bool = True,
    warnings: tuple[Diagnostic, ...] = (),
) -> Plan:
    return make_plan(
        jobs=jobs,
        evidence=evidence,
        header=plan_header(),
        warnings=warnings,
        whole=whole,
    )


def first_code(item: PlanItem) -> ReasonCode:
    return item.reasons[0].code


@MANY
@given(CHANCE)
def test_order_of_the_input_does_not_matter(chance: Random) -> None:
    jobs, evidence = pieces(chance)
    whole = chance.random() < 0.5
    expected = planned(jobs, evidence, whole=whole, warnings=tuple(WARNINGS))
    shuffled, warnings = list(jobs), list(WARNINGS)
    chance.shuffle(shuffled)
    chance.shuffle(warnings)
    found = planned(tuple(shuffled), evidence, whole=whole, warnings=tuple(warnings))
    assert write_plan(found) == write_plan(expected)


@MANY
@given(CHANCE)
def test_a_plan_holds_together_and_comes_back_whole(chance: Random) -> None:
    plan = planned(*pieces(chance), whole=chance.random() < 0.5)
    keys = [item.key for item in plan.items]
    assert keys == sorted(set(keys))
    for item in plan.items:
        codes = {reason.code for reason in item.reasons}
        assert codes
        assert codes <= REASONS_OF[item.action]
        assert all(reason.detail for reason in item.reasons)
    assert read_plan(write_plan(plan)) == plan


@MANY
@given(CHANCE)
def test_every_job_that_is_wanted_or_known_has_an_item(chance: Random) -> None:
    jobs, evidence = pieces(chance)
    plan = planned(jobs, evidence)
    items = {item.key: item for item in plan.items}
    assert {job.key for job in jobs} <= items.keys()
    told = {item.prior.attempt_name for item in plan.items if item.prior is not None}
    for head in evidence.view.heads():
        # A forgotten one that nobody declares is settled.
        assert head.attempt_name in told or (head.forgotten and head.key not in items)


@MANY
@given(CHANCE)
def test_nothing_is_sent_beside_what_may_be_at_work(chance: Random) -> None:
    jobs, evidence = pieces(chance)
    for item in planned(jobs, evidence).items:
        if item.prior is None or not evidence.view.attempt(item.prior.attempt_name).state.is_open:
            continue
        assert item.action not in (Action.SUBMIT, Action.RETRY, Action.REPAIR)
        assert item.action is not Action.UPDATE_META
        if item.action is Action.SKIP:
            assert first_code(item) is ReasonCode.SCHEDULED


@MANY
@given(CHANCE)
def test_names_of_what_is_sent_follow_from_it_and_are_new(chance: Random) -> None:
    jobs, evidence = pieces(chance)
    listing = evidence.observed.listing
    for item in planned(jobs, evidence).items:
        sent = item.sent_fingerprint
        if not item.action.sends:
            continue
        assert sent is not None
        if item.prior is not None and item.attempt_name == item.prior.attempt_name:
            # IPS took nothing of it.
            assert first_code(item) is ReasonCode.REFUSED
            assert evidence.view.attempt(item.attempt_name).fingerprint.data == sent.data
        else:
            assert item.attempt_name == attempt_name(item.key, sent, item.generation)
            assert not evidence.view.knows(item.attempt_name)
        forced = first_code(item) is ReasonCode.FORCED
        assert forced or listing is None or not listing.copies(item.attempt_name)


@MANY
@given(CHANCE)
def test_what_is_sent_of_a_job_is_a_part_of_it(chance: Random) -> None:
    for item in planned(*pieces(chance)).items:
        if item.only is None:
            assert item.action is not Action.REPAIR
            continue
        assert item.export_job is not None
        assert 0 < len(item.only) < len(item.export_job.assets)
        assert set(item.only) < set(item.export_job.assets)


@MANY
@given(CHANCE)
def test_a_narrowed_plan_speaks_of_its_jobs_and_of_what_is_forgotten(chance: Random) -> None:
    jobs, evidence = pieces(chance)
    chosen = tuple(chances.some(chance, jobs))
    keys = {job.key for job in chosen}
    for item in planned(chosen, evidence, whole=False).items:
        if item.key not in keys:
            assert item.action is Action.FORGET
            assert first_code(item) is ReasonCode.DECLARED
            assert item.key in evidence.surgery.forgotten


@MANY
@given(CHANCE)
def test_a_manifest_that_was_walked_is_planned_as_in_the_whole(chance: Random) -> None:
    jobs, evidence = pieces(chance)  # all of one manifest
    walked = replace(evidence, walked=frozenset({"shop", "gone"}))
    assert planned(jobs, walked, whole=False) == planned(jobs, evidence)
    others = replace(evidence, walked=frozenset({"gone"}))
    assert planned(jobs, others, whole=False) == planned(jobs, evidence, whole=False)


@MANY
@given(CHANCE)
def test_what_is_taken_of_a_plan_is_decided_as_in_the_whole(chance: Random) -> None:
    jobs, evidence = pieces(chance)
    whole = planned(jobs, evidence)
    taken = frozenset(item.key for item in whole.items if chance.random() < 0.5)
    part = make_plan(
        jobs=jobs,
        evidence=evidence,
        header=plan_header(),
        whole=True,
        takes=lambda item: item.key in taken,
    )
    assert part.items == tuple(item for item in whole.items if item.key in taken)


@MANY
@given(CHANCE)
def test_when_everything_has_ended_well_there_is_nothing_left_to_do(chance: Random) -> None:
    jobs, evidence = pieces(chance)
    view = evidence.view
    latest = [view.attempt(head.attempt_name) for head in view.heads()]
    world = World(latest, earlier=[])
    # What is blocked by its policy or its past stays so: that is for people.
    jobs = tuple(
        replace(
            job,
            policy=replace(job.policy, max_attempts=100, supersede=Supersede.QUEUE, timing=None),
        )
        for job in jobs
    )
    for _ in range(4):
        world.carry_out(world.plan(jobs))
    for item in world.plan(jobs).items:
        assert item.action is Action.SKIP or first_code(item) is ReasonCode.PERMANENT


@MANY
@given(CHANCE)
def test_what_was_delivered_is_what_is_wanted_when_a_plan_says_skip(chance: Random) -> None:
    """After any chain of changes, partial and failed attempts, repairs and deltas, also such as
    came while an older attempt was at work."""
    world = World()
    policy = replace(chances.policy(chance), max_attempts=100, max_age=None, timing=None)
    wanted = chances.payload(chance)
    for _ in range(chance.randint(1, 8)):
        if chance.random() < 0.6:
            wanted = chances.payload(chance)
        if chance.random() < 0.3:
            policy = replace(policy, mode=chance.choice(list(Mode)))
        for _ in range(chance.randint(1, 3)):
            job = resolved_job("shop/a", wanted, policy=policy)
            forced = frozenset({job.key} if chance.random() < 0.1 else ())
            plan = world.plan([job], forced=forced)
            check_delivery(world, job, plan.items[0])
            world.carry_out(plan, lambda sent: chances.end_or_none(chance, sent))
    last = resolved_job("shop/a", wanted, policy=replace(policy, supersede=Supersede.QUEUE))
    for _ in range(4):
        plan = world.plan([last])
        check_delivery(world, last, plan.items[0])
        world.carry_out(plan)
    assert world.plan([last]).items[0].action is Action.SKIP


def check_delivery(world: World, job: ResolvedJob, item: PlanItem) -> None:
    if item.action is not Action.SKIP:
        return
    asked = settings_of(job.export_job)
    there = {asset for key, how, asset in world.delivered if (key, how) == (job.key, asked)}
    wanted = set(job.export_job.assets)
    if job.policy.on_touch is OnTouch.SKIP:
        there = {replace(asset, last_modified_ms=None) for asset in there}
        wanted = {replace(asset, last_modified_ms=None) for asset in wanted}
    assert wanted <= there


@MANY
@given(CHANCE)
def test_a_chain_of_moves_keeps_the_history(chance: Random) -> None:
    payloads = [chances.payload(chance) for _ in range(2)]
    wanted = payloads[0]
    world = World()
    world.carry_out(world.plan([resolved_job("shop/a", wanted)]))
    place = "shop/a"
    for _ in range(chance.randint(1, 5)):
        after = chance.choice([short for short in ("shop/a", "shop/b", "shop/c") if short != place])
        surgery = Surgery(moved={job_key(after): job_key(place)})
        wanted = chance.choice(payloads)
        plan = world.plan([resolved_job(after, wanted)], surgery=surgery)
        assert [item.moved_from for item in plan.items] == [job_key(place)]
        world.carry_out(plan)
        assert list(world.latest) == [job_key(after)]
        place = after
    again = world.plan([resolved_job(place, wanted)])
    assert [item.action for item in again.items] == [Action.SKIP]
