"""Rows that no writer of ours wrote: said in one sentence, whichever call meets them."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from s7spec.adapters.ledger_sqlite import SqliteLedger
from s7spec.adapters.ledger_sqlite.schema import APPLICATION_ID, SCHEMA_VERSION
from s7spec.model.ledger import Attempt, AttemptState, Lease
from s7spec.ports import LedgerCorrupt
from tests.fakes.clock import NOON
from tests.fakes.jobs import COMPANY, ENVIRONMENT, HOLDER, attempt
from tests.fakes.ledgers import forget, full, heads, intend, move, take

DEEP = "[" * 100_000
ATTEMPTS = [
    "generation = 'x'",
    "generation = 9223372036854775807",
    "version = 'x'",
    "version = 9223372036854775807",
    "version = 1.5",
    "company = company, message = x'00ff'",
    "message = CAST(x'ff' AS TEXT)",
    "handle = x'00'",
    "intended_at = '2026-07-01T12:00:00'",
    "updated_at = 'yesterday'",
    "updated_at = '9999-12-31T23:59:59-14:00'",
    "updated_at = '0001-01-01T00:00:00+00:00'",
    f"payload = '{DEEP}'",
    "payload = '[]'",
    "payload = 'null'",
    "payload = replace(payload, '\"Acme/one\"', '7')",
    "payload = replace(payload, '1000', '\"big\"')",
    f"payload = replace(payload, '1000', '1{'0' * 400}')",
    "payload = replace(payload, '\"preset\":null', '\"preset\":[1,2]')",
    "payload = replace(payload, '\"preset\":null', '\"preset\":[]')",
    "payload = replace(payload, '[[\"view\"', '[[7')",
    "payload = replace(payload, '[[\"view\"', '[[],[\"view\"')",
    "payload = ''",
    "zip_urls = '{}'",
    "zip_urls = '[1]'",
    f"zip_urls = '{DEEP}'",
    "outcomes = '[[]]'",
    "outcomes = '[\"abcdefgh\"]'",
    'outcomes = \'[["ok",1,"p","Image",1,1,1,1]]\'',
    "outcomes = '7'",
    "only_assets = '{}'",
    "only_assets = '[[1]]'",
    "only_assets = x'00'",
    "timing = 'tomorrow'",
    "timing = 7.5",
    "rerun = x'00'",
    "tries = 0",
    "ended_at = 'x'",
    "failure = 'bad luck'",
]
HEADS = [
    "manifest = x'00'",
    "attempt_name = CAST(x'ff' AS TEXT)",
    "attempt_name = x'00'",
    "version = 0",
    "version = 9223372036854775807",
    "generation = 1.5",
    "state = 'good'",
    "forgotten = 7",
    "data_hash = x'00'",
    "meta_hash = x'00'",
    "fingerprint_version = 'x'",
    "rerun = x'00'",
    "ended_at = 'x'",
    "ended_at = -1",
    "ended_at = 9223372036854775807",
]
LEASES = [
    "fence = 'x'",
    "fence = 9223372036854775807",
    "seconds = 9223372036854775807",
    "seconds = 'long'",
    "seconds = -1",
    "pid = 'x'",
    "taken_at = '2026-07-01'",
    "expires_at = 'soon'",
    "expires_at = '9999-12-31T23:59:59-14:00'",
    "host = x'00'",
]


WRITTEN = replace(full(), state=AttemptState.ACTIVE)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    found = tmp_path / "ledger.db"
    with SqliteLedger(found, create=True) as ledger:
        intend(ledger, take(ledger), WRITTEN, spec_digest=bytes(32))
    return found


def damage(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        connection.execute(statement)


@pytest.mark.parametrize("change", ATTEMPTS)
def test_attempts(path: Path, change: str) -> None:
    damage(path, " ".join(("UPDATE attempt SET", change)))
    with SqliteLedger(path, create=False) as ledger:
        calls: list[Callable[[], object]] = [
            lambda: open_attempts(ledger),
            lambda: ledger.attempts(WRITTEN.key),
            lambda: list(ledger.records()),
        ]
        for call in calls:
            with pytest.raises(LedgerCorrupt, match="is damaged"):
                call()
        assert ledger.check() != ()


def open_attempts(ledger: SqliteLedger) -> tuple[Attempt, ...]:
    with ledger.reading(COMPANY, ENVIRONMENT) as view:
        return view.open_attempts()


@pytest.mark.parametrize("change", HEADS)
def test_heads(path: Path, change: str) -> None:
    damage(path, " ".join(("UPDATE job SET", change)))
    with SqliteLedger(path, create=False) as ledger:
        with pytest.raises(LedgerCorrupt, match="is damaged"):
            heads(ledger)
        assert ledger.check() != ()


def test_the_damaged_one_of_many_is_named(path: Path) -> None:
    with SqliteLedger(path, create=True) as ledger:
        for number in range(5):
            intend(ledger, latest_lease(ledger), attempt(f"shop/{number}"))
    damage(path, "UPDATE job SET generation = 0 WHERE export = '3'")
    with (
        SqliteLedger(path, create=False) as ledger,
        pytest.raises(LedgerCorrupt, match="the head of job shop/3 cannot be read"),
    ):
        heads(ledger)


def latest_lease(ledger: SqliteLedger) -> Lease:
    lease = ledger.lease(COMPANY, ENVIRONMENT)
    assert lease is not None
    return lease


def test_an_attempt_met_while_writing(path: Path) -> None:
    damage(path, "UPDATE attempt SET intended_at = 'x'")
    seen = replace(WRITTEN, version=1)
    with SqliteLedger(path, create=True) as ledger:
        lease = latest_lease(ledger)
        for write in (
            lambda: forget(ledger, lease, seen),
            lambda: move(ledger, lease, seen, "shop/new"),
        ):
            with pytest.raises(LedgerCorrupt, match=r"attempt s7-shop-main-.* cannot be read"):
                write()


@pytest.mark.parametrize(
    "change",
    ["spec_digest = x'00'", "spec_digest = 7", f"spec_digest = '{32 * 'x'}'", "export = x'00'"],
)
def test_specs(path: Path, change: str) -> None:
    damage(path, " ".join(("UPDATE job SET", change)))
    with (
        pytest.raises(LedgerCorrupt, match=r"is damaged: .* spec"),
        SqliteLedger(path, create=False) as ledger,
    ):
        ledger.spec_digests(COMPANY, ENVIRONMENT, "shop")


def test_events(path: Path) -> None:
    damage(path, "DROP TRIGGER event_is_final")
    damage(path, "UPDATE event SET at = 'x'")
    with SqliteLedger(path, create=False) as ledger, pytest.raises(LedgerCorrupt, match="event of"):
        ledger.events(WRITTEN.name)


@pytest.mark.parametrize("change", LEASES)
def test_leases(path: Path, change: str) -> None:
    damage(path, " ".join(("UPDATE lease SET", change)))
    with SqliteLedger(path, create=True) as ledger:
        with pytest.raises(LedgerCorrupt, match="the lease cannot be read"):
            take(ledger)
        mine = Lease(
            company=COMPANY,
            environment=ENVIRONMENT,
            fence=1,
            holder=HOLDER,
            taken_at=NOON,
            expires_at=NOON,
        )
        with pytest.raises(LedgerCorrupt, match="the lease cannot be read"):
            ledger.renew(mine, now=NOON, seconds=60)


@pytest.mark.parametrize("create", [True, False], ids=["writing", "reading"])
@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE attempt (name TEXT)",
        "CREATE TABLE other (name TEXT)",
    ],
)
def test_other_tables_under_our_mark(tmp_path: Path, create: bool, statement: str) -> None:
    path = tmp_path / "ledger.db"
    damage(path, statement)
    damage(path, f"PRAGMA application_id = {APPLICATION_ID}")
    damage(path, f"PRAGMA user_version = {SCHEMA_VERSION}")
    with pytest.raises(LedgerCorrupt, match="table attempt is not that of a ledger"):
        SqliteLedger(path, create=create)


@pytest.mark.parametrize(
    ("table", "column"), [("lease", "seconds"), ("job", "spec_digest"), ("attempt", "tries")]
)
def test_a_column_that_was_dropped(path: Path, table: str, column: str) -> None:
    damage(path, f"ALTER TABLE {table} RENAME COLUMN {column} TO moments")
    with pytest.raises(LedgerCorrupt, match=f"table {table} is not that of a ledger"):
        SqliteLedger(path, create=True)
