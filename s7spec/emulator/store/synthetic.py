"""Rows without files, made by SQLite itself: a million take seconds, and are kept."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import asdict

from s7spec.emulator.catalog.model import Folder, SyntheticAssets
from s7spec.emulator.store.moments import to_ms

# Far beyond the numbers of assets that are told one by one.
_FIRST = 1_000_000_000
_ROOM = 10_000_000

_INSERT = """
WITH RECURSIVE place (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM place WHERE n + 1 < :count)
INSERT INTO assets
  (number, company, name, type, sub_type, folder, trash_state, ready_for_publish, created,
   last_modified, create_user, last_modify_user, file_name, file_size, width, height, resolution,
   source, url_modifier, url_post_apply_modifier, description, comments, user_data, created_with,
   generated_by, set_definition, keywords, projects, synthetic)
SELECT :first + n, :company, :prefix || printf('%07d', n + 1), :type, '',
  :folder || printf('%05d', n / :per_folder + 1) || '/', 'NotInTrash', 1, :last_modified,
  :last_modified, :user, :user, :prefix || printf('%07d', n + 1) || :suffix, :file_size,
  :width, :height, 0.0, NULL, '', '', '', '', '', '', '', '', '', '', 1
FROM place
"""


def generate(
    connection: sqlite3.Connection, wanted: tuple[SyntheticAssets, ...], *, user: str
) -> None:
    """Within a transaction: exactly the rows of ``wanted``. What is there already stays."""
    definitions = {_definition(one): one for one in wanted}
    rows = connection.execute("SELECT definition, first FROM synthetic").fetchall()
    known = dict(rows)
    for definition in known.keys() - definitions.keys():
        first = known.pop(definition)
        connection.execute(
            "DELETE FROM assets WHERE number BETWEEN ? AND ?", (first, first + _ROOM - 1)
        )
        connection.execute("DELETE FROM synthetic WHERE definition = ?", (definition,))
    for definition, one in definitions.items():
        if definition in known:
            continue
        first = max((place + _ROOM for place in known.values()), default=_FIRST)
        known[definition] = first
        connection.execute("INSERT INTO synthetic VALUES (?, ?)", (definition, first))
        _insert(connection, one, first, user)


def _insert(connection: sqlite3.Connection, one: SyntheticAssets, first: int, user: str) -> None:
    values = asdict(one) | {
        "first": first,
        "last_modified": to_ms(one.last_modified),
        "user": user,
    }
    connection.execute(_INSERT, values)
    # What was deleted or moved over SOAP before stays so.
    connection.execute(
        "DELETE FROM assets WHERE synthetic = 1 AND number BETWEEN ? AND ? AND EXISTS (SELECT 1"
        " FROM deletions AS d WHERE d.company = assets.company AND d.name = assets.name AND"
        " d.last_modified = assets.last_modified AND d.file_size = assets.file_size)",
        (first, first + _ROOM - 1),
    )
    connection.execute(
        "UPDATE assets SET folder = m.folder FROM moves AS m WHERE synthetic = 1 AND"
        " m.company = assets.company AND m.name = assets.name AND number BETWEEN ? AND ?",
        (first, first + _ROOM - 1),
    )


def _definition(one: SyntheticAssets) -> str:
    return json.dumps(asdict(one), sort_keys=True, default=to_ms)


def folders_of(one: SyntheticAssets) -> Iterator[Folder]:
    """The numbered folders, without those above them."""
    for number in range(1, (one.count - 1) // one.per_folder + 2):
        yield Folder(
            company=one.company,
            path=f"{one.folder}{number:05}/",
            last_modified=one.last_modified,
            child_modified=one.last_modified,
        )
