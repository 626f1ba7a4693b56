"""Size and resolution of picture files, read once per state of a file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from s7spec.emulator.catalog.errors import CatalogError
from s7spec.emulator.catalog.files import FoundFile


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureFacts:
    """Pixels of the stored picture, orientation tags not applied; dots per inch, 0.0 if unknown."""

    width: int
    height: int
    resolution: float


class PictureReader:
    """Remembers pictures, so that touching one file of a large catalog opens one file."""

    def __init__(self) -> None:
        self._known: dict[FoundFile, PictureFacts] = {}

    def read(self, folder: Path, found: FoundFile) -> PictureFacts:
        """Raises CatalogError for what is not a picture."""
        facts = self._known.get(found)
        if facts is None:
            facts = self._known[found] = _read(folder / found.relative)
        return facts

    def keep_only(self, files: frozenset[FoundFile]) -> None:
        self._known = {found: facts for found, facts in self._known.items() if found in files}


def _read(path: Path) -> PictureFacts:
    try:
        with Image.open(path) as picture:
            width, height = picture.size
            resolution = float(picture.info.get("dpi", (0.0, 0.0))[0])
            return PictureFacts(width=width, height=height, resolution=max(resolution, 0.0))
    except (OSError, ValueError, TypeError, SyntaxError, Image.DecompressionBombError) as error:
        hint = "replace it, or take it out of the catalog folder"
        raise CatalogError("not a readable picture", path=path, hint=hint) from error
