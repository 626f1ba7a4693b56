"""Assets as rows of the table ``assets``, and back."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from pathlib import Path

from s7spec.emulator.catalog.model import Asset, Metadata
from s7spec.emulator.store.moments import from_ms, to_ms

# A control character, which the reading of catalog.yaml lets nobody write.
_SEPARATOR = "\x1f"
COLUMNS = (
    *("number", "company", "name", "type", "sub_type", "folder", "trash_state"),
    *("ready_for_publish", "created", "last_modified", "create_user", "last_modify_user"),
    *("file_name", "file_size", "width", "height", "resolution", "source", "url_modifier"),
    *("url_post_apply_modifier", "description", "comments", "user_data", "created_with"),
    *("generated_by", "set_definition", "keywords", "projects"),
)
INSERT = (
    f"INSERT INTO assets ({', '.join(COLUMNS)}, synthetic) VALUES"  # noqa: S608 - our own names
    f" ({', '.join(f':{column}' for column in COLUMNS)}, 0)"
)


def row_of(asset: Asset) -> dict[str, object]:
    row: dict[str, object] = {column: getattr(asset, column) for column in COLUMNS}
    row["created"] = to_ms(asset.created)
    row["last_modified"] = to_ms(asset.last_modified)
    row["source"] = None if asset.source is None else str(asset.source)
    row["keywords"] = _SEPARATOR.join(asset.keywords)
    row["projects"] = _SEPARATOR.join(asset.projects)
    return row


def asset_of(row: sqlite3.Row, metadata: Mapping[int, tuple[Metadata, ...]]) -> Asset:
    """The row in the order of ``COLUMNS``; ``metadata`` by asset number."""
    values = dict(zip(COLUMNS, row, strict=True))
    source, keywords, projects = values["source"], values["keywords"], values["projects"]
    values["ready_for_publish"] = bool(values["ready_for_publish"])
    values["created"] = from_ms(values["created"])
    values["last_modified"] = from_ms(values["last_modified"])
    values["source"] = None if source is None else Path(source)
    values["keywords"] = tuple(keywords.split(_SEPARATOR)) if keywords else ()
    values["projects"] = tuple(projects.split(_SEPARATOR)) if projects else ()
    return Asset(**values, metadata=metadata.get(values["number"], ()))
