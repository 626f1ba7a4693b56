"""Reading assets out of the store: by handle, by name, by search."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from s7spec.emulator.catalog.model import Asset, Metadata
from s7spec.emulator.store.asset_rows import COLUMNS, asset_of
from s7spec.emulator.store.clauses import Clause, Value, below, every
from s7spec.emulator.store.database import Database

_SELECT = f"SELECT {', '.join(COLUMNS)} FROM assets"  # noqa: S608 - our own names
_REMEMBERED = 256


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


class AssetStore:
    """Thread-safe. What is counted once is remembered until the next change."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._memory: OrderedDict[object, object] = OrderedDict()
        self._state = 0

    def changed(self) -> None:
        """To be called after every change of rows: what is remembered holds no more."""
        with self._lock:
            self._state += 1
            self._memory.clear()

    def by_handles(self, company: int, handles: Iterable[str]) -> dict[str, Asset]:
        """Those that exist, by handle."""
        numbers = [n for handle in handles if (n := _number(handle)) is not None]
        clause = "company = ? AND number IN (SELECT value FROM json_each(?))"
        found = self._select(clause, (company, json.dumps(numbers)))
        return {asset.handle: asset for asset in found}

    def by_names(self, company: int, names: Sequence[str], conditions: Clause) -> list[Asset]:
        """Those that exist, in the order of the names."""
        clause = f"company = ? AND name IN (SELECT value FROM json_each(?)) AND ({conditions.sql})"  # noqa: S608
        values = (company, json.dumps(list(names), ensure_ascii=False), *conditions.values)
        found = {asset.name: asset for asset in self._select(clause, values)}
        return [found[name] for name in dict.fromkeys(names) if name in found]

    def search(self, query: AssetQuery) -> Found:
        where = _where(query)
        total = self.count(where)
        offset = (query.page - 1) * query.size
        if offset >= total:
            return Found(total=total, assets=())
        return Found(total=total, assets=self._page(query, where, total))

    def count(self, where: Clause) -> int:
        """Rows of ``assets`` for which the clause holds."""
        known = self._recall(where)
        if isinstance(known, int):
            return known
        state = self._state
        sql = f"SELECT count(*) FROM assets WHERE {where.sql}"  # noqa: S608
        ((count,),) = self._rows(sql, where.values)
        self._remember(where, int(count), state)
        return int(count)

    def count_by_type(self, company: int, conditions: Clause) -> dict[str, int]:
        sql = (
            "SELECT type, count(*) FROM assets WHERE company = ? AND "  # noqa: S608
            f"({conditions.sql}) GROUP BY type ORDER BY type"
        )
        rows = self._rows(sql, (company, *conditions.values))
        return dict(map(tuple, rows))

    def _page(self, query: AssetQuery, where: Clause, total: int) -> tuple[Asset, ...]:
        """Goes on behind the last asset of the page before, where that was asked for: skipping
        rows costs as much as reading them."""
        turn = "DESC" if query.descending else "ASC"
        order = f"ORDER BY {query.sort} {turn}" + (
            f", name {turn}" if query.sort is not Sort.NAME else ""
        )
        before = (where, query.sort, query.descending, query.size, query.page - 1)
        last = self._recall(before)
        state = self._state
        clause, skip = where, (query.page - 1) * query.size
        if isinstance(last, tuple):
            clause, skip = every((where, _behind(query, last))), 0
        sql = f"{_SELECT} {_index(query, total)} WHERE {clause.sql} {order} LIMIT ? OFFSET ?"
        rows = self._rows(sql, (*clause.values, query.size, skip))
        if rows:
            key = (rows[-1][query.sort], rows[-1]["name"])
            self._remember((*before[:-1], query.page), key, state)
        return self._assets(rows)

    def _select(self, clause: str, values: Sequence[Value]) -> tuple[Asset, ...]:
        return self._assets(self._rows(f"{_SELECT} WHERE {clause}", values))

    def _rows(self, sql: str, values: Sequence[Value]) -> list[sqlite3.Row]:
        with self._database.reading() as connection:
            return connection.execute(sql, values).fetchall()

    def _assets(self, rows: Sequence[sqlite3.Row]) -> tuple[Asset, ...]:
        numbers = [row[0] for row in rows]
        metadata = self._metadata(numbers) if numbers else {}
        return tuple(asset_of(row, metadata) for row in rows)

    def _metadata(self, numbers: Sequence[object]) -> Mapping[int, tuple[Metadata, ...]]:
        rows = self._rows(
            "SELECT asset, field, value FROM metadata WHERE asset IN (SELECT value FROM"
            " json_each(?)) ORDER BY asset, field, position",
            (json.dumps(numbers),),
        )
        found: dict[int, tuple[Metadata, ...]] = {}
        for (asset, name), values in groupby(rows, key=lambda row: (row[0], row[1])):
            one = Metadata(field=name, values=tuple(row[2] for row in values))
            found[asset] = (*found.get(asset, ()), one)
        return found

    def _recall(self, key: object) -> object | None:
        with self._lock:
            known = self._memory.get(key)
            if known is not None:
                self._memory.move_to_end(key)
            return known

    def _remember(self, key: object, value: object, state: int) -> None:
        """Nothing that was read before the last change."""
        with self._lock:
            if state != self._state:
                return
            self._memory[key] = value
            while len(self._memory) > _REMEMBERED:
                self._memory.popitem(last=False)


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
