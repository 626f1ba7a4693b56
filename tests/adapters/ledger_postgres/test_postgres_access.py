"""Who may not, cannot or should not: said in one sentence, without a password."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import psycopg
import pytest

from s7spec.adapters.ledger_postgres import PostgresLedger
from s7spec.adapters.ledger_postgres.address import address_of
from s7spec.ports import Ledger, LedgerConflict, LedgerError, LedgerUnwritable
from tests.fakes.clock import NOON
from tests.fakes.jobs import COMPANY, ENVIRONMENT, attempt, job_key
from tests.fakes.ledgers import heads, intend, take
from tests.postgres import PostgresServer, new_database, url_of

CANARY = "canary-7b31"
CLOSED = "127.0.0.1:1"


def opened(url: str, *, create: bool = False, password: str | None = None) -> Ledger:
    """Closed at once: what is wrong is told when it is opened."""
    with PostgresLedger(url, create=create, password=password, patience=0.2) as ledger:
        return ledger


def refused(url: str, *, create: bool = False, password: str | None = None) -> LedgerError:
    with pytest.raises(LedgerError) as raised:
        opened(url, create=create, password=password)
    told = raised.value
    seen = (str(told), told.remedy, told.path, repr(told), repr(told.__cause__))
    assert CANARY not in "".join(seen)
    assert "\n" not in str(told)
    return told


def run(url: str, *statements: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


class TestConnecting:
    def test_nobody_there(self) -> None:
        told = refused(f"postgresql://me:{CANARY}@{CLOSED}/x")
        assert isinstance(told, LedgerUnwritable)
        assert str(told).startswith(f"the ledger postgresql://me@{CLOSED}/x cannot be opened (")
        assert "Connection refused" in str(told)
        assert told.path == f"postgresql://me@{CLOSED}/x"
        assert "S7SPEC_LEDGER" in told.remedy

    @pytest.mark.parametrize(
        ("url", "shown"),
        [
            ("postgresql://me@[::1]:1/x", "postgresql://me@[::1]:1/x"),
            ("postgresql://me@127.0.0.1,[::1]:1/x", "postgresql://me@127.0.0.1,[::1]:1/x"),
            ("postgresql://127.0.0.1,localhost:1,2/x", "postgresql://127.0.0.1,localhost:1,2/x"),
            ("postgresql:///x?host=/none&port=7", "postgresql:///x?host=/none"),
            ("postgresql:///?service=none", "postgresql:///?service=none"),
        ],
    )
    def test_how_it_is_shown(self, url: str, shown: str) -> None:
        assert address_of(url).shown == shown

    def test_no_such_host(self) -> None:
        told = refused(f"postgresql://me:{CANARY}@no-such-host.invalid/x", create=True)
        assert "no-such-host.invalid" in str(told)

    @pytest.mark.parametrize("create", [True, False])
    def test_wrong_password(self, postgres_url: str, create: bool) -> None:
        wrong = url_of(postgres_url, database="postgres", user="postgres", password=CANARY)
        told = refused(wrong, create=create)
        assert "password authentication failed" in str(told)
        assert "S7SPEC_LEDGER_PASSWORD" in told.remedy

    def test_no_password(self, postgres_url: str) -> None:
        told = refused(postgres_url.replace(_login(postgres_url), "postgres@"))
        assert "no password" in str(told)
        assert told.remedy.startswith("set S7SPEC_LEDGER_PASSWORD")

    def test_a_password_beside_the_url_goes_before_one_in_it(self, postgres_url: str) -> None:
        password = _login(postgres_url).partition(":")[2].removesuffix("@")
        for login in ("postgres@", f"postgres:{CANARY}@"):
            url = postgres_url.replace(_login(postgres_url), login)
            opened(url, create=True, password=password)
        refused(postgres_url, password=CANARY)

    def test_libpq_s_own_variables(
        self, postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        password = _login(postgres_url).partition(":")[2].removesuffix("@")
        bare = postgres_url.replace(_login(postgres_url), "postgres@")
        monkeypatch.setenv("PGPASSWORD", password)
        opened(bare, create=True)
        monkeypatch.delenv("PGPASSWORD")
        passwords = tmp_path / "passwords"
        passwords.write_text(f"*:*:*:*:{password}\n")
        passwords.chmod(0o600)
        monkeypatch.setenv("PGPASSFILE", str(passwords))
        opened(bare, create=True)

    def test_no_such_database(self, postgres_server: str) -> None:
        told = refused(url_of(postgres_server, database="nowhere"), create=True)
        assert 'database "nowhere" does not exist' in str(told)

    @pytest.mark.parametrize(
        "url",
        [
            f"postgresql://me:{CANARY}%zz@{CLOSED}/x",
            f"postgresql://{CLOSED}/x?wrong={CANARY}",
            f"postgresql://[me:{CANARY}@{CLOSED}/x",
            f"postgresql://me:{CANARY}@{CLOSED}/x?sslmode=perhaps",
            f"postgresql://me:x@{CLOSED}/x?sslmode=verify-full&sslrootcert=/none&password={CANARY}",
        ],
    )
    def test_urls_that_are_none(self, url: str) -> None:
        refused(url)

    def test_a_database_of_another_encoding(self, postgres_server: str) -> None:
        database = "s7spec_latin"
        run(
            postgres_server,
            f"CREATE DATABASE {database} ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' "
            "TEMPLATE template0",
        )
        try:
            told = refused(url_of(postgres_server, database=database), create=True)
            assert "a ledger needs UTF8" in str(told)
        finally:
            run(postgres_server, f"DROP DATABASE {database} WITH (FORCE)")


class TestRights:
    @pytest.fixture
    def role(self, postgres_url: str, postgres_server: str) -> Iterator[str]:
        """The URL for somebody who may connect, and nothing else."""
        name = f"s7spec_role_{postgres_url[-12:]}"
        run(postgres_server, f"CREATE ROLE {name} LOGIN PASSWORD '{CANARY}'")
        database = str(psycopg.conninfo.conninfo_to_dict(postgres_url)["dbname"])
        yield url_of(postgres_server, database=database, user=name, password=CANARY)
        run(postgres_url, f"DROP OWNED BY {name}")
        run(postgres_server, f"DROP ROLE {name}")

    def grant(self, url: str, role: str, *rights: str) -> None:
        name = str(psycopg.conninfo.conninfo_to_dict(role)["user"])
        run(url, *(f"GRANT {right} TO {name}" for right in rights))

    def test_who_may_make_no_schema_lays_no_ledger(self, role: str) -> None:
        told = refused(role, create=True)
        assert "permission denied for database" in str(told)
        assert "docs/ledger.md" in told.remedy
        with PostgresLedger(role, create=False) as ledger:
            assert heads(ledger) == [], "none was laid: it reads as empty"

    def test_a_schema_that_was_made_for_them_is_enough(self, postgres_url: str, role: str) -> None:
        name = str(psycopg.conninfo.conninfo_to_dict(role)["user"])
        run(postgres_url, f"CREATE SCHEMA s7spec AUTHORIZATION {name}")
        with PostgresLedger(role, create=True) as ledger:
            intend(ledger, take(ledger))
            assert len(heads(ledger)) == 1

    def test_who_may_not_even_look(self, postgres_url: str, role: str) -> None:
        opened(postgres_url, create=True)
        told = refused(role)
        assert "permission denied for schema s7spec" in str(told)

    def test_who_may_only_read_plans_and_does_not_apply(self, postgres_url: str, role: str) -> None:
        with PostgresLedger(postgres_url, create=True) as ledger:
            lease = take(ledger)
            written = intend(ledger, lease)
        self.grant(
            postgres_url, role, "USAGE ON SCHEMA s7spec", "SELECT ON ALL TABLES IN SCHEMA s7spec"
        )
        told = refused(role, create=True)
        assert "permission denied for table" in str(told)
        with PostgresLedger(role, create=False) as reader:
            assert len(heads(reader)) == 1
            assert reader.attempts(written.key) == (written,)
            assert reader.events(written.name) != ()
            assert reader.lease(COMPANY, ENVIRONMENT) == lease
            assert reader.check() == ()
            assert len(list(reader.records())) == 1
            assert reader.spec_digests(COMPANY, ENVIRONMENT, "shop") == {}

    def test_who_may_write_needs_to_own_nothing(self, postgres_url: str, role: str) -> None:
        opened(postgres_url, create=True)
        self.grant(
            postgres_url,
            role,
            "USAGE ON SCHEMA s7spec",
            "SELECT ON ALL TABLES IN SCHEMA s7spec",
            "INSERT, UPDATE ON s7spec.attempt, s7spec.job, s7spec.lease",
            "INSERT ON s7spec.event",
        )
        with PostgresLedger(role, create=True) as ledger:
            lease = take(ledger)
            first = intend(ledger, lease)
            with ledger.writing(lease) as writer:
                writer.forget(first.key, prior=first.prior, at=NOON, message="gone")
            ledger.release(lease)


class TestReadOnly:
    def test_opened_for_reading_nothing_is_made(self, postgres_url: str) -> None:
        with PostgresLedger(postgres_url, create=False) as ledger:
            assert heads(ledger) == []
            assert ledger.attempts(job_key("shop/main")) == ()
            assert ledger.lease(COMPANY, ENVIRONMENT) is None
            assert ledger.check() == ()
            assert list(ledger.records()) == []
            for write in (lambda: take(ledger), lambda: ledger.restore([])):
                with pytest.raises(LedgerUnwritable, match="opened read-only"):
                    write()
            with psycopg.connect(postgres_url) as connection:
                found = connection.execute("SELECT to_regnamespace('s7spec')").fetchone()
                assert found == (None,)
            opened(postgres_url, create=True)
            assert heads(ledger) == [], "laid meanwhile by somebody else"

    def test_a_standby_is_read_and_not_written(self, own_postgres: PostgresServer) -> None:
        url = new_database(own_postgres.url)
        with PostgresLedger(url, create=True) as ledger:
            written = intend(ledger, take(ledger))
        own_postgres.stop()
        signal = own_postgres.data / "standby.signal"
        signal.write_text("")
        own_postgres.start()
        try:
            told = refused(url, create=True)
            assert "cannot be written: it is read-only" in str(told)
            assert "takes writes" in told.remedy
            with PostgresLedger(url, create=False) as ledger:
                assert [head.attempt_name for head in heads(ledger)] == [written.name]
        finally:
            own_postgres.stop()
            signal.unlink()

    def test_a_server_that_becomes_a_standby_while_it_is_used(
        self, own_postgres: PostgresServer
    ) -> None:
        url = new_database(own_postgres.url)
        with PostgresLedger(url, create=True) as ledger:
            lease = take(ledger)
            own_postgres.stop()
            signal = own_postgres.data / "standby.signal"
            signal.write_text("")
            own_postgres.start()
            try:
                with pytest.raises(LedgerUnwritable, match="cannot be written: it is read-only"):
                    intend(ledger, lease)
                assert heads(ledger) == []
            finally:
                own_postgres.stop()
                signal.unlink()


class TestTexts:
    def test_nul(self, postgres_url: str) -> None:
        with PostgresLedger(postgres_url, create=True) as ledger:
            lease = take(ledger)
            with pytest.raises(LedgerUnwritable, match=r"`message` of 's7-shop-main.* a NUL char"):
                intend(ledger, lease, attempt(message="a\0b"))
            with pytest.raises(LedgerUnwritable, match="half of a character"):
                intend(ledger, lease, attempt(message="\ud83d"))
            assert heads(ledger) == []

    @pytest.mark.parametrize("text", ["a\0b", "\udcff"])
    def test_what_cannot_be_there_is_not_there(self, postgres_url: str, text: str) -> None:
        """A command line may hold bytes that are no text."""
        key = job_key(f"shop/{text}")
        with PostgresLedger(postgres_url, create=True) as ledger:
            intend(ledger, take(ledger))
            assert ledger.attempts(key) == ()
            assert ledger.events(text) == ()
            assert ledger.spec_digests(COMPANY, ENVIRONMENT, text) == {}
            assert ledger.lease(COMPANY, text) is None
            assert heads(ledger, environment=text) == []
            with ledger.reading(COMPANY, ENVIRONMENT) as view:
                assert view.head(key) is None
                assert view.last_generation(key, attempt().fingerprint.data) == 0
                with pytest.raises(LedgerConflict):
                    view.attempt(text)
            with pytest.raises(LedgerUnwritable, match="PostgreSQL cannot store"):
                take(ledger, environment=text)

    @pytest.mark.parametrize(
        "text",
        [
            "'; DROP TABLE s7spec.attempt; --",
            "%s %(name)s {} \\ \\x00 $1 :name",
            "\u202e\ufeff\U0010ffff\x01\x7f\r\n\t",
            "e\u0301 \u00e9 \uf8ff",
            "x" * 1_000_000,
        ],
        ids=["sql", "placeholders", "controls", "forms", "long"],
    )
    def test_all_others_come_back_as_they_were(self, postgres_url: str, text: str) -> None:
        with PostgresLedger(postgres_url, create=True) as ledger:
            lease = take(ledger)
            written = intend(ledger, lease, attempt(message=text, handle=text))
            assert ledger.attempts(written.key) == (written,)
            assert ledger.events(written.name)[0].message == text

    def test_keys_that_are_too_long_for_an_index(self, postgres_url: str) -> None:
        noise = "".join(sha256(bytes([number])).hexdigest() for number in range(200))
        with PostgresLedger(postgres_url, create=True) as ledger:
            lease = take(ledger)
            with pytest.raises(LedgerUnwritable, match="more than the server can store"):
                intend(ledger, lease, attempt(f"shop/{noise}"))


def _login(url: str) -> str:
    return url.partition("://")[2].partition("@")[0] + "@"
