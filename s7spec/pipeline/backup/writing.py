"""Writes a backup: the lines of all records first, since the header counts them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import BinaryIO

from s7spec.model.job import ExportJob
from s7spec.model.ledger import AssetOutcome, Attempt, AttemptEvent, LedgerRecord
from s7spec.pipeline.backup.layout import FORMAT, FORMAT_VERSION

_CHUNK = 1024 * 1024


class BackupWriter:
    """``spool`` is an empty file that may be read again: what is written cannot be counted before
    it was read, and the records are of one moment only while they are read once."""

    def __init__(self, spool: BinaryIO, *, tool_version: str, created_at: datetime) -> None:
        self._spool = spool
        self._tool_version = tool_version
        self._created_at = created_at
        self.attempts = 0
        self.events = 0
        self.jobs = 0

    def take(self, records: Iterable[LedgerRecord]) -> None:
        """Raises the errors of the ledger port, and OSError."""
        for record in records:
            self._spool.write(_line(_record(record)))
            self.attempts += 1
            self.events += len(record.events)
            self.jobs += record.is_latest

    def pieces(self) -> Iterator[bytes]:
        """The finished file."""
        digest = hashlib.sha256()
        for piece in self._before_end():
            digest.update(piece)
            yield piece
        yield _line({"end": True, "attempts": self.attempts, "sha256": digest.hexdigest()})

    def _before_end(self) -> Iterator[bytes]:
        yield _line(
            {
                "format": FORMAT,
                "format_version": FORMAT_VERSION,
                "tool_version": self._tool_version,
                "created_at": _moment(self._created_at),
                "attempts": self.attempts,
                "events": self.events,
                "jobs": self.jobs,
            }
        )
        self._spool.seek(0)
        while piece := self._spool.read(_CHUNK):
            yield piece


def _line(value: dict[str, object]) -> bytes:
    return f"{json.dumps(value, separators=(',', ':'))}\n".encode()


def _record(record: LedgerRecord) -> dict[str, object]:
    digest = record.spec_digest
    return {
        "attempt": _attempt(record.attempt),
        "events": [_event(event) for event in record.events],
        "is_latest": record.is_latest,
        "spec_digest": None if digest is None else digest.hex(),
    }


def _attempt(attempt: Attempt) -> dict[str, object]:
    key = attempt.key
    return {
        "name": attempt.name,
        "company": key.company,
        "environment": key.environment,
        "manifest": key.manifest,
        "export": key.export,
        "generation": attempt.generation,
        "fingerprint": {"data": attempt.fingerprint.data, "meta": attempt.fingerprint.meta},
        "export_job": _export_job(attempt.export_job),
        "state": attempt.state.value,
        "intended_at": _moment(attempt.intended_at),
        "updated_at": _moment(attempt.updated_at),
        "version": attempt.version,
        "handle": attempt.handle,
        "run_handle": attempt.run_handle,
        "message": attempt.message,
        "zip_urls": list(attempt.zip_urls),
        "outcomes": [_outcome(outcome) for outcome in attempt.outcomes],
        "forgotten": attempt.forgotten,
        "only": None if attempt.only is None else [asset.cells() for asset in attempt.only],
        "timing": None if attempt.timing is None else str(attempt.timing),
        "rerun": attempt.rerun,
        "tries": attempt.tries,
        "ended_at": None if attempt.ended_at is None else _moment(attempt.ended_at),
        "failure": None if attempt.failure is None else attempt.failure.value,
    }


def _export_job(job: ExportJob) -> dict[str, object]:
    return {
        "fmt": job.fmt.value,
        "is_modifier": job.is_modifier,
        "macro": job.macro,
        "preset": None if job.preset is None else job.preset.cells(),
        "presets": [preset.cells() for preset in job.presets],
        "emailSetting": job.emailSetting.value,
        "code_version": job.code_version,
        "inputs": [list(each) for each in job.inputs],
        "assets": [asset.cells() for asset in job.assets],
    }


def _outcome(outcome: AssetOutcome) -> dict[str, object]:
    return {
        "kind": outcome.kind.value,
        "message": outcome.message,
        "asset": outcome.asset.cells(),
    }


def _event(event: AttemptEvent) -> dict[str, object]:
    return {
        "version": event.version,
        "state": event.state.value,
        "at": _moment(event.at),
        "message": event.message,
    }


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()
