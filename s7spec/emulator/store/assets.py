"""Reading assets out of the store: by handle, by name, by search."""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from s7spec.emulator.catalog.model import Asset, Metadata
from s7spec.emulator.store.asset_rows import COLUMNS, asset_of
from s7spec.emulator.store.clauses import Clause, Value, below, every
from s7spec.emulator.store.database import Database

_SELECT = f"SELECT {', '.join(COLUMNS)} FROM assets"  # noqa: S608 - our own names
_REMEMBERED = 256
_LONGEST_SEARCH = 20.0
# Steps of SQLite's machine between two looks at the clock: some milliseconds.
_LOOK_EVERY = 100_000


class Sort(StrEnum):
    """Columns to sort by; equal values are told apart by the asset's name."""

    NAME = "name"
    CREATED = "created"
    MODIFIED = "last_modified"
    TYPE = "type"
    FILE_SIZE = "file_size"


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetQuery:
    """A search in one company. ``folder`` None means all folders; pages count from 1."""

    company: int
    folder: str | None
    recursive: bool
    conditions: Clause
    sort: Sort
    descending: bool
    size: int
    page: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """``total`` counts all matches, ``assets`` are those of the page."""

    total: int
    assets: tuple[Asset, ...]


class SearchTooLong(Exception):
    """A search was given up, so that it cannot keep others from searching for ever."""


class AssetStore:
    """Thread-safe. Each call sees one state of the rows. What is counted once is remembered until
    the next change. Raises SearchTooLong."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._memory = _Memory()

    def changing(self) -> AbstractContextManager[None]:
        """To be around every change of rows: what is remembered holds no more."""
        return self._memory.changing()

    def by_handles(self, company: int, handles: Iterable[str]) -> dict[str, Asset]:
        """Those that exist, by handle."""
        numbers = [n for handle in handles if (n := _number(handle)) is not None]
        clause = "company = ? AND number IN (SELECT value FROM json_each(?))"
        with self._snapshot() as snapshot:
            found = snapshot.assets(f"{_SELECT} WHERE {clause}", (company, json.dumps(numbers)))
        return {asset.handle: asset for asset in found}

    def by_names(self, company: int, names: Sequence[str], conditions: Clause) -> list[Asset]:
        """Those that exist, in the order of the names."""
        sql = (
            f"{_SELECT} WHERE company = ? AND name IN (SELECT value FROM json_each(?))"  # noqa: S608
            f" AND ({conditions.sql})"
        )
        values = (company, json.dumps(list(names), ensure_ascii=False), *conditions.values)
        with self._snapshot() as snapshot:
            found = {asset.name: asset for asset in snapshot.assets(sql, values)}
        return [found[name] for name in dict.fromkeys(names) if name in found]

    def search(self, query: AssetQuery) -> Found:
        """All that is asked for in one state of the rows, so that total and page fit."""
        where = _where(query)
        with self._snapshot() as snapshot:
            total = snapshot.count(where)
            if (query.page - 1) * query.size >= total:
                return Found(total=total, assets=())
            return Found(total=total, assets=snapshot.page(query, where, total))

    def count_by_type(self, company: int, conditions: Clause) -> dict[str, int]:
        sql = (
            "SELECT type, count(*) FROM assets WHERE company = ? AND "  # noqa: S608
            f"({conditions.sql}) GROUP BY type ORDER BY type"
        )
        with self._snapshot() as snapshot:
            return dict(map(tuple, snapshot.rows(sql, (company, *conditions.values))))

    @contextmanager
    def _snapshot(self) -> Iterator[_Snapshot]:
        deadline = time.monotonic() + _LONGEST_SEARCH
        state = self._memory.state()
        with self._database.reading() as connection:
            connection.set_progress_handler(lambda: time.monotonic() > deadline, _LOOK_EVERY)
            try:
                connection.execute("BEGIN")
                # The first read decides which state is seen.
                connection.execute("SELECT 1 FROM assets LIMIT 1").fetchone()
                # What is remembered is of that state only when nothing changed meanwhile.
                known = state if state == self._memory.state() else None
                yield _Snapshot(connection, self._memory, known)
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT:
                    raise SearchTooLong(f"not done after {_LONGEST_SEARCH:g} s") from error
                raise
            finally:
                connection.set_progress_handler(None, 0)
                # A search that was given up may have ended its transaction itself.
                if connection.in_transaction:
                    connection.execute("ROLLBACK")


class _Memory:
    """Counts and places of pages, for one state of the rows."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: OrderedDict[object, object] = OrderedDict()
        self._state = 0
        self._changes = 0

    def state(self) -> int | None:
        """A number for the state of the rows, None while it changes."""
        with self._lock:
            return None if self._changes else self._state

    @contextmanager
    def changing(self) -> Iterator[None]:
        with self._lock:
            self._changes += 1
        try:
            yield
        finally:
            with self._lock:
                self._changes -= 1
                self._state += 1
                self._known.clear()

    def recall(self, key: object, state: int | None) -> object | None:
        with self._lock:
            return self._known.get(key) if state == self._state and not self._changes else None

    def remember(self, key: object, value: object, state: int | None) -> None:
        with self._lock:
            if state != self._state or self._changes:
                return
            self._known[key] = value
            self._known.move_to_end(key)
            while len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)


class _Snapshot:
    """One state of the rows; ``state`` is None when nothing that is remembered fits it."""

    def __init__(self, connection: sqlite3.Connection, memory: _Memory, state: int | None) -> None:
        self._connection = connection
        self._memory = memory
        self._state = state

    def rows(self, sql: str, values: Sequence[Value]) -> list[sqlite3.Row]:
        return self._connection.execute(sql, values).fetchall()

    def count(self, where: Clause) -> int:
        known = self._memory.recall(where, self._state)
        if isinstance(known, int):
            return known
        sql = f"SELECT count(*) FROM assets WHERE {where.sql}"  # noqa: S608
        ((count,),) = self.rows(sql, where.values)
        self._memory.remember(where, int(count), self._state)
        return int(count)

    def page(self, query: AssetQuery, where: Clause, total: int) -> tuple[Asset, ...]:
        """Goes on behind the last asset of the page before, where that was asked for: skipping
        rows costs as much as reading them."""
        turn = "DESC" if query.descending else "ASC"
        second = f", name {turn}" if query.sort is not Sort.NAME else ""
        kind = (where, query.sort, query.descending, query.size)
        last = self._memory.recall((*kind, query.page - 1), self._state)
        clause, skip = where, (query.page - 1) * query.size
        if isinstance(last, tuple):
            clause, skip = every((where, _behind(query, last))), 0
        sql = (
            f"{_SELECT} {_index(query, total)} WHERE {clause.sql}"
            f" ORDER BY {query.sort} {turn}{second} LIMIT ? OFFSET ?"
        )
        rows = self.rows(sql, (*clause.values, query.size, skip))
        if rows:
            place = (rows[-1][query.sort], rows[-1]["name"])
            self._memory.remember((*kind, query.page), place, self._state)
        return self._with_metadata(rows)

    def assets(self, sql: str, values: Sequence[Value]) -> tuple[Asset, ...]:
        return self._with_metadata(self.rows(sql, values))

    def _with_metadata(self, rows: Sequence[sqlite3.Row]) -> tuple[Asset, ...]:
        metadata = self._metadata([row[0] for row in rows]) if rows else {}
        return tuple(asset_of(row, metadata) for row in rows)

    def _metadata(self, numbers: Sequence[int]) -> Mapping[int, tuple[Metadata, ...]]:
        rows = self.rows(
            "SELECT asset, field, value FROM metadata WHERE asset IN (SELECT value FROM"
            " json_each(?)) ORDER BY asset, field, position",
            (json.dumps(numbers),),
        )
        found: dict[int, tuple[Metadata, ...]] = {}
        for (asset, name), values in groupby(rows, key=lambda row: (row[0], row[1])):
            one = Metadata(field=name, values=tuple(row[2] for row in values))
            found[asset] = (*found.get(asset, ()), one)
        return found


def _where(query: AssetQuery) -> Clause:
    clauses = [Clause("company = ?", (query.company,))]
    if query.folder is not None:
        exact = Clause("folder = ?", (query.folder,))
        clauses.append(below("folder", query.folder) if query.recursive else exact)
    return every((*clauses, query.conditions))


def _index(query: AssetQuery, total: int) -> str:
    """For a search sorted by name, SQLite may walk all names of the company or all of a folder and
    sort those. Without statistics of its own it cannot know which is less."""
    if query.sort is not Sort.NAME or query.folder is None or not query.recursive:
        return ""
    return "INDEXED BY assets_by_folder" if total <= 20_000 else "INDEXED BY assets_by_name"


def _behind(query: AssetQuery, last: tuple[Value, ...]) -> Clause:
    sign = "<" if query.descending else ">"
    value, name = last
    if query.sort is Sort.NAME:
        return Clause(f"name {sign} ?", (name,))
    return Clause(f"({query.sort}, name) {sign} (?, ?)", (value, name))


def _number(handle: str) -> int | None:
    prefix, _, number = handle.partition("|")
    usable = prefix == "a" and number.isascii() and number.isdigit() and len(number) < 19
    return int(number) if usable else None
