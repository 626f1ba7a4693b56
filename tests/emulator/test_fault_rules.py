"""Which calls a rule hits, and what the faults of a call mean for its job."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from s7spec.emulator.faults import jobs
from s7spec.emulator.faults.book import Decision, RuleBook
from s7spec.emulator.faults.live import LiveFaults, UnsupportedFault
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
from s7spec.emulator.soap.faults import FaultCode

RESET = Reset()


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


def test_what_nobody_carries_out_is_refused() -> None:
    faults = LiveFaults()
    of_jobs: list[Effect] = [
        DelayedAcceptance(seconds=1),
        LookupLag(seconds=1),
        JobFails(),
        JobFailsAssets(),
        JobHangs(),
        ClockSkew(seconds=1),
    ]
    for effect in of_jobs:
        if isinstance(effect, jobs.CARRIED_OUT):
            continue
        with pytest.raises(UnsupportedFault, match=f"does not carry out '{effect.kind}'"):
            faults.add(FaultRule(effect=effect))
        with pytest.raises(UnsupportedFault):
            faults.replace(FaultRule(effect=effect))
    assert faults.rules == ()


def decide(*effects: Effect) -> Decision:
    decision = RuleBook([FaultRule(effect=effect) for effect in effects]).decide("submitJob")
    assert decision is not None
    return decision


def test_the_fate_of_a_job() -> None:
    assert jobs.fate_of_new_job() == jobs.JobFate()
    decision = decide(
        DelayedAcceptance(seconds=30), LookupLag(seconds=5), JobHangs(after=2), JobFails()
    )
    with jobs.during(decision):
        fate = jobs.fate_of_new_job()
    assert (fate.accepted_after, fate.found_after, fate.hangs_after) == (30, 5, 2)
    assert fate.fails is None  # one fate for a job, the first
    assert jobs.fate_of_new_job() == jobs.JobFate()
    with jobs.during(decide(JobFails(reason="out of disk"))):
        assert jobs.fate_of_new_job().fails == "out of disk"
    with jobs.during(decide(HttpError(status=500))):
        assert jobs.fate_of_new_job() == jobs.JobFate()


def test_the_same_assets_fail_again() -> None:
    with jobs.during(decide(JobFailsAssets(share=0.3))):
        fate = jobs.fate_of_new_job()
    failing = [position for position in range(1000) if fate.fails_asset(position)]
    assert 230 < len(failing) < 370
    assert failing == [position for position in range(1000) if fate.fails_asset(position)]
    assert not any(jobs.JobFate().fails_asset(position) for position in range(100))
    every = jobs.JobFate(failing_share=1.0)
    assert all(every.fails_asset(position) for position in range(100))


def test_the_clock_is_wrong_during_the_call_only() -> None:
    with jobs.during(decide(ClockSkew(seconds=-300))):
        assert jobs.skew() == timedelta(seconds=-300)
        assert jobs.faulty_now() < datetime.now(UTC) - timedelta(seconds=299)
    assert jobs.skew() == timedelta()


def test_the_call_of_another_thread_is_another_call() -> None:
    seen = []
    with jobs.during(decide(JobFails())):
        thread = threading.Thread(target=lambda: seen.append(jobs.fate_of_new_job()))
        thread.start()
        thread.join()
    assert seen == [jobs.JobFate()]
