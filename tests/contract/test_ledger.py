"""What every Ledger must do, whatever it is written in.

Another adapter joins with one more entry of ``ADAPTERS``: this suite knows nothing but the port.
"""

import random
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, suppress
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import TypeAlias

import pytest

from s7spec.adapters.ledger_postgres import PostgresLedger
from s7spec.adapters.ledger_sqlite import SqliteLedger
from s7spec.model.job import ExportJob, JobKey, attempt_name
from s7spec.model.ledger import (
    Attempt,
    AttemptEvent,
    AttemptState,
    FailureClass,
    Holder,
    Lease,
    LedgerRecord,
)
from s7spec.model.manifest import EmailSetting
from s7spec.model.schedule import Timing
from s7spec.ports import LeaseHeld, Ledger, LedgerConflict, LedgerWriter
from tests.fakes.catalog import asset
from tests.fakes.clock import NOON
from tests.fakes.jobs import COMPANY, ENVIRONMENT, HOLDER, attempt, export_job, job_key
from tests.fakes.ledger import MemoryLedger, Store
from tests.fakes.ledgers import (
    LEASE_SECONDS,
    end,
    forget,
    full,
    head_of,
    heads,
    intend,
    move,
    record,
    take,
)

OTHER = Holder(host="laptop", pid=12, user="anna")
ONE, TWO = b"1" * 32, b"\x00" * 32

OpenLedger: TypeAlias = Callable[[], Ledger]
"""Opens the same ledger once more, as another process would."""

Opener: TypeAlias = Callable[[], AbstractContextManager[Ledger]]


@pytest.fixture
def quick_folder(tmp_path: Path) -> Iterator[Path]:
    """Where waiting for the disk costs nothing."""
    shared = Path("/dev/shm")
    parent = shared if shared.is_dir() else tmp_path
    with tempfile.TemporaryDirectory(dir=parent, prefix="s7spec-") as folder:
        yield Path(folder)


def sqlite(request: pytest.FixtureRequest, name: str) -> Opener:
    path = request.getfixturevalue("quick_folder") / f"{name}.db"
    return lambda: SqliteLedger(path, create=True)


def postgres(request: pytest.FixtureRequest, name: str) -> Opener:
    url = request.getfixturevalue("new_postgres")()
    return lambda: PostgresLedger(url, create=True)


def memory(request: pytest.FixtureRequest, name: str) -> Opener:
    """The fake is held to the same suite: what is proved on it holds for the others."""
    store = Store()
    return lambda: MemoryLedger(store)


ADAPTERS: list[Callable[[pytest.FixtureRequest, str], Opener]] = [sqlite, postgres, memory]
"""Each gives a test an empty ledger by a name, and opens it as often as the test likes."""


@pytest.fixture(params=ADAPTERS)
def adapter(request: pytest.FixtureRequest) -> Callable[[str], Opener]:
    return lambda name: request.param(request, name)


@pytest.fixture
def open_ledger(adapter: Callable[[str], Opener]) -> Iterator[OpenLedger]:
    opener = adapter("ledger")
    with ExitStack() as stack:
        yield lambda: stack.enter_context(opener())


@pytest.fixture
def empty_ledger(adapter: Callable[[str], Opener]) -> Iterator[Ledger]:
    """Another ledger of the same kind."""
    with adapter("other")() as other:
        yield other


@pytest.fixture
def ledger(open_ledger: OpenLedger) -> Ledger:
    return open_ledger()


@pytest.fixture
def lease(ledger: Ledger) -> Lease:
    return take(ledger)


class TestAttempts:
    def test_a_new_ledger_is_empty(self, ledger: Ledger) -> None:
        with ledger.reading(COMPANY, ENVIRONMENT) as view:
            assert list(view.heads()) == []
            assert view.head(job_key("shop/main")) is None
            assert view.open_attempts() == ()
            assert view.last_generation(job_key("shop/main"), "0" * 64) == 0
            assert view.is_cold()
            with pytest.raises(LedgerConflict, match="s7-nothing"):
                view.attempt("s7-nothing")
        assert ledger.attempts(job_key("shop/main")) == ()
        assert ledger.events("s7-nothing") == ()
        assert ledger.check() == ()

    def test_an_intent_is_there_for_everybody_at_once(
        self, ledger: Ledger, lease: Lease, open_ledger: OpenLedger
    ) -> None:
        written = intend(ledger, lease)
        assert written == replace(attempt(), version=1)
        with open_ledger().reading(COMPANY, ENVIRONMENT) as view:
            assert view.attempt(written.name) == written
            assert view.open_attempts() == (written,)
            assert not view.is_cold()

    def test_every_field_comes_back(self, ledger: Ledger, lease: Lease) -> None:
        intended = intend(ledger, lease, full())
        assert intended == replace(full(), version=1)
        assert ledger.attempts(intended.key) == (intended,)
        assert heads(ledger) == [head_of(intended)]
        assert ledger.check() == ()

    def test_every_field_of_what_becomes_of_it_comes_back(
        self, ledger: Ledger, lease: Lease
    ) -> None:
        whole = full()
        first = attempt(payload=whole.export_job)
        intended = intend(ledger, lease, first)
        changed = replace(
            intended,
            state=whole.state,
            updated_at=whole.updated_at,
            handle=whole.handle,
            run_handle=whole.run_handle,
            message=whole.message,
            zip_urls=whole.zip_urls,
            outcomes=whole.outcomes,
            ended_at=whole.ended_at,
            failure=whole.failure,
        )
        recorded = record(ledger, lease, changed)
        assert recorded == replace(changed, version=2)
        assert ledger.attempts(intended.key) == (recorded,)
        assert heads(ledger) == [head_of(recorded)]

    def test_what_was_intended_stays_as_it_is(self, ledger: Ledger, lease: Lease) -> None:
        intended = intend(ledger, lease, full())
        record(
            ledger,
            lease,
            replace(intended, export_job=export_job(), only=None, timing=None, rerun="x", tries=9),
        )
        assert ledger.attempts(intended.key) == (replace(intended, version=2),)
        assert heads(ledger) == [head_of(replace(intended, version=2))]

    @pytest.mark.parametrize("timing", [Timing(at=NOON), Timing(cron="0 0 6 ? * *"), None])
    def test_timings(self, ledger: Ledger, lease: Lease, timing: Timing | None) -> None:
        written = intend(ledger, lease, replace(attempt(), timing=timing))
        assert ledger.attempts(written.key)[0].timing == timing

    @pytest.mark.parametrize("state", AttemptState)
    def test_states(self, ledger: Ledger, lease: Lease, state: AttemptState) -> None:
        now = record(ledger, lease, replace(intend(ledger, lease), state=state))
        with ledger.reading(COMPANY, ENVIRONMENT) as view:
            assert view.head(now.key) == head_of(now)
            assert view.open_attempts() == ((now,) if state.is_open else ())

    @pytest.mark.parametrize("failure", FailureClass)
    def test_failures(self, ledger: Ledger, lease: Lease, failure: FailureClass) -> None:
        now = record(ledger, lease, replace(intend(ledger, lease), failure=failure))
        assert ledger.attempts(now.key)[0].failure is failure

    def test_moments_of_any_zone(self, ledger: Ledger, lease: Lease) -> None:
        local = NOON.astimezone(timezone(timedelta(hours=-9, minutes=-30)))
        now = end(ledger, lease, intend(ledger, lease, attempt(at=local)), at=local)
        (found,) = heads(ledger)
        assert found.ended_at == NOON
        assert found.ended_at.utcoffset() is not None
        assert ledger.attempts(now.key)[0].intended_at == NOON

    def test_environments_and_companies_are_apart(self, ledger: Ledger, lease: Lease) -> None:
        written = intend(ledger, lease)
        for company, environment in ((COMPANY, "production"), ("Other", ENVIRONMENT)):
            with ledger.reading(company, environment) as view:
                assert list(view.heads()) == []
                assert view.open_attempts() == ()
                assert view.is_cold()
                with pytest.raises(LedgerConflict):
                    view.attempt(written.name)

    def test_history_is_kept_step_by_step(self, ledger: Ledger, lease: Lease) -> None:
        now = intend(ledger, lease)
        states = [AttemptState.UNKNOWN, AttemptState.ACTIVE, AttemptState.OK]
        for second, state in enumerate(states, start=1):
            at = NOON + timedelta(seconds=second)
            changed = replace(now, state=state, updated_at=at, message=f"now {state}")
            now = record(ledger, lease, changed)
        events = ledger.events(now.name)
        assert [event.state for event in events] == [AttemptState.INTENT, *states]
        assert [event.version for event in events] == [1, 2, 3, 4]
        assert [event.at for event in events] == [NOON + timedelta(seconds=s) for s in range(4)]
        assert events[2] == AttemptEvent(
            attempt_name=now.name,
            version=3,
            state=AttemptState.ACTIVE,
            at=NOON + timedelta(seconds=2),
            message="now active",
        )

    def test_the_same_attempt_can_be_intended_again(self, ledger: Ledger, lease: Lease) -> None:
        intent = intend(ledger, lease)
        doubt = record(ledger, lease, replace(intent, state=AttemptState.UNKNOWN))
        later = replace(attempt(at=NOON + timedelta(minutes=5)), rerun="r", tries=2)
        again = intend(ledger, lease, later, prior=doubt)
        assert again == replace(later, version=3)
        assert ledger.attempts(intent.key) == (again,)
        assert heads(ledger) == [head_of(again)]
        assert [event.version for event in ledger.events(intent.name)] == [1, 2, 3]


class TestHeads:
    def test_the_latest_attempt_of_each_job_sorted_by_key(
        self, ledger: Ledger, lease: Lease
    ) -> None:
        shorts = ("shop/b", "shop/a", "Shop/z", "ärmel/a", "a/a", "shop/a-1", "shop/😀", "shop/ﬃ")
        for short in (*shorts, "shop-1/a", "sho/p", "shop/A", "z/a"):
            intend(ledger, lease, attempt(short))
        first = ledger.attempts(job_key("shop/a"))[0]
        done = end(ledger, lease, first)
        second = intend(ledger, lease, attempt("shop/a", generation=2), prior=done)
        found = heads(ledger)
        assert [head.key for head in found] == sorted(head.key for head in found)
        assert len(found) == len(shorts) + 4
        assert head_of(second) in found
        assert ledger.attempts(first.key) == (done, second)

    def test_a_thousand_of_them(self, ledger: Ledger, lease: Lease) -> None:
        first, *others = [attempt(f"shop/{number}") for number in range(1000)]
        with ledger.writing(lease) as writer:
            written = [writer.intend(each, prior=None) for each in others]
        intend(ledger, lease, first)
        found = heads(ledger)
        assert [head.key for head in found] == sorted(each.key for each in (first, *others))
        assert {head.attempt_name for head in found} == {each.name for each in (first, *written)}

    def test_one_is_as_it_is_among_all(self, ledger: Ledger, lease: Lease) -> None:
        for short in ("shop/a", "shop/b"):
            intend(ledger, lease, attempt(short))
        found = heads(ledger)
        with ledger.reading(COMPANY, ENVIRONMENT) as view:
            assert [view.head(head.key) for head in found] == found

    def test_they_tell_what_was_wanted_not_what_was_sent(
        self, ledger: Ledger, lease: Lease
    ) -> None:
        part = intend(ledger, lease, full())
        (found,) = heads(ledger)
        assert found.wanted == part.export_job.fingerprint
        assert found.wanted.data != part.fingerprint.data

    def test_open_attempts_are_the_latest_ones_sorted_by_key(
        self, ledger: Ledger, lease: Lease
    ) -> None:
        opened = [intend(ledger, lease, attempt(short)) for short in ("shop/c", "shop/b", "b/z")]
        end(ledger, lease, opened[0])
        old = intend(ledger, lease, attempt("shop/a"))
        end(ledger, lease, intend(ledger, lease, attempt("shop/a", generation=2), prior=old))
        with ledger.reading(COMPANY, ENVIRONMENT) as view:
            assert view.open_attempts() == (opened[2], opened[1])


class TestGenerations:
    def last(self, ledger: Ledger, payload: ExportJob, short: str = "shop/main") -> int:
        with ledger.reading(COMPANY, ENVIRONMENT) as view:
            return view.last_generation(job_key(short), payload.fingerprint.data)

    def test_they_are_counted_by_what_was_sent(self, ledger: Ledger, lease: Lease) -> None:
        """The order of attempts is that of their intents, not of their generations."""
        wide = export_job(is_modifier="wid=999")
        prior = None
        for each in (attempt(), attempt(generation=2), attempt(payload=wide)):
            prior = end(ledger, lease, intend(ledger, lease, each, prior=prior))
        assert self.last(ledger, export_job()) == 2
        assert self.last(ledger, wide) == 1
        assert self.last(ledger, export_job(is_modifier="wid=1")) == 0
        assert self.last(ledger, export_job(), "shop/other") == 0
        assert [each.generation for each in ledger.attempts(job_key("shop/main"))] == [1, 2, 1]

    def test_a_part_of_the_assets_counts_as_what_it_is(self, ledger: Ledger, lease: Lease) -> None:
        part = intend(ledger, lease, full())
        assert self.last(ledger, part.export_job) == 0
        assert self.last(ledger, replace(part.export_job, assets=part.sent)) == 7

    def test_forgotten_ones_count(self, ledger: Ledger, lease: Lease) -> None:
        forget(ledger, lease, intend(ledger, lease))
        assert self.last(ledger, export_job()) == 1

    def test_names_that_moved_away_are_not_given_again(self, ledger: Ledger, lease: Lease) -> None:
        """The server has a job of this name, whatever ours is called now."""
        moved = move(ledger, lease, intend(ledger, lease), "shop/new")
        assert self.last(ledger, export_job()) == 1
        assert self.last(ledger, export_job(), "shop/new") == 1
        again = intend(ledger, lease, attempt(generation=2))
        assert again.name != moved.name
        assert [head.key.export for head in heads(ledger)] == ["main", "new"]


class TestViews:
    def test_a_view_stays_as_it_is_whoever_writes(
        self, ledger: Ledger, lease: Lease, open_ledger: OpenLedger
    ) -> None:
        first = intend(ledger, lease, attempt("shop/a"))
        second = intend(ledger, lease, attempt("shop/b"))
        with ledger.reading(COMPANY, ENVIRONMENT) as view:
            walk = view.heads()
            assert next(walk) == head_of(first)
            end(ledger, lease, second)
            intend(ledger, lease, attempt("shop/c"))
            with open_ledger().reading(COMPANY, ENVIRONMENT) as other:
                assert len(list(other.heads())) == 3
            assert list(walk) == [head_of(second)]
            assert view.attempt(second.name) == second
            assert view.open_attempts() == (first, second)
            with ledger.reading(COMPANY, ENVIRONMENT) as newer:
                assert len(newer.open_attempts()) == 2
                assert newer.head(second.key) != view.head(second.key)
        assert len(heads(ledger)) == 3

    def test_several_walks_at_once(self, ledger: Ledger, lease: Lease) -> None:
        for short in ("shop/a", "shop/b"):
            intend(ledger, lease, attempt(short))
        with ledger.reading(COMPANY, ENVIRONMENT) as view:
            pairs = list(zip(view.heads(), view.heads(), strict=True))
            assert all(one == other for one, other in pairs)
            half_way = view.heads()
            next(half_way)

    def test_a_key_of_elsewhere_is_refused(self, ledger: Ledger) -> None:
        elsewhere = job_key("shop/main", environment="production")
        with ledger.reading(COMPANY, ENVIRONMENT) as view:
            with pytest.raises(ValueError, match="is not of"):
                view.head(elsewhere)
            with pytest.raises(ValueError, match="is not of"):
                view.last_generation(elsewhere, "")


class TestTransactions:
    def test_several_steps_are_one(
        self, ledger: Ledger, lease: Lease, open_ledger: OpenLedger
    ) -> None:
        other = open_ledger()
        with ledger.writing(lease) as writer:
            first = writer.intend(attempt("shop/a"), prior=None)
            writer.intend(attempt("shop/b"), prior=None)
            done = writer.record(replace(first, state=AttemptState.OK))
            writer.intend(attempt("shop/a", generation=2), prior=done.prior)
            for each in (ledger, other):
                assert heads(each) == [], "nobody sees it before it is durable"
        assert [(head.key.export, head.generation) for head in heads(other)] == [("a", 2), ("b", 1)]

    def test_an_error_undoes_all_of_it(self, ledger: Ledger, lease: Lease) -> None:
        before = intend(ledger, lease, attempt("shop/a"), spec_digest=ONE)

        def interrupted() -> None:
            with ledger.writing(lease) as writer:
                writer.intend(attempt("shop/b"), prior=None)
                writer.record(replace(before, state=AttemptState.OK))
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            interrupted()
        assert heads(ledger) == [head_of(before)]
        assert len(ledger.events(before.name)) == 1
        intend(ledger, lease, attempt("shop/b"))

    def test_a_conflict_undoes_what_came_before_it(self, ledger: Ledger, lease: Lease) -> None:
        def too_late() -> None:
            with ledger.writing(lease) as writer:
                writer.intend(attempt("shop/a"), prior=None)
                writer.record(attempt("shop/b", version=1))

        with pytest.raises(LedgerConflict):
            too_late()
        assert heads(ledger) == []

    def test_a_conflict_that_is_caught_undoes_it_all_the_same(
        self, ledger: Ledger, lease: Lease
    ) -> None:
        def too_late() -> None:
            with ledger.writing(lease) as writer:
                writer.intend(attempt("shop/a"), prior=None)
                with suppress(LedgerConflict):
                    writer.record(attempt("shop/b", version=1))
                with suppress(LedgerConflict):
                    writer.intend(attempt("shop/c"), prior=None)

        with pytest.raises(LedgerConflict):
            too_late()
        assert heads(ledger) == []

    def test_an_empty_one(self, ledger: Ledger, lease: Lease) -> None:
        with ledger.writing(lease):
            pass
        ledger.release(lease)
        with pytest.raises(LedgerConflict), ledger.writing(lease):
            pass

    def test_a_writer_ends_with_its_block(self, ledger: Ledger, lease: Lease) -> None:
        with ledger.writing(lease) as writer:
            pass
        with pytest.raises(RuntimeError, match="over"):
            writer.intend(attempt(), prior=None)
        assert heads(ledger) == []


class TestSpecs:
    def specs(self, ledger: Ledger, manifest: str = "shop") -> dict[str, bytes]:
        return dict(ledger.spec_digests(COMPANY, ENVIRONMENT, manifest))

    def test_a_new_ledger_knows_none(self, ledger: Ledger) -> None:
        assert self.specs(ledger) == {}

    def test_they_are_there_with_the_intent(
        self, ledger: Ledger, lease: Lease, open_ledger: OpenLedger
    ) -> None:
        for short, digest in (
            ("shop/b", ONE),
            ("shop/ä", TWO),
            ("shop2/a", ONE),
            ("sho/p", ONE),
        ):
            intend(ledger, lease, attempt(short), spec_digest=digest)
        assert self.specs(open_ledger()) == {"b": ONE, "ä": TWO}
        assert self.specs(ledger, "sho") == {"p": ONE}
        assert ledger.spec_digests(COMPANY, "production", "shop") == {}
        assert ledger.spec_digests("Other", ENVIRONMENT, "shop") == {}

    def test_the_last_attempt_counts_even_when_it_is_not_known_what_it_asked_for(
        self, ledger: Ledger, lease: Lease
    ) -> None:
        first = intend(ledger, lease, spec_digest=ONE)
        again = intend(ledger, lease, prior=first, spec_digest=TWO)
        assert self.specs(ledger) == {"main": TWO}
        done = end(ledger, lease, again)
        assert self.specs(ledger) == {"main": TWO}
        intend(ledger, lease, attempt(generation=2), prior=done)
        assert self.specs(ledger) == {}

    def test_an_intent_that_is_refused_writes_none(self, ledger: Ledger, lease: Lease) -> None:
        first = intend(ledger, lease, spec_digest=ONE)
        with pytest.raises(LedgerConflict):
            intend(ledger, lease, attempt(generation=2), spec_digest=TWO)
        assert self.specs(ledger) == {"main": ONE}
        forget(ledger, lease, first)
        assert self.specs(ledger) == {}, "what is forgotten asks for nothing"


class TestCompareAndSwap:
    def test_an_intent_needs_the_latest_attempt(self, ledger: Ledger, lease: Lease) -> None:
        first = intend(ledger, lease)
        with pytest.raises(LedgerConflict, match="no attempt"):
            intend(ledger, lease, attempt(generation=2))
        done = end(ledger, lease, first)
        with pytest.raises(LedgerConflict, match="version 1"):
            intend(ledger, lease, attempt(generation=2), prior=first)
        intend(ledger, lease, attempt(generation=2), prior=done)
        with pytest.raises(LedgerConflict):
            intend(ledger, lease, attempt(generation=3), prior=done)
        assert len(ledger.attempts(first.key)) == 2

    def test_an_intent_whose_prior_is_gone(self, ledger: Ledger, lease: Lease) -> None:
        with pytest.raises(LedgerConflict, match="found no attempt"):
            intend(ledger, lease, attempt(generation=2), prior=attempt(version=1))

    def test_a_name_is_intended_again_only_while_it_is_the_latest(
        self, ledger: Ledger, lease: Lease
    ) -> None:
        first = intend(ledger, lease)
        done = end(ledger, lease, first)
        second = intend(ledger, lease, attempt(generation=2), prior=done)
        with pytest.raises(LedgerConflict, match="was sent before"):
            intend(ledger, lease, attempt(), prior=second)
        assert ledger.attempts(first.key) == (done, second)

    def test_a_name_stands_for_one_content(self, ledger: Ledger, lease: Lease) -> None:
        first = intend(ledger, lease)
        other = replace(attempt(payload=export_job(is_modifier="wid=9")), name=first.name)
        with pytest.raises(LedgerConflict, match="other content"):
            intend(ledger, lease, other, prior=first)
        assert ledger.attempts(first.key) == (first,)

    def test_a_generation_of_one_content_is_sent_once(self, ledger: Ledger, lease: Lease) -> None:
        """Also when the name says otherwise, because the job was moved."""
        moved = move(ledger, lease, intend(ledger, lease), "shop/new")
        with pytest.raises(LedgerConflict, match="generation 1"):
            intend(ledger, lease, attempt("shop/new"), prior=moved)
        intend(ledger, lease, attempt("shop/new", generation=2), prior=moved)

    def test_a_record_needs_the_version_seen(self, ledger: Ledger, lease: Lease) -> None:
        intent = intend(ledger, lease)
        record(ledger, lease, replace(intent, state=AttemptState.ACCEPTED))
        with pytest.raises(LedgerConflict, match="version 1"):
            record(ledger, lease, replace(intent, state=AttemptState.UNKNOWN))
        assert ledger.attempts(intent.key)[0].state is AttemptState.ACCEPTED
        assert len(ledger.events(intent.name)) == 2

    def test_a_record_under_another_key(self, ledger: Ledger, lease: Lease) -> None:
        intent = intend(ledger, lease)
        with pytest.raises(LedgerConflict):
            record(ledger, lease, replace(intent, key=job_key("shop/other")))
        assert heads(ledger) == [head_of(intent)]

    def test_a_record_of_nothing(self, ledger: Ledger, lease: Lease) -> None:
        with pytest.raises(LedgerConflict):
            record(ledger, lease, attempt(version=1))

    def test_a_record_of_an_older_attempt_leaves_the_head_alone(
        self, ledger: Ledger, lease: Lease
    ) -> None:
        first = intend(ledger, lease)
        second = intend(ledger, lease, attempt(generation=2), prior=first)
        done = end(ledger, lease, first)
        assert heads(ledger) == [head_of(second)]
        assert ledger.attempts(first.key) == (done, second)
        assert ledger.check() == ()

    def test_a_time_without_zone_is_refused(self, ledger: Ledger, lease: Lease) -> None:
        with pytest.raises(ValueError, match="time zone"):
            intend(ledger, lease, attempt(at=NOON.replace(tzinfo=None)))
        assert ledger.attempts(job_key("shop/main")) == ()


class TestAmend:
    def amend(
        self, ledger: Ledger, lease: Lease, changed: Attempt, spec_digest: bytes | None = None
    ) -> Attempt:
        with ledger.writing(lease) as writer:
            return writer.amend(changed, spec_digest=spec_digest)

    def test_what_does_not_count_is_written_anew(self, ledger: Ledger, lease: Lease) -> None:
        done = end(ledger, lease, intend(ledger, lease, spec_digest=ONE))
        payload = export_job(emailSetting=EmailSetting.NONE)
        changed = replace(
            done,
            export_job=payload,
            fingerprint=payload.fingerprint,
            rerun="again",
            message="asked for with other mails",
            updated_at=NOON + timedelta(seconds=9),
        )
        amended = self.amend(ledger, lease, changed, TWO)
        assert amended == replace(changed, version=3)
        assert ledger.attempts(done.key) == (amended,)
        assert heads(ledger) == [head_of(amended)]
        assert heads(ledger)[0].wanted.meta != done.wanted.meta
        assert ledger.spec_digests(COMPANY, ENVIRONMENT, "shop") == {"main": TWO}
        assert ledger.events(done.name)[-1].message == "asked for with other mails"
        assert ledger.check() == ()

    def test_also_of_an_attempt_that_sent_a_part(self, ledger: Ledger, lease: Lease) -> None:
        part = intend(ledger, lease, full())
        payload = replace(part.export_job, emailSetting=EmailSetting.NONE)
        amended = self.amend(ledger, lease, replace(part, export_job=payload))
        assert ledger.attempts(part.key) == (amended,)
        assert heads(ledger) == [head_of(amended)]

    def test_a_spec_that_is_not_known_goes(self, ledger: Ledger, lease: Lease) -> None:
        self.amend(ledger, lease, intend(ledger, lease, spec_digest=ONE))
        assert ledger.spec_digests(COMPANY, ENVIRONMENT, "shop") == {}

    def test_what_counts_is_refused(self, ledger: Ledger, lease: Lease) -> None:
        done = end(ledger, lease, intend(ledger, lease))
        wide = export_job(is_modifier="wid=999")
        for changed in (
            replace(done, export_job=wide),
            replace(done, export_job=wide, fingerprint=wide.fingerprint),
            replace(done, fingerprint=wide.fingerprint),
            replace(done, export_job=export_job((asset("Acme/one"),))),
        ):
            with pytest.raises(ValueError, match="counts"):
                self.amend(ledger, lease, changed)
        assert ledger.attempts(done.key) == (done,)

    def test_what_was_sent_stays_as_it_is(self, ledger: Ledger, lease: Lease) -> None:
        part = intend(ledger, lease, full())
        forget(ledger, lease, part)
        (forgotten,) = ledger.attempts(part.key)
        self.amend(
            ledger,
            lease,
            replace(forgotten, only=None, forgotten=False, generation=1, tries=9, timing=None),
        )
        assert ledger.attempts(part.key) == (replace(forgotten, version=3),)
        assert heads(ledger) == [head_of(replace(forgotten, version=3))]
        assert ledger.check() == ()

    def test_it_needs_the_latest_attempt_as_it_is(self, ledger: Ledger, lease: Lease) -> None:
        first = intend(ledger, lease)
        done = end(ledger, lease, first)
        with pytest.raises(LedgerConflict):
            self.amend(ledger, lease, first)
        intend(ledger, lease, attempt(generation=2), prior=done)
        with pytest.raises(LedgerConflict):
            self.amend(ledger, lease, done)
        with pytest.raises(LedgerConflict):
            self.amend(ledger, lease, attempt("shop/other", version=1))


class TestForget:
    def test_history_stays(self, ledger: Ledger, lease: Lease) -> None:
        done = end(ledger, lease, intend(ledger, lease))
        at = NOON + timedelta(days=1)
        forget(ledger, lease, done, at=at)
        forgotten = replace(done, forgotten=True, version=3, updated_at=at)
        assert ledger.attempts(done.key) == (forgotten,)
        assert heads(ledger) == [head_of(forgotten)]
        last = ledger.events(done.name)[-1]
        assert (last.version, last.state, last.at) == (3, AttemptState.OK, at)
        assert last.message == "not declared any more"
        with ledger.reading(COMPANY, ENVIRONMENT) as view:
            assert not view.is_cold(), "something was sent once"
        assert ledger.check() == ()

    def test_all_attempts_are_forgotten_and_the_next_one_is_not(
        self, ledger: Ledger, lease: Lease
    ) -> None:
        first = intend(ledger, lease)
        second = intend(ledger, lease, attempt(generation=2), prior=first)
        forget(ledger, lease, second)
        assert all(each.forgotten for each in ledger.attempts(first.key))
        latest = ledger.attempts(first.key)[-1]
        assert latest.version == second.version + 1
        third = intend(ledger, lease, attempt(generation=3), prior=latest)
        assert not third.forgotten
        assert heads(ledger) == [head_of(third)]

    def test_an_older_plan_notices(self, ledger: Ledger, lease: Lease) -> None:
        done = intend(ledger, lease)
        forget(ledger, lease, done)
        with pytest.raises(LedgerConflict):
            intend(ledger, lease, attempt(generation=2), prior=done)

    def test_it_needs_the_latest_attempt_as_it_is(self, ledger: Ledger, lease: Lease) -> None:
        with pytest.raises(LedgerConflict):
            forget(ledger, lease, attempt(version=1))
        first = intend(ledger, lease)
        end(ledger, lease, first)
        with pytest.raises(LedgerConflict):
            forget(ledger, lease, first)
        assert not heads(ledger)[0].forgotten


class TestMove:
    OLD, NEW = job_key("shop/main"), job_key("outlet/sale")

    def test_the_whole_history_goes_along(self, ledger: Ledger, lease: Lease) -> None:
        first = end(ledger, lease, intend(ledger, lease))
        second = intend(ledger, lease, attempt(generation=2), prior=first, spec_digest=ONE)
        done = end(ledger, lease, second)
        at = NOON + timedelta(days=1)
        with ledger.writing(lease) as writer:
            writer.move(self.OLD, to=self.NEW, prior=done.prior, at=at)
        moved = replace(done, key=self.NEW, version=3, updated_at=at)
        assert ledger.attempts(self.OLD) == ()
        assert ledger.attempts(self.NEW) == (replace(first, key=self.NEW), moved)
        assert heads(ledger) == [head_of(moved)]
        assert ledger.spec_digests(COMPANY, ENVIRONMENT, "outlet") == {"sale": ONE}
        assert ledger.spec_digests(COMPANY, ENVIRONMENT, "shop") == {}
        last = ledger.events(done.name)[-1]
        assert (last.version, last.state, last.at) == (3, AttemptState.OK, at)
        assert str(self.OLD) in last.message
        assert str(self.NEW) in last.message
        assert ledger.check() == ()

    def test_it_goes_on_under_its_new_key(self, ledger: Ledger, lease: Lease) -> None:
        moved = move(ledger, lease, intend(ledger, lease), "outlet/sale")
        done = end(ledger, lease, moved)
        following = attempt("outlet/sale", generation=2)
        intend(ledger, lease, following, prior=done)
        assert [each.name for each in ledger.attempts(self.NEW)] == [moved.name, following.name]

    def test_only_to_where_there_is_no_history(self, ledger: Ledger, lease: Lease) -> None:
        old = intend(ledger, lease)
        new = intend(ledger, lease, attempt("outlet/sale"))
        with pytest.raises(LedgerConflict, match="outlet/sale"):
            move(ledger, lease, old, "outlet/sale")
        forget(ledger, lease, new)
        with pytest.raises(LedgerConflict, match="outlet/sale"):
            move(ledger, lease, old, "outlet/sale")
        with pytest.raises(LedgerConflict, match="shop/main"):
            move(ledger, lease, old, "shop/main")
        assert ledger.attempts(self.OLD) == (old,)

    def test_it_needs_the_latest_attempt_as_it_is(self, ledger: Ledger, lease: Lease) -> None:
        with pytest.raises(LedgerConflict):
            move(ledger, lease, attempt(version=1), "outlet/sale")
        first = intend(ledger, lease)
        end(ledger, lease, first)
        with pytest.raises(LedgerConflict):
            move(ledger, lease, first, "outlet/sale")

    def test_not_into_another_environment(self, ledger: Ledger, lease: Lease) -> None:
        prior = intend(ledger, lease).prior
        elsewhere = job_key("shop/main", environment="production")
        with pytest.raises(ValueError, match="is not for"), ledger.writing(lease) as writer:
            writer.move(self.OLD, to=elsewhere, prior=prior, at=NOON)


class TestRecords:
    def fill(self, ledger: Ledger, lease: Lease) -> None:
        first = end(ledger, lease, intend(ledger, lease, attempt("shop/b"), spec_digest=ONE))
        intend(ledger, lease, full("shop/a"), spec_digest=TWO)
        second = attempt("shop/b", generation=2)
        intend(ledger, lease, second, prior=first, spec_digest=TWO)
        forget(ledger, lease, intend(ledger, lease, attempt("shop/c"), spec_digest=ONE))
        move(ledger, lease, intend(ledger, lease, attempt("shop/d")), "shop/0")
        elsewhere = take(ledger, environment="production")
        intend(ledger, elsewhere, attempt(key=job_key("shop/b", environment="production")))

    def everything(self, ledger: Ledger) -> tuple[object, ...]:
        return (
            heads(ledger),
            heads(ledger, environment="production"),
            [ledger.attempts(head.key) for head in heads(ledger)],
            [ledger.events(head.attempt_name) for head in heads(ledger)],
            ledger.spec_digests(COMPANY, ENVIRONMENT, "shop"),
            ledger.check(),
        )

    def test_everything_oldest_first(self, ledger: Ledger, lease: Lease) -> None:
        self.fill(ledger, lease)
        found = list(ledger.records())
        told = [(r.attempt.key.short, r.attempt.generation, r.is_latest) for r in found]
        assert told == [
            ("shop/b", 1, False),
            ("shop/a", 7, True),
            ("shop/b", 2, True),
            ("shop/c", 1, True),
            ("shop/0", 1, True),
            ("shop/b", 1, True),
        ]
        assert [each.spec_digest for each in found] == [None, TWO, TWO, None, None, None]
        assert [each.attempt.key.environment for each in found] == ["local"] * 5 + ["production"]
        for each in found:
            assert each.events == ledger.events(each.attempt.name)

    def test_a_new_ledger_has_none(self, ledger: Ledger) -> None:
        assert list(ledger.records()) == []
        assert ledger.restore([]) == 0

    def test_what_came_out_goes_into_an_empty_one(
        self, ledger: Ledger, lease: Lease, empty_ledger: Ledger
    ) -> None:
        self.fill(ledger, lease)
        assert empty_ledger.restore(ledger.records()) == 6
        assert self.everything(empty_ledger) == self.everything(ledger)
        assert list(empty_ledger.records()) == list(ledger.records())

    def test_a_restored_ledger_goes_on(
        self, ledger: Ledger, lease: Lease, empty_ledger: Ledger
    ) -> None:
        done = end(ledger, lease, intend(ledger, lease))
        empty_ledger.restore(ledger.records())
        new_lease = take(empty_ledger)
        intend(empty_ledger, new_lease, attempt(generation=2), prior=done)
        assert len(empty_ledger.attempts(done.key)) == 2

    def test_only_an_empty_ledger_is_filled(self, ledger: Ledger, lease: Lease) -> None:
        self.fill(ledger, lease)
        before = self.everything(ledger)
        for records in (list(ledger.records()), []):
            with pytest.raises(LedgerConflict, match="not empty"):
                ledger.restore(records)
        assert self.everything(ledger) == before

    def test_all_or_nothing(self, ledger: Ledger, lease: Lease, empty_ledger: Ledger) -> None:
        self.fill(ledger, lease)
        records = list(ledger.records())

        def torn() -> Iterator[LedgerRecord]:
            yield from records[:3]
            raise ValueError("the backup ends here")

        for damaged, words in (
            (torn(), "ends here"),
            (iter([*records, records[0]]), "contradicts"),
            (iter([replace(each, is_latest=True) for each in records]), "contradicts"),
            (iter([replace(each, is_latest=False) for each in records]), "is the latest of"),
        ):
            with pytest.raises(ValueError, match=words):
                empty_ledger.restore(damaged)
            assert list(empty_ledger.records()) == []
        assert empty_ledger.restore(records) == len(records)


class TestHistories:
    """Random steps, each also taken by a simple model of what a ledger is."""

    SHORTS = ("a/1", "a/2", "ä/1", "shop/main")

    @pytest.mark.parametrize("seed", range(8))
    def test_a_ledger_is_what_the_model_is(
        self, ledger: Ledger, lease: Lease, empty_ledger: Ledger, seed: int
    ) -> None:
        dice = random.Random(seed)  # noqa: S311 -- repeatable, not secret
        model = Model()
        for second in range(1, 60):
            step = dice.choice((model.send, model.send, model.record, model.amend, model.retire))
            with ledger.writing(lease) as writer:
                step(writer, dice, NOON + timedelta(seconds=second), dice.choice(self.SHORTS))
            if second % 10 == 0:
                model.compare(ledger)
        model.compare(ledger)
        empty_ledger.restore(ledger.records())
        model.compare(empty_ledger)


class Model:
    """All attempts by key, oldest first."""

    def __init__(self) -> None:
        self.jobs: dict[JobKey, list[Attempt]] = {}
        self.specs: dict[JobKey, bytes | None] = {}

    def send(self, writer: LedgerWriter, dice: random.Random, at: datetime, short: str) -> None:
        """A new attempt, or the latest again."""
        key = job_key(short)
        history = self.jobs.setdefault(key, [])
        latest = history[-1] if history else None
        payload = export_job(is_modifier=f"wid={dice.randint(1, 3)}")
        wanted = replace(attempt(key=key, payload=payload, at=at), rerun=dice.choice((None, "r")))
        if latest is not None and dice.random() < 0.3:
            wanted = replace(latest, state=AttemptState.INTENT, forgotten=False, updated_at=at)
            history.pop()
        else:
            generation = self.last_generation(key, payload) + 1
            name = attempt_name(key, wanted.fingerprint, generation)
            wanted = replace(wanted, generation=generation, name=name)
        spec = dice.choice((None, ONE, TWO))
        prior = None if latest is None else latest.prior
        history.append(writer.intend(wanted, prior=prior, spec_digest=spec))
        self.specs[key] = spec

    def last_generation(self, key: JobKey, payload: ExportJob) -> int:
        """Also of attempts that moved away: their names are those of this key."""
        name = attempt_name(key, payload.fingerprint, 1).removesuffix("1")
        sent = [each for history in self.jobs.values() for each in history]
        return max(
            (
                each.generation
                for each in sent
                if each.fingerprint.data == payload.fingerprint.data
                and (each.key == key or each.name.startswith(name))
            ),
            default=0,
        )

    def record(self, writer: LedgerWriter, dice: random.Random, at: datetime, short: str) -> None:
        """Of any attempt: an older one may end after a newer one was sent."""
        history = self.jobs.get(job_key(short))
        if history:
            place = dice.randrange(len(history))
            state = dice.choice(list(AttemptState))
            changed = replace(
                history[place],
                state=state,
                updated_at=at,
                ended_at=None if state.is_open else at,
                message=dice.choice(("", "fine")),
            )
            history[place] = writer.record(changed)

    def amend(self, writer: LedgerWriter, dice: random.Random, at: datetime, short: str) -> None:
        history = self.jobs.get(job_key(short))
        if history:
            mails = dice.choice(list(EmailSetting))
            payload = replace(history[-1].export_job, emailSetting=mails)
            changed = replace(history[-1], export_job=payload, rerun="s", updated_at=at)
            history[-1] = writer.amend(changed, spec_digest=TWO)
            self.specs[job_key(short)] = TWO

    def retire(self, writer: LedgerWriter, dice: random.Random, at: datetime, short: str) -> None:
        """Forgets the job, or moves it."""
        key, to = job_key(short), job_key(dice.choice(TestHistories.SHORTS))
        history = self.jobs.get(key)
        if not history:
            return
        prior = history[-1].prior
        history[-1] = replace(history[-1], version=prior.version + 1, updated_at=at)
        if self.jobs.get(to):
            writer.forget(key, prior=prior, at=at, message="gone")
            self.jobs[key] = [replace(each, forgotten=True) for each in history]
            self.specs[key] = None
        else:
            writer.move(key, to=to, prior=prior, at=at)
            self.jobs[to] = [replace(each, key=to) for each in self.jobs.pop(key)]
            self.specs[to] = self.specs.pop(key)

    def compare(self, ledger: Ledger) -> None:
        latest = [history[-1] for _, history in sorted(self.jobs.items()) if history]
        assert heads(ledger) == [head_of(each) for each in latest]
        for key, history in self.jobs.items():
            assert ledger.attempts(key) == tuple(history)
            for each in history:
                versions = [event.version for event in ledger.events(each.name)]
                assert versions == list(range(1, each.version + 1))
        with ledger.reading(COMPANY, ENVIRONMENT) as view:
            assert view.open_attempts() == tuple(each for each in latest if each.state.is_open)
            for key in map(job_key, TestHistories.SHORTS):
                for width in range(1, 5):
                    payload = export_job(is_modifier=f"wid={width}")
                    found = view.last_generation(key, payload.fingerprint.data)
                    assert found == self.last_generation(key, payload)
        known = {key.short: spec for key, spec in self.specs.items() if spec is not None}
        for manifest in ("a", "ä", "shop"):
            specs = ledger.spec_digests(COMPANY, ENVIRONMENT, manifest)
            for export, spec in specs.items():
                assert known.pop(f"{manifest}/{export}") == spec
        assert known == {}
        assert ledger.check() == ()


class TestLease:
    def test_a_lease_of_a_lost_ledger_is_none_of_this_one(self, ledger: Ledger) -> None:
        """Fences begin anew there: a run that slept through the loss must not write here."""
        mine = take(ledger)
        before = replace(mine, holder=OTHER, taken_at=NOON - timedelta(seconds=10))
        with pytest.raises(LedgerConflict), ledger.writing(before) as writer:
            writer.intend(attempt(), prior=None)
        with pytest.raises(LedgerConflict):
            ledger.renew(before, now=NOON, seconds=LEASE_SECONDS)
        with pytest.raises(LedgerConflict):
            ledger.break_lease(before)
        ledger.release(before)
        assert ledger.lease(COMPANY, ENVIRONMENT) == mine

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
        intent = intend(ledger, lost)
        take(ledger, holder=OTHER, after=LEASE_SECONDS + 1)
        with pytest.raises(LedgerConflict, match=r"anna@laptop \(pid 12\)"):
            intend(ledger, lost, attempt("shop/other"))
        with pytest.raises(LedgerConflict):
            record(ledger, lost, replace(intent, state=AttemptState.ACCEPTED))
        with pytest.raises(LedgerConflict):
            forget(ledger, lost, intent)
        with pytest.raises(LedgerConflict):
            ledger.renew(lost, now=NOON, seconds=LEASE_SECONDS)
        assert heads(ledger) == [head_of(intent)]

    def test_releasing_a_lost_lease_leaves_the_new_one_alone(self, ledger: Ledger) -> None:
        lost = take(ledger)
        take(ledger, holder=OTHER, after=LEASE_SECONDS + 1)
        ledger.release(lost)
        with pytest.raises(LeaseHeld, match="anna@laptop"):
            take(ledger, after=LEASE_SECONDS + 2)

    def test_after_release_nothing_is_written(self, ledger: Ledger, lease: Lease) -> None:
        ledger.release(lease)
        with pytest.raises(LedgerConflict, match="given back"):
            intend(ledger, lease)

    def test_a_lease_that_only_ran_out_still_writes(self, ledger: Ledger, lease: Lease) -> None:
        """A call to IPS took longer than the lease, and nobody took it over meanwhile."""
        late = NOON + timedelta(seconds=10 * LEASE_SECONDS)
        intend(ledger, lease, attempt(at=late))
        assert ledger.renew(lease, now=late, seconds=LEASE_SECONDS).expires_at > late

    def test_a_lease_is_for_its_own_environment(self, ledger: Ledger, lease: Lease) -> None:
        elsewhere = job_key("shop/main", environment="production")
        with pytest.raises(ValueError, match="is not for"):
            intend(ledger, lease, attempt(key=elsewhere))

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

    def test_who_holds_it_can_be_asked(self, ledger: Ledger, open_ledger: OpenLedger) -> None:
        assert ledger.lease(COMPANY, ENVIRONMENT) is None
        lease = take(ledger)
        assert open_ledger().lease(COMPANY, ENVIRONMENT) == lease
        assert ledger.lease(COMPANY, "production") is None
        renewed = ledger.renew(lease, now=NOON, seconds=2 * LEASE_SECONDS)
        assert ledger.lease(COMPANY, ENVIRONMENT) == renewed
        ledger.release(lease)
        assert ledger.lease(COMPANY, ENVIRONMENT) is None

    def test_a_broken_lease_writes_no_more(self, ledger: Ledger, open_ledger: OpenLedger) -> None:
        lease = take(ledger)
        intent = intend(ledger, lease)
        open_ledger().break_lease(lease)
        assert ledger.lease(COMPANY, ENVIRONMENT) is None
        with pytest.raises(LedgerConflict, match="given back"):
            record(ledger, lease, replace(intent, state=AttemptState.OK))
        with pytest.raises(LedgerConflict, match="given back"):
            ledger.renew(lease, now=NOON, seconds=LEASE_SECONDS)
        ledger.release(lease)
        following = take(ledger, holder=OTHER)
        assert following.fence > lease.fence
        end(ledger, following, intent)

    def test_only_the_latest_lease_can_be_broken(self, ledger: Ledger) -> None:
        first = take(ledger)
        second = take(ledger, holder=OTHER, after=LEASE_SECONDS)
        with pytest.raises(LedgerConflict, match="dam@ci-7"):
            ledger.break_lease(first)
        assert ledger.lease(COMPANY, ENVIRONMENT) == second
        ledger.break_lease(second)
        with pytest.raises(LedgerConflict, match="anna@laptop"):
            ledger.break_lease(second)

    def test_one_that_ran_out_is_still_told_and_can_be_broken(self, ledger: Ledger) -> None:
        lease = take(ledger)
        assert ledger.lease(COMPANY, ENVIRONMENT) == lease
        ledger.break_lease(lease)
        assert take(ledger, holder=OTHER).holder == OTHER
