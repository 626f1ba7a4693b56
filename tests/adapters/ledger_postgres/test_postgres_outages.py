"""The server goes, or the way to it: what was written stays, and nothing is guessed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg import sql

from s7spec.adapters.ledger_postgres import PostgresLedger, transactions
from s7spec.model.ledger import AttemptState, Lease
from s7spec.ports import LeaseHeld, Ledger, LedgerConflict, LedgerCorrupt, LedgerUnwritable
from tests.adapters.ledger_postgres.wire import Break, Wire, wire_to
from tests.fakes.clock import NOON
from tests.fakes.jobs import COMPANY, ENVIRONMENT, HOLDER, attempt, job_key
from tests.fakes.ledgers import end, heads, intend, record, take
from tests.postgres import PostgresServer, drop_database, new_database, replace_database, url_of

PATIENCE = 20.0
IMPATIENT = 0.3


@pytest.fixture
def url(own_postgres: PostgresServer) -> str:
    return new_database(own_postgres.url)


@pytest.fixture
def ledger(url: str) -> Iterator[PostgresLedger]:
    with PostgresLedger(url, create=True, patience=PATIENCE) as opened:
        yield opened


class TestRestarts:
    def test_between_two_steps_nobody_notices(
        self, own_postgres: PostgresServer, ledger: PostgresLedger
    ) -> None:
        lease = take(ledger)
        first = intend(ledger, lease)
        own_postgres.restart()
        done = end(ledger, lease, first)
        own_postgres.restart()
        assert ledger.attempts(first.key) == (done,)
        own_postgres.restart()
        assert len(heads(ledger)) == 1
        own_postgres.restart()
        assert ledger.lease(COMPANY, ENVIRONMENT) == lease
        own_postgres.restart()
        lease = ledger.renew(lease, now=NOON, seconds=90)
        own_postgres.restart()
        ledger.release(lease)

    def test_what_was_committed_survives_a_crash(
        self, own_postgres: PostgresServer, ledger: PostgresLedger
    ) -> None:
        lease = take(ledger)
        for number in range(5):
            intend(ledger, lease, attempt(f"shop/{number}"))
            own_postgres.kill()
            own_postgres.start()
        assert len(heads(ledger)) == 5
        assert ledger.check() == ()

    def test_a_server_that_is_away_for_a_moment_is_waited_for(
        self, own_postgres: PostgresServer, ledger: PostgresLedger
    ) -> None:
        lease = take(ledger)
        own_postgres.stop()
        starting = threading.Timer(0.5, own_postgres.start)
        starting.start()
        try:
            intend(ledger, lease)
        finally:
            starting.join()
        assert len(heads(ledger)) == 1

    def test_in_the_middle_of_a_block_nothing_of_it_is_written(
        self, own_postgres: PostgresServer, ledger: PostgresLedger
    ) -> None:
        lease = take(ledger)
        kept = intend(ledger, lease, attempt("shop/kept"))

        def interrupted() -> None:
            with ledger.writing(lease) as writer:
                writer.intend(attempt(), prior=None)
                own_postgres.restart()
                writer.record(replace(kept, state=AttemptState.OK))

        with pytest.raises(LedgerUnwritable, match="is out of reach") as raised:
            interrupted()
        assert "run it again" in raised.value.remedy
        assert [head.attempt_name for head in heads(ledger)] == [kept.name]
        intend(ledger, lease)

    def test_at_the_end_of_a_block_nothing_of_it_is_written(
        self, own_postgres: PostgresServer, ledger: PostgresLedger
    ) -> None:
        lease = take(ledger)

        def interrupted() -> None:
            with ledger.writing(lease) as writer:
                writer.intend(attempt(), prior=None)
                own_postgres.restart()

        with pytest.raises(LedgerUnwritable, match="nothing of the step is in it"):
            interrupted()
        assert heads(ledger) == []
        intend(ledger, lease)

    def test_in_the_middle_of_a_view(
        self, own_postgres: PostgresServer, ledger: PostgresLedger
    ) -> None:
        lease = take(ledger)
        with ledger.writing(lease) as writer:
            for number in range(600):
                writer.intend(attempt(f"shop/{number}"), prior=None)
        with ledger.reading(COMPANY, ENVIRONMENT) as view:
            walk = view.heads()
            next(walk)
            own_postgres.restart()
            with pytest.raises(LedgerUnwritable, match="is out of reach"):
                list(walk)
            with pytest.raises(LedgerUnwritable, match="is out of reach"):
                view.head(job_key("shop/1"))
        assert len(heads(ledger)) == 600

    def test_a_server_that_stays_away(self, own_postgres: PostgresServer, url: str) -> None:
        with PostgresLedger(url, create=True, patience=IMPATIENT) as ledger:
            lease = take(ledger)
            own_postgres.stop()
            steps: tuple[Callable[[], object], ...] = (
                lambda: intend(ledger, lease),
                lambda: heads(ledger),
                lambda: ledger.attempts(job_key("shop/main")),
                lambda: ledger.renew(lease, now=NOON, seconds=60),
                lambda: ledger.release(lease),
                lambda: ledger.break_lease(lease),
                lambda: ledger.lease(COMPANY, ENVIRONMENT),
                ledger.check,
                lambda: list(ledger.records()),
            )
            for step in steps:
                with pytest.raises(LedgerUnwritable, match="cannot be opened"):
                    step()
            own_postgres.start()
            ledger.release(lease)


class TestReplaced:
    """A database is dropped or put back from a copy while a run writes to it: said, never written
    past."""

    def test_by_nothing(self, own_postgres: PostgresServer, url: str) -> None:
        with PostgresLedger(url, create=True, patience=PATIENCE) as ledger:
            lease = take(ledger)
            intend(ledger, lease)
            replace_database(own_postgres.url, url)
            with pytest.raises(LedgerCorrupt, match="was removed while in use"):
                intend(ledger, lease, attempt("shop/next"))

    def test_by_an_empty_ledger(self, own_postgres: PostgresServer, url: str) -> None:
        with PostgresLedger(url, create=True, patience=PATIENCE) as ledger:
            lease = take(ledger)
            intend(ledger, lease)
            replace_database(own_postgres.url, url)
            with PostgresLedger(url, create=True):
                pass
            with pytest.raises(LedgerConflict, match="this run holds no lease"):
                intend(ledger, lease, attempt("shop/next"))

    def test_by_an_older_copy(self, own_postgres: PostgresServer, url: str) -> None:
        copy = url_of(own_postgres.url, database=f"{urlsplit(url).path[1:]}_copy")
        with PostgresLedger(url, create=True, patience=PATIENCE) as ledger:
            lease = take(ledger)
            intend(ledger, lease)
            copy_database(own_postgres.url, url, copy)
            intend(ledger, lease, attempt("shop/lost"))
            copy_database(own_postgres.url, copy, url)
            with pytest.raises(LedgerUnwritable, match="was replaced by an older copy"):
                intend(ledger, lease, attempt("shop/next"))
            assert len(heads(ledger)) == 1


def copy_database(server: str, source: str, target: str) -> None:
    names = [sql.Identifier(urlsplit(each).path[1:]) for each in (source, target)]
    drop_database(server, target)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
            (urlsplit(source).path[1:],),
        )
        connection.execute(sql.SQL("CREATE DATABASE {1} TEMPLATE {0}").format(*names))


class TestUnanswered:
    """COMMIT was sent, and no answer came."""

    @pytest.fixture
    def wire(self, own_postgres: PostgresServer) -> Iterator[Wire]:
        with wire_to(own_postgres.port) as wire:
            yield wire

    @pytest.fixture
    def ledger(self, url: str, wire: Wire) -> Iterator[PostgresLedger]:
        behind = url.replace(f":{urlsplit(url).port}/", f":{wire.port}/")
        with PostgresLedger(behind, create=True, patience=PATIENCE) as opened:
            yield opened

    @pytest.fixture
    def other(self, url: str) -> Iterator[PostgresLedger]:
        with PostgresLedger(url, create=True) as opened:
            yield opened

    def test_a_step_that_was_written_counts(
        self, wire: Wire, ledger: Ledger, other: Ledger
    ) -> None:
        lease = take(ledger)
        wire.at_commit = Break.AFTER
        first = intend(ledger, lease)
        assert wire.broken == 1
        assert other.attempts(first.key) == (first,)
        wire.at_commit = Break.AFTER
        done = end(ledger, lease, first)
        assert other.attempts(first.key) == (done,)
        assert len(other.events(first.name)) == 2

    def test_a_step_that_was_not_written_is_told(
        self, wire: Wire, ledger: Ledger, other: Ledger
    ) -> None:
        lease = take(ledger)
        first = intend(ledger, lease)
        wire.at_commit = Break.BEFORE
        with pytest.raises(LedgerUnwritable, match="nothing of the step is in it"):
            end(ledger, lease, first)
        assert wire.broken == 1
        assert other.attempts(first.key) == (first,)
        end(ledger, lease, first)

    def test_a_server_that_does_not_notice_is_waited_for(
        self, wire: Wire, ledger: Ledger, other: Ledger, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Its transaction still holds the lease: until it ends nobody can say what became of it."""
        soon = tuple(each.replace("'20s'", "'1s'") for each in transactions._SETTINGS)
        assert soon != transactions._SETTINGS
        monkeypatch.setattr(transactions, "_SETTINGS", soon)
        lease = take(ledger)
        wire.at_commit = Break.UNNOTICED
        with pytest.raises(LedgerUnwritable, match="nothing of the step is in it"):
            intend(ledger, lease)
        assert heads(other) == []
        intend(ledger, lease)

    def test_the_lease_was_lost_meanwhile(
        self, wire: Wire, ledger: PostgresLedger, other: Ledger
    ) -> None:
        lease = take(ledger)

        def interrupted() -> None:
            with ledger.writing(lease) as writer:
                writer.intend(attempt(), prior=None)
                wire.at_commit = Break.BEFORE
                threading.Thread(target=take, args=(other,), kwargs={"after": 61}).start()

        with pytest.raises((LedgerUnwritable, LedgerConflict)):
            interrupted()
        while other.lease(COMPANY, ENVIRONMENT) == lease:
            pass
        with pytest.raises(LedgerConflict, match="has lost its lease"):
            intend(ledger, lease)
        assert heads(other) == []

    @pytest.mark.parametrize("how", [Break.BEFORE, Break.AFTER])
    def test_steps_over_leases_are_repeated(self, wire: Wire, ledger: Ledger, how: Break) -> None:
        def broken() -> None:
            wire.at_commit = how

        broken()
        lease = take(ledger)
        assert ledger.lease(COMPANY, ENVIRONMENT) == lease
        broken()
        renewed = ledger.renew(lease, now=NOON, seconds=90)
        assert ledger.lease(COMPANY, ENVIRONMENT) == renewed
        broken()
        ledger.break_lease(renewed)
        assert ledger.lease(COMPANY, ENVIRONMENT) is None
        broken()
        second = take(ledger, after=1)
        broken()
        ledger.release(second)
        assert ledger.lease(COMPANY, ENVIRONMENT) is None
        assert second.fence == lease.fence + 1
        assert wire.broken == 5

    def test_a_lease_of_somebody_else_stays_theirs(
        self, wire: Wire, ledger: Ledger, other: Ledger
    ) -> None:
        taken = take(other)
        wire.at_commit = Break.AFTER
        with pytest.raises(LeaseHeld):
            ledger.acquire(
                COMPANY,
                ENVIRONMENT,
                holder=replace(HOLDER, pid=1),
                now=NOON + timedelta(seconds=1),
                seconds=60,
            )
        assert other.lease(COMPANY, ENVIRONMENT) == taken

    def test_a_restore_is_not_guessed_about(
        self, wire: Wire, ledger: Ledger, other: Ledger, new_postgres: Callable[[], str]
    ) -> None:
        with PostgresLedger(new_postgres(), create=True) as source:
            lease: Lease = take(source)
            record(source, lease, intend(source, lease))
            wire.at_commit = Break.AFTER
            with pytest.raises(LedgerUnwritable, match="not known whether"):
                ledger.restore(source.records())
            assert list(other.records()) == list(source.records())
