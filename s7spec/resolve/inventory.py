"""Everything the jobs of a run need from the catalog, each question asked once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from itertools import islice
from pathlib import PurePosixPath
from typing import TypeAlias
from unicodedata import normalize

from s7spec.model.asset import Asset
from s7spec.model.job import ExpandedJob
from s7spec.model.preset import Preset, presets_by_key
from s7spec.model.selection import Condition, Selection
from s7spec.ports import AssetCatalog

MAX_ASSETS = 500
"""Assets in one export (facts: IPS API section 8, limits)."""

MAX_AROUND = 1_000
"""Assets that are looked at to say why a search found nothing."""

Query: TypeAlias = tuple[str, bool, tuple[str, ...], tuple[Condition, ...]]
"""A folder search: folder, recursive, types, where."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inventory:
    """What the catalog answered.

    ``near`` holds a name that exists for one that does not; ``around`` holds, for folders in which
    a search found nothing, what lies in and below them (at most MAX_AROUND assets).
    """

    by_name: Mapping[str, tuple[Asset, ...]]
    by_query: Mapping[Query, tuple[Asset, ...]]
    presets: Mapping[str, Preset]
    near: Mapping[str, str]
    around: Mapping[str, tuple[Asset, ...]]

    def found(self, selection: Selection) -> tuple[Asset, ...]:
        """What the search gave, before ``exclude`` (and, for names, ``types``) drop anything."""
        if selection.folder is not None:
            return self.by_query[_query(selection, selection.folder)]
        return tuple(asset for name in selection.names for asset in self.by_name.get(name, ()))

    def assets(self, selection: Selection) -> tuple[Asset, ...]:
        """The assets selected, once each, sorted by path; unknown names simply add nothing."""
        chosen = {
            (asset.path, asset.type, asset.handle): asset
            for asset in self.found(selection)
            if is_wanted(asset.name, selection)
            and (not selection.types or asset.type in selection.types)
        }
        return tuple(asset for _, asset in sorted(chosen.items()))


def take_inventory(jobs: Iterable[ExpandedJob], catalog: AssetCatalog) -> Inventory:
    """One search for each distinct folder selection, one for all names, one for the presets."""
    # By identity first: a thousand jobs share one selection, and to hash it takes its time.
    objects = {id(job.selection): job.selection for job in jobs}
    selections = dict.fromkeys(objects.values())
    names = {
        name for selection in selections for name in selection.names if is_wanted(name, selection)
    }
    by_name = _grouped(catalog.by_name(sorted(names))) if names else {}
    queries = {
        _query(selection, selection.folder): None
        for selection in selections
        if selection.folder is not None
    }
    by_query = {query: _search(query, catalog) for query in queries}
    return Inventory(
        by_name=by_name,
        by_query=by_query,
        presets=presets_by_key(catalog.presets()) if selections else {},
        near=_near_names(names - by_name.keys(), catalog),
        around=_around(by_query, catalog),
    )


def is_wanted(name: str, selection: Selection) -> bool:
    """False when one of the selection's ``exclude`` patterns matches the asset's name."""
    return not any(fnmatchcase(name, pattern) for pattern in selection.exclude)


def _query(selection: Selection, folder: str) -> Query:
    return (folder, selection.recursive, selection.types, selection.where)


def _search(query: Query, catalog: AssetCatalog) -> tuple[Asset, ...]:
    folder, recursive, types, where = query
    return tuple(catalog.in_folder(folder, recursive=recursive, types=types, where=where))


def _around(
    by_query: Mapping[Query, tuple[Asset, ...]], catalog: AssetCatalog
) -> dict[str, tuple[Asset, ...]]:
    """One more search for each folder that gave nothing, so that people can be told why."""
    return {
        folder: tuple(
            islice(catalog.in_folder(folder, recursive=True, types=(), where=()), MAX_AROUND)
        )
        for folder in dict.fromkeys(query[0] for query, found in by_query.items() if not found)
    }


def _grouped(assets: Iterable[Asset]) -> dict[str, tuple[Asset, ...]]:
    groups: dict[str, list[Asset]] = defaultdict(list)
    for asset in assets:
        groups[asset.name].append(asset)
    return {name: tuple(found) for name, found in groups.items()}


def _near_names(missing: set[str], catalog: AssetCatalog) -> dict[str, str]:
    """Names that exist and differ only in case, in spaces around, in a file extension, or in how
    Unicode composes their letters."""
    if not missing:
        return {}
    guesses = {name: _variants(name) for name in sorted(missing)}
    wanted = {variant for variants in guesses.values() for variant in variants}
    existing = {asset.name for asset in catalog.by_name(sorted(wanted))} if wanted else set()
    return {
        name: variant
        for name, variants in guesses.items()
        for variant in reversed(variants)
        if variant in existing
    }


def _variants(name: str) -> tuple[str, ...]:
    """Likelier ones first; asset names carry no file extension (facts: IPS API section 9)."""
    stem = PurePosixPath(name).stem
    recomposed = (normalize("NFC", name), normalize("NFD", name))
    cased = (name.lower(), name.upper(), stem.lower(), stem.upper())
    forms = (*recomposed, name.strip(), stem, *cased)
    return tuple(dict.fromkeys(form for form in forms if form and form != name))
