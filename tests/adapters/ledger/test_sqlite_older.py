"""A ledger of version 1 (without specs): read as it is, brought up to date by the first writer."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from s7spec.adapters.ledger_sqlite import SqliteLedger
from s7spec.ports import LedgerUnwritable
from tests.fakes.clock import NOON
from tests.fakes.jobs import COMPANY, ENVIRONMENT, HOLDER, attempt

DIGEST = b"d" * 32


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """As version 1 wrote it: one attempt, and no table for specs."""
    path = tmp_path / "ledger.db"
    write(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("DROP TABLE spec")
        connection.execute("PRAGMA user_version = 1")
    return path


def write(path: Path, short: str = "shop/old", digest: bytes | None = None) -> None:
    with SqliteLedger(path, create=True) as ledger:
        lease = ledger.acquire(COMPANY, ENVIRONMENT, holder=HOLDER, now=NOON, seconds=60)
        ledger.intend(attempt(short), prior=None, lease=lease, spec_digest=digest)
        ledger.release(lease)


def version(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        found: int = connection.execute("PRAGMA user_version").fetchone()[0]
        return found


def exports(ledger: SqliteLedger) -> list[str]:
    return [each.key.export for each in ledger.snapshot(COMPANY, ENVIRONMENT).latest]


def test_reading_changes_nothing(old: Path) -> None:
    before = old.read_bytes()
    with SqliteLedger(old, create=False) as ledger:
        assert exports(ledger) == ["old"]
        assert ledger.spec_digests(COMPANY, ENVIRONMENT, "shop") == {}
    assert old.read_bytes() == before


def test_a_reader_sees_what_a_newer_writer_adds(old: Path) -> None:
    with SqliteLedger(old, create=False) as reader:
        assert reader.spec_digests(COMPANY, ENVIRONMENT, "shop") == {}
        write(old, "shop/new", DIGEST)
        assert reader.spec_digests(COMPANY, ENVIRONMENT, "shop") == {"new": DIGEST}
        assert exports(reader) == ["new", "old"]


def test_the_first_writer_brings_it_up_to_date(old: Path) -> None:
    write(old, "shop/new", DIGEST)
    assert version(old) == 2
    with SqliteLedger(old, create=False) as ledger:
        assert ledger.spec_digests(COMPANY, ENVIRONMENT, "shop") == {"new": DIGEST}
        assert exports(ledger) == ["new", "old"]


def test_two_writers_at_once(old: Path) -> None:
    with SqliteLedger(old, create=True) as one, SqliteLedger(old, create=True) as other:
        for ledger in (one, other):
            assert ledger.spec_digests(COMPANY, ENVIRONMENT, "shop") == {}
    assert version(old) == 2


def test_it_is_brought_up_to_date_whole_or_not_at_all(old: Path) -> None:
    """Somebody holds the lock for too long: the ledger stays as it was."""
    with closing(sqlite3.connect(old, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(LedgerUnwritable, match="locked"):
            SqliteLedger(old, create=True)
        other.execute("ROLLBACK")
        tables = other.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    assert version(old) == 1
    assert ("spec",) not in tables
    write(old, "shop/new", DIGEST)
    assert version(old) == 2
