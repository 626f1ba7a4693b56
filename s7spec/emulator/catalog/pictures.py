"""Width and height of picture files, read once per state of a file."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from s7spec.emulator.catalog.errors import CatalogError
from s7spec.emulator.catalog.files import FoundFile


class PictureSizes:
    """Remembers sizes, so that touching one file of a large catalog opens one file."""

    def __init__(self) -> None:
        self._known: dict[FoundFile, tuple[int, int]] = {}

    def of(self, folder: Path, found: FoundFile) -> tuple[int, int]:
        """Pixels of the stored picture, orientation tags not applied. Raises CatalogError."""
        size = self._known.get(found)
        if size is None:
            size = self._known[found] = _read_size(folder / found.relative)
        return size

    def keep_only(self, files: frozenset[FoundFile]) -> None:
        self._known = {found: size for found, size in self._known.items() if found in files}


def _read_size(path: Path) -> tuple[int, int]:
    try:
        with Image.open(path) as picture:
            return picture.size
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        hint = "replace it, or take it out of the catalog folder"
        raise CatalogError("not a readable picture", path=path, hint=hint) from error
