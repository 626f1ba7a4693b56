"""The copies of our schemas that editors read: in the project, so that they work offline."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

EDITOR_SCHEMAS = ("manifest", "export-template", "project")
"""What people write by hand. A schema that this s7spec does not have is passed over."""

FOLDER = ".s7spec/schemas"


def modelines(schema: str) -> str:
    """The first lines of a file beside s7spec.yaml.

    yaml-language-server and JetBrains' editors both take the path relative to the file; each reads
    only its own line, and only at the top. A file in a folder needs ``../`` before the path.
    """
    path = f"{FOLDER}/{schema}.schema.json"
    return f"# yaml-language-server: $schema={path}\n# $schema: {path}\n"


def editor_copies(root: Path, texts: Mapping[str, str]) -> dict[Path, str]:
    """Which files an editor's schemas are in the project at ``root``, and their texts."""
    return {
        root / FOLDER / f"{name}.schema.json": texts[name]
        for name in EDITOR_SCHEMAS
        if name in texts
    }


def outdated_copies(root: Path, texts: Mapping[str, str]) -> tuple[Path, ...]:
    """The copies that another s7spec wrote. None where the project keeps no copies at all."""
    if not (root / FOLDER).is_dir():
        return ()
    return tuple(path for path, text in editor_copies(root, texts).items() if _read(path) != text)


def _read(path: Path) -> str | None:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return None
