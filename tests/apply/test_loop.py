"""How a run goes about many jobs at once: what is shared, what is bounded, how it ends early."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from s7spec.apply import StopSign, ThreadCrew
from s7spec.model.ips import ActiveJob
from s7spec.model.ledger import AttemptState, FailureClass, Lease
from s7spec.model.receipt import RunOutcome
from s7spec.model.submission import Submission
from s7spec.ports import IpsUnreachable, LedgerWriter
from tests.apply.world import World, states_of
from tests.fakes.doom import Doom, DoomedLedger
from tests.fakes.gateway import ScriptedIps
from tests.fakes.jobs import COMPANY, ENVIRONMENT, resolved_job

MANY = [f"shop/m{number:02}" for number in range(24)]


@pytest.fixture
def many(world: World) -> World:
    world.jobs = [resolved_job(short) for short in MANY]
    return world


class Counting(DoomedLedger):
    """Counts the transactions."""

    def __init__(self, world: World) -> None:
        super().__init__(world.ledger, Doom())
        self.transactions = 0

    @contextmanager
    def writing(self, lease: Lease) -> Iterator[LedgerWriter]:
        with super().writing(lease) as writer:
            yield writer
        self.transactions += 1


class Watchful(ScriptedIps):
    """Looks into the ledger whenever something is sent, and counts looks at all jobs."""

    def __init__(self, world: World) -> None:
        super().__init__(clock=world.clock)
        self.active_calls = 0
        self._world = world

    def submit(self, submission: Submission) -> str:
        with self._world.ledger.reading(COMPANY, ENVIRONMENT) as view:
            assert view.attempt(submission.attempt_name).state is AttemptState.INTENT
        return super().submit(submission)

    def active_jobs(self) -> tuple[ActiveJob, ...]:
        self.active_calls += 1
        return super().active_jobs()


def test_intents_share_transactions_and_are_durable_before_anything_is_sent(many: World) -> None:
    ledger, ips = Counting(many), Watchful(many)
    assert many.apply(ledger=ledger, gateway=ips, max_in_flight=24).outcome is RunOutcome.OK
    assert len(ips.sent) == len(MANY)
    # Four steps for each job; a transaction for each would be 96.
    assert ledger.transactions < 2 * len(MANY)


def test_one_look_at_what_runs_serves_all_jobs(many: World) -> None:
    ips = Watchful(many)
    ips.runs_for = 100
    assert many.apply(gateway=ips, max_in_flight=24).outcome is RunOutcome.OK
    # As many looks as for one job: they come five seconds apart at last.
    assert 20 <= ips.active_calls <= 45
    # Beyond those each job's log is read when it has ended.
    assert len(ips.looks) <= 2 * len(MANY)


def test_jobs_at_work_are_bounded(many: World) -> None:
    most = 0

    class Bounded(ScriptedIps):
        def submit(self, submission: Submission) -> str:
            nonlocal most
            handle = super().submit(submission)
            most = max(most, len(self.active_jobs()))
            return handle

    ips = Bounded(clock=many.clock, runs_for=20)
    assert many.apply(gateway=ips, max_in_flight=3, max_parallel=8).outcome is RunOutcome.OK
    assert most == 3


def test_calls_are_bounded_apart_from_that(many: World) -> None:
    """Real threads: as many calls at once as allowed, and no more."""
    lock, at_once, most = threading.Lock(), 0, 0

    class Slow(ScriptedIps):
        def submit(self, submission: Submission) -> str:
            nonlocal at_once, most
            with lock:
                at_once += 1
                most = max(most, at_once)
            time.sleep(0.02)
            with lock:
                at_once -= 1
            return super().submit(submission)

    ips = Slow(clock=many.clock, runs_for=0)
    crew = ThreadCrew(4)
    # Detached: nobody waits for a clock that stands still.
    report = many.apply(gateway=ips, crew=crew, detach=True, max_parallel=4)
    assert set(states_of(report).values()) == {"accepted"}
    assert most == 4
    assert len(ips.jobs) == len(MANY)


def test_what_is_queued_when_a_run_is_stopped_is_known_not_to_be_sent(many: World) -> None:
    stop = StopSign()

    class Interrupting(ScriptedIps):
        def submit(self, submission: Submission) -> str:
            if len(self.sent) == 2:
                stop.ask()
            return super().submit(submission)

    ips = Interrupting(clock=many.clock)
    report = many.apply(gateway=ips, stop=stop, max_parallel=1, max_in_flight=24)
    assert report.outcome is RunOutcome.INTERRUPTED
    assert len(ips.sent) == 3
    states = list(states_of(report).values())
    assert states.count("accepted") + states.count("active") + states.count("ok") == 3
    refused = [
        many.latest(short) for short, state in states_of(report).items() if state == "refused"
    ]
    assert {attempt.failure for attempt in refused} == {FailureClass.NOT_SENT}
    assert "intent" not in states, "nobody has to wait for the quarantine"
    many.ips = ips
    assert many.apply().outcome is RunOutcome.OK, "the lease was given back"
    assert len(ips.names()) == len(set(ips.names())) == len(MANY)


def test_a_stopped_run_waits_for_submits_on_their_way(world: World) -> None:
    """Real threads: the answer comes while the run drains."""
    stop = StopSign()

    class Slow(ScriptedIps):
        def submit(self, submission: Submission) -> str:
            stop.ask()
            time.sleep(0.1)
            return super().submit(submission)

    report = world.apply(gateway=Slow(clock=world.clock), crew=ThreadCrew(1), stop=stop)
    assert (report.outcome, states_of(report)) == (
        RunOutcome.INTERRUPTED,
        {"shop/main": "accepted"},
    )


def test_an_intent_that_grew_old_in_the_queue_is_written_anew(many: World) -> None:
    """The quarantine counts from the intent: what is left of it must cover the submit."""
    many.ips.latencies = {"submit": 35.0}
    # Nothing to look at in between: the intents are written together.
    report = many.apply(max_parallel=1, max_in_flight=24, first_run=True)
    assert report.outcome is RunOutcome.OK
    histories = [
        [event.at for event in many.ledger.events(many.latest(short).name)] for short in MANY
    ]
    renewed = [history for history in histories if len(history) > 4]
    assert renewed, "some waited for longer than a tenth of the quarantine"
    assert len(many.ips.sent) == len(MANY)


def test_no_job_is_followed_for_longer_than_asked_for(world: World) -> None:
    world.ips.runs_for = 1000
    report = world.apply(follow_seconds=60)
    assert (report.outcome, states_of(report)) == (RunOutcome.INCOMPLETE, {"shop/main": "active"})
    assert "after 60 s (--timeout)" in report.items[0].message
    assert world.apply().outcome is RunOutcome.OK
    assert len(world.ips.sent) == 1


def test_an_ips_that_does_not_answer_is_not_asked_for_longer_either(world: World) -> None:
    world.ips.outages = {
        method: IpsUnreachable("connection refused") for method in ("active_jobs", "logged", "find")
    }
    begun = world.clock.now()
    report = world.apply(follow_seconds=10, first_run=True)
    assert report.outcome is RunOutcome.INCOMPLETE
    assert "connection refused" in report.items[0].message
    assert (world.clock.now() - begun).total_seconds() < 15
    world.ips.outages = {}
    world.apply()
    assert world.is_settled()
    assert len(world.ips.sent) == 1
