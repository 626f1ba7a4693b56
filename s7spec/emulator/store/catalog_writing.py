"""Writing the catalog's rows: what the folder says, under what was changed over SOAP."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from s7spec.emulator.catalog.building import Contents, ancestors
from s7spec.emulator.catalog.model import Asset, FieldType, Folder, MetadataField
from s7spec.emulator.store.asset_rows import INSERT, row_of
from s7spec.emulator.store.moments import to_ms
from s7spec.emulator.store.numbers import numbers_of
from s7spec.emulator.store.synthetic import folders_of, generate


class NameTaken(Exception):
    """A synthetic asset has the name of another one."""


def write_contents(connection: sqlite3.Connection, contents: Contents) -> None:
    """Within a transaction: the tables hold exactly ``contents``, less deleted assets, with moved
    ones in their new folders. Raises NameTaken."""
    refined = contents.refined
    assets = _numbered(connection, list(_as_changed(connection, contents.assets)))
    numbers_of(connection, "preset", [(p.company, p.name) for p in refined.presets])
    connection.execute("DELETE FROM assets WHERE synthetic = 0")
    try:
        generate(connection, refined.synthetic, user=refined.users[0].email)
        connection.executemany(INSERT, map(row_of, assets))
    except sqlite3.IntegrityError as error:
        raise NameTaken("a synthetic asset has the name of another asset") from error
    fields = {field.handle: field for field in refined.fields}
    connection.executemany(
        "INSERT INTO metadata VALUES (?, ?, ?, ?, ?)",
        [row for asset in assets for row in _metadata_rows(asset, fields)],
    )
    connection.executemany(
        "INSERT OR IGNORE INTO memberships VALUES (?, ?)",
        [(f"p|{a.company}|{name}", a.number) for a in assets for name in a.projects],
    )
    _write_folders(connection, contents)


def _as_changed(connection: sqlite3.Connection, assets: Iterable[Asset]) -> Iterator[Asset]:
    """A deletion holds for the state of the file that was deleted: a new one is a new asset."""
    gone = {
        (company, name): (modified, size)
        for company, name, modified, size in connection.execute("SELECT * FROM deletions")
    }
    moved = {
        (company, name): folder
        for company, name, folder in connection.execute("SELECT * FROM moves")
    }
    for asset in assets:
        key = (asset.company, asset.name)
        if gone.get(key) == (to_ms(asset.last_modified), asset.file_size):
            continue
        if key in gone:
            connection.execute("DELETE FROM deletions WHERE company = ? AND name = ?", key)
        yield replace(asset, folder=moved.get(key, asset.folder))


def _numbered(connection: sqlite3.Connection, assets: list[Asset]) -> list[Asset]:
    known = numbers_of(connection, "asset", [(a.company, a.name) for a in assets])
    return [replace(asset, number=known[asset.company, asset.name]) for asset in assets]


def _metadata_rows(asset: Asset, fields: dict[str, MetadataField]) -> Iterator[tuple[object, ...]]:
    for one in asset.metadata:
        field = fields[one.field]
        for position, value in enumerate(one.values):
            amount = amount_of(field, value)
            yield asset.number, field.handle, position, value, amount


def amount_of(field: MetadataField, value: str) -> float | None:
    """A value as a number to compare with: milliseconds for dates; None for texts."""
    if field.type is FieldType.DATE:
        return to_ms(datetime.fromisoformat(value))
    if field.type.is_boolean:
        return float(value == "true")
    return float(value) if field.type.is_real or field.type is FieldType.INT else None


def _write_folders(connection: sqlite3.Connection, contents: Contents) -> None:
    folders: dict[tuple[int, str], Folder] = {}
    for block in contents.refined.synthetic:
        for path in ancestors(block.folder):
            folders[block.company, path] = Folder(company=block.company, path=path)
        folders |= {(folder.company, folder.path): folder for folder in folders_of(block)}
    folders |= {(folder.company, folder.path): folder for folder in contents.folders}
    connection.execute("DELETE FROM folders")
    connection.executemany(
        "INSERT INTO folders VALUES (?, ?, ?, ?)",
        [
            (f.company, f.path, _ms(f.last_modified), _ms(f.child_modified))
            for f in folders.values()
        ],
    )
    for company, folder in connection.execute("SELECT DISTINCT company, folder FROM moves"):
        refresh_folder(connection, company, folder)


def refresh_folder(connection: sqlite3.Connection, company: int, path: str) -> None:
    """Within a transaction: the folder exists and knows its newest asset."""
    connection.executemany(
        "INSERT OR IGNORE INTO folders (company, path) VALUES (?, ?)",
        [(company, above) for above in ancestors(path)],
    )
    connection.execute(
        "UPDATE folders SET child_modified = (SELECT max(last_modified) FROM assets WHERE"
        " company = :company AND folder = :path) WHERE company = :company AND path = :path",
        {"company": company, "path": path},
    )


def _ms(moment: datetime | None) -> int | None:
    return None if moment is None else to_ms(moment)
