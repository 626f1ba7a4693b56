"""What may be wrong with the rows of a ledger although each can be read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from s7spec.adapters.ledger_rows.cells import micros
from s7spec.adapters.ledger_rows.row import Row
from s7spec.model.fingerprint import FINGERPRINT_VERSION
from s7spec.model.ledger import Attempt

MOST_TOLD = 100


def the_first(problems: Iterator[str]) -> tuple[str, ...]:
    """So many as somebody reads, and whether there are more."""
    told = tuple(islice(problems, MOST_TOLD + 1))
    if len(told) <= MOST_TOLD:
        return told
    return (*told[:MOST_TOLD], f"there is more: only the first {MOST_TOLD} problems are told")


def complaints_about_payload(attempt: Attempt, row: Row) -> Iterator[str]:
    """``row`` is the attempt's, with cells of its job's head as ``head_...``."""
    wanted = attempt.wanted
    if row["fingerprint_version"] == FINGERPRINT_VERSION:
        is_whole = attempt.only is None
        sent = wanted if is_whole else replace(attempt.export_job, assets=attempt.sent).fingerprint
        if sent.data != attempt.fingerprint.data:
            yield f"the payload of attempt {attempt.name} is not what its fingerprint says"
    if row["head_name"] != attempt.name:
        return
    if row["head_version"] == FINGERPRINT_VERSION and (wanted.data, wanted.meta) != (
        row["head_data"],
        row["head_meta"],
    ):
        yield f"the head of job {attempt.key} wants something else than attempt {attempt.name}"
    ended_at = None if attempt.ended_at is None else micros(attempt.ended_at)
    if row["head_ended_at"] != ended_at:
        yield f"the head of job {attempt.key} ended at another time than attempt {attempt.name}"
