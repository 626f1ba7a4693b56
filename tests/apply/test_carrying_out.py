"""The plain way: submit, follow, record; and a plan afterwards has nothing left to do."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from s7spec.model.guardrails import Approval
from s7spec.model.ledger import AttemptState, OutcomeKind
from s7spec.model.manifest import EmailSetting
from s7spec.model.plan import Action, Verdict, VerdictLevel
from s7spec.model.policy import JobPolicy, OnTouch
from s7spec.model.receipt import RunOutcome
from tests.apply.world import World, states_of
from tests.fakes.clock import NOON
from tests.fakes.gateway import Fate, Result
from tests.fakes.jobs import COMPANY, ENVIRONMENT, SPEC_DIGEST, export_job, resolved_job


def specs(world: World) -> Mapping[str, bytes]:
    return world.ledger.spec_digests(COMPANY, ENVIRONMENT, "shop")


MANY = [f"shop/m{number:02}" for number in range(25)]


def test_a_job_from_intent_to_ok(world: World) -> None:
    report = world.apply()
    assert report.outcome is RunOutcome.OK
    assert (report.started_at, report.message) == (NOON, "")
    assert report.ended_at == world.clock.now()
    [item] = report.items
    assert (item.action, item.state, item.message) == (Action.SUBMIT, AttemptState.OK, "")
    assert item.zip_urls == ("https://ips.example.com/Exports/Acme/5000/files.zip",)
    assert [(o.asset.path, o.kind) for o in item.outcomes] == [
        ("Acme/one", OutcomeKind.OK),
        ("Acme/two", OutcomeKind.OK),
    ]
    assert world.states() == ["intent", "accepted", "active", "ok"]
    written = world.latest()
    assert written.name == item.attempt_name
    assert written.handle == f"j|7|{written.name}||"
    assert written.run_handle == world.ips.jobs[0].run_handle
    assert (written.zip_urls, written.outcomes) == (item.zip_urls, item.outcomes)


def test_what_is_sent(world: World) -> None:
    payload = export_job(is_modifier="wid=7", emailSetting=EmailSetting.NONE)
    world.jobs = [resolved_job("shop/main", payload)]
    world.apply()
    [sent] = world.ips.sent
    assert sent.attempt_name == world.latest().name
    assert sent.assetHandleArray == ("a|one", "a|two")
    assert (sent.fmt, sent.is_modifier, sent.macro) == ("convert", "wid=7", None)
    assert sent.emailSetting is EmailSetting.NONE
    assert sent.description == "s7spec test"


def test_the_intent_is_written_before_the_first_byte_leaves(world: World) -> None:
    seen: list[list[str]] = []

    def fate(name: str) -> Fate:
        seen.append(world.states())
        return Fate.TAKEN

    world.ips.fate_of = fate
    world.apply()
    assert seen == [["intent"]]


def test_after_a_full_apply_everything_is_skipped(world: World) -> None:
    world.jobs = [resolved_job(short) for short in MANY]
    assert set(world.actions().values()) == {"submit"}
    assert world.apply().outcome is RunOutcome.OK
    assert world.is_settled()
    sent, looks = len(world.ips.sent), len(world.ips.looks)
    report = world.apply()
    assert report.outcome is RunOutcome.OK
    assert {item.action for item in report.items} == {Action.SKIP}
    assert {item.state for item in report.items} == {AttemptState.OK}
    assert (len(world.ips.sent), len(world.ips.looks)) == (sent, looks)


def test_items_come_in_the_plans_order(world: World) -> None:
    world.jobs = [resolved_job(short) for short in reversed(MANY)]
    assert [item.key.short for item in world.apply().items] == MANY


@pytest.mark.parametrize("limit", [1, 4, 100])
def test_no_more_than_allowed_are_in_flight(world: World, limit: int) -> None:
    world.jobs = [resolved_job(short) for short in MANY]
    most = 0

    def count(name: str) -> Fate:
        nonlocal most
        most = max(most, len(world.ips.active_jobs()) + 1)
        return Fate.TAKEN

    world.ips.fate_of = count
    assert world.apply(max_in_flight=limit).outcome is RunOutcome.OK
    assert most == min(limit, len(MANY))


def test_each_payload_counts_its_own_generations(world: World) -> None:
    world.apply()
    world.jobs = [resolved_job("shop/main", export_job(is_modifier="wid=200"))]
    assert world.actions() == {"shop/main": "submit"}
    world.apply()
    assert world.latest().generation == 1
    assert world.is_settled()
    world.jobs = [resolved_job()]
    world.apply()
    assert world.latest().generation == 2
    assert len(set(world.ips.names())) == 3


def test_another_email_setting_runs_nothing(world: World) -> None:
    world.apply()
    world.jobs = [resolved_job("shop/main", export_job(emailSetting=EmailSetting.ALL))]
    assert world.apply().outcome is RunOutcome.OK
    assert len(world.ips.sent) == 1


def test_a_failed_job_is_retried_as_a_new_run(world: World) -> None:
    world.ips.result_of = lambda name: Result(fatal=name.endswith("g1"))
    assert world.apply().outcome is RunOutcome.INCOMPLETE
    assert world.actions() == {"shop/main": "retry"}
    report = world.apply()
    assert (report.outcome, report.items[0].action) == (RunOutcome.OK, Action.RETRY)
    assert [job.name[-2:] for job in world.ips.jobs] == ["g1", "g2"]


def test_a_job_that_is_no_longer_declared_is_forgotten_and_can_come_back(world: World) -> None:
    world.apply()
    declared, world.jobs = world.jobs, []
    report = world.apply()
    assert report.outcome is RunOutcome.OK
    assert states_of(report) == {"shop/main": None}
    assert report.items[0].message == "forgotten"
    assert world.plan().items == ()
    assert world.latest().state is AttemptState.OK
    world.jobs = declared
    assert world.actions() == {"shop/main": "submit"}
    world.apply()
    assert world.latest().generation == 2
    assert world.is_settled()


def test_what_runs_already_is_followed(world: World) -> None:
    world.apply(detach=True)
    assert world.actions() == {"shop/main": "wait"}
    report = world.apply()
    assert (report.outcome, states_of(report)) == (RunOutcome.OK, {"shop/main": "ok"})
    assert len(world.ips.sent) == 1
    assert world.is_settled()


@pytest.mark.parametrize("ends_before", [False, True])
def test_what_runs_already_will_do_when_its_assets_were_merely_touched(
    world: World, ends_before: bool
) -> None:
    job = replace(world.jobs[0], policy=JobPolicy(on_touch=OnTouch.SKIP))
    world.jobs = [job]
    world.apply(detach=True)
    touched = tuple(
        replace(each, last_modified_ms=(each.last_modified_ms or 0) + 1)
        for each in job.export_job.assets
    )
    world.jobs = [replace(job, export_job=replace(job.export_job, assets=touched))]
    plan = world.plan()
    assert [item.action for item in plan.items] == [Action.WAIT]
    if ends_before:
        world.apply()
    report = world.apply(plan)
    assert (report.outcome, states_of(report)) == (RunOutcome.OK, {"shop/main": "ok"})
    assert len(world.ips.sent) == 1
    assert world.is_settled()


def test_a_job_is_as_old_as_its_delivery_whenever_that_was_seen(world: World) -> None:
    world.jobs = [replace(world.jobs[0], policy=JobPolicy(max_age=timedelta(days=7)))]
    world.apply(detach=True)
    world.clock.move(timedelta(days=6).total_seconds())
    world.apply()
    delivered = NOON + timedelta(seconds=world.ips.runs_for)
    assert world.latest().ended_at == delivered
    assert world.actions() == {"shop/main": "skip"}
    world.clock.move(timedelta(days=1, seconds=10).total_seconds())
    assert world.actions() == {"shop/main": "submit"}


def test_an_end_that_ips_dates_in_the_future_is_dated_now(world: World) -> None:
    world.apply(detach=True)
    world.clock.move(60)
    [job] = world.ips.jobs
    seen = world.ips.logged(job.name)
    assert seen is not None
    fast = replace(seen, endDate=world.clock.now() + timedelta(days=1))
    world.ips.logged = lambda attempt_name: fast  # type: ignore[method-assign]
    seen_from = world.clock.now()
    world.apply()
    ended = world.latest().ended_at
    assert ended is not None
    assert seen_from <= ended <= world.clock.now()


def test_an_orphan_is_followed_to_its_end_and_then_forgotten(world: World) -> None:
    world.apply(detach=True)
    world.jobs = []
    assert world.actions() == {"shop/main": "wait"}
    assert states_of(world.apply()) == {"shop/main": "ok"}
    assert world.latest().zip_urls
    assert world.actions() == {"shop/main": "forget"}


def test_detached_jobs_are_left_running(world: World) -> None:
    world.jobs = [resolved_job(short) for short in MANY]
    report = world.apply(detach=True, max_in_flight=3)
    assert report.outcome is RunOutcome.OK
    assert set(states_of(report).values()) == {"accepted"}
    assert world.clock.now() == NOON
    assert len(world.ips.sent) == len(MANY)
    world.apply(detach=True)
    assert set(world.actions().values()) == {"wait"}
    world.clock.move(60)
    report = world.apply(detach=True)
    assert set(states_of(report).values()) == {"ok"}
    assert len(world.ips.sent) == len(MANY)


def test_the_observer_hears_it_all(world: World) -> None:
    world.jobs = [resolved_job(short) for short in ("shop/a", "shop/b")]
    world.apply()
    assert world.diary.announced == [(2, 4)]
    for short in ("shop/a", "shop/b"):
        heard = [state for job, state in world.diary.moves if job == short]
        assert heard == ["intent", "accepted", "active", "ok"]
    percents = [percent for job, percent, _ in world.diary.progress if job == "shop/a"]
    known = [percent for percent in percents if percent is not None]
    assert len(known) == len(percents) > 3
    assert known == sorted(set(known)), "it goes forward, and nothing is told twice"


def test_the_lease_is_given_back(world: World) -> None:
    plan = world.plan()
    world.apply(plan)
    assert world.apply(plan).outcome is RunOutcome.OK


def test_a_guardrail_refuses_the_whole_plan(world: World) -> None:
    world.jobs = [resolved_job(short) for short in MANY]
    denied = Verdict(guard="limits.jobs", level=VerdictLevel.DENY, detail="25 jobs, at most 10")
    warned = Verdict(guard="names", level=VerdictLevel.WARN, detail="two are one")
    report = world.apply(replace(world.plan(), verdicts=(denied, warned)))
    assert report.outcome is RunOutcome.REFUSED
    assert report.message == "guardrails refuse the plan: limits.jobs: 25 jobs, at most 10"
    assert report.verdicts == (denied, warned)
    assert (report.items, world.ips.sent) == ((), [])


def test_what_is_approved_or_warned_of_is_carried_out(world: World) -> None:
    given = Approval(guard="protected", digest="sha256:", by="anna", reason="the season")
    verdicts = (
        Verdict(guard="protected", level=VerdictLevel.APPROVED, detail="1", approval=given),
        Verdict(guard="names", level=VerdictLevel.WARN, detail="two are one"),
    )
    report = world.apply(replace(world.plan(), verdicts=verdicts))
    assert (report.outcome, report.verdicts) == (RunOutcome.OK, verdicts)


def test_an_expired_plan_is_stale(world: World) -> None:
    plan = world.plan()
    world.clock.move(24 * 3600)
    report = world.apply(plan)
    assert report.outcome is RunOutcome.STALE
    assert report.message == "the plan expired at 2026-07-02 12:00:00 UTC"
    assert world.ips.sent == []


def test_a_refusal_is_sent_again_under_the_same_name(world: World) -> None:
    world.ips.fate_of = lambda name: Fate.REFUSED
    report = world.apply()
    assert (report.outcome, states_of(report)) == (RunOutcome.INCOMPLETE, {"shop/main": "refused"})
    assert "30001" in report.items[0].message
    assert world.actions() == {"shop/main": "retry"}
    world.ips.fate_of = lambda name: Fate.TAKEN
    assert world.apply().outcome is RunOutcome.OK
    assert world.states() == ["intent", "refused", "intent", "accepted", "active", "ok"]
    assert world.latest().generation == 1


def test_a_refusal_that_was_none_is_found(world: World) -> None:
    """IPS answered no, and took the job all the same."""
    world.ips.fate_of = lambda name: Fate.REFUSED
    world.apply()
    world.ips.take(world.ips.sent[0])
    report = world.apply()
    assert report.outcome is RunOutcome.OK
    assert len(world.ips.sent) == 1
    assert world.states() == ["intent", "refused", "intent", "active", "ok"]


def test_a_retry_takes_newer_mail_settings_along(world: World) -> None:
    world.ips.fate_of = lambda name: Fate.REFUSED
    world.apply()
    world.ips.fate_of = lambda name: Fate.TAKEN
    payload = replace(world.jobs[0].export_job, emailSetting=EmailSetting.ALL)
    world.jobs = [resolved_job("shop/main", payload)]
    world.apply()
    assert world.ips.sent[-1].emailSetting is EmailSetting.ALL
    assert world.latest().export_job == payload
    assert world.is_settled()


def test_the_ledger_keeps_what_the_jobs_asked_for(world: World) -> None:
    """A job that is forgotten asks for nothing."""
    world.apply()
    assert specs(world) == {"main": SPEC_DIGEST}
    other = bytes(32)
    world.jobs = [resolved_job(is_modifier="wid=7", spec_digest=other)]
    world.apply()
    assert specs(world) == {"main": other}
    world.jobs = []
    world.apply()
    assert specs(world) == {}
