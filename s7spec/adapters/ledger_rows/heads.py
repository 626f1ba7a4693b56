"""Heads of jobs out of their rows: there may be a million, and every plan looks at each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, TypeAlias

from s7spec.adapters.ledger_rows.cells import LATEST, MOST, RowUnreadable, moment_of
from s7spec.adapters.ledger_rows.row import Rows
from s7spec.model.fingerprint import Fingerprint
from s7spec.model.job import JobKey
from s7spec.model.ledger import AttemptState, JobHead

_AT_ONCE = 256
"""So many rows are in memory, and are looked at together."""

_STATES = {state.value: state for state in AttemptState}
_FLAGS = {0: False, 1: True}
_TEXT, _WHOLE = frozenset({str}), frozenset({int})
_OR_NONE = frozenset({type(None)})
_KINDS = (
    *(_TEXT, _TEXT, _TEXT, _WHOLE, _WHOLE, _TEXT, _WHOLE, _TEXT, _TEXT, _WHOLE),
    *(_TEXT | _OR_NONE, _WHOLE | _OR_NONE),
)
"""What the cells of ``statements.HEADS`` may be."""

_Row: TypeAlias = tuple[Any, ...]


def heads_from(rows: Rows, company: str, environment: str) -> Iterator[JobHead]:
    """``rows`` are plain tuples. Raises RowUnreadable for what no writer of ours wrote."""
    states, flags = _STATES, _FLAGS
    while batch := rows.fetchmany(_AT_ONCE):
        if not _are_sound(batch):
            raise RowUnreadable(next(complaints(batch)))
        for (
            manifest,
            export,
            name,
            version,
            generation,
            state,
            forgotten,
            data,
            meta,
            fingerprint_version,
            rerun,
            ended_at,
        ) in batch:
            yield JobHead(
                key=JobKey(
                    company=company, environment=environment, manifest=manifest, export=export
                ),
                attempt_name=name,
                version=version,
                generation=generation,
                state=states[state],
                forgotten=flags[forgotten],
                wanted=Fingerprint(data=data, meta=meta),
                fingerprint_version=fingerprint_version,
                rerun=rerun,
                ended_at=None if ended_at is None else moment_of(ended_at),
            )


def complaints(rows: Iterable[_Row]) -> Iterator[str]:
    """One for each head that cannot be read."""
    for row in rows:
        if not _are_sound([row]):
            yield f"the head of job {row[0]}/{row[1]} cannot be read"


def _are_sound(rows: list[_Row]) -> bool:
    """Whole columns at once: ten times faster than cell by cell."""
    columns = list(zip(*rows, strict=True))
    for column, kinds in zip(columns, _KINDS, strict=True):
        if not {*map(type, column)} <= kinds:
            return False
    _, _, _, version, generation, state, forgotten, *_, ended_at = columns
    counts = {*version, *generation}
    ends = {0, *ended_at} - {None}
    return (
        min(counts) >= 1
        and max(counts) <= MOST
        and _STATES.keys() >= {*state}
        and _FLAGS.keys() >= {*forgotten}
        and min(ends) >= 0
        and max(ends) <= LATEST
    )
