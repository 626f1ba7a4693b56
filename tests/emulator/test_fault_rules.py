"""Which calls a rule hits, and what the faults of a call mean for its job."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from s7spec.emulator.clock import SimulatedClock
from s7spec.emulator.faults import jobs
from s7spec.emulator.faults.book import Decision, RuleBook
from s7spec.emulator.faults.live import LiveFaults
from s7spec.emulator.faults.rules import (
    ClockSkew,
    DelayedAcceptance,
    DroppedReply,
    Effect,
    FaultRule,
    HttpError,
    JobFails,
    JobFailsAssets,
    JobHangs,
    Latency,
    LookupLag,
    Reset,
    SoapFault,
    Trigger,
)
from s7spec.emulator.jobs.fate import JobFate
from s7spec.emulator.soap.faults import FaultCode
from s7spec.emulator.store.job import ExportOrder, NewJob

RESET = Reset()
SECOND = timedelta(seconds=1)
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def hits(rule: FaultRule, calls: int = 12, *, seed: int = 0, operation: str = "getAssets") -> str:
    """One letter for each call: x when it is hit."""
    book = RuleBook([rule], seed=seed)
    return "".join("x" if book.decide(operation) else "." for _ in range(calls))


@pytest.mark.parametrize(
    ("trigger", "times", "expected"),
    [
        (Trigger(), None, "xxxxxxxxxxxx"),
        (Trigger(nth=3), None, "..x........."),
        (Trigger(every=5), None, "....x....x.."),
        (Trigger(first=2), None, "xx.........."),
        (Trigger(), 3, "xxx........."),
        (Trigger(every=2), 2, ".x.x........"),
        (Trigger(probability=0), None, "............"),
        (Trigger(probability=1), 1, "x..........."),
    ],
)
def test_triggers(trigger: Trigger, times: int | None, expected: str) -> None:
    assert hits(FaultRule(effect=RESET, trigger=trigger, times=times)) == expected


def test_chance_follows_the_seed() -> None:
    rule = FaultRule(effect=RESET, trigger=Trigger(probability=0.3))
    once = hits(rule, 1000, seed=7)
    assert hits(rule, 1000, seed=7) == once
    assert hits(rule, 1000, seed=8) != once
    assert 230 < once.count("x") < 370


def test_rules_do_not_disturb_each_others_chance() -> None:
    rule = FaultRule(
        effect=Latency(seconds=1), operations=("getAssets",), trigger=Trigger(probability=0.5)
    )
    other = FaultRule(effect=RESET, operations=("submitJob",), trigger=Trigger(probability=0.5))
    alone = RuleBook([rule], seed=1)
    mixed = RuleBook([rule, other], seed=1)
    expected = [alone.decide("getAssets") for _ in range(50)]
    got = []
    for _ in range(50):
        mixed.decide("submitJob")
        decision = mixed.decide("getAssets")
        got.append(decision)
    assert got == expected


@pytest.mark.parametrize(
    ("operations", "hit"),
    [
        ((), {"submitJob", "getAssets", None}),
        (("*",), {"submitJob", "getAssets", None}),
        (("submitJob",), {"submitJob"}),
        (("getAssets", "zipDownload"), {"getAssets", "zipDownload"}),
        (("*", "zipDownload"), {"submitJob", "getAssets", None, "zipDownload"}),
    ],
)
def test_operations(operations: tuple[str, ...], hit: set[str | None]) -> None:
    rule = FaultRule(effect=RESET, operations=operations)
    every = ("submitJob", "getAssets", "zipDownload", "imagePreview", "wsdlDownload", None)
    assert {name for name in every if rule.is_about(name)} == hit


def test_what_happens_to_jobs_is_about_submit_job() -> None:
    rule = FaultRule(effect=JobHangs())
    assert rule.is_about("submitJob")
    assert not rule.is_about("searchAssets")
    assert not rule.is_about(None)


def test_one_fault_in_each_slot_and_the_first_rule_wins() -> None:
    late = FaultRule(effect=DroppedReply(), times=1)
    book = RuleBook(
        [
            FaultRule(effect=Latency(seconds=1)),
            FaultRule(effect=RESET, trigger=Trigger(nth=1)),
            late,
            FaultRule(effect=Latency(seconds=2)),
        ]
    )
    assert book.decide("getAssets") == Decision(latency=Latency(seconds=1), reply=RESET)
    # The one that came too late the first time has not hit yet.
    assert book.decide("getAssets") == Decision(latency=Latency(seconds=1), reply=DroppedReply())
    assert book.decide("getAssets") == Decision(latency=Latency(seconds=1))
    assert book.hits == (3, 1, 1, 0)


def test_many_threads_lose_no_count() -> None:
    faults = LiveFaults()
    faults.replace(FaultRule(effect=RESET, trigger=Trigger(every=3)))
    found: Counter[bool] = Counter()
    lock = threading.Lock()

    def ask() -> None:
        mine = [faults.decide("getAssets") is not None for _ in range(300)]
        with lock:
            found.update(mine)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {True: 800, False: 1600}
    assert faults.hits == (800,)


def test_adding_goes_on_counting_and_clearing_ends_it() -> None:
    faults = LiveFaults()
    assert not faults.are_there()
    faults.replace(FaultRule(effect=RESET, trigger=Trigger(nth=2)))
    assert faults.decide("getAssets") is None
    faults.add(FaultRule(effect=Latency(seconds=1)))
    assert faults.decide("getAssets") == Decision(latency=Latency(seconds=1), reply=RESET)
    assert len(faults.rules) == 2
    faults.clear()
    assert not faults.are_there()
    assert faults.decide("getAssets") is None


def test_two_triggers_and_wrong_operations_are_mistakes() -> None:
    with pytest.raises(ValueError, match="only one"):
        Trigger(nth=1, probability=0.5)
    with pytest.raises(ValueError, match="cannot hit 'getAssets'"):
        FaultRule(effect=JobHangs(), operations=("getAssets",))
    with pytest.raises(ValueError, match="cannot hit 'zipDownload'"):
        FaultRule(effect=SoapFault(code=FaultCode.EXCEPTION), operations=("zipDownload",))


def decide(*effects: Effect) -> Decision:
    decision = RuleBook([FaultRule(effect=effect) for effect in effects]).decide("submitJob")
    assert decision is not None
    return decision


def new_job(assets: int = 2) -> NewJob:
    order = ExportOrder(
        assetHandleArray=tuple(f"a|{number}" for number in range(assets)),
        fmt="orig",
        is_modifier=None,
        macro=None,
        emailSetting="None",
        clientId=None,
    )
    return NewJob(
        company=110,
        original_name="job",
        submit_user="a@x",
        mail_to="a@x",
        locale=None,
        description=None,
        export=order,
    )


def test_the_fate_of_a_job() -> None:
    assert jobs.fate_of(new_job()) == JobFate()
    decision = decide(
        DelayedAcceptance(seconds=30), LookupLag(seconds=5), JobHangs(after=2), JobFails()
    )
    with jobs.during(decision):
        fate = jobs.fate_of(new_job())
    # One fate for a job, the first: it does not fail.
    expected = JobFate(accepted_after=30 * SECOND, seen_after=5 * SECOND, hangs_after=2)
    assert fate == expected
    assert jobs.fate_of(new_job()) == JobFate()
    with jobs.during(decide(JobFails(reason="out of disk"))):
        assert jobs.fate_of(new_job()).fails == "out of disk"
    with jobs.during(decide(HttpError(status=500))):
        assert jobs.fate_of(new_job()) == JobFate()


def test_a_share_of_the_assets_fails() -> None:
    with jobs.during(decide(JobFailsAssets(share=0.3))):
        fate = jobs.fate_of(new_job(1000))
        assert fate == jobs.fate_of(new_job(1000))
    assert 230 < len(fate.failing_assets) < 370
    with jobs.during(decide(JobFailsAssets(share=1.0))):
        assert jobs.fate_of(new_job(3)).failing_assets == {0, 1, 2}


def test_the_clock_is_wrong_during_the_call_only() -> None:
    clock = jobs.FaultyClock(SimulatedClock(NOON), LiveFaults())
    with jobs.during(decide(ClockSkew(seconds=-300))):
        assert jobs.skew_of_call() == -300 * SECOND
        assert clock.now() == NOON - 300 * SECOND
    assert jobs.skew_of_call() is None
    assert clock.now() == NOON


def test_a_clock_that_is_wrong_in_every_call_is_wrong_between_them() -> None:
    faults = LiveFaults()
    clock = jobs.FaultyClock(SimulatedClock(NOON), faults)
    faults.replace(FaultRule(effect=ClockSkew(seconds=60)))
    assert clock.now() == NOON + 60 * SECOND
    faults.replace(FaultRule(effect=ClockSkew(seconds=60), trigger=Trigger(nth=1)))
    assert clock.now() == NOON
    faults.add(FaultRule(effect=ClockSkew(seconds=5), operations=("*",)))
    assert clock.now() == NOON + 5 * SECOND
    faults.clear()
    assert clock.now() == NOON


def test_the_call_of_another_thread_is_another_call() -> None:
    seen = []
    with jobs.during(decide(JobFails())):
        thread = threading.Thread(target=lambda: seen.append(jobs.fate_of(new_job())))
        thread.start()
        thread.join()
    assert seen == [JobFate()]
