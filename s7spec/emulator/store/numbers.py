"""The numbers behind handles: one name keeps its number as long as the data folder lives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from s7spec.emulator.store.database import Database

_FIRST = 1001


class HandleNumbers:
    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, kind: str, names: Sequence[str]) -> Mapping[str, int]:
        """Numbers for ``names``; new names get the next free ones in the order given."""
        with self._database.reading() as connection:
            rows = connection.execute("SELECT name, number FROM numbers WHERE kind = ?", (kind,))
            known = dict(rows.fetchall())
        missing = [name for name in dict.fromkeys(names) if name not in known]
        if missing:
            known |= self._assign(kind, missing)
        return known

    def _assign(self, kind: str, names: Sequence[str]) -> dict[str, int]:
        with self._database.writing() as connection:
            (last,) = connection.execute(
                "SELECT coalesce(max(number), ?) FROM numbers WHERE kind = ?", (_FIRST - 1, kind)
            ).fetchone()
            assigned = {name: last + 1 + place for place, name in enumerate(names)}
            connection.executemany(
                "INSERT INTO numbers (kind, name, number) VALUES (?, ?, ?)",
                [(kind, name, number) for name, number in assigned.items()],
            )
        return assigned
