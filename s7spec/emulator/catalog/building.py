"""From files and catalog.yaml to the assets and folders of the companies."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from s7spec.emulator.catalog.asset_entries import AssetEntry
from s7spec.emulator.catalog.asset_types import PICTURES, TYPE_BY_SUFFIX
from s7spec.emulator.catalog.errors import CatalogError
from s7spec.emulator.catalog.files import CATALOG_FILE, FoundFile, Scan
from s7spec.emulator.catalog.model import Asset, Company, Folder
from s7spec.emulator.catalog.pictures import PictureFacts, PictureReader
from s7spec.emulator.catalog.refinements import Refinements, read_refinements

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What a catalog folder says: assets by name, folders by path, and all else as it is told in
    ``refined``."""

    refined: Refinements
    assets: tuple[Asset, ...]
    folders: tuple[Folder, ...]


def read_contents(folder: Path, scan: Scan, pictures: PictureReader) -> Contents:
    """Put the companies together. Raises CatalogError."""
    refined = read_refinements(folder / CATALOG_FILE)
    assets = _unique(folder, _Assets(folder, scan, pictures, refined).all())
    return Contents(
        refined=refined,
        assets=tuple(assets),
        folders=tuple(_folders(scan, refined.companies, assets)),
    )


class _Assets:
    """Assets out of files and entries; each entry is used once."""

    def __init__(
        self, folder: Path, scan: Scan, pictures: PictureReader, refined: Refinements
    ) -> None:
        self._folder = folder
        self._files = {f.relative: f for f in scan.files if f.relative != CATALOG_FILE}
        self._pictures = pictures
        self._refined = refined
        self._user = refined.users[0].email

    def all(self) -> Iterator[tuple[Asset, AssetEntry | None]]:
        entries = self._entries_by_file()
        for relative, found in self._files.items():
            asset = self._from_file(found, entries.get(relative))
            if asset is not None:
                yield asset, entries.get(relative)
        for entry in self._refined.entries:
            if entry.file is None:
                yield entry.without_file(self._user), entry

    def _entries_by_file(self) -> dict[str, AssetEntry]:
        entries: dict[str, AssetEntry] = {}
        for entry in self._refined.entries:
            if entry.file is None:
                continue
            if entry.file not in self._files:
                entry.yaml.fail_at("file", f"there is no file {entry.file!r} in the catalog")
            if entry.file in entries:
                entry.yaml.fail_at("file", f"{entry.file!r} stands here twice")
            entries[entry.file] = entry
        return entries

    def _from_file(self, found: FoundFile, entry: AssetEntry | None) -> Asset | None:
        path = PurePosixPath(found.relative)
        asset_type = (entry and entry.type) or TYPE_BY_SUFFIX.get(path.suffix.lower())
        if asset_type is None:
            if entry is not None:
                hint = "say which with 'type'"
                entry.yaml.fail_at("file", f"{path.suffix!r} belongs to no asset type", hint)
            return None
        company, below = _owner(found.relative, self._refined.companies)
        modified = datetime.fromtimestamp(found.mtime_ns // 1_000_000 / 1000, tz=UTC)
        picture = self._picture(found) if asset_type in PICTURES else None
        asset = Asset(
            name=path.stem,
            type=asset_type,
            company=company.number,
            folder=company.root_path + below[: below.rfind("/") + 1],
            last_modified=modified,
            created=modified,
            file_name=path.name,
            source=self._folder / found.relative,
            file_size=found.size,
            width=picture.width if picture else None,
            height=picture.height if picture else None,
            resolution=picture.resolution if picture else 0.0,
            create_user=self._user,
            last_modify_user=self._user,
        )
        return asset if entry is None else entry.refine(asset)

    def _picture(self, found: FoundFile) -> PictureFacts | None:
        try:
            return self._pictures.read(self._folder, found)
        except CatalogError as error:
            # One damaged or half copied file must not take the company down: the asset has no size,
            # and what wants to render it fails.
            _LOG.warning("%s", error)
            return None


def _owner(relative: str, companies: tuple[Company, ...]) -> tuple[Company, str]:
    """Whose a path of the catalog folder is, and what of it lies below that company's folder: the
    company with the longest folder around it, the main one where no other is."""
    around = [c for c in companies if c.folder is not None and relative.startswith(c.folder)]
    owner = max(around, key=lambda company: len(company.folder or ""))
    return owner, relative[len(owner.folder or "") :]


def _unique(folder: Path, assets: Iterator[tuple[Asset, AssetEntry | None]]) -> list[Asset]:
    """Sorted by name. Names are unique in a company, upper and lower case apart."""
    by_name: dict[tuple[int, str], Asset] = {}
    entries: dict[tuple[int, str], AssetEntry | None] = {}
    hint = "asset names are unique in a company: rename one, or give it a 'name' in catalog.yaml"
    for asset, entry in assets:
        key = (asset.company, asset.name)
        if key in by_name:
            here, there = (found.source or CATALOG_FILE for found in (by_name[key], asset))
            message = f"two assets are named {asset.name!r}: {here} and {there}"
            for named in (entry, entries[key]):
                if named is not None:
                    named.yaml.fail(message, hint=hint)
            raise CatalogError(message, path=asset.source or folder, hint=hint)
        by_name[key] = asset
        entries[key] = entry
    return [by_name[key] for key in sorted(by_name)]


def _folders(scan: Scan, companies: tuple[Company, ...], assets: list[Asset]) -> list[Folder]:
    """Every folder on disk, and those that only catalog.yaml names, with all above them."""
    folders: dict[tuple[int, str], Folder] = {}
    for found in scan.folders:
        company, below = _owner(found.relative, companies)
        path = company.root_path + below
        modified = datetime.fromtimestamp(found.mtime_ns // 1_000_000 / 1000, tz=UTC)
        folders[company.number, path] = Folder(
            company=company.number, path=path, last_modified=modified
        )
    for company in companies:
        folders.setdefault(
            (company.number, company.root_path),
            Folder(company=company.number, path=company.root_path),
        )
    for asset in assets:
        for path in ancestors(asset.folder):
            key = (asset.company, path)
            folders.setdefault(key, Folder(company=asset.company, path=path))
        own = folders[asset.company, asset.folder]
        if own.child_modified is None or own.child_modified < asset.last_modified:
            folders[asset.company, asset.folder] = replace(own, child_modified=asset.last_modified)
    return [folders[key] for key in sorted(folders)]


def ancestors(path: str) -> Iterator[str]:
    """A folder's path and those of all folders above it."""
    while path:
        yield path
        path = path[: path.rstrip("/").rfind("/") + 1]
