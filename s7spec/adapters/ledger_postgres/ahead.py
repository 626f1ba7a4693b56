"""Reads ahead: each question to a server is a way there and back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from s7spec.adapters.ledger_rows.row import Rows
from s7spec.model.job import JobKey
from s7spec.model.ledger import JobHead

_MOST = 512
_GROWTH = 4
_STRETCH = 2048


class InStretches:
    """The rows of a cursor on the server, fetched in longer stretches than they are asked for."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self._ahead: list[tuple[Any, ...]] = []

    def fetchmany(self, size: int, /) -> list[tuple[Any, ...]]:
        if not self._ahead:
            self._ahead = self._rows.fetchmany(_STRETCH)
        found, self._ahead = self._ahead[:size], self._ahead[size:]
        return found


class HeadsAhead:
    """Heads of one moment, in which nothing changes, that are asked for one by one. Who asks for
    keys in their order, as whoever goes through a plan does, gets longer and longer stretches; who
    asks for one gets one.

    ``read`` gives so many heads from a key on, in their order; fewer only at the end.
    """

    def __init__(self, read: Callable[[JobKey, int], list[JobHead]]) -> None:
        self._read = read
        self._heads: dict[JobKey, JobHead] = {}
        self._first: JobKey | None = None
        self._last: JobKey | None = None
        self._count = 1

    def head(self, key: JobKey) -> JobHead | None:
        if not self._is_read(key):
            self._read_from(key)
        return self._heads.get(key)

    def _is_read(self, key: JobKey) -> bool:
        if self._first is None or key < self._first:
            return False
        return self._last is None or key <= self._last

    def _read_from(self, key: JobKey) -> None:
        goes_on = self._last is not None and key > self._last
        self._count = min(self._count * _GROWTH, _MOST) if goes_on else 1
        found = self._read(key, self._count)
        self._heads = {head.key: head for head in found}
        self._first = key
        # None: up to the end there is nothing that was not read.
        self._last = found[-1].key if len(found) == self._count else None
