"""From files and catalog.yaml to a Catalog."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from s7spec.emulator.catalog.asset_types import PICTURES, TYPE_BY_SUFFIX
from s7spec.emulator.catalog.errors import CatalogError, all_at_once
from s7spec.emulator.catalog.files import CATALOG_FILE, FoundFile, Scan
from s7spec.emulator.catalog.model import Asset, Catalog, Folder
from s7spec.emulator.catalog.pictures import PictureFacts, PictureReader
from s7spec.emulator.catalog.refinements import AssetEntry, Refinements, read_refinements

Numbers = Callable[[str, Sequence[str]], Mapping[str, int]]
"""Stable numbers for names of a kind ("asset", "preset"), the same for every later call."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def build_catalog(folder: Path, scan: Scan, pictures: PictureReader, numbers: Numbers) -> Catalog:
    """Put the company together. Raises CatalogError."""
    refined = read_refinements(folder / CATALOG_FILE)
    assets = _unique(folder, _Assets(folder, scan, pictures, refined).all())
    assets = _numbered(assets, numbers)
    preset_numbers = numbers("preset", [preset.name for preset in refined.presets])
    return Catalog(
        company=refined.company,
        users=refined.users,
        presets=tuple(replace(p, number=preset_numbers[p.name]) for p in refined.presets),
        settings=refined.settings,
        assets=tuple(assets),
        folders=tuple(_folders(scan, refined.company.root_path, assets)),
        by_name={asset.name: asset for asset in assets},
        by_handle={asset.handle: asset for asset in assets},
    )


class _Assets:
    """Assets out of files and entries; each entry is used once. What is wrong with pictures is
    told at the end, for all of them."""

    def __init__(
        self, folder: Path, scan: Scan, pictures: PictureReader, refined: Refinements
    ) -> None:
        self._folder = folder
        self._files = {f.relative: f for f in scan.files if f.relative != CATALOG_FILE}
        self._pictures = pictures
        self._refined = refined
        self._user = refined.users[0].email
        self._root = refined.company.root_path
        self._unreadable: list[CatalogError] = []

    def all(self) -> Iterator[tuple[Asset, AssetEntry | None]]:
        entries = self._entries_by_file()
        for relative, found in self._files.items():
            asset = self._from_file(found, entries.get(relative))
            if asset is not None:
                yield asset, entries.get(relative)
        for entry in self._refined.assets:
            if entry.file is None:
                yield self._from_entry(entry), entry
        if self._unreadable:
            raise all_at_once(self._folder, self._unreadable)

    def _entries_by_file(self) -> dict[str, AssetEntry]:
        entries: dict[str, AssetEntry] = {}
        for entry in self._refined.assets:
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
        parent = "" if str(path.parent) == "." else f"{path.parent}/"
        modified = datetime.fromtimestamp(found.mtime_ns // 1_000_000 / 1000, tz=UTC)
        picture = self._picture(found) if asset_type in PICTURES else None
        asset = Asset(
            name=path.stem,
            type=asset_type,
            folder=self._root + parent,
            number=0,
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
        return asset if entry is None else _refine(asset, entry)

    def _picture(self, found: FoundFile) -> PictureFacts | None:
        try:
            return self._pictures.read(self._folder, found)
        except CatalogError as error:
            self._unreadable.append(error)
            return None

    def _from_entry(self, entry: AssetEntry) -> Asset:
        modified = entry.yaml.moment("lastModified") or _EPOCH
        asset = Asset(
            name=entry.yaml.text("name"),
            type=entry.type or "Asset",
            folder=self._root + entry.folder,
            number=0,
            last_modified=modified,
            created=modified,
            create_user=self._user,
            last_modify_user=self._user,
        )
        return _refine(asset, entry)


def _refine(asset: Asset, entry: AssetEntry) -> Asset:
    yaml = entry.yaml
    modified = yaml.moment("lastModified") or asset.last_modified
    return replace(
        asset,
        name=yaml.text("name") if "name" in yaml else asset.name,
        last_modified=modified,
        created=yaml.moment("created") or min(modified, asset.created),
        sub_type=yaml.text("subType", ""),
        create_user=yaml.text("createUser", asset.create_user),
        last_modify_user=yaml.text("lastModifyUser", asset.last_modify_user),
        ready_for_publish=yaml.flag("readyForPublish", default=True),
        trash_state=entry.trash_state,
        url_modifier=yaml.text("urlModifier", ""),
        url_post_apply_modifier=yaml.text("urlPostApplyModifier", ""),
        description=yaml.text("description", ""),
        comments=yaml.text("comments", ""),
        user_data=yaml.text("userData", ""),
    )


def _unique(folder: Path, assets: Iterator[tuple[Asset, AssetEntry | None]]) -> list[Asset]:
    """Sorted by name. Names are unique in the company, upper and lower case apart."""
    by_name: dict[str, Asset] = {}
    entries: dict[str, AssetEntry | None] = {}
    hint = "asset names are unique in a company: rename one, or give it a 'name' in catalog.yaml"
    for asset, entry in assets:
        if asset.name in by_name:
            here, there = (found.source or CATALOG_FILE for found in (by_name[asset.name], asset))
            message = f"two assets are named {asset.name!r}: {here} and {there}"
            for named in (entry, entries[asset.name]):
                if named is not None:
                    named.yaml.fail(message, hint=hint)
            raise CatalogError(message, path=asset.source or folder, hint=hint)
        by_name[asset.name] = asset
        entries[asset.name] = entry
    return [by_name[name] for name in sorted(by_name)]


def _numbered(assets: list[Asset], numbers: Numbers) -> list[Asset]:
    known = numbers("asset", [asset.name for asset in assets])
    return [replace(asset, number=known[asset.name]) for asset in assets]


def _folders(scan: Scan, root: str, assets: list[Asset]) -> list[Folder]:
    """Every folder on disk, and those that only catalog.yaml names, with all above them."""
    times = {
        root + found.relative: datetime.fromtimestamp(found.mtime_ns // 1_000_000 / 1000, tz=UTC)
        for found in scan.folders
    }
    paths = set(times)
    for asset in assets:
        path = asset.folder
        while path and path not in paths:
            paths.add(path)
            path = path[: path.rstrip("/").rfind("/") + 1]
    return [Folder(path=path, last_modified=times.get(path)) for path in sorted(paths)]
