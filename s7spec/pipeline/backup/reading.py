"""Reads a backup: all of it, or a plain sentence why not."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from s7spec.model.ledger import LedgerRecord
from s7spec.pipeline.backup.layout import FORMAT, FORMAT_VERSION, LONGEST_LINE
from s7spec.pipeline.backup.parts import BackupFileError, Part
from s7spec.pipeline.backup.records import record_from

__all__ = ["Backup", "BackupFileError", "BackupHeader"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupHeader:
    """``jobs`` are those of all companies and environments."""

    tool_version: str
    created_at: datetime
    attempts: int
    events: int
    jobs: int


class Backup:
    """The lines of a file, from its first one on. Everything here raises BackupFileError for what
    was not written by ``BackupWriter``, was damaged or cut."""

    def __init__(self, lines: Iterable[bytes]) -> None:
        self._lines = enumerate(lines, start=1)
        self._digest = hashlib.sha256()
        number, line = next(self._lines, (1, b""))
        self._digest.update(line)
        self.header = _header(_parsed(line, number), number)

    def records(self) -> Iterator[LedgerRecord]:
        """Once. Only when they are at their end is it known that the file is whole: what was made
        of them before that must be undone if this raises."""
        attempts = events = 0
        for number, line in self._lines:
            value = _parsed(line, number)
            if "end" in value:
                self._check_end(value, number, attempts, events)
                return
            record = record_from(value, number)
            self._digest.update(line)
            attempts += 1
            events += len(record.events)
            yield record
        raise BackupFileError(f"the backup is cut off: it ends after {attempts} attempts")

    def _check_end(self, value: dict[str, object], number: int, attempts: int, events: int) -> None:
        end = _part(value, number)
        counts = (end.at("attempts").whole(least=0), self.header.attempts, self.header.events)
        if counts != (attempts, attempts, events):
            raise BackupFileError(
                f"the backup is damaged: its header tells of {self.header.attempts} attempts with "
                f"{self.header.events} events, but there are {attempts} with {events}"
            )
        if end.at("sha256").text() != self._digest.hexdigest():
            raise BackupFileError(
                "the backup was damaged or changed after it was made: its content does not match "
                "its checksum"
            )
        if next(self._lines, None) is not None:
            raise BackupFileError("the backup goes on after its end")


def _header(value: dict[str, object], number: int) -> BackupHeader:
    if value.get("format") != FORMAT:
        raise BackupFileError("the file is JSON, but no backup of a ledger")
    part = _part(value, number)
    version = part.at("format_version").whole()
    if version != FORMAT_VERSION:
        raise BackupFileError(
            f"the backup has format version {version}, this s7spec reads version {FORMAT_VERSION}"
        )
    return BackupHeader(
        tool_version=part.at("tool_version").text(),
        created_at=part.at("created_at").moment(),
        attempts=part.at("attempts").whole(least=0),
        events=part.at("events").whole(least=0),
        jobs=part.at("jobs").whole(least=0),
    )


def _part(value: dict[str, object], number: int) -> Part:
    return Part(value, whole=f"line {number} of the backup")


def _parsed(line: bytes, number: int) -> dict[str, object]:
    if not line:
        raise BackupFileError("the file is empty")
    if len(line) > LONGEST_LINE:
        raise BackupFileError(f"line {number} is longer than any line of a backup")
    if not line.endswith(b"\n"):
        raise BackupFileError(f"the backup is cut off in line {number}")
    try:
        value: object = json.loads(line)
        if b"\\u" in line:
            _check_unicode(value)
    except (ValueError, RecursionError) as error:
        what = "the file is no backup of a ledger" if number == 1 else "the backup is damaged"
        raise BackupFileError(f"{what}: line {number} is not JSON") from error
    if not isinstance(value, dict):
        raise BackupFileError(f"line {number} is JSON, but not an object")
    return value


def _check_unicode(value: object) -> None:
    r"""JSON can spell half a character (``\ud800``). Raises ValueError for that."""
    json.dumps(value, ensure_ascii=False).encode()
