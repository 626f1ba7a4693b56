"""Where the ledger is: a file or a database, named by s7spec.yaml or by the environment."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from s7spec.adapters.ledger_postgres import PostgresLedger
from s7spec.adapters.ledger_sqlite import SqliteLedger
from s7spec.ports import Ledger
from tests.acceptance.conftest import PROJECT, Command
from tests.fakes.jobs import attempt
from tests.fakes.ledgers import intend, take

CANARY = "canary-7b31"


def filled(ledger: Ledger) -> str:
    """With one attempt in it: its name."""
    return intend(ledger, take(ledger), attempt("shop/large")).name


def with_ledger(project: Path, ledger: str) -> None:
    (project / "s7spec.yaml").write_text(PROJECT + f'ledger: "{ledger}"\n')


def without_password(url: str) -> tuple[str, str]:
    """The URL as it may stand in s7spec.yaml, and the password."""
    found = psycopg.conninfo.conninfo_to_dict(url)
    password = str(found["password"])
    return url.replace(f":{password}@", "@"), password


@pytest.mark.parametrize("variable", ["S7SPEC_LEDGER_PASSWORD", "PGPASSWORD"])
def test_a_database_in_s7spec_yaml(
    project: Path,
    s7spec: Command,
    postgres_url: str,
    monkeypatch: pytest.MonkeyPatch,
    variable: str,
) -> None:
    with PostgresLedger(postgres_url, create=True) as ledger:
        name = filled(ledger)
    url, password = without_password(postgres_url)
    with_ledger(project, url)
    monkeypatch.setenv(variable, password)
    done = s7spec("history", "shop/large")
    assert (done.code, name in done.out) == (0, True)
    assert not (project / ".s7spec" / "ledger.db").exists()
    monkeypatch.setenv(variable, CANARY)
    done = s7spec("history", "shop/large")
    assert done.code == 3
    assert "S7E070" in done.err
    assert "s7spec.yaml:9:9" in done.err
    assert "S7SPEC_LEDGER_PASSWORD" in done.err
    assert CANARY not in done.said


def test_a_database_in_the_environment(
    project: Path, s7spec: Command, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with PostgresLedger(postgres_url, create=True) as ledger:
        name = filled(ledger)
    assert s7spec("history", "shop/large").code == 3
    monkeypatch.setenv("S7SPEC_LEDGER", postgres_url)
    done = s7spec("history", "shop/large")
    assert (done.code, name in done.out) == (0, True)
    done = s7spec("history", "shop/none")
    assert "--> S7SPEC_LEDGER" in done.err
    assert without_password(postgres_url)[1] not in done.said


def test_a_file_in_the_environment_goes_before_s7spec_yaml(
    project: Path, s7spec: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with SqliteLedger(tmp_path / "kept" / "ledger.db", create=True) as ledger:
        name = filled(ledger)
    with_ledger(project, "postgresql://127.0.0.1:1/x")
    for path in (str(tmp_path / "kept" / "ledger.db"), "../kept/ledger.db"):
        monkeypatch.setenv("S7SPEC_LEDGER", path)
        done = s7spec("history", "shop/large")
        assert (done.code, name in done.out) == (0, True)
    monkeypatch.setenv("S7SPEC_LEDGER", "")
    assert "127.0.0.1:1" in s7spec("history", "shop/large").err


@pytest.mark.parametrize(
    ("url", "words"),
    [
        (f"postgresql://me:{CANARY}@127.0.0.1:1/x", "postgresql://me@127.0.0.1:1/x cannot be op"),
        (f"postgresql://me:{CANARY}%zz@h/x", "with signs like @ and / as %40 and %2F"),
        (f"mysql://me:{CANARY}@h/x", "neither a path nor a URL of PostgreSQL"),
        (f"postgresql:/me:{CANARY}@h/x", "neither a path nor a URL of PostgreSQL"),
        (f"POSTGRESQL://me:{CANARY}@h/x", "neither a path nor a URL of PostgreSQL"),
        (f"host=127.0.0.1 password={CANARY} dbname=x", "neither a path nor a URL of PostgreSQL"),
        (f"postgresql://me:{CANARY}/x@127.0.0.1:1/x", "with signs like @ and / as %40 and %2F"),
        (f"postgresql://me:hun@{CANARY}@127.0.0.1:1/x", "with signs like @ and / as %40 and %2F"),
        (f"postgresql://me@127.0.0.1:{CANARY}/x", "with signs like @ and / as %40 and %2F"),
    ],
)
def test_a_wrong_place_in_the_environment(
    project: Path, s7spec: Command, monkeypatch: pytest.MonkeyPatch, url: str, words: str
) -> None:
    monkeypatch.setenv("S7SPEC_LEDGER", url)
    done = s7spec("history", "shop/large")
    assert done.code == 3
    assert words in " ".join(done.err.split())
    assert CANARY not in done.said
    assert "Traceback" not in done.said


@pytest.mark.parametrize("what", ["psycopg", "psycopg_binary"])
def test_without_psycopg_it_says_how_to_install_it(
    project: Path, s7spec: Command, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    for name in [each for each in sys.modules if each.partition(".")[0] == "psycopg"]:
        monkeypatch.delitem(sys.modules, name)
    for name in [each for each in sys.modules if "ledger_postgres" in each]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, what, None)
    monkeypatch.setenv("PSYCOPG_IMPL", "binary")
    with_ledger(project, "postgresql://127.0.0.1:1/x")
    done = s7spec("history", "shop/large")
    assert done.code == 3
    assert "pip install 's7spec[postgres]'" in done.err


def test_what_is_changed_is_asked_of_a_database(
    project: Path, s7spec: Command, new_postgres: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("S7SPEC_LEDGER", new_postgres())
    done = s7spec("render", "--changed", "-o", "json")
    assert done.code == 0
    assert done.out.count('"job":') == 3, "a database without a ledger reads as an empty one"


def test_the_loop_on_a_database(
    project: Path, s7spec: Command, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("S7SPEC_LEDGER", postgres_url)
    assert s7spec("plan", "--out", "plan.json", "--detailed-exitcode").code == 2
    done = s7spec("apply", "plan.json")
    assert (done.code, "3 ok" in done.out) == (0, True), done.said
    assert s7spec("plan", "--detailed-exitcode").code == 0
    assert "shop/large" in s7spec("status").out
    assert not (project / ".s7spec" / "ledger.db").exists()
    with PostgresLedger(postgres_url, create=False) as ledger:
        assert ledger.check() == ()
        assert len(list(ledger.records())) == 3
        assert ledger.lease("Acme", "local") is None
