"""The tables: laid once however many want to, kept up to date, refused when they are not ours."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from s7spec.adapters.ledger_postgres import PostgresLedger, opening, schema
from s7spec.model.ledger import Attempt
from s7spec.ports import LedgerCorrupt, LedgerNewer
from tests.adapters.ledger_postgres.damage import damage
from tests.fakes.jobs import COMPANY, ENVIRONMENT, attempt, job_key
from tests.fakes.ledgers import heads, intend, take
from tests.postgres import drop_database, url_of

OPENERS = 12


@pytest.fixture(params=[True, False], ids=["writing", "reading"])
def opened(request: pytest.FixtureRequest, postgres_url: str) -> Callable[[], None]:
    def opens() -> None:
        with PostgresLedger(postgres_url, create=request.param):
            pass

    return opens


def ask(url: str, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute(statement.encode()).fetchall()


def test_many_open_an_empty_database_at_once(postgres_url: str) -> None:
    def opens(number: int) -> int:
        with PostgresLedger(postgres_url, create=True) as ledger:
            intend(ledger, take(ledger, environment=f"e{number}"), _attempt(number))
            return number

    with ThreadPoolExecutor(OPENERS) as pool:
        assert sorted(pool.map(opens, range(OPENERS))) == list(range(OPENERS))
    assert ask(postgres_url, "SELECT count(*) FROM s7spec.attempt") == [(OPENERS,)]


def _attempt(number: int) -> Attempt:
    return attempt(key=job_key("shop/main", environment=f"e{number}"))


def test_a_newer_ledger_is_refused(postgres_url: str, opened: Callable[[], None]) -> None:
    with PostgresLedger(postgres_url, create=True) as ledger:
        lease = take(ledger)
        damage(postgres_url, "UPDATE ledger SET version = 2")
        with pytest.raises(LedgerNewer, match="version 2, this s7spec reads up to 1"):
            intend(ledger, lease)
    with pytest.raises(LedgerNewer, match="version 2, this s7spec reads up to 1"):
        opened()


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE ledger SET version = 0", "its version is 0"),
        ("DELETE FROM ledger", "its version is None"),
        ("INSERT INTO ledger VALUES (1)", "its version is None"),
        ("DROP TABLE job", "its table job is not that of a ledger"),
        ("ALTER TABLE attempt DROP tries", "its table attempt is not that of a ledger"),
        ("DROP TABLE ledger", "is not a ledger"),
    ],
)
def test_a_damaged_ledger_is_refused(
    postgres_url: str, opened: Callable[[], None], statement: str, words: str
) -> None:
    with PostgresLedger(postgres_url, create=True):
        damage(postgres_url, statement)
    with pytest.raises(LedgerCorrupt, match=words):
        opened()


def test_a_table_that_goes_while_it_is_used(postgres_url: str) -> None:
    with PostgresLedger(postgres_url, create=True) as ledger:
        lease = take(ledger)
        damage(postgres_url, "DROP TABLE job")
        with pytest.raises(LedgerCorrupt, match="is damaged"):
            intend(ledger, lease)
        with pytest.raises(LedgerCorrupt, match="is damaged"):
            heads(ledger)


def test_a_schema_of_something_else_is_left_alone(
    postgres_url: str, opened: Callable[[], None]
) -> None:
    with psycopg.connect(postgres_url) as connection:
        connection.execute("CREATE SCHEMA s7spec")
        connection.execute("CREATE TABLE s7spec.attempt (name text)")
    with pytest.raises(LedgerCorrupt, match="is not a ledger: its schema s7spec is one of some"):
        opened()
    assert ask(postgres_url, "SELECT count(*) FROM s7spec.attempt") == [(0,)]


def test_an_older_ledger_is_brought_up_to_date(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with PostgresLedger(postgres_url, create=True) as ledger:
        written = intend(ledger, take(ledger))
    monkeypatch.setattr(
        opening, "STEPS", (*schema.STEPS, ("ALTER TABLE s7spec.job ADD colour text",))
    )
    monkeypatch.setattr(opening, "SCHEMA_VERSION", 2)

    def opens(_: int) -> None:
        with PostgresLedger(postgres_url, create=True) as ledger:
            assert ledger.attempts(written.key) == (written,)

    with ThreadPoolExecutor(OPENERS) as pool:
        list(pool.map(opens, range(OPENERS)))
    assert ask(postgres_url, "SELECT version FROM s7spec.ledger") == [(2,)]
    assert ask(postgres_url, "SELECT colour FROM s7spec.job") == [(None,)]


def test_an_upgrade_that_fails_leaves_everything_as_it_was(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with PostgresLedger(postgres_url, create=True) as ledger:
        written = intend(ledger, take(ledger))
    monkeypatch.setattr(
        opening,
        "STEPS",
        (*schema.STEPS, ("ALTER TABLE s7spec.job ADD colour text", "SELECT 1 / 0")),
    )
    monkeypatch.setattr(opening, "SCHEMA_VERSION", 2)
    with pytest.raises(psycopg.errors.DivisionByZero):
        PostgresLedger(postgres_url, create=True)
    monkeypatch.undo()
    with PostgresLedger(postgres_url, create=True) as ledger:
        assert ledger.attempts(written.key) == (written,)
    assert ask(postgres_url, "SELECT version FROM s7spec.ledger") == [(1,)]


KEYS_IN_ORDER = """
SELECT c.relname, a.attname, l.collname
FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid
LEFT JOIN pg_collation AS l ON l.oid = a.attcollation
WHERE c.relnamespace = 's7spec'::regnamespace AND c.relkind = 'r' AND a.attnum > 0
  AND a.attname IN ('company', 'environment', 'manifest', 'export', 'name', 'attempt_name')
"""


def test_keys_have_the_order_of_code_points(postgres_url: str) -> None:
    """Whatever order the database itself has: not every server can have another one."""
    with PostgresLedger(postgres_url, create=True):
        pass
    columns = ask(postgres_url, KEYS_IN_ORDER)
    assert len(columns) == 13
    assert {collation for _, _, collation in columns} == {"C"}


def test_keys_have_it_in_a_database_with_another_order(postgres_server: str) -> None:
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        name = "s7spec_other_order"
        # de-x-icu where the server knows ICU; else the C library's order, as far as it has one.
        offers = connection.execute(
            "SELECT count(*) FROM pg_collation WHERE collprovider = 'i' AND collname = 'de-x-icu'"
        ).fetchone()
        order = "LOCALE_PROVIDER icu ICU_LOCALE 'de'" if offers == (1,) else "LC_COLLATE 'C.utf8'"
        connection.execute(
            f"CREATE DATABASE {name} ENCODING 'UTF8' {order} TEMPLATE template0".encode()
        )
    url = url_of(postgres_server, database=name)
    shorts = ("a/ä", "a/z", "A/z", "a/Z", "ä/a", "a-b/a", "a/a-b", "a/a b", "a/ß", "a/😀", "a/ﬃ")
    try:
        with PostgresLedger(url, create=True) as ledger:
            with ledger.writing(take(ledger)) as writer:
                for short in shorts:
                    writer.intend(attempt(short), prior=None)
            found = [head.key for head in heads(ledger)]
            assert found == sorted(found)
            assert len(found) == len(shorts)
            with ledger.reading(COMPANY, ENVIRONMENT) as view:
                assert [each.key for each in view.open_attempts()] == found
    finally:
        drop_database(postgres_server, url)
