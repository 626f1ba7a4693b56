"""What lies in the catalog folder: a scan cheap enough to repeat for every request."""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass
from pathlib import Path

from s7spec.emulator.catalog.errors import CatalogError
from s7spec.emulator.catalog.positions import unsafe_character

CATALOG_FILE = "catalog.yaml"


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file, by its path in the catalog folder (forward slashes)."""

    relative: str
    mtime_ns: int
    size: int


@dataclass(frozen=True, slots=True)
class FoundFolder:
    """A folder: empty, or a path with a slash at its end."""

    relative: str
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class Scan:
    """All files and folders, sorted. Two equal scans mean that nothing changed."""

    files: tuple[FoundFile, ...]
    folders: tuple[FoundFolder, ...]

    def __len__(self) -> int:
        return len(self.files) + len(self.folders)


def scan(folder: Path) -> Scan:
    """Look at everything below ``folder``, hidden names and links to folders left out.

    Raises CatalogError for a folder that cannot be read, for names that XML cannot carry and for
    links to files outside the folder: whoever may export would get whatever they point to.
    """
    files: list[FoundFile] = []
    folders: list[FoundFolder] = []
    try:
        _scan_into(folder, folder, "", files, folders)
    except OSError as error:
        where = Path(error.filename) if error.filename else folder
        raise CatalogError(f"cannot be read: {error.strerror}", path=where) from error
    files.sort(key=lambda found: found.relative)
    folders.sort(key=lambda found: found.relative)
    return Scan(tuple(files), tuple(folders))


def _scan_into(
    root: Path,
    folder: Path | str,
    prefix: str,
    files: list[FoundFile],
    folders: list[FoundFolder],
) -> None:
    folders.append(FoundFolder(prefix, Path(folder).stat().st_mtime_ns))
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith("."):
                continue
            relative = prefix + entry.name
            if unsafe_character(relative):
                hint = "rename it: the SOAP interface cannot carry this name"
                raise CatalogError("unusable file name", path=Path(entry.path), hint=hint)
            # What vanishes while we look was not there.
            with contextlib.suppress(FileNotFoundError):
                if entry.is_dir(follow_symlinks=False):
                    _scan_into(root, entry.path, f"{relative}/", files, folders)
                elif entry.is_file():
                    if entry.is_symlink():
                        _check_within(root, Path(entry.path))
                    status = entry.stat()
                    files.append(FoundFile(relative, status.st_mtime_ns, status.st_size))


def _check_within(root: Path, link: Path) -> None:
    if not link.resolve().is_relative_to(root.resolve()):
        hint = "replace it by the file, or take it out of the catalog folder"
        message = "a symbolic link that leads out of the catalog folder"
        raise CatalogError(message, path=link, hint=hint)
