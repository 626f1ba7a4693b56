"""Ledgers of versions 1 and 2: read as they are, brought up to date by the first writer.

The files in ``older`` were written by the s7spec of then.
"""

import os
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from s7spec.adapters.ledger_sqlite import SqliteLedger
from s7spec.adapters.ledger_sqlite.connecting import connect
from s7spec.adapters.ledger_sqlite.migrating import bring_up_to_date
from s7spec.adapters.ledger_sqlite.place import Place
from s7spec.adapters.ledger_sqlite.schema import SCHEMA_VERSION
from s7spec.model.ledger import Attempt, AttemptState, LedgerRecord
from s7spec.ports import LedgerCorrupt, LedgerUnwritable
from tests.adapters.ledger.children import in_child, limit_file_size
from tests.fakes.clock import NOON
from tests.fakes.jobs import COMPANY, ENVIRONMENT, attempt, export_job, job_key
from tests.fakes.ledgers import end, forget, head_of, heads, intend, take

HERE = Path(__file__).parent / "older"
KILLED = 9


@pytest.fixture(params=[1, 2])
def version(request: pytest.FixtureRequest) -> int:
    found: int = request.param
    return found


@pytest.fixture
def old(tmp_path: Path, version: int) -> Path:
    path = tmp_path / "state" / "ledger.db"
    path.parent.mkdir()
    shutil.copy(HERE / f"ledger-v{version}.db", path)
    return path


def version_of(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        found: int = connection.execute("PRAGMA user_version").fetchone()[0]
        return found


def schema_of(path: Path) -> set[tuple[str, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return set(connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_schema"))


def files_beside(path: Path) -> list[str]:
    return sorted(child.name for child in path.parent.iterdir() if child != path)


def records_of(path: Path) -> list[LedgerRecord]:
    with SqliteLedger(path, create=False) as ledger:
        return list(ledger.records())


def bring(path: Path) -> None:
    SqliteLedger(path, create=True).close()


def at(minutes: int) -> timedelta:
    return timedelta(minutes=minutes, microseconds=minutes)


class TestReading:
    def test_it_changes_nothing(self, old: Path) -> None:
        before = old.read_bytes()
        with SqliteLedger(old, create=False) as ledger:
            heads(ledger)
            ledger.check()
            list(ledger.records())
        assert old.read_bytes() == before
        assert files_beside(old) == []

    def test_heads(self, old: Path) -> None:
        with SqliteLedger(old, create=False) as ledger:
            found = heads(ledger)
            told = [
                (head.key.short, head.state, head.version, head.forgotten, head.ended_at)
                for head in found
            ]
            latest = [ledger.attempts(head.key)[-1] for head in found]
        assert found == [head_of(each) for each in latest]
        assert told == [
            ("Z/stopped", AttemptState.STOPPED, 2, False, NOON + at(5)),
            ("a/failed", AttemptState.FAILED, 2, False, NOON + at(5)),
            ("a/open", AttemptState.INTENT, 1, False, None),
            ("a/unknown", AttemptState.UNKNOWN, 2, False, None),
            ("shop/gone", AttemptState.OK, 3, True, NOON + at(3)),
            ("shop/main", AttemptState.PARTIAL, 3, False, NOON + at(12)),
            ("shop/ärmel", AttemptState.REFUSED, 6, False, NOON + at(9)),
        ]

    def test_views(self, old: Path) -> None:
        with SqliteLedger(old, create=False) as ledger:
            with ledger.reading(COMPANY, ENVIRONMENT) as view:
                assert [each.key.short for each in view.open_attempts()] == ["a/open", "a/unknown"]
                first = view.attempt(attempt("shop/main").name)
                assert view.head(first.key) != head_of(first)
                wide = export_job(is_modifier="wid=200").fingerprint
                for data in (first.fingerprint.data, wide.data):
                    assert view.last_generation(first.key, data) == 1
                assert view.last_generation(first.key, "0" * 64) == 0
                assert not view.is_cold()
            with ledger.reading(COMPANY, "staging") as view:
                assert view.is_cold()

    def test_what_nobody_had_written_down(self, old: Path) -> None:
        """Whole payloads were sent, at once, and how often in a row was not counted."""
        with SqliteLedger(old, create=False) as ledger:
            first, second = ledger.attempts(job_key("shop/main"))
        assert first == replace(
            attempt("shop/main"),
            state=AttemptState.OK,
            updated_at=NOON + at(2),
            ended_at=NOON + at(2),
            version=3,
            handle="j|7|x||",
            run_handle="j|7||x|1",
            zip_urls=("https://a.example/1.zip",),
        )
        assert (second.message, len(second.outcomes)) == ("half\nof it", 1)
        assert first.wanted == first.fingerprint

    def test_specs(self, old: Path, version: int) -> None:
        with SqliteLedger(old, create=False) as ledger:
            found = ledger.spec_digests(COMPANY, ENVIRONMENT, "shop")
        assert found == ({} if version == 1 else {"main": b"2" * 32, "ärmel": b"3" * 32})

    def test_events_and_leases(self, old: Path) -> None:
        with SqliteLedger(old, create=False) as ledger:
            events = ledger.events(attempt("shop/ärmel").name)
            assert ledger.lease(COMPANY, ENVIRONMENT) is None
            lease = ledger.lease(COMPANY, "production")
        assert [event.state.value for event in events] == [
            *("intent", "unknown", "intent", "refused", "intent", "refused")
        ]
        assert lease is not None
        assert lease.holder.host == "laptop"

    def test_it_is_checked_like_any_other(self, old: Path) -> None:
        with SqliteLedger(old, create=False) as ledger:
            assert ledger.check() == ()
        with closing(sqlite3.connect(old, isolation_level=None)) as connection:
            connection.execute("UPDATE attempt SET payload = '[]' WHERE export = 'open'")
        with SqliteLedger(old, create=False) as ledger:
            (told,) = ledger.check()
            assert "s7-a-open" in told
            with pytest.raises(LedgerCorrupt, match="s7-a-open"):
                list(ledger.records())

    def test_nothing_is_written(self, old: Path) -> None:
        with SqliteLedger(old, create=False) as ledger:
            with pytest.raises(LedgerUnwritable, match="read-only"):
                take(ledger)
            with pytest.raises(LedgerUnwritable, match="read-only"):
                ledger.restore([])

    def test_who_reads_goes_on_when_a_writer_brings_it_up_to_date(self, old: Path) -> None:
        with SqliteLedger(old, create=False) as reader:
            with reader.reading(COMPANY, ENVIRONMENT) as view:
                before = list(view.heads())
                with SqliteLedger(old, create=True) as writer:
                    intend(writer, take(writer), attempt("shop/new"), spec_digest=b"d" * 32)
                assert list(view.heads()) == before
            assert len(heads(reader)) == len(before) + 1
            assert reader.spec_digests(COMPANY, ENVIRONMENT, "shop")["new"] == b"d" * 32
            assert reader.attempts(job_key("shop/new")) != ()


class TestBringingUpToDate:
    def test_it_says_the_same_as_before(self, old: Path, tmp_path: Path) -> None:
        before = records_of(old)
        bring(old)
        assert version_of(old) == SCHEMA_VERSION
        with SqliteLedger(old, create=True) as ledger:
            assert list(ledger.records()) == before
            assert ledger.check() == ()
            assert ledger.lease(COMPANY, "production") is not None
        bring(tmp_path / "new.db")
        assert schema_of(old) == schema_of(tmp_path / "new.db")

    def test_it_goes_on(self, old: Path) -> None:
        with SqliteLedger(old, create=True) as ledger:
            lease = take(ledger, after=1)
            partial = ledger.attempts(job_key("shop/main"))[-1]
            wide = export_job(is_modifier="wid=200")
            again = intend(ledger, lease, attempt(payload=wide, generation=2), prior=partial)
            done = end(ledger, lease, again)
            forget(ledger, lease, done)
            (opened,) = ledger.attempts(job_key("a/open"))
            assert record_scheduled(ledger, opened).state is AttemptState.SCHEDULED
            assert ledger.check() == ()

    def test_a_copy_of_what_it_was_lies_beside_it(self, old: Path, version: int) -> None:
        before = records_of(old)
        bring(old)
        (name,) = files_beside(old)
        assert name == f"ledger.db.v{version}.bak"
        copy = old.with_name(name)
        assert version_of(copy) == version
        assert records_of(copy) == before
        bring(old)
        assert files_beside(old) == [name]

    def test_the_copy_is_as_private_as_the_ledger(self, old: Path, version: int) -> None:
        old.chmod(0o600)
        bring(old)
        copy = old.with_name(f"ledger.db.v{version}.bak")
        assert copy.stat().st_mode & 0o777 == 0o600

    def test_what_only_the_log_file_holds_is_in_the_copy_too(self, old: Path, version: int) -> None:
        with closing(sqlite3.connect(old, isolation_level=None)) as connection:
            connection.execute("PRAGMA wal_autocheckpoint = 0")
            connection.execute("UPDATE attempt SET message = 'new' WHERE export = 'open'")
            bring(old)
        copied = records_of(old.with_name(f"ledger.db.v{version}.bak"))
        assert [each.attempt.message for each in copied].count("new") == 1

    def test_no_copy_takes_the_place_of_an_older_one(self, old: Path, version: int) -> None:
        for name in (f"ledger.db.v{version}.bak", f"ledger.db.v{version}.2.bak"):
            old.with_name(name).write_text("somebody's")
        bring(old)
        assert files_beside(old) == [
            f"ledger.db.v{version}.{which}bak" for which in ("2.", "3.", "")
        ]
        assert old.with_name(f"ledger.db.v{version}.bak").read_text() == "somebody's"
        assert version_of(old.with_name(f"ledger.db.v{version}.3.bak")) == version

    def test_rows_that_cannot_be_read_are_no_obstacle(self, old: Path) -> None:
        with closing(sqlite3.connect(old, isolation_level=None)) as connection:
            connection.execute("DROP TRIGGER event_is_final")
            connection.execute("UPDATE event SET at = 'x'")
        with SqliteLedger(old, create=True) as ledger:
            assert len(heads(ledger)) == 7
            assert ledger.check() != ()

    def test_somebody_holds_the_lock_for_too_long(self, old: Path, version: int) -> None:
        with closing(sqlite3.connect(old, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(LedgerUnwritable, match="locked"):
                SqliteLedger(old, create=True)
            other.execute("ROLLBACK")
        assert version_of(old) == version
        assert files_beside(old) == []
        bring(old)

    def test_killed_at_every_step(self, old: Path, version: int) -> None:
        before = records_of(old)
        content = old.read_bytes()
        for step in range(1, 100):
            old.write_bytes(content)
            code = in_child(lambda step=step: bring_and_die(old, step))  # type: ignore[misc]
            for backup in old.parent.glob("*.bak"):
                assert records_of(backup) == before
            assert records_of(old) == before, "whichever version it is in"
            assert version_of(old) in (version, SCHEMA_VERSION)
            bring(old)
            assert records_of(old) == before
            if code == 0:
                break
            assert code == KILLED
            for child in old.parent.iterdir():
                child.unlink()
        assert step > 20

    def test_the_disk_is_full_before_the_copy_is_made(self, old: Path, version: int) -> None:
        before = records_of(old)
        size = old.stat().st_size // 2
        assert in_child(lambda: bring_on_a_small_disk(old, size)) == 0
        assert version_of(old) == version
        assert records_of(old) == before
        assert files_beside(old) == []
        bring(old)
        assert records_of(old) == before

    def test_the_disk_is_full_after_it(self, old: Path, version: int) -> None:
        """The copy stays: whether a COMMIT that failed was none is not certain."""
        before = records_of(old)
        size = old.stat().st_size + 8192
        assert in_child(lambda: bring_on_a_small_disk(old, size)) == 0
        assert version_of(old) == version
        assert records_of(old) == before
        assert records_of(old.with_name(f"ledger.db.v{version}.bak")) == before
        bring(old)
        assert records_of(old) == before

    def test_an_error_in_the_middle(self, old: Path, version: int) -> None:
        """A table that is in the way: no writer of ours made it."""
        with closing(sqlite3.connect(old, isolation_level=None)) as connection:
            connection.execute("CREATE TABLE job (name TEXT)")
        with pytest.raises(LedgerCorrupt, match=r"cannot be brought up to date .*already exists"):
            SqliteLedger(old, create=True)
        assert version_of(old) == version
        assert files_beside(old) == []

    def test_two_processes_at_once(self, old: Path, version: int) -> None:
        before = records_of(old)
        children = []
        for _ in range(3):
            child = os.fork()
            if child == 0:
                os._exit(in_child(lambda: bring(old)))
            children.append(child)
        assert [os.waitpid(child, 0)[1] for child in children] == [0, 0, 0]
        assert version_of(old) == SCHEMA_VERSION
        assert files_beside(old) == [f"ledger.db.v{version}.bak"]
        assert records_of(old) == before


def record_scheduled(ledger: SqliteLedger, opened: Attempt) -> Attempt:
    lease = ledger.lease(COMPANY, ENVIRONMENT)
    assert lease is not None
    with ledger.writing(lease) as writer:
        return writer.record(replace(opened, state=AttemptState.SCHEDULED))


def bring_and_die(path: Path, step: int) -> None:
    """Is killed when the connection comes to its ``step``-th statement."""
    place = Place(path)
    place.remember()
    left = step

    def count(statement: str) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os._exit(KILLED)

    connection = connect(f"{place.uri}?mode=rw")
    connection.set_trace_callback(count)
    bring_up_to_date(connection, place)
    connection.close()


def bring_on_a_small_disk(path: Path, size: int) -> None:
    limit_file_size(size)
    with pytest.raises(LedgerUnwritable, match=r"cannot be|disk"):
        SqliteLedger(path, create=True)
