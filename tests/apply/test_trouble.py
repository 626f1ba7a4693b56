"""Refusals, failures, outages, interrupts, thieves and clocks: what is known is never lost."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest

from s7spec.apply.stopwatch import Stopwatch
from s7spec.model.ledger import Attempt, AttemptState, Holder, Lease, OutcomeKind
from s7spec.model.receipt import RunOutcome
from s7spec.model.submission import Submission
from s7spec.ports import (
    CredentialsRefused,
    IpsFault,
    IpsUnreachable,
    LeaseHeld,
    LedgerConflict,
    LedgerUnwritable,
    LedgerWriter,
)
from tests.apply.world import QUARANTINE, World, states_of
from tests.fakes.clock import NOON, ManualClock
from tests.fakes.doom import Doom, DoomedLedger, DoomedWriter
from tests.fakes.gateway import Fate, Result, ScriptedIps
from tests.fakes.jobs import COMPANY, ENVIRONMENT, resolved_job

FIVE = [f"shop/{name}" for name in "abcde"]


@pytest.fixture
def five(world: World) -> World:
    world.jobs = [resolved_job(short) for short in FIVE]
    return world


def writing_with(writer: type[DoomedWriter], world: World) -> DoomedLedger:
    ledger = DoomedLedger(world.ledger, Doom())
    ledger.writer_of = writer
    return ledger


def of_job(short: str, special: Any, normal: Any) -> Callable[[str], Any]:
    slug = short.replace("/", "-")
    return lambda name: special if f"-{slug}-" in name else normal


class TestFailures:
    def test_the_others_go_on(self, five: World) -> None:
        five.ips.result_of = of_job(
            "shop/b", Result(errors=frozenset({"one"})), Result(warnings=frozenset({"two"}))
        )
        report = five.apply()
        assert report.outcome is RunOutcome.INCOMPLETE
        assert list(states_of(report).values()) == ["ok", "partial", "ok", "ok", "ok"]
        kinds = [outcome.kind for outcome in report.items[1].outcomes]
        assert kinds == [OutcomeKind.ERROR, OutcomeKind.OK]
        assert report.items[1].zip_urls
        assert five.actions()["shop/b"] == "repair"

    def test_fail_fast_starts_nothing_more(self, five: World) -> None:
        five.ips.result_of = of_job("shop/b", Result(fatal=True), Result())
        report = five.apply(max_failures=1, max_in_flight=3)
        assert report.outcome is RunOutcome.INCOMPLETE
        states = list(states_of(report).values())
        assert states[:3] == ["ok", "failed", "ok"]
        assert states[4] is None
        assert report.items[4].message == "not started: shop/b was the first to fail"
        assert "shop/b" in report.message
        assert five.actions()["shop/e"] == "submit"

    def test_a_refusal_counts_as_a_failure(self, five: World) -> None:
        five.ips.fate_of = of_job("shop/a", Fate.REFUSED, Fate.TAKEN)
        report = five.apply(max_failures=1, max_in_flight=1)
        assert list(states_of(report).values()) == ["refused", None, None, None, None]

    def test_a_zip_that_is_named_late_is_waited_for(self, world: World) -> None:
        world.ips.result_of = lambda name: Result(zip_late_by=20)
        report = world.apply()
        assert (report.outcome, states_of(report)) == (RunOutcome.OK, {"shop/main": "ok"})
        assert report.items[0].zip_urls

    @pytest.mark.parametrize("detach", [False, True])
    def test_a_job_that_never_names_a_zip_has_failed(self, world: World, detach: bool) -> None:
        world.ips.result_of = lambda name: Result(zip_made=False)
        world.ips.fate_of = lambda name: Fate.REPLY_LOST
        world.apply(detach=True)
        world.clock.move(60)
        before = world.clock.now()
        report = world.apply(detach=detach, zip_grace_seconds=30)
        assert (report.outcome, states_of(report)) == (
            RunOutcome.INCOMPLETE,
            {"shop/main": "failed"},
        )
        assert report.items[0].message == (
            "found on IPS under its name: not sent again; "
            "IPS ended the job, but its log names no ZIP"
        )
        assert timedelta(seconds=30) <= world.clock.now() - before < timedelta(seconds=36)
        assert world.states() == ["intent", "unknown", "active", "failed"]
        assert world.actions() == {"shop/main": "retry"}

    def test_a_job_that_vanishes_before_its_zip_is_not_sent_again(self, world: World) -> None:
        world.ips.result_of = lambda name: Result(zip_made=False)
        world.ips.fate_of = lambda name: Fate.REPLY_LOST

        def vanish(seconds: float) -> None:
            if world.clock.now() >= NOON + timedelta(seconds=15):
                world.ips.jobs.clear()

        world.clock.on_sleep = vanish
        assert states_of(world.apply()) == {"shop/main": "unknown"}
        assert len(world.ips.sent) == 1

    def test_a_cancelled_job_is_stopped(self, world: World) -> None:
        world.ips.result_of = lambda name: Result(cancelled=True, silent=frozenset({"two"}))
        report = world.apply()
        assert states_of(report) == {"shop/main": "stopped"}
        assert report.outcome is RunOutcome.INCOMPLETE


class TestNoAccess:
    def test_nothing_more_is_started(self, five: World) -> None:
        five.ips.fate_of = of_job("shop/b", Fate.NO_ACCESS, Fate.TAKEN)
        report = five.apply(max_in_flight=2)
        states = list(states_of(report).values())
        assert report.outcome is RunOutcome.INCOMPLETE
        assert states == ["ok", "refused", None, None, None]
        assert "does not accept this user" in report.message
        assert report.items[2].message.startswith("not started: IPS does not accept")
        five.ips.fate_of = lambda name: Fate.TAKEN
        assert five.apply().outcome is RunOutcome.OK
        assert five.is_settled()
        assert len(five.ips.jobs) == 5

    def test_before_anything_was_sent(self, five: World) -> None:
        plan = five.plan()
        five.ips.outage = CredentialsRefused("IPS does not accept this user and password")
        report = five.apply(plan, max_in_flight=2)
        assert report.outcome is RunOutcome.INCOMPLETE
        assert report.message == "IPS does not accept this user and password"
        assert set(states_of(report).values()) == {None}
        assert five.is_cold()

    def test_what_runs_stays_open(self, five: World) -> None:
        five.apply(detach=True)
        plan = five.plan()
        five.ips.outage = CredentialsRefused("IPS does not accept this user and password")
        report = five.apply(plan)
        assert set(states_of(report).values()) == {"accepted"}
        assert report.outcome is RunOutcome.INCOMPLETE
        five.ips.outage = None
        assert five.apply().outcome is RunOutcome.OK


class TestOutage:
    @pytest.mark.parametrize(
        "error", [IpsUnreachable("no route"), IpsFault("ipsApiFault", 30000, "try later")]
    )
    def test_a_short_one_is_waited_out(self, world: World, error: Exception) -> None:
        outage(world, error, start=1, end=100)
        assert world.apply(patience_seconds=120).outcome is RunOutcome.OK
        begun, over = world.diary.silences
        assert begun.startswith(str(error))
        assert over == "over"

    def test_one_that_is_over_at_once_is_not_told(self, world: World) -> None:
        outage(world, IpsUnreachable("no route"), start=1, end=5)
        assert world.apply().outcome is RunOutcome.OK
        assert world.diary.silences == []

    def test_of_several_jobs_it_is_told_once(self, five: World) -> None:
        outage(five, IpsUnreachable("no route"), start=1, end=50)
        five.ips.runs_for = 100
        assert five.apply(patience_seconds=120).outcome is RunOutcome.OK
        assert len(five.diary.silences) == 2

    def test_a_long_one_leaves_the_job_open(self, world: World) -> None:
        outage(world, IpsUnreachable("no route"), start=1, end=10_000)
        report = world.apply(patience_seconds=120)
        assert report.outcome is RunOutcome.INCOMPLETE
        assert states_of(report) == {"shop/main": "active"}
        assert report.items[0].message == "not known how it goes on: no route"
        [silence] = world.diary.silences
        assert silence.startswith("no route, 1")
        assert NOON + timedelta(seconds=120) < world.clock.now() < NOON + timedelta(seconds=140)
        world.clock.on_sleep = lambda seconds: None
        world.ips.outage = None
        assert states_of(world.apply()) == {"shop/main": "ok"}
        assert len(world.ips.sent) == 1

    def test_patience_starts_anew_after_each_answer(self, world: World) -> None:
        world.ips.runs_for = 500

        def flicker(seconds: float) -> None:
            minute = int((world.clock.now() - NOON).total_seconds()) // 60
            world.ips.outage = IpsUnreachable("no route") if minute % 2 else None

        world.clock.on_sleep = flicker
        assert world.apply(patience_seconds=70).outcome is RunOutcome.OK

    def test_before_the_launch_nothing_is_written(self, world: World) -> None:
        plan = world.plan()
        world.ips.outage = IpsUnreachable("no route")
        report = world.apply(plan, patience_seconds=30)
        assert states_of(report) == {"shop/main": None}
        assert len(world.diary.silences) == 1
        assert report.outcome is RunOutcome.INCOMPLETE
        assert "IPS could not be asked whether it has it already" in report.items[0].message
        assert world.is_cold()

    def test_in_doubt_it_stays_in_doubt(self, world: World) -> None:
        def fate(name: str) -> Fate:
            world.ips.outage = IpsUnreachable("no route")
            return Fate.REPLY_LOST

        world.ips.fate_of = fate
        report = world.apply(patience_seconds=10)
        assert (report.outcome, states_of(report)) == (
            RunOutcome.AMBIGUOUS,
            {"shop/main": "unknown"},
        )
        world.ips.outage = None
        assert world.apply().outcome is RunOutcome.OK
        assert len(world.ips.jobs) == 1


def outage(world: World, error: Any, *, start: float, end: float) -> None:
    def now_and_then(seconds: float) -> None:
        since = (world.clock.now() - NOON).total_seconds()
        world.ips.outage = error if start <= since < end else None

    world.clock.on_sleep = now_and_then


class TestInterrupt:
    def test_what_runs_stays_as_it_is(self, five: World) -> None:
        five.ips.runs_for = 100
        interrupt(five, after=20)
        report = five.apply(max_in_flight=3)
        assert report.outcome is RunOutcome.INTERRUPTED
        assert list(states_of(report).values()) == ["active", "active", "active", None, None]
        assert report.message.startswith("interrupted: ")
        assert "plan again and apply" in report.message
        five.clock.on_sleep = lambda seconds: None
        assert five.apply().outcome is RunOutcome.OK, "the lease was given back"
        assert len(five.ips.sent) == 5

    def test_in_the_middle_of_a_submit(self, world: World) -> None:
        class Interrupted(ScriptedIps):
            def submit(self, submission: Submission) -> str:
                super().submit(submission)
                raise KeyboardInterrupt

        gateway = Interrupted(clock=world.clock, jobs=world.ips.jobs)
        report = world.apply(gateway=gateway)
        assert (report.outcome, states_of(report)) == (
            RunOutcome.INTERRUPTED,
            {"shop/main": "intent"},
        )
        assert world.apply().outcome is RunOutcome.OK
        assert world.ips.sent == []
        assert len(world.ips.jobs) == 1

    def test_between_a_write_and_our_knowing_of_it(self, world: World) -> None:
        class Interrupting(DoomedLedger):
            @contextmanager
            def writing(self, lease: Lease) -> Iterator[LedgerWriter]:
                with super().writing(lease) as writer:
                    yield writer
                raise KeyboardInterrupt

        report = world.apply(ledger=Interrupting(world.ledger, Doom()))
        assert (report.outcome, states_of(report)) == (
            RunOutcome.INTERRUPTED,
            {"shop/main": "intent"},
        )
        assert world.ips.sent == []

    def test_before_the_forgetting(self, five: World) -> None:
        class Interrupting(DoomedWriter):
            def forget(self, *known: Any, **more: Any) -> None:
                raise KeyboardInterrupt

        five.apply()
        five.jobs = []
        report = five.apply(ledger=writing_with(Interrupting, five))
        assert report.outcome is RunOutcome.INTERRUPTED
        assert {item.message for item in report.items} == {"not forgotten yet"}

    def test_after_the_forgetting_before_our_knowing(self, five: World) -> None:
        class Interrupting(DoomedLedger):
            @contextmanager
            def writing(self, lease: Lease) -> Iterator[LedgerWriter]:
                with super().writing(lease) as writer:
                    yield writer
                raise KeyboardInterrupt

        five.apply()
        five.jobs = []
        report = five.apply(ledger=Interrupting(five.ledger, Doom()))
        assert report.outcome is RunOutcome.INTERRUPTED
        assert {item.message for item in report.items} == {"forgotten"}


def interrupt(world: World, *, after: float) -> None:
    def maybe(seconds: float) -> None:
        if world.clock.now() >= NOON + timedelta(seconds=after):
            raise KeyboardInterrupt

    world.clock.on_sleep = maybe


class TestLedger:
    def test_two_runs_at_once(self, world: World) -> None:
        """The second comes when the first one's lease would long have run out, unrenewed."""
        errors: list[str] = []
        world.ips.runs_for = 1000

        def meanwhile(seconds: float) -> None:
            if world.clock.now() < NOON + timedelta(seconds=500):
                return
            world.clock.on_sleep = lambda seconds: None
            with pytest.raises(LeaseHeld) as held:
                world.apply()
            errors.append(str(held.value))

        world.clock.on_sleep = meanwhile
        assert world.apply().outcome is RunOutcome.OK
        assert len(errors) == 1
        assert "dam@ci-7 (pid 4711)" in errors[0]
        assert len(world.ips.sent) == 1

    def test_a_run_that_slept_too_long_stops_when_it_was_replaced(self, world: World) -> None:
        def oversleep(seconds: float) -> None:
            world.clock.on_sleep = lambda seconds: None
            world.clock.move(3600)
            world.ledger.acquire(
                COMPANY,
                ENVIRONMENT,
                holder=Holder(host="laptop", pid=1, user="anna"),
                now=world.clock.now(),
                seconds=60,
            )

        world.clock.on_sleep = oversleep
        with pytest.raises(LedgerConflict, match="anna@laptop"):
            world.apply()
        assert world.latest().state is AttemptState.ACCEPTED
        world.clock.move(61)
        assert world.apply().outcome is RunOutcome.OK
        assert len(world.ips.sent) == 1

    def test_what_it_sent_after_it_was_replaced_is_named(self, world: World) -> None:
        """The successor waits for the quarantine only: it may have sent the same by then."""

        class Suspended(ScriptedIps):
            def submit(self, submission: Submission) -> str:
                world.clock.move(3600)
                someone = Holder(host="laptop", pid=1, user="anna")
                now = world.clock.now()
                world.ledger.acquire(COMPANY, ENVIRONMENT, holder=someone, now=now, seconds=60)
                return super().submit(submission)

        world.ips = Suspended(clock=world.clock)
        with pytest.raises(LedgerConflict, match=r"anna@laptop.*has them twice: s7-shop-main-"):
            world.apply()

    def test_a_run_that_slept_too_long_goes_on_when_it_was_not(self, world: World) -> None:
        def oversleep(seconds: float) -> None:
            world.clock.on_sleep = lambda seconds: None
            world.clock.move(3600)

        world.clock.on_sleep = oversleep
        assert world.apply().outcome is RunOutcome.OK

    def test_a_full_disk_after_the_submit_loses_nothing(self, world: World) -> None:
        class Full(DoomedWriter):
            def record(self, attempt: Attempt) -> Attempt:
                raise LedgerUnwritable("ledger.db", "the disk is full")

        with pytest.raises(LedgerUnwritable, match="disk is full"):
            world.apply(ledger=writing_with(Full, world))
        assert world.latest().state is AttemptState.INTENT
        assert world.apply().outcome is RunOutcome.OK, "the lease was given back"
        assert len(world.ips.sent) == 1

    def test_a_full_disk_before_the_submit_sends_nothing(self, world: World) -> None:
        class Full(DoomedLedger):
            @contextmanager
            def writing(self, lease: Lease) -> Iterator[LedgerWriter]:
                with super().writing(lease) as writer:
                    yield writer
                    raise LedgerUnwritable("ledger.db", "the disk is full")

            def release(self, lease: Lease) -> None:
                raise LedgerUnwritable("ledger.db", "the disk is still full")

        with pytest.raises(LedgerUnwritable, match="is full"):
            world.apply(ledger=Full(world.ledger, Doom()))
        assert world.ips.sent == []

    def test_a_lease_that_cannot_be_given_back_costs_no_report(self, world: World) -> None:
        class Full(DoomedLedger):
            def release(self, lease: Lease) -> None:
                raise LedgerUnwritable("ledger.db", "the disk is full")

        assert world.apply(ledger=Full(world.ledger, Doom())).outcome is RunOutcome.OK


class TestClock:
    @pytest.mark.parametrize("jump", [-7200, -30, 30])
    def test_jumps_do_no_harm(self, five: World, jump: float) -> None:
        five.ips.runs_for = 20

        def jump_once(seconds: float) -> None:
            five.clock.on_sleep = lambda seconds: None
            five.clock.jump(jump)

        five.clock.on_sleep = jump_once
        five.ips.fate_of = of_job("shop/a", Fate.REPLY_LOST, Fate.TAKEN)
        five.ips.visible_after = 8
        assert five.apply(max_in_flight=2).outcome is RunOutcome.OK
        assert len(five.ips.jobs) == 5
        assert five.is_settled()

    def test_a_clock_set_back_does_not_shorten_the_quarantine(self, world: World) -> None:
        def jump_once(seconds: float) -> None:
            world.clock.on_sleep = lambda seconds: None
            world.clock.jump(-7200)

        sends: list[float] = []

        def fate(name: str) -> Fate:
            sends.append((world.clock.true_time - NOON).total_seconds())
            return Fate.TAKEN if len(sends) > 1 else Fate.REQUEST_LOST

        world.clock.on_sleep = jump_once
        world.ips.fate_of = fate
        assert world.apply().outcome is RunOutcome.OK
        assert QUARANTINE <= sends[1] < QUARANTINE + 1

    def test_the_stopwatch_never_runs_backward(self) -> None:
        clock = ManualClock()
        watch = Stopwatch(clock)
        clock.move(10)
        assert watch.seconds() == 10
        clock.jump(-100)
        assert watch.seconds() == 10
        clock.move(5)
        assert watch.seconds() == 15
        assert watch.wall() == NOON - timedelta(seconds=85)
