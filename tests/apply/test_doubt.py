"""Nobody knows whether IPS has the job: look, wait, and never send blindly."""

from dataclasses import replace
from datetime import timedelta

import pytest

from s7spec.model.ips import ActiveJob, JobPhase, JobSnapshot
from s7spec.model.job import ResolvedJob
from s7spec.model.ledger import AttemptState
from s7spec.model.plan import ReasonCode
from s7spec.model.receipt import RunOutcome
from s7spec.model.submission import Submission
from s7spec.ports import IpsAnswerUnreadable, PortError, SubmitAmbiguous
from tests.apply.world import QUARANTINE, World, states_of
from tests.fakes.clock import NOON
from tests.fakes.doom import Doom, DoomedGateway, Killed
from tests.fakes.gateway import Fate, ScriptedIps
from tests.fakes.jobs import export_job, resolved_job

OTHER = resolved_job("shop/main", export_job(is_modifier="wid=200"))


def fates(world: World, *script: Fate) -> None:
    """Each submit has its own fate; after the last one all are taken."""
    left = list(script)
    world.ips.fate_of = lambda name: left.pop(0) if left else Fate.TAKEN


def lose_the_process(world: World, *, after_submit: bool) -> None:
    """A run dies right before or right after its first submit left."""
    doom = Doom(at=6 if after_submit else 5)  # the listing takes two moments, the look two
    with pytest.raises(Killed):
        world.apply(gateway=DoomedGateway(world.ips, doom), detach=True)
    assert len(world.ips.jobs) == int(after_submit)
    assert world.latest().state is AttemptState.INTENT
    world.clock.move(61)  # the lease of the dead


def taken_before(world: World, *jobs: ResolvedJob) -> None:
    """IPS has these jobs from a run whose ledger is lost."""
    for item, job in zip(world.plan(whole=False).items, jobs, strict=True):
        world.ips.take(Submission.of(job, item.attempt_name, description="s7spec test"))


class TestLostReply:
    def test_the_job_is_found_by_its_name(self, world: World) -> None:
        fates(world, Fate.REPLY_LOST)
        report = world.apply()
        assert (report.outcome, states_of(report)) == (RunOutcome.OK, {"shop/main": "ok"})
        assert world.states() == ["intent", "unknown", "active", "ok"]
        assert len(world.ips.sent) == 1

    def test_even_when_it_shows_up_late(self, world: World) -> None:
        world.ips.visible_after = QUARANTINE - 10
        fates(world, Fate.REPLY_LOST)
        assert world.apply().outcome is RunOutcome.OK
        assert len(world.ips.jobs) == 1

    def test_even_when_it_was_taken_late(self, world: World) -> None:
        world.ips.late_by = QUARANTINE - 10
        fates(world, Fate.LATE)
        assert world.apply().outcome is RunOutcome.OK
        assert len(world.ips.jobs) == 1

    def test_past_the_quarantine_it_is_a_double_and_said_to_be(self, world: World) -> None:
        """The price of a quarantine that is too short: seen, never silent."""
        world.ips.late_by = QUARANTINE + 1
        world.ips.runs_for = 60
        fates(world, Fate.LATE)
        report = world.apply()
        assert len(world.ips.jobs) == 2
        assert report.outcome is RunOutcome.INCOMPLETE
        assert report.items[0].message == "IPS has 2 jobs of this name"
        assert world.latest().message == "IPS has 2 jobs of this name"

    def test_a_double_that_is_seen_only_for_a_while_is_not_forgotten(self, world: World) -> None:
        class Brief(ScriptedIps):
            def active_jobs(self) -> tuple[ActiveJob, ...]:
                seen = super().active_jobs()
                self.looks.append("all")
                if len(self.looks) != 4:
                    return seen
                return (*seen, *(replace(job, jobHandle="another") for job in seen))

        report = world.apply(gateway=Brief(clock=world.clock))
        assert (report.outcome, states_of(report)) == (
            RunOutcome.INCOMPLETE,
            {"shop/main": "ok"},
        )
        assert report.items[0].message == "IPS has 2 jobs of this name"
        told = [event.message for event in world.ledger.events(world.latest().name)]
        assert told == ["", "", "", *["IPS has 2 jobs of this name"] * 2]


class TestLostRequest:
    def test_the_same_name_is_sent_again_after_the_quarantine(self, world: World) -> None:
        fates(world, Fate.REQUEST_LOST)
        report = world.apply()
        assert (report.outcome, states_of(report)) == (RunOutcome.OK, {"shop/main": "ok"})
        assert world.states() == ["intent", "unknown", "intent", "accepted", "active", "ok"]
        assert len({sent.attempt_name for sent in world.ips.sent}) == 1
        assert len(world.ips.jobs) == 1
        resent = world.ledger.events(world.latest().name)[2]
        assert resent.at >= NOON + timedelta(seconds=QUARANTINE)
        assert "sent again" in resent.message

    def test_not_a_second_before(self, world: World) -> None:
        sent_at: list[float] = []

        def fate(name: str) -> Fate:
            sent_at.append((world.clock.now() - NOON).total_seconds())
            return Fate.REQUEST_LOST if len(sent_at) == 1 else Fate.TAKEN

        world.ips.fate_of = fate
        world.apply()
        assert sent_at[0] == 0
        assert QUARANTINE <= sent_at[1] < QUARANTINE + 1

    def test_each_send_has_its_own_quarantine(self, world: World) -> None:
        fates(world, Fate.REQUEST_LOST, Fate.REQUEST_LOST)
        assert world.apply().outcome is RunOutcome.OK
        assert world.clock.now() >= NOON + timedelta(seconds=2 * QUARANTINE)
        assert len(world.ips.jobs) == 1

    def test_it_is_held_in_the_end(self, world: World) -> None:
        fates(world, *[Fate.REQUEST_LOST] * 9)
        report = world.apply(max_sends=3)
        assert (report.outcome, states_of(report)) == (
            RunOutcome.AMBIGUOUS,
            {"shop/main": "unknown"},
        )
        assert "sent 3 times, and IPS never showed it" in report.items[0].message
        assert len(world.ips.sent) == 3

    def test_others_go_on_meanwhile(self, world: World) -> None:
        world.jobs = [resolved_job("shop/a"), resolved_job("shop/b")]
        fates(world, Fate.REQUEST_LOST)
        world.apply()
        assert world.diary.moves.index(("shop/b", "ok")) < world.diary.moves.index(("shop/a", "ok"))

    def test_an_error_of_another_kind_is_doubt_as_well(self, world: World) -> None:
        class Odd(ScriptedIps):
            def submit(self, submission: Submission) -> str:
                raise error

        error: PortError = IpsAnswerUnreadable("a proxy's page")
        report = world.apply(gateway=Odd(clock=world.clock), max_sends=1)
        assert states_of(report) == {"shop/main": "unknown"}
        error = SubmitAmbiguous("no answer")
        report = world.apply(gateway=Odd(clock=world.clock), max_sends=1)
        assert states_of(report) == {"shop/main": "unknown"}

    def test_a_detached_run_does_not_wait_for_it(self, world: World) -> None:
        fates(world, Fate.REQUEST_LOST)
        report = world.apply(detach=True)
        assert (report.outcome, world.clock.slept) == (RunOutcome.AMBIGUOUS, 0)
        world.clock.move(QUARANTINE)
        assert states_of(world.apply(detach=True)) == {"shop/main": "accepted"}


class TestNextRun:
    def test_a_run_that_died_before_sending(self, world: World) -> None:
        lose_the_process(world, after_submit=False)
        reasons = [reason.code for reason in world.plan().items[0].reasons]
        assert reasons == [ReasonCode.AMBIGUOUS]
        assert world.apply().outcome is RunOutcome.OK
        assert world.clock.now() >= NOON + timedelta(seconds=QUARANTINE)
        assert len(world.ips.jobs) == 1

    def test_a_run_that_died_after_sending(self, world: World) -> None:
        lose_the_process(world, after_submit=True)
        report = world.apply()
        assert report.outcome is RunOutcome.OK
        assert len(world.ips.sent) == 1
        assert world.clock.now() < NOON + timedelta(seconds=QUARANTINE)

    def test_the_same_saved_plan_can_be_applied_again(self, world: World) -> None:
        plan = world.plan()
        with pytest.raises(Killed):
            world.apply(plan, gateway=DoomedGateway(world.ips, Doom(at=6)))
        world.clock.move(61)
        assert world.apply(plan).outcome is RunOutcome.OK
        assert len(world.ips.sent) == 1

    def test_time_that_has_passed_counts(self, world: World) -> None:
        lose_the_process(world, after_submit=False)
        world.clock.move(QUARANTINE)
        before = world.clock.slept
        world.apply()
        assert world.clock.slept - before < 10

    def test_a_clock_set_back_does_not_shorten_the_quarantine(self, world: World) -> None:
        lose_the_process(world, after_submit=False)
        world.clock.jump(-7200)
        before = world.clock.slept
        assert world.apply().outcome is RunOutcome.OK
        assert QUARANTINE <= world.clock.slept - before < QUARANTINE + 60
        assert len(world.ips.jobs) == 1

    def test_what_never_arrived_and_is_not_wanted_any_more(self, world: World) -> None:
        lose_the_process(world, after_submit=False)
        world.jobs = [OTHER]
        older = world.latest()
        report = world.apply()
        assert (report.outcome, states_of(report)) == (RunOutcome.OK, {"shop/main": "ok"})
        [event] = [each for each in world.ledger.events(older.name) if "arrived" in each.message]
        assert event.state is AttemptState.REFUSED
        assert "not sent again as it was" in event.message
        assert [sent.is_modifier for sent in world.ips.sent] == ["wid=200"]
        assert world.clock.now() >= NOON + timedelta(seconds=QUARANTINE)
        assert world.is_settled()

    def test_what_never_arrived_and_is_not_declared_any_more(self, world: World) -> None:
        lose_the_process(world, after_submit=False)
        world.jobs = []
        assert world.actions() == {"shop/main": "wait"}
        report = world.apply()
        assert (report.outcome, states_of(report)) == (RunOutcome.OK, {"shop/main": "refused"})
        assert world.ips.sent == []
        assert world.actions() == {"shop/main": "forget"}

    def test_without_handles_it_is_held(self, world: World) -> None:
        lose_the_process(world, after_submit=False)
        report = world.apply(jobs=[])
        assert report.outcome is RunOutcome.AMBIGUOUS
        assert "plan again" in report.items[0].message
        assert world.ips.sent == []


class TestLostLedger:
    """Every job the ledger knows nothing of is looked for before it is sent."""

    def test_what_is_done_is_found_and_recorded(self, world: World) -> None:
        taken_before(world, *world.jobs)
        world.clock.move(60)
        report = world.apply()
        assert report.outcome is RunOutcome.OK
        assert world.ips.sent == []
        assert world.states() == ["intent", "ok"]
        assert world.latest().zip_urls

    def test_what_runs_is_followed(self, world: World) -> None:
        taken_before(world, *world.jobs)
        assert world.apply().outcome is RunOutcome.OK
        assert world.ips.sent == []
        assert world.states() == ["intent", "active", "ok"]
        assert "not sent again" in world.ledger.events(world.latest().name)[0].message

    def test_doubles_are_reported_and_nothing_is_sent(self, world: World) -> None:
        taken_before(world, *world.jobs)
        taken_before(world, *world.jobs)
        report = world.apply()
        assert report.outcome is RunOutcome.INCOMPLETE
        assert "IPS has 2 jobs of this name" in report.items[0].message
        assert world.ips.sent == []

    def test_a_run_that_dies_while_it_recovers_recovers_again(self, world: World) -> None:
        """After the first record the ledger is not empty any more, but far from complete."""
        world.jobs = [resolved_job(f"shop/{name}") for name in "abc"]
        taken_before(world, *world.jobs)
        with pytest.raises(Killed):
            world.apply(gateway=DoomedGateway(world.ips, Doom(at=6)), max_in_flight=1)
        assert not world.is_cold()
        assert not world.ledger.attempts(world.jobs[2].key)
        world.clock.move(61)
        assert world.apply().outcome is RunOutcome.OK
        assert world.ips.sent == []
        assert world.is_settled()


class TestOutOfSight:
    def test_a_lag_is_no_news(self, world: World) -> None:
        world.ips.visible_after = 60
        report = world.apply()
        assert (report.outcome, world.states()) == (RunOutcome.OK, ["intent", "accepted", "ok"])

    def test_a_job_that_disappears_is_held(self, world: World) -> None:
        """It was taken once: only people may have it run again."""
        world.apply(detach=True)
        world.ips.lose(world.latest().name)
        for _ in range(4):
            report = world.apply()
            assert (report.outcome, states_of(report)) == (
                RunOutcome.AMBIGUOUS,
                {"shop/main": "unknown"},
            )
            assert "shows it no more" in report.items[0].message
            assert "look on IPS" in report.items[0].message
            assert "change the export to have it run anew" in report.items[0].message
            assert world.actions() == {"shop/main": "wait"}
        assert len(world.ips.sent) == 1
        assert world.clock.now() < NOON + timedelta(seconds=QUARANTINE + 10), "waited only once"

    def test_one_that_was_only_found_is_held_as_well(self, world: World) -> None:
        """No submit of this ledger was ever answered, but IPS showed that it has the job."""

        class Queue(ScriptedIps):
            def find(self, attempt_name: str) -> JobSnapshot | None:
                seen = super().find(attempt_name)
                return seen and replace(seen, phase=JobPhase.SCHEDULED, jobHandle="")

            def active_jobs(self) -> tuple[ActiveJob, ...]:
                return ()

            def logged(self, attempt_name: str) -> JobSnapshot | None:
                return None

        fates(world, Fate.REPLY_LOST)
        gateway = Queue(clock=world.clock, jobs=world.ips.jobs, fate_of=world.ips.fate_of)
        world.apply(gateway=gateway, detach=True)
        world.apply(gateway=gateway, detach=True)
        assert world.latest().state is AttemptState.ACCEPTED
        world.ips.jobs.clear()
        for _ in range(3):
            assert world.apply().outcome is RunOutcome.AMBIGUOUS
        assert world.ips.sent == []

    @pytest.mark.parametrize("held_before", [False, True])
    def test_it_stands_in_the_way_of_nothing_else(self, world: World, held_before: bool) -> None:
        world.apply(detach=True)
        world.ips.lose(world.latest().name)
        if held_before:
            world.apply()
        older = world.latest().name
        world.jobs = [OTHER]
        assert world.apply().outcome is RunOutcome.OK
        last = world.ledger.events(older)[-1]
        assert last.state is AttemptState.FAILED
        assert "shows it no more" in last.message
        assert world.clock.now() >= NOON + timedelta(seconds=QUARANTINE)
        assert world.is_settled()
        assert len(world.ips.sent) == 2

    def test_a_job_that_comes_back_is_followed(self, world: World) -> None:
        world.apply(detach=True)
        hidden, world.ips.jobs = world.ips.jobs, []
        world.apply()
        assert world.latest().state is AttemptState.UNKNOWN
        world.ips.jobs = hidden
        assert states_of(world.apply()) == {"shop/main": "ok"}
