"""Rows that no writer of ours wrote: said in one sentence, whichever call meets them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import psycopg
import pytest

from s7spec.adapters.ledger_postgres import PostgresLedger
from s7spec.adapters.ledger_rows.complaints import MOST_TOLD
from s7spec.model.ledger import Attempt, AttemptState, Lease
from s7spec.ports import LedgerCorrupt
from tests.adapters.ledger_postgres.damage import FIRST, SECOND, damage
from tests.fakes.clock import NOON
from tests.fakes.jobs import COMPANY, ENVIRONMENT, attempt
from tests.fakes.ledgers import fill, full, heads, intend, take

DEEP = "[" * 100_000
WRITTEN = replace(full(), state=AttemptState.ACTIVE)
JOB = "Acme/local/shop/main"

ATTEMPTS = [
    "generation = 9223372036854775807",
    "version = 9223372036854775807",
    "tries = 9223372036854775807",
    "intended_at = '2026-07-01T12:00:00'",
    "updated_at = 'yesterday'",
    "updated_at = '9999-12-31T23:59:59-14:00'",
    "updated_at = '0001-01-01T00:00:00+00:00'",
    "ended_at = 'x'",
    "timing = 'soon'",
    "only_assets = '[[]]'",
    f"payload = '{DEEP}'",
    "payload = 'null'",
    "payload = replace(payload, '\"Acme/one\"', '7')",
    "payload = replace(payload, '1000', '\"big\"')",
    "payload = ''",
    "zip_urls = '{}'",
    "zip_urls = '[1]'",
    f"zip_urls = '{DEEP}'",
    "outcomes = '[[]]'",
    'outcomes = \'[["ok",1,"p","Image",1,1,1,1]]\'',
]
HEADS = [
    "version = 9223372036854775807",
    "generation = 9223372036854775807",
    "ended_at = -1",
    "ended_at = 9223372036854775807",
]
OF_ANOTHER_KIND = [
    "ALTER TABLE job ALTER ended_at TYPE text",
    "ALTER TABLE job ALTER rerun TYPE bytea USING 'x'::bytea",
    "ALTER TABLE job ALTER data_hash TYPE integer USING 7",
    "ALTER TABLE job DROP CONSTRAINT job_version_check; UPDATE job SET version = 0",
    "ALTER TABLE job DROP CONSTRAINT job_state_check; UPDATE job SET state = 'good'",
    "ALTER TABLE job DROP CONSTRAINT job_forgotten_check; UPDATE job SET forgotten = 7",
]
LEASES = [
    "fence = 9223372036854775807",
    "seconds = 9223372036854775807",
    "seconds = -1",
    "pid = 0",
    "taken_at = '2026-07-01'",
    "expires_at = 'soon'",
    "expires_at = '9999-12-31T23:59:59-14:00'",
]


@pytest.fixture
def written(postgres_url: str) -> str:
    with PostgresLedger(postgres_url, create=True) as ledger:
        intend(ledger, take(ledger), WRITTEN, spec_digest=bytes(32))
    return postgres_url


def open_attempts(ledger: PostgresLedger) -> tuple[Attempt, ...]:
    with ledger.reading(COMPANY, ENVIRONMENT) as view:
        return view.open_attempts()


def latest_lease(ledger: PostgresLedger) -> Lease:
    lease = ledger.lease(COMPANY, ENVIRONMENT)
    assert lease is not None
    return lease


@pytest.mark.parametrize("change", ATTEMPTS)
def test_attempts(written: str, change: str) -> None:
    damage(written, " ".join(("UPDATE attempt SET", change)))
    with PostgresLedger(written, create=False) as ledger:
        calls: list[Callable[[], object]] = [
            lambda: open_attempts(ledger),
            lambda: ledger.attempts(WRITTEN.key),
            lambda: list(ledger.records()),
        ]
        for call in calls:
            with pytest.raises(LedgerCorrupt, match="is damaged"):
                call()
        assert ledger.check() != ()


@pytest.mark.parametrize(
    "change", [*(" ".join(("UPDATE job SET", change)) for change in HEADS), *OF_ANOTHER_KIND]
)
def test_heads(written: str, change: str) -> None:
    damage(written, change)
    with PostgresLedger(written, create=False) as ledger:
        with pytest.raises(LedgerCorrupt, match="the head of job shop/main cannot be read"):
            heads(ledger)
        with (
            ledger.reading(COMPANY, ENVIRONMENT) as view,
            pytest.raises(LedgerCorrupt, match="the head of job shop/main cannot be read"),
        ):
            view.head(WRITTEN.key)


def test_the_damaged_one_of_many_is_named(written: str) -> None:
    with PostgresLedger(written, create=True) as ledger:
        for number in range(5):
            intend(ledger, latest_lease(ledger), attempt(f"shop/{number}"))
        damage(written, "UPDATE job SET ended_at = -1 WHERE export = '3'")
        with pytest.raises(LedgerCorrupt, match="the head of job shop/3 cannot be read"):
            heads(ledger)


def test_an_attempt_met_while_writing(written: str) -> None:
    damage(written, "UPDATE attempt SET intended_at = 'x'")
    with PostgresLedger(written, create=True) as ledger:
        seen = replace(WRITTEN, version=1)
        with (
            pytest.raises(LedgerCorrupt, match=r"attempt s7-shop-main-.* cannot be read"),
            ledger.writing(latest_lease(ledger)) as writer,
        ):
            writer.amend(seen)


def test_specs(written: str) -> None:
    damage(written, "ALTER TABLE job DROP CONSTRAINT job_spec_digest_check")
    damage(written, "UPDATE job SET spec_digest = 'x'")
    with (
        pytest.raises(LedgerCorrupt, match=r"is damaged: .* spec"),
        PostgresLedger(written, create=False) as ledger,
    ):
        ledger.spec_digests(COMPANY, ENVIRONMENT, "shop")


def test_events(written: str) -> None:
    damage(written, "UPDATE event SET at = 'x'")
    with (
        PostgresLedger(written, create=False) as ledger,
        pytest.raises(LedgerCorrupt, match="event of"),
    ):
        ledger.events(WRITTEN.name)


@pytest.mark.parametrize("change", LEASES)
def test_leases(written: str, change: str) -> None:
    with PostgresLedger(written, create=True) as ledger:
        lease = latest_lease(ledger)
        damage(written, " ".join(("UPDATE lease SET", change)))
        calls: list[Callable[[], object]] = [
            lambda: take(ledger),
            lambda: ledger.renew(lease, now=NOON, seconds=60),
            lambda: ledger.lease(COMPANY, ENVIRONMENT),
        ]
        for call in calls:
            with pytest.raises(LedgerCorrupt, match="the lease cannot be read"):
                call()
        assert ledger.check() != ()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE s7spec.event SET message = 'x'",
        "DELETE FROM s7spec.event",
        "DELETE FROM s7spec.attempt",
        "UPDATE s7spec.attempt SET state = 'good'",
        "UPDATE s7spec.attempt SET version = 0",
        "UPDATE s7spec.job SET attempt_name = 's7-nothing'",
        "UPDATE s7spec.job SET spec_digest = 'x'",
    ],
)
def test_the_tables_themselves_refuse(written: str, statement: str) -> None:
    with psycopg.connect(written) as connection, pytest.raises(psycopg.Error):
        connection.execute(statement.encode())


DAMAGES = {
    "version of a head": (
        "UPDATE job SET version = 7 WHERE export = 'main'",
        f"the head of job {JOB} has {SECOND} in version 7, ok, generation 2, "
        "but the attempt is in version 2, ok, generation 2",
    ),
    "a head that forgot": (
        "UPDATE job SET forgotten = 1 WHERE export = 'main'",
        "generation 2, forgotten, but the attempt",
    ),
    "a head with another token": (
        "UPDATE job SET rerun = 'again' WHERE export = 'main'",
        "generation 2, rerun again, but the attempt",
    ),
    "an older attempt as head": (
        "UPDATE job SET attempt_name = '{first}', generation = 1 WHERE export = 'main'",
        f"the head of job {JOB} is {FIRST}, but its latest attempt is {SECOND}",
    ),
    "a head of nothing": (
        "UPDATE job SET attempt_name = 's7-nothing' WHERE export = 'main'",
        f"the head of job {JOB} is s7-nothing, but its latest attempt is {SECOND}",
    ),
    "no head": ("DELETE FROM job WHERE export = 'main'", f"job {JOB} has attempts, but no head"),
    "a head without attempts": (
        "UPDATE attempt SET export = 'x' WHERE export = 'main'",
        f"the head of job {JOB} is {SECOND}, but its latest attempt is missing",
    ),
    "another wish": (
        "UPDATE job SET data_hash = meta_hash WHERE export = 'main'",
        f"the head of job {JOB} wants something else than attempt {SECOND}",
    ),
    "another end": (
        "UPDATE job SET ended_at = ended_at + 1 WHERE export = 'main'",
        f"the head of job {JOB} ended at another time than attempt {SECOND}",
    ),
    "another payload": (
        "UPDATE attempt SET payload = replace(payload, '100', '101') WHERE name = '{first}'",
        f"the payload of attempt {FIRST} is not what its fingerprint says",
    ),
    "an unreadable payload": (
        "UPDATE attempt SET payload = '[]' WHERE name = '{first}'",
        f"attempt {FIRST} cannot be read",
    ),
    "an event too few": (
        "DELETE FROM event WHERE attempt_name = '{second}' AND version = 2",
        f"the history of attempt {SECOND} has 1 steps, which do not lead to version 2",
    ),
    "another end of the story": (
        "UPDATE event SET state = 'failed' WHERE attempt_name = '{second}'",
        f"the history of attempt {SECOND} ends with failed, but it is ok",
    ),
    "an unreadable event": (
        "UPDATE event SET at = 'x' WHERE attempt_name = '{first}'",
        f"an event of attempt {FIRST} cannot be read",
    ),
    "an unreadable lease": (
        "UPDATE lease SET pid = 0 WHERE environment = 'production'",
        "the lease cannot be read (pid is not a whole number from 1 to 9007199254740992): "
        "Acme/production",
    ),
}


@pytest.fixture
def everything(postgres_url: str) -> str:
    """Two attempts of one job, the first ended; and one of everything else there can be."""
    with PostgresLedger(postgres_url, create=True) as ledger:
        fill(ledger)
        assert ledger.check() == ()
    return postgres_url


@pytest.mark.parametrize("name", DAMAGES)
def test_a_check_finds_it(everything: str, name: str) -> None:
    statement, words = DAMAGES[name]
    damage(everything, statement)
    with PostgresLedger(everything, create=False) as ledger:
        assert any(words in problem for problem in ledger.check())


def test_a_check_tells_no_end_of_it(postgres_url: str) -> None:
    with PostgresLedger(postgres_url, create=True) as ledger:
        with ledger.writing(take(ledger)) as writer:
            for number in range(MOST_TOLD + 5):
                writer.intend(attempt(f"shop/{number}"), prior=None)
        damage(postgres_url, "UPDATE event SET state = 'ok'")
        told = ledger.check()
    assert len(told) == MOST_TOLD + 1
    assert "there is more" in told[-1]
