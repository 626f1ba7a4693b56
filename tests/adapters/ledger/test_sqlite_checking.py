"""What a check of the whole ledger finds: damage that no other call may ever meet."""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from s7spec.adapters.ledger_rows.complaints import MOST_TOLD
from s7spec.adapters.ledger_sqlite import SqliteLedger
from s7spec.model.ledger import AttemptState
from tests.fakes.jobs import attempt, export_job
from tests.fakes.ledgers import fill, intend, take

FREE_HISTORY = ["DROP TRIGGER event_is_final", "DROP TRIGGER event_stays"]
FREE_ATTEMPTS = ["DROP TRIGGER attempt_stays"]
JOB = "Acme/local/shop/main"
FIRST, SECOND = attempt().name, attempt(generation=2).name


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Two attempts of one job, the first ended; and one of everything else there can be."""
    found = tmp_path / "ledger.db"
    with SqliteLedger(found, create=True) as ledger:
        fill(ledger)
        assert ledger.check() == ()
    return found


def damage(path: Path, statements: Iterable[str]) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        for statement in statements:
            connection.execute(statement, {"first": FIRST, "second": SECOND})


def check(path: Path) -> tuple[str, ...]:
    with SqliteLedger(path, create=False) as ledger:
        return ledger.check()


DAMAGES = {
    "version of a head": (
        ["UPDATE job SET version = 7 WHERE export = 'main'"],
        f"the head of job {JOB} has {SECOND} in version 7, ok, generation 2, "
        "but the attempt is in version 2, ok, generation 2",
    ),
    "state of a head": (
        ["UPDATE job SET state = 'failed' WHERE export = 'main'"],
        "version 2, failed, generation 2, but the attempt is in version 2, ok",
    ),
    "a head that forgot": (
        ["UPDATE job SET forgotten = 1 WHERE export = 'main'"],
        "generation 2, forgotten, but the attempt",
    ),
    "a head with another token": (
        ["UPDATE job SET rerun = 'again' WHERE export = 'main'"],
        "generation 2, rerun again, but the attempt",
    ),
    "an older attempt as head": (
        ["UPDATE job SET attempt_name = :first, generation = 1 WHERE export = 'main'"],
        f"the head of job {JOB} is {FIRST}, but its latest attempt is {SECOND}",
    ),
    "a head of nothing": (
        ["UPDATE job SET attempt_name = 's7-nothing' WHERE export = 'main'"],
        "a row of table job names no row of table attempt",
    ),
    "a head under another key": (
        ["UPDATE job SET export = 'x' WHERE export = 'main'"],
        f"job {JOB} has attempts, but no head",
    ),
    "no head": (["DELETE FROM job WHERE export = 'main'"], f"job {JOB} has attempts, but no head"),
    "another wish": (
        ["UPDATE job SET data_hash = meta_hash WHERE export = 'main'"],
        f"the head of job {JOB} wants something else than attempt {SECOND}",
    ),
    "another end": (
        ["UPDATE job SET ended_at = ended_at + 1 WHERE export = 'main'"],
        f"the head of job {JOB} ended at another time than attempt {SECOND}",
    ),
    "a spec that is no digest": (
        ["UPDATE job SET spec_digest = 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx' WHERE export = 'main'"],
        f"the spec of job {JOB} cannot be read",
    ),
    "another payload": (
        ["UPDATE attempt SET payload = replace(payload, '100', '101') WHERE name = :first"],
        f"the payload of attempt {FIRST} is not what its fingerprint says",
    ),
    "another part": (
        ["UPDATE attempt SET only_assets = '[]' WHERE only_assets IS NOT NULL"],
        "the payload of attempt s7-shop-part-",
    ),
    "an unreadable payload": (
        ["UPDATE attempt SET payload = '[]' WHERE name = :first"],
        f"attempt {FIRST} cannot be read",
    ),
    "an attempt that is no text": (
        ["UPDATE attempt SET message = CAST(x'ff' AS TEXT) WHERE name = :first"],
        "the attempt in row 1 cannot be read",
    ),
    "an attempt that went": (
        [*FREE_ATTEMPTS, "DELETE FROM attempt WHERE name = :first"],
        "a row of table event names no row of table attempt",
    ),
    "an event too few": (
        [*FREE_HISTORY, "DELETE FROM event WHERE attempt_name = :second AND version = 2"],
        f"the history of attempt {SECOND} has 1 steps, which do not lead to version 2",
    ),
    "an event in between": (
        [*FREE_HISTORY, "DELETE FROM event WHERE attempt_name = :second AND version = 1"],
        f"the history of attempt {SECOND} has 1 steps",
    ),
    "another end of the story": (
        [*FREE_HISTORY, "UPDATE event SET state = 'failed' WHERE attempt_name = :second"],
        f"the history of attempt {SECOND} ends with failed, but it is ok",
    ),
    "an unreadable event": (
        [*FREE_HISTORY, "UPDATE event SET at = 'x' WHERE attempt_name = :first"],
        f"an event of attempt {FIRST} cannot be read",
    ),
    "an unreadable lease": (
        ["UPDATE lease SET pid = 'x' WHERE environment = 'production'"],
        "the lease cannot be read (pid is not a whole number from 1 to 9007199254740992): "
        "Acme/production",
    ),
    "a value that cannot be": (
        ["UPDATE attempt SET state = 'good' WHERE name = :first"],
        "the file is damaged: CHECK constraint failed in attempt",
    ),
}


@pytest.mark.parametrize(("statements", "words"), DAMAGES.values(), ids=DAMAGES)
def test_found(path: Path, statements: list[str], words: str) -> None:
    damage(path, statements)
    told = check(path)
    assert any(words in sentence for sentence in told), told
    assert all("\n" not in sentence for sentence in told)


def test_one_damage_is_one_sentence(path: Path) -> None:
    damage(path, ["UPDATE job SET version = 7 WHERE export = 'main'"])
    assert len(check(path)) == 1


def test_hashes_of_another_algorithm_are_not_compared(path: Path) -> None:
    damage(path, ["UPDATE attempt SET fingerprint_version = 0, data_hash = name"])
    damage(path, ["UPDATE job SET fingerprint_version = 0, data_hash = meta_hash"])
    assert check(path) == ()


def test_a_fingerprint_that_was_no_longer_todays_when_it_was_written(tmp_path: Path) -> None:
    """An attempt of an older algorithm is sent again: its name must stay."""
    with SqliteLedger(tmp_path / "ledger.db", create=True) as ledger:
        lease = take(ledger)
        old = replace(attempt(), fingerprint=export_job(is_modifier="wid=9").fingerprint)
        written = intend(ledger, lease, old)
        assert ledger.attempts(written.key) == (written,)
        assert ledger.check() == ()


def test_what_is_told_is_bounded(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    with SqliteLedger(path, create=True) as ledger, ledger.writing(take(ledger)) as writer:
        for number in range(MOST_TOLD + 20):
            writer.intend(attempt(f"shop/{number}"), prior=None)
    damage(path, ["UPDATE job SET state = 'ok'"])
    told = check(path)
    assert len(told) == MOST_TOLD + 1
    assert told[-1] == f"there is more: only the first {MOST_TOLD} problems are told"


def test_a_check_changes_nothing(path: Path) -> None:
    before = path.read_bytes()
    check(path)
    assert path.read_bytes() == before
    with SqliteLedger(path, create=True) as ledger:
        lease = ledger.lease("Acme", "local")
        assert lease is not None
        with ledger.writing(lease) as writer:
            writer.intend(attempt("shop/next", state=AttemptState.INTENT), prior=None)
            assert ledger.check() == (), "what is not durable yet is not looked at"
