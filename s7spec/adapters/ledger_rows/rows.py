"""Attempts, events and leases as rows, and back."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace

from s7spec.adapters.ledger_rows.cells import (
    RowUnreadable,
    count,
    flag,
    micros,
    moment,
    moment_or_none,
    moment_text,
    reading,
    text,
    text_or_none,
)
from s7spec.adapters.ledger_rows.json_cells import (
    assets_from,
    outcomes_from,
    payload_from,
    texts_from,
)
from s7spec.adapters.ledger_rows.row import Cell, Row
from s7spec.model.asset import AssetVersion
from s7spec.model.fingerprint import FINGERPRINT_VERSION, Fingerprint
from s7spec.model.job import JobKey
from s7spec.model.ledger import (
    AssetOutcome,
    Attempt,
    AttemptEvent,
    AttemptState,
    FailureClass,
    Holder,
    Lease,
)
from s7spec.model.schedule import timing_from

_DIGEST_BYTES = 32
_LONGEST_LEASE = 366 * 24 * 3600


def intent_cells(attempt: Attempt) -> dict[str, Cell]:
    """All of an attempt, for the first or a later intent."""
    wanted = attempt.wanted
    sent = wanted if attempt.only is None else _fingerprint_of_part(attempt)
    is_todays = sent.data == attempt.fingerprint.data
    cells = state_cells(attempt)
    cells |= key_cells(attempt.key)
    return cells | {
        "generation": attempt.generation,
        "data_hash": attempt.fingerprint.data,
        "meta_hash": attempt.fingerprint.meta,
        "fingerprint_version": FINGERPRINT_VERSION if is_todays else 0,
        "payload": attempt.export_job.canonical(),
        "only_assets": None if attempt.only is None else _assets_cell(attempt.only),
        "timing": None if attempt.timing is None else str(attempt.timing),
        "rerun": attempt.rerun,
        "tries": attempt.tries,
        "intended_at": moment_text(attempt.intended_at),
        "forgotten": int(attempt.forgotten),
        "wanted_data": wanted.data,
        "wanted_meta": wanted.meta,
        "wanted_version": FINGERPRINT_VERSION,
    }


def state_cells(attempt: Attempt) -> dict[str, Cell]:
    """What becomes of an attempt, step by step."""
    ended_at = attempt.ended_at
    return {
        "name": attempt.name,
        "state": attempt.state.value,
        "updated_at": moment_text(attempt.updated_at),
        "ended_at": None if ended_at is None else moment_text(ended_at),
        "ended_micros": None if ended_at is None else micros(ended_at),
        "version": attempt.version,
        "handle": attempt.handle,
        "run_handle": attempt.run_handle,
        "message": attempt.message,
        "zip_urls": _json(list(attempt.zip_urls)),
        "outcomes": _json([_outcome_cells(outcome) for outcome in attempt.outcomes]),
        "failure": None if attempt.failure is None else attempt.failure.value,
    }


def attempt_from(row: Row) -> Attempt:
    """This and the other readers raise RowUnreadable for what no writer of ours wrote."""
    with reading(f"attempt {row['name']}"):
        return _attempt(row)


def event_from(row: Row) -> AttemptEvent:
    with reading(f"an event of attempt {row['attempt_name']}"):
        return AttemptEvent(
            attempt_name=text(row, "attempt_name"),
            version=count(row, "version"),
            state=AttemptState(row["state"]),
            at=moment(row, "at"),
            message=text(row, "message"),
        )


def event_cells(event: AttemptEvent) -> dict[str, Cell]:
    return {
        "name": event.attempt_name,
        "version": event.version,
        "state": event.state.value,
        "updated_at": moment_text(event.at),
        "message": event.message,
    }


def spec_from(row: Row) -> bytes | None:
    digest = row["spec_digest"]
    return None if digest is None else specs_from([("", digest)])[""]


def specs_from(rows: Iterable[tuple[str, bytes]]) -> dict[str, bytes]:
    """Digests by the export's key. Looked at in bulk: there are as many as jobs."""
    specs = dict(rows)
    digests = specs.values()
    if not {*map(type, specs)} <= {str} or not {*map(type, digests)} <= {bytes}:
        raise RowUnreadable("the spec of a job cannot be read (it is of another kind)")
    if not {*map(len, digests)} <= {_DIGEST_BYTES}:
        raise RowUnreadable(f"the spec of a job cannot be read (not {_DIGEST_BYTES} bytes long)")
    return specs


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


def lease_from(row: Row) -> tuple[Lease, int]:
    """The lease, and for how many seconds it was taken."""
    with reading("the lease"):
        lease = Lease(
            company=text(row, "company"),
            environment=text(row, "environment"),
            fence=count(row, "fence"),
            holder=Holder(
                host=text(row, "host"),
                pid=count(row, "pid"),
                user=text(row, "user"),
                url=text_or_none(row, "url"),
            ),
            taken_at=moment(row, "taken_at"),
            expires_at=moment(row, "expires_at"),
        )
        seconds = count(row, "seconds")
        if seconds > _LONGEST_LEASE:
            raise ValueError(f"it was taken for {seconds} seconds")
        return lease, seconds


def key_cells(key: JobKey) -> dict[str, Cell]:
    return {
        "company": key.company,
        "environment": key.environment,
        "manifest": key.manifest,
        "export": key.export,
    }


def _attempt(row: Row) -> Attempt:
    return Attempt(
        name=text(row, "name"),
        key=JobKey(
            company=text(row, "company"),
            environment=text(row, "environment"),
            manifest=text(row, "manifest"),
            export=text(row, "export"),
        ),
        generation=count(row, "generation"),
        fingerprint=Fingerprint(data=text(row, "data_hash"), meta=text(row, "meta_hash")),
        export_job=payload_from(text(row, "payload")),
        state=AttemptState(row["state"]),
        intended_at=moment(row, "intended_at"),
        updated_at=moment(row, "updated_at"),
        version=count(row, "version"),
        handle=text_or_none(row, "handle"),
        run_handle=text_or_none(row, "run_handle"),
        message=text(row, "message"),
        zip_urls=texts_from(text(row, "zip_urls")),
        outcomes=outcomes_from(text(row, "outcomes")),
        forgotten=flag(row, "forgotten"),
        only=None if row["only_assets"] is None else assets_from(text(row, "only_assets")),
        timing=None if row["timing"] is None else timing_from(text(row, "timing")),
        rerun=text_or_none(row, "rerun"),
        tries=count(row, "tries"),
        ended_at=moment_or_none(row, "ended_at"),
        failure=None if row["failure"] is None else FailureClass(row["failure"]),
    )


def _fingerprint_of_part(attempt: Attempt) -> Fingerprint:
    return replace(attempt.export_job, assets=attempt.sent).fingerprint


def _assets_cell(assets: tuple[AssetVersion, ...]) -> str:
    return _json([asset.cells() for asset in assets])


def _outcome_cells(outcome: AssetOutcome) -> list[Cell]:
    return [outcome.kind.value, outcome.message, *outcome.asset.cells()]


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
