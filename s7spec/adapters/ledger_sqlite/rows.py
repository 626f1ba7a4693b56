"""Attempts, events and leases as rows, and back."""

from __future__ import annotations

import json
import sqlite3
from datetime import datetime
from typing import TypeAlias

from s7spec.model.job import AssetVersion, ExportJob, Fingerprint, JobKey
from s7spec.model.ledger import (
    AssetOutcome,
    Attempt,
    AttemptEvent,
    AttemptState,
    Holder,
    Lease,
    OutcomeKind,
)
from s7spec.ports import LedgerCorrupt

Cell: TypeAlias = str | int | None


def attempt_cells(attempt: Attempt) -> dict[str, Cell]:
    return key_cells(attempt.key) | {
        "name": attempt.name,
        "generation": attempt.generation,
        "data_hash": attempt.fingerprint.data,
        "meta_hash": attempt.fingerprint.meta,
        "payload": attempt.export_job.canonical(),
        "state": attempt.state.value,
        "intended_at": moment_text(attempt.intended_at),
        "updated_at": moment_text(attempt.updated_at),
        "version": attempt.version,
        "handle": attempt.handle,
        "run_handle": attempt.run_handle,
        "message": attempt.message,
        "zip_urls": _json(list(attempt.zip_urls)),
        "outcomes": _json([_outcome_cells(outcome) for outcome in attempt.outcomes]),
        "forgotten": int(attempt.forgotten),
    }


def attempt_from(row: sqlite3.Row, path: str) -> Attempt:
    """Raises LedgerCorrupt when a row says what no writer of ours wrote."""
    try:
        return _attempt(row)
    except (ValueError, TypeError, KeyError, IndexError) as error:
        raise LedgerCorrupt(
            path, f"the ledger {path} is damaged: attempt {row['name']} cannot be read ({error})"
        ) from error


def event_from(row: sqlite3.Row) -> AttemptEvent:
    return AttemptEvent(
        attempt_name=row["attempt_name"],
        version=row["version"],
        state=AttemptState(row["state"]),
        at=datetime.fromisoformat(row["at"]),
        message=row["message"],
    )


def lease_cells(lease: Lease) -> dict[str, Cell]:
    return {
        "company": lease.company,
        "environment": lease.environment,
        "fence": lease.fence,
        "host": lease.holder.host,
        "pid": lease.holder.pid,
        "user": lease.holder.user,
        "url": lease.holder.url,
        "taken_at": moment_text(lease.taken_at),
        "expires_at": moment_text(lease.expires_at),
    }


def lease_from(row: sqlite3.Row) -> Lease:
    return Lease(
        company=row["company"],
        environment=row["environment"],
        fence=row["fence"],
        holder=Holder(host=row["host"], pid=row["pid"], user=row["user"], url=row["url"]),
        taken_at=datetime.fromisoformat(row["taken_at"]),
        expires_at=datetime.fromisoformat(row["expires_at"]),
    )


def key_cells(key: JobKey) -> dict[str, Cell]:
    return {
        "company": key.company,
        "environment": key.environment,
        "manifest": key.manifest,
        "export": key.export,
    }


def moment_text(moment: datetime) -> str:
    """Raises ValueError for a time without a zone: it would be compared wrongly later."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment} has no time zone")
    return moment.isoformat(timespec="microseconds")


def _attempt(row: sqlite3.Row) -> Attempt:
    return Attempt(
        name=row["name"],
        key=JobKey(
            company=row["company"],
            environment=row["environment"],
            manifest=row["manifest"],
            export=row["export"],
        ),
        generation=row["generation"],
        fingerprint=Fingerprint(data=row["data_hash"], meta=row["meta_hash"]),
        export_job=ExportJob.from_canonical(row["payload"]),
        state=AttemptState(row["state"]),
        intended_at=datetime.fromisoformat(row["intended_at"]),
        updated_at=datetime.fromisoformat(row["updated_at"]),
        version=row["version"],
        handle=row["handle"],
        run_handle=row["run_handle"],
        message=row["message"],
        zip_urls=tuple(str(url) for url in json.loads(row["zip_urls"])),
        outcomes=tuple(_outcome(cells) for cells in json.loads(row["outcomes"])),
        forgotten=bool(row["forgotten"]),
    )


def _outcome_cells(outcome: AssetOutcome) -> list[Cell]:
    asset = outcome.asset
    return [
        outcome.kind.value,
        outcome.message,
        asset.path,
        asset.type,
        asset.last_modified_ms,
        asset.file_size,
        asset.width,
        asset.height,
    ]


def _outcome(cells: list[object]) -> AssetOutcome:
    kind, message, path, asset_type, *numbers = cells
    last_modified_ms, file_size, width, height = (_whole_or_none(number) for number in numbers)
    return AssetOutcome(
        asset=AssetVersion(
            path=str(path),
            type=str(asset_type),
            last_modified_ms=last_modified_ms,
            file_size=file_size,
            width=width,
            height=height,
        ),
        kind=OutcomeKind(str(kind)),
        message=str(message),
    )


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _whole_or_none(value: object) -> int | None:
    if value is not None and not isinstance(value, int):
        raise TypeError(f"{value!r} is not a whole number")
    return value
