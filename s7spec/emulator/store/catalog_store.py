"""The store of the catalog: rows made from the folder, and changes made over SOAP."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from sqlite3 import Connection, Row

from s7spec.emulator.catalog.building import Contents
from s7spec.emulator.catalog.model import Asset, Folder, Preset
from s7spec.emulator.store.assets import AssetStore
from s7spec.emulator.store.catalog_writing import refresh_folder, write_contents
from s7spec.emulator.store.clauses import Clause
from s7spec.emulator.store.database import Database
from s7spec.emulator.store.moments import from_ms, to_ms
from s7spec.emulator.store.numbers import known_numbers, numbers_of, retire


class CatalogStore:
    """Thread-safe. The catalog folder itself is never written: what is deleted, moved or saved
    over SOAP is remembered here."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.assets = AssetStore(database)

    def replace(self, contents: Contents) -> None:
        """Take over what the folder says. Raises NameTaken."""
        with self._changing() as connection:
            write_contents(connection, contents)

    def delete(self, asset: Asset) -> bool:
        """For good: a new file of that name is a new asset with another handle. Tells whether it
        was there."""
        with self._changing() as connection:
            cursor = connection.execute("DELETE FROM assets WHERE number = ?", (asset.number,))
            if cursor.rowcount != 1:
                return False
            connection.execute(
                "INSERT OR REPLACE INTO deletions VALUES (?, ?, ?, ?)",
                (asset.company, asset.name, to_ms(asset.last_modified), asset.file_size),
            )
            key = (asset.company, asset.name)
            connection.execute("DELETE FROM moves WHERE company = ? AND name = ?", key)
            retire(connection, "asset", key, asset.number)
            refresh_folder(connection, asset.company, asset.folder)
        return True

    def move(self, asset: Asset, folder: str) -> bool:
        """Tells whether the asset was there."""
        with self._changing() as connection:
            cursor = connection.execute(
                "UPDATE assets SET folder = ? WHERE number = ?", (folder, asset.number)
            )
            if cursor.rowcount != 1:
                return False
            connection.execute(
                "INSERT OR REPLACE INTO moves VALUES (?, ?, ?)", (asset.company, asset.name, folder)
            )
            for path in (asset.folder, folder):
                refresh_folder(connection, asset.company, path)
        return True

    def folders(self, company: int, conditions: Clause) -> list[Folder]:
        """By path."""
        sql = (
            "SELECT path, last_modified, child_modified FROM folders WHERE company = ? AND "  # noqa: S608
            f"({conditions.sql}) ORDER BY path"
        )
        with self._database.reading() as connection:
            rows = connection.execute(sql, (company, *conditions.values)).fetchall()
        return [
            Folder(
                company=company,
                path=path,
                last_modified=None if modified is None else from_ms(modified),
                child_modified=None if child is None else from_ms(child),
            )
            for path, modified, child in rows
        ]

    def presets(self, told: tuple[Preset, ...]) -> tuple[Preset, ...]:
        """Those of catalog.yaml with their numbers and changes, then those that were made over
        SOAP. A change holds until catalog.yaml says something new."""
        with self._database.reading() as connection:
            known = known_numbers(connection, "preset")
            rows = connection.execute("SELECT * FROM saved_presets ORDER BY number").fetchall()
        saved = {row["number"]: row for row in rows}
        found = []
        for preset in told:
            number = known[preset.company, preset.name]
            found.append(_as_saved(replace(preset, number=number), saved.get(number)))
        taken = {(preset.company, preset.name.lower()) for preset in found}
        made = (_made(row) for row in rows if row["told_name"] is None)
        return (*found, *(p for p in made if (p.company, p.name.lower()) not in taken))

    def save_preset(self, preset: Preset, told: Preset | None) -> Preset:
        """A new one when its number is 0. ``told`` is what catalog.yaml says of it, if anything."""
        with self._database.writing() as connection:
            number = preset.number
            if not number:
                key = (preset.company, preset.name)
                number = numbers_of(connection, "preset", [key])[key]
                # It goes by its number from now on: the name may change.
                retire(connection, "preset", key, number)
            connection.execute(
                "INSERT OR REPLACE INTO saved_presets VALUES (?, ?, ?, ?, ?, ?)",
                (
                    number,
                    preset.company,
                    preset.name,
                    preset.url_modifier,
                    told.name if told else None,
                    told.url_modifier if told else None,
                ),
            )
        return replace(preset, number=number)

    @contextmanager
    def _changing(self) -> Iterator[Connection]:
        with self.assets.changing(), self._database.writing() as connection:
            yield connection


def _as_saved(told: Preset, row: Row | None) -> Preset:
    """With the change that was made to just this state of the preset, if any."""
    if row is None or (row["told_name"], row["told_modifier"]) != (told.name, told.url_modifier):
        return told
    return replace(told, name=row["name"], url_modifier=row["url_modifier"])


def _made(row: Row) -> Preset:
    return Preset(
        company=row["company"],
        name=row["name"],
        url_modifier=row["url_modifier"],
        number=row["number"],
    )
