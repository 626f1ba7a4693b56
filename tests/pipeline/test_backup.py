"""Backups: nothing is lost on the way through a file, and nothing doubtful comes out of one."""

from __future__ import annotations

import hashlib
import io
import json
import random
from collections.abc import Callable
from dataclasses import MISSING, fields, replace
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from s7spec.adapters.ledger_postgres import PostgresLedger
from s7spec.adapters.ledger_sqlite import SqliteLedger
from s7spec.model.job import ExportJob
from s7spec.model.ledger import Attempt, AttemptState, LedgerRecord
from s7spec.model.schedule import Timing
from s7spec.pipeline.backup import Backup, BackupFileError, BackupWriter
from s7spec.ports import Ledger
from tests.fakes.clock import NOON
from tests.fakes.jobs import attempt, job_key
from tests.fakes.ledger import MemoryLedger
from tests.fakes.ledgers import end, forget, full, intend, record, take

_SCHEMA = Path(__file__).parents[2] / "schemas" / "ledger-backup.schema.json"


def filled(ledger: Ledger) -> Ledger:
    """Two environments; attempts with all there is, a forgotten one, one of a schedule."""
    lease = take(ledger)
    wanted = full()
    started = intend(
        ledger,
        lease,
        replace(wanted, state=AttemptState.INTENT, outcomes=(), ended_at=None, failure=None),
        spec_digest=b"\x07" * 32,
    )
    record(ledger, lease, replace(wanted, version=started.version))
    later = replace(attempt(key=job_key("shop/later")), timing=Timing(at=NOON))
    end(ledger, lease, intend(ledger, lease, later))
    gone = end(ledger, lease, intend(ledger, lease, attempt(key=job_key("shop/gone"))))
    forget(ledger, lease, gone)
    elsewhere = take(ledger, environment="elsewhere")
    key = replace(job_key("shop/main"), environment="elsewhere")
    intend(ledger, elsewhere, attempt(key=key))
    return ledger


def backup_of(ledger: Ledger) -> bytes:
    writer = BackupWriter(io.BytesIO(), tool_version="0.1.0", created_at=NOON)
    writer.take(ledger.records())
    return b"".join(writer.pieces())


def lines(text: bytes) -> io.BytesIO:
    return io.BytesIO(text)


def sealed(*documents: object) -> bytes:
    """A file whose checksum is right, whatever it says."""
    text = b"".join(f"{json.dumps(each)}\n".encode() for each in documents)
    seal = hashlib.sha256(text).hexdigest()
    last = {"end": True, "attempts": len(documents) - 1, "sha256": seal}
    return text + f"{json.dumps(last)}\n".encode()


def test_the_sample_leaves_no_field_as_it_is_by_default() -> None:
    """Else a field that is forgotten in the file would not be missed."""
    sample = full()
    for each in fields(Attempt):
        if each.default is not MISSING and each.name not in ("version", "forgotten"):
            assert getattr(sample, each.name) != each.default, each.name
    for each in fields(ExportJob):
        if each.default is not MISSING and each.name in ("presets",):
            assert getattr(sample.export_job, each.name) != each.default, each.name


def test_every_field_has_its_place_in_a_record() -> None:
    """New fields of attempts and payloads must be written, too."""
    ledger = filled(MemoryLedger())
    line = json.loads(backup_of(ledger).splitlines()[1])
    key = {"company", "environment", "manifest", "export"}
    assert set(line["attempt"]) == {each.name for each in fields(Attempt)} - {"key"} | key
    assert set(line["attempt"]["export_job"]) == {each.name for each in fields(ExportJob)}
    assert set(line) == {each.name for each in fields(LedgerRecord)}


def test_what_was_written_is_read_back() -> None:
    job = replace(full().export_job, code_version="3", inputs=(("a", "1"), ("b", "ü")))
    ledger = filled(MemoryLedger())
    records = [
        replace(each, attempt=replace(each.attempt, export_job=job)) for each in ledger.records()
    ]
    writer = BackupWriter(io.BytesIO(), tool_version="0.1.0", created_at=NOON)
    writer.take(records)
    backup = Backup(lines(b"".join(writer.pieces())))
    assert [*backup.records()] == records
    header = backup.header
    assert (header.attempts, header.jobs, header.created_at) == (4, 4, NOON)


@pytest.mark.parametrize("source", ["memory", "sqlite", "postgres"])
@pytest.mark.parametrize("target", ["sqlite", "postgres"])
def test_ledgers_of_all_kinds_are_filled_alike(
    source: str, target: str, tmp_path: Path, new_postgres: Callable[[], str]
) -> None:
    def opened(kind: str, name: str) -> Ledger:
        if kind == "memory":
            return MemoryLedger()
        if kind == "sqlite":
            return SqliteLedger(tmp_path / name, create=True)
        return PostgresLedger(new_postgres(), create=True)

    before, after = filled(opened(source, "before.db")), opened(target, "after.db")
    assert after.restore(Backup(lines(backup_of(before))).records()) == 4
    assert [*after.records()] == [*before.records()]
    assert backup_of(after) == backup_of(before)
    assert after.check() == ()
    for ledger in (before, after):
        if not isinstance(ledger, MemoryLedger):
            assert isinstance(ledger, SqliteLedger | PostgresLedger)
            ledger.close()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda record: record.update(events=[]), "has 0 steps"),
        (lambda record: record["attempt"].update(state="intent"), "ends with partial, but it is"),
        (lambda record: record["events"][-1].update(version=77), "do not lead to version"),
    ],
    ids=["no history", "another end", "a gap"],
)
def test_a_history_that_does_not_lead_to_its_attempt_is_refused(
    change: Callable[[Any], None], words: str
) -> None:
    header, first, *others, _ = map(json.loads, backup_of(filled(MemoryLedger())).splitlines())
    record = next(each for each in (first, *others) if each["attempt"]["state"] == "partial")
    change(record)
    with pytest.raises(BackupFileError, match=words):
        list(Backup(lines(sealed(header, first, *others))).records())


def test_every_line_keeps_to_the_schema() -> None:
    validator = Draft202012Validator(json.loads(_SCHEMA.read_text()))
    for line in backup_of(filled(MemoryLedger())).splitlines():
        assert not [*validator.iter_errors(json.loads(line))]
        assert line.isascii()


def test_the_same_ledger_gives_the_same_bytes() -> None:
    ledger = filled(MemoryLedger())
    assert backup_of(ledger) == backup_of(ledger)


def test_an_empty_ledger_can_be_written_and_read() -> None:
    assert [*Backup(lines(backup_of(MemoryLedger()))).records()] == []


def test_any_changed_byte_is_noticed() -> None:
    good = backup_of(filled(MemoryLedger()))
    dice = random.Random(7)  # noqa: S311 - not a secret
    for _ in range(300):
        place = dice.randrange(len(good))
        bad = bytearray(good)
        bad[place] ^= 1 << dice.randrange(8)
        with pytest.raises(BackupFileError):
            [*Backup(lines(bytes(bad))).records()]


def test_any_cut_is_noticed() -> None:
    good = backup_of(filled(MemoryLedger()))
    dice = random.Random(7)  # noqa: S311 - not a secret
    for length in (0, 1, len(good) - 1, *(dice.randrange(len(good)) for _ in range(100))):
        with pytest.raises(BackupFileError):
            [*Backup(lines(good[:length])).records()]


_WRONG = {
    "no name": {"name": ""},
    "a number for a text": {"message": 7},
    "an unknown state": {"state": "lost"},
    "an unknown failure": {"failure": "bad luck"},
    "no such year": {"intended_at": "1066-10-14T12:00:00+00:00"},
    "a time without zone": {"updated_at": "2026-07-01T12:00:00"},
    "generation nought": {"generation": 0},
    "version nought": {"version": 0},
    "too large": {"tries": 2**60},
    "true for a number": {"tries": True},
    "a short fingerprint": {"fingerprint": {"data": "abc", "meta": "abc"}},
    "no fingerprint": {"fingerprint": {"data": None, "meta": None}},
    "a timing of its own": {"timing": "tomorrow"},
    "an asset too short": {"only": [["a", "Image"]]},
    "an outcome of nothing": {"outcomes": [{"kind": "ok", "message": ""}]},
    "no payload": {"export_job": None},
    "a list of numbers": {"zip_urls": [1]},
}


@pytest.mark.parametrize("changes", _WRONG.values(), ids=_WRONG)
def test_values_of_another_kind_are_refused_whatever_the_checksum_says(
    changes: dict[str, object],
) -> None:
    documents = [json.loads(line) for line in backup_of(filled(MemoryLedger())).splitlines()]
    documents[2]["attempt"].update(changes)
    with pytest.raises(BackupFileError, match="line 3 of the backup cannot be used"):
        [*Backup(lines(sealed(*documents[:-1]))).records()]


@pytest.mark.parametrize("missing", ["attempt", "events", "is_latest", "spec_digest"])
def test_what_is_missing_is_named(missing: str) -> None:
    documents = [json.loads(line) for line in backup_of(filled(MemoryLedger())).splitlines()]
    del documents[1][missing]
    with pytest.raises(BackupFileError, match=f"lacks `{missing}`"):
        [*Backup(lines(sealed(*documents[:-1]))).records()]


def test_records_that_contradict_each_other_fill_nothing(tmp_path: Path) -> None:
    documents = [json.loads(line) for line in backup_of(filled(MemoryLedger())).splitlines()]
    header = documents[0] | {"attempts": 2, "events": 2 * len(documents[1]["events"]), "jobs": 2}
    twice = sealed(header, documents[1], documents[1])
    with SqliteLedger(tmp_path / "ledger.db", create=True) as ledger:
        with pytest.raises(ValueError, match="contradicts"):
            ledger.restore(Backup(lines(twice)).records())
        assert [*ledger.records()] == []


def test_a_file_that_ends_badly_fills_nothing(tmp_path: Path) -> None:
    good = backup_of(filled(MemoryLedger()))
    with SqliteLedger(tmp_path / "ledger.db", create=True) as ledger:
        for bad in (
            good[:-20],
            good.replace(b'"end":true,"attempts":4', b'"end":true,"attempts":5'),
        ):
            with pytest.raises(BackupFileError):
                ledger.restore(Backup(lines(bad)).records())
            assert [*ledger.records()] == []
