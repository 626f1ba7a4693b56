"""Heads of jobs out of their rows: there may be a million, and each is looked at by every plan."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from itertools import product

from s7spec.adapters.ledger_sqlite.cells import MOST, RowUnreadable, moment_of
from s7spec.model.fingerprint import Fingerprint
from s7spec.model.job import JobKey
from s7spec.model.ledger import AttemptState, JobHead

_STATES = {state.value: state for state in AttemptState}
_FLAGS = {0: False, 1: True}
_NONE = type(None)
_KINDS = frozenset(
    (str, str, str, int, int, str, int, str, str, int, rerun, ended_at)
    for rerun, ended_at in product((str, _NONE), (int, _NONE))
)
"""What the cells of ``statements.HEADS`` may be: one look-up instead of twelve questions."""


def heads_from(rows: sqlite3.Cursor, company: str, environment: str) -> Iterator[JobHead]:
    """``rows`` are plain tuples. Raises RowUnreadable for what no writer of ours wrote."""
    for row in rows:
        if (*map(type, row),) not in _KINDS:
            raise _unreadable(row, "a cell is of another kind")
        manifest, export, name, version, generation, state, forgotten, *rest = row
        data, meta, fingerprint_version, rerun, ended_at = rest
        if not 1 <= version <= MOST or not 1 <= generation <= MOST:
            raise _unreadable(row, "its version or generation cannot be")
        try:
            yield JobHead(
                key=JobKey(
                    company=company, environment=environment, manifest=manifest, export=export
                ),
                attempt_name=name,
                version=version,
                generation=generation,
                state=_STATES[state],
                forgotten=_FLAGS[forgotten],
                wanted=Fingerprint(data=data, meta=meta),
                fingerprint_version=fingerprint_version,
                rerun=rerun,
                ended_at=None if ended_at is None else moment_of(ended_at),
            )
        except (LookupError, OverflowError) as error:
            raise _unreadable(row, repr(error)) from error


def _unreadable(row: tuple[object, ...], why: str) -> RowUnreadable:
    return RowUnreadable(f"the head of job {row[0]}/{row[1]} cannot be read ({why})")
