"""What every Ledger must do, whatever it is written in."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from s7spec.adapters.ledger_sqlite import SqliteLedger
from s7spec.model.ledger import AssetOutcome, AttemptState, Holder, Lease, OutcomeKind
from s7spec.model.preset import Preset
from s7spec.ports import LeaseHeld, Ledger, LedgerConflict
from tests.fakes.clock import NOON
from tests.fakes.jobs import COMPANY, ENVIRONMENT, HOLDER, attempt, export_job, job_key

OTHER = Holder(host="laptop", pid=12, user="anna")
LEASE_SECONDS = 60

OpenLedger = Callable[[], Ledger]
"""Opens the same ledger once more, as another process would."""


def sqlite(tmp_path: Path) -> AbstractContextManager[Ledger]:
    return SqliteLedger(tmp_path / "ledger.db", create=True)


@pytest.fixture(params=[sqlite])
def open_ledger(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[OpenLedger]:
    with ExitStack() as stack:
        yield lambda: stack.enter_context(request.param(tmp_path))


@pytest.fixture
def ledger(open_ledger: OpenLedger) -> Ledger:
    return open_ledger()


@pytest.fixture
def lease(ledger: Ledger) -> Lease:
    return take(ledger)


def take(ledger: Ledger, *, holder: Holder = HOLDER, after: float = 0) -> Lease:
    now = NOON + timedelta(seconds=after)
    return ledger.acquire(COMPANY, ENVIRONMENT, holder=holder, now=now, seconds=LEASE_SECONDS)


class TestAttempts:
    def test_a_new_ledger_is_empty(self, ledger: Ledger) -> None:
        snapshot = ledger.snapshot(COMPANY, ENVIRONMENT)
        assert (snapshot.company, snapshot.environment) == (COMPANY, ENVIRONMENT)
        assert snapshot.latest == ()
        assert ledger.attempts(job_key("shop/main")) == ()
        assert ledger.events("s7-nothing") == ()

    def test_an_intent_is_there_for_everybody_at_once(
        self, ledger: Ledger, lease: Lease, open_ledger: OpenLedger
    ) -> None:
        written = ledger.intend(attempt(), prior=None, lease=lease)
        assert written == replace(attempt(), version=1)
        assert open_ledger().snapshot(COMPANY, ENVIRONMENT).latest == (written,)

    def test_every_field_comes_back(self, ledger: Ledger, lease: Lease) -> None:
        view = Preset(name="view", urlModifier="text=Mütze&wid=3")
        payload = export_job(is_modifier="$view$&bgc=255,255,255", presets=(view,))
        intent = ledger.intend(attempt(payload=payload), prior=None, lease=lease)
        asset = payload.assets[0]
        outcomes = tuple(
            AssetOutcome(asset=replace(asset, width=None), kind=kind, message=f"{kind}: 'ok' | ü")
            for kind in OutcomeKind
        )
        recorded = ledger.record(
            replace(
                intent,
                state=AttemptState.PARTIAL,
                updated_at=NOON + timedelta(microseconds=7),
                handle="j|7|x||",
                run_handle="j|7||x|1",
                message="half\nof it",
                zip_urls=("https://a.example/1.zip", "https://a.example/2.zip"),
                outcomes=outcomes,
            ),
            lease=lease,
        )
        assert recorded.version == 2
        assert ledger.attempts(intent.key) == (recorded,)

    def test_snapshot_holds_the_latest_attempt_of_each_job_sorted_by_key(
        self, ledger: Ledger, lease: Lease
    ) -> None:
        for short in ("shop/b", "shop/a", "Shop/z", "ärmel/a", "a/a"):
            ledger.intend(attempt(short), prior=None, lease=lease)
        first = ledger.attempts(job_key("shop/a"))[0]
        done = ledger.record(replace(first, state=AttemptState.OK), lease=lease)
        second = ledger.intend(attempt("shop/a", generation=2), prior=done, lease=lease)
        latest = ledger.snapshot(COMPANY, ENVIRONMENT).latest
        assert [a.key for a in latest] == sorted(a.key for a in latest)
        assert len(latest) == 5
        assert second in latest
        assert ledger.attempts(first.key) == (done, second)

    def test_environments_and_companies_are_apart(self, ledger: Ledger, lease: Lease) -> None:
        ledger.intend(attempt(), prior=None, lease=lease)
        assert ledger.snapshot(COMPANY, "production").latest == ()
        assert ledger.snapshot("Other", ENVIRONMENT).latest == ()

    def test_history_is_kept_step_by_step(self, ledger: Ledger, lease: Lease) -> None:
        now = ledger.intend(attempt(), prior=None, lease=lease)
        states = [AttemptState.UNKNOWN, AttemptState.ACTIVE, AttemptState.OK]
        for second, state in enumerate(states, start=1):
            at = NOON + timedelta(seconds=second)
            changed = replace(now, state=state, updated_at=at, message=f"now {state}")
            now = ledger.record(changed, lease=lease)
        events = ledger.events(now.name)
        assert [event.state for event in events] == [AttemptState.INTENT, *states]
        assert [event.version for event in events] == [1, 2, 3, 4]
        assert [event.at for event in events] == [NOON + timedelta(seconds=s) for s in range(4)]
        assert events[2].message == "now active"

    def test_the_same_attempt_can_be_intended_again(self, ledger: Ledger, lease: Lease) -> None:
        intent = ledger.intend(attempt(), prior=None, lease=lease)
        doubt = ledger.record(replace(intent, state=AttemptState.UNKNOWN), lease=lease)
        later = NOON + timedelta(minutes=5)
        again = ledger.intend(attempt(at=later), prior=doubt, lease=lease)
        assert again.version == 3
        assert ledger.attempts(intent.key) == (replace(attempt(at=later), version=3),)
        assert [event.version for event in ledger.events(intent.name)] == [1, 2, 3]


class TestSpecs:
    ONE, OTHER = b"1" * 32, b"\x00" * 32

    def specs(self, ledger: Ledger, manifest: str = "shop") -> dict[str, bytes]:
        return dict(ledger.spec_digests(COMPANY, ENVIRONMENT, manifest))

    def test_a_new_ledger_knows_none(self, ledger: Ledger) -> None:
        assert self.specs(ledger) == {}

    def test_they_are_there_with_the_intent(
        self, ledger: Ledger, lease: Lease, open_ledger: OpenLedger
    ) -> None:
        for short, digest in (
            ("shop/b", self.ONE),
            ("shop/ä", self.OTHER),
            ("shop2/a", self.ONE),
            ("sho/p", self.ONE),
        ):
            ledger.intend(attempt(short), prior=None, lease=lease, spec_digest=digest)
        assert self.specs(open_ledger()) == {"b": self.ONE, "ä": self.OTHER}
        assert self.specs(ledger, "sho") == {"p": self.ONE}
        assert ledger.spec_digests(COMPANY, "production", "shop") == {}
        assert ledger.spec_digests("Other", ENVIRONMENT, "shop") == {}

    def test_the_last_attempt_counts_even_when_it_is_not_known_what_it_asked_for(
        self, ledger: Ledger, lease: Lease
    ) -> None:
        first = ledger.intend(attempt(), prior=None, lease=lease, spec_digest=self.ONE)
        again = ledger.intend(attempt(), prior=first, lease=lease, spec_digest=self.OTHER)
        assert self.specs(ledger) == {"main": self.OTHER}
        done = ledger.record(replace(again, state=AttemptState.OK), lease=lease)
        assert self.specs(ledger) == {"main": self.OTHER}
        ledger.intend(attempt(generation=2), prior=done, lease=lease)
        assert self.specs(ledger) == {}

    def test_an_intent_that_is_refused_writes_none(self, ledger: Ledger, lease: Lease) -> None:
        first = ledger.intend(attempt(), prior=None, lease=lease, spec_digest=self.ONE)
        with pytest.raises(LedgerConflict):
            ledger.intend(attempt(generation=2), prior=None, lease=lease, spec_digest=self.OTHER)
        assert self.specs(ledger) == {"main": self.ONE}
        ledger.forget(first.key, at=NOON, lease=lease)
        assert self.specs(ledger) == {}, "what is forgotten asks for nothing"


class TestCompareAndSwap:
    def test_an_intent_needs_the_latest_attempt(self, ledger: Ledger, lease: Lease) -> None:
        first = ledger.intend(attempt(), prior=None, lease=lease)
        with pytest.raises(LedgerConflict, match="no attempt"):
            ledger.intend(attempt(generation=2), prior=None, lease=lease)
        done = ledger.record(replace(first, state=AttemptState.OK), lease=lease)
        with pytest.raises(LedgerConflict, match="version 1"):
            ledger.intend(attempt(generation=2), prior=first, lease=lease)
        ledger.intend(attempt(generation=2), prior=done, lease=lease)
        with pytest.raises(LedgerConflict):
            ledger.intend(attempt(generation=3), prior=done, lease=lease)
        assert len(ledger.attempts(first.key)) == 2

    def test_an_intent_whose_prior_is_gone(self, ledger: Ledger, lease: Lease) -> None:
        with pytest.raises(LedgerConflict, match="found no attempt"):
            ledger.intend(attempt(generation=2), prior=attempt(version=1), lease=lease)

    def test_a_name_is_intended_again_only_while_it_is_the_latest(
        self, ledger: Ledger, lease: Lease
    ) -> None:
        first = ledger.intend(attempt(), prior=None, lease=lease)
        done = ledger.record(replace(first, state=AttemptState.OK), lease=lease)
        second = ledger.intend(attempt(generation=2), prior=done, lease=lease)
        with pytest.raises(LedgerConflict, match="was sent before"):
            ledger.intend(attempt(), prior=second, lease=lease)
        assert ledger.attempts(first.key) == (done, second)

    def test_generations_are_counted_by_payload(self, ledger: Ledger, lease: Lease) -> None:
        """The order of attempts is that of their intents, not of their generations."""
        wide = export_job(is_modifier="wid=999")
        prior = None
        for each in (attempt(), attempt(generation=2), attempt(payload=wide)):
            intended = ledger.intend(each, prior=prior, lease=lease)
            prior = ledger.record(replace(intended, state=AttemptState.OK), lease=lease)
        snapshot = ledger.snapshot(COMPANY, ENVIRONMENT)
        assert snapshot.latest == (prior,)
        assert prior is not None
        key = prior.key
        assert snapshot.next_generation(key, attempt().fingerprint) == 3
        assert snapshot.next_generation(key, wide.fingerprint) == 2
        assert snapshot.next_generation(key, export_job(is_modifier="wid=1").fingerprint) == 1

    def test_a_record_needs_the_version_seen(self, ledger: Ledger, lease: Lease) -> None:
        intent = ledger.intend(attempt(), prior=None, lease=lease)
        ledger.record(replace(intent, state=AttemptState.ACCEPTED), lease=lease)
        with pytest.raises(LedgerConflict, match="version 1"):
            ledger.record(replace(intent, state=AttemptState.UNKNOWN), lease=lease)
        assert ledger.attempts(intent.key)[0].state is AttemptState.ACCEPTED
        assert len(ledger.events(intent.name)) == 2

    def test_a_record_of_nothing(self, ledger: Ledger, lease: Lease) -> None:
        with pytest.raises(LedgerConflict):
            ledger.record(attempt(version=1), lease=lease)

    def test_a_time_without_zone_is_refused(self, ledger: Ledger, lease: Lease) -> None:
        with pytest.raises(ValueError, match="time zone"):
            ledger.intend(attempt(at=NOON.replace(tzinfo=None)), prior=None, lease=lease)
        assert ledger.attempts(job_key("shop/main")) == ()


class TestForget:
    def test_history_stays(self, ledger: Ledger, lease: Lease) -> None:
        intent = ledger.intend(attempt(), prior=None, lease=lease)
        done = ledger.record(replace(intent, state=AttemptState.OK), lease=lease)
        at = NOON + timedelta(days=1)
        ledger.forget(done.key, at=at, lease=lease)
        forgotten = replace(done, forgotten=True, version=3, updated_at=at)
        assert ledger.snapshot(COMPANY, ENVIRONMENT).latest == (forgotten,)
        last = ledger.events(done.name)[-1]
        assert (last.version, last.state, last.at) == (3, AttemptState.OK, at)
        assert "forgotten" in last.message

    def test_all_attempts_are_forgotten_and_the_next_one_is_not(
        self, ledger: Ledger, lease: Lease
    ) -> None:
        first = ledger.intend(attempt(), prior=None, lease=lease)
        second = ledger.intend(attempt(generation=2), prior=first, lease=lease)
        ledger.forget(first.key, at=NOON, lease=lease)
        assert all(a.forgotten for a in ledger.attempts(first.key))
        latest = ledger.attempts(first.key)[-1]
        assert latest.version == second.version + 1
        third = ledger.intend(attempt(generation=3), prior=latest, lease=lease)
        assert not third.forgotten
        assert ledger.snapshot(COMPANY, ENVIRONMENT).latest == (third,)

    def test_an_older_plan_notices(self, ledger: Ledger, lease: Lease) -> None:
        done = ledger.intend(attempt(), prior=None, lease=lease)
        ledger.forget(done.key, at=NOON, lease=lease)
        with pytest.raises(LedgerConflict):
            ledger.intend(attempt(generation=2), prior=done, lease=lease)

    def test_nothing_to_forget(self, ledger: Ledger, lease: Lease) -> None:
        with pytest.raises(LedgerConflict):
            ledger.forget(job_key("shop/main"), at=NOON, lease=lease)


class TestLease:
    def test_only_one_holds_it(self, ledger: Ledger, open_ledger: OpenLedger) -> None:
        lease = take(ledger)
        assert lease.holder == HOLDER
        assert lease.expires_at == NOON + timedelta(seconds=LEASE_SECONDS)
        with pytest.raises(LeaseHeld, match="dam@ci-7") as held:
            take(open_ledger(), holder=OTHER, after=LEASE_SECONDS - 1)
        assert held.value.lease == lease

    def test_not_even_the_same_holder_takes_it_twice(self, ledger: Ledger) -> None:
        take(ledger)
        with pytest.raises(LeaseHeld):
            take(ledger)

    def test_environments_have_their_own(self, ledger: Ledger) -> None:
        take(ledger)
        ledger.acquire(COMPANY, "production", holder=OTHER, now=NOON, seconds=LEASE_SECONDS)

    def test_given_back_it_can_be_taken(self, ledger: Ledger) -> None:
        first = take(ledger)
        ledger.release(first)
        second = take(ledger, holder=OTHER, after=1)
        assert second.fence > first.fence

    def test_run_out_it_is_taken_over(self, ledger: Ledger) -> None:
        first = take(ledger)
        second = take(ledger, holder=OTHER, after=LEASE_SECONDS)
        assert second.fence > first.fence
        assert second.holder == OTHER

    def test_renewed_it_lasts(self, ledger: Ledger) -> None:
        lease = take(ledger)
        later = NOON + timedelta(seconds=50)
        renewed = ledger.renew(lease, now=later, seconds=LEASE_SECONDS)
        assert renewed.expires_at == later + timedelta(seconds=LEASE_SECONDS)
        assert (renewed.fence, renewed.taken_at) == (lease.fence, lease.taken_at)
        with pytest.raises(LeaseHeld):
            take(ledger, holder=OTHER, after=100)

    def test_every_write_of_a_lost_lease_is_refused(self, ledger: Ledger) -> None:
        lost = take(ledger)
        intent = ledger.intend(attempt(), prior=None, lease=lost)
        take(ledger, holder=OTHER, after=LEASE_SECONDS + 1)
        with pytest.raises(LedgerConflict, match=r"anna@laptop \(pid 12\)"):
            ledger.intend(attempt("shop/other"), prior=None, lease=lost)
        with pytest.raises(LedgerConflict):
            ledger.record(replace(intent, state=AttemptState.ACCEPTED), lease=lost)
        with pytest.raises(LedgerConflict):
            ledger.forget(intent.key, at=NOON, lease=lost)
        with pytest.raises(LedgerConflict):
            ledger.renew(lost, now=NOON, seconds=LEASE_SECONDS)
        assert ledger.snapshot(COMPANY, ENVIRONMENT).latest == (intent,)

    def test_releasing_a_lost_lease_leaves_the_new_one_alone(self, ledger: Ledger) -> None:
        lost = take(ledger)
        take(ledger, holder=OTHER, after=LEASE_SECONDS + 1)
        ledger.release(lost)
        with pytest.raises(LeaseHeld, match="anna@laptop"):
            take(ledger, after=LEASE_SECONDS + 2)

    def test_after_release_nothing_is_written(self, ledger: Ledger, lease: Lease) -> None:
        ledger.release(lease)
        with pytest.raises(LedgerConflict, match="given its lease back"):
            ledger.intend(attempt(), prior=None, lease=lease)

    def test_a_lease_that_only_ran_out_still_writes(self, ledger: Ledger, lease: Lease) -> None:
        """A call to IPS took longer than the lease, and nobody took it over meanwhile."""
        late = NOON + timedelta(seconds=10 * LEASE_SECONDS)
        ledger.intend(attempt(at=late), prior=None, lease=lease)
        assert ledger.renew(lease, now=late, seconds=LEASE_SECONDS).expires_at > late

    def test_a_lease_is_for_its_own_environment(self, ledger: Ledger, lease: Lease) -> None:
        elsewhere = job_key("shop/main", environment="production")
        with pytest.raises(ValueError, match="is not for"):
            ledger.intend(attempt(key=elsewhere), prior=None, lease=lease)

    def test_a_clock_set_back_locks_nobody_out_for_longer_than_a_lease(
        self, ledger: Ledger
    ) -> None:
        take(ledger)
        hour = 3600
        with pytest.raises(LeaseHeld) as held:
            take(ledger, holder=OTHER, after=-hour)
        assert held.value.lease.expires_at == NOON + timedelta(seconds=LEASE_SECONDS - hour)
        with pytest.raises(LeaseHeld):
            take(ledger, holder=OTHER, after=LEASE_SECONDS - hour - 1)
        assert take(ledger, holder=OTHER, after=LEASE_SECONDS - hour).holder == OTHER
