"""catalog.yaml: what a person adds to the files of the folder."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from s7spec.emulator.catalog.asset_entries import AssetEntry, CompanyNouns, read_entries
from s7spec.emulator.catalog.company_data import (
    DEFAULT_PROPERTIES,
    read_fields,
    read_presets,
    read_projects,
    read_properties,
    read_settings,
    read_synthetic,
    settings_section,
)
from s7spec.emulator.catalog.files import CATALOG_FILE
from s7spec.emulator.catalog.model import (
    Company,
    MetadataField,
    Preset,
    Project,
    RenderSettings,
    SyntheticAssets,
    User,
)
from s7spec.emulator.catalog.people import DEFAULT_COMPANY, read_companies, read_users
from s7spec.emulator.catalog.positions import read_yaml

_TOP = (
    *("company", "companies", "users", "settings", "presets", "projects", "metadataFields"),
    *("systemProperties", "synthetic", "assets"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refinements:
    """The whole of catalog.yaml, with the defaults for what it leaves out. The first company is
    the main one."""

    companies: tuple[Company, ...] = (DEFAULT_COMPANY,)
    users: tuple[User, ...]
    presets: tuple[Preset, ...] = ()
    settings: RenderSettings = field(default_factory=RenderSettings)
    projects: tuple[Project, ...] = ()
    fields: tuple[MetadataField, ...] = ()
    properties: tuple[tuple[str, str], ...] = DEFAULT_PROPERTIES
    synthetic: tuple[SyntheticAssets, ...] = ()
    entries: tuple[AssetEntry, ...] = ()


def render_settings(catalog: Path) -> RenderSettings:
    """What the catalog in the folder ``catalog`` sets for Image Serving. Raises CatalogError."""
    path = catalog / CATALOG_FILE
    top = read_yaml(path, known=_TOP) if path.exists() else None
    return RenderSettings() if top is None else read_settings(settings_section(top))


def read_refinements(path: Path) -> Refinements:
    """Read catalog.yaml; a missing or empty file gives the defaults. Raises CatalogError."""
    top = read_yaml(path, known=_TOP) if path.exists() else None
    companies = read_companies(top)
    users = read_users(top, companies)
    if top is None:
        return Refinements(users=users)
    fields, projects = tuple(read_fields(top, companies)), tuple(read_projects(top, companies))
    nouns = CompanyNouns(
        companies=companies,
        fields={(one.company, one.name): one for one in fields},
        projects=frozenset((one.company, one.name) for one in projects),
    )
    return Refinements(
        companies=companies,
        users=users,
        presets=tuple(read_presets(top, companies)),
        settings=read_settings(settings_section(top)),
        projects=projects,
        fields=fields,
        properties=read_properties(top),
        synthetic=tuple(read_synthetic(top, companies)),
        entries=tuple(read_entries(top, nouns)),
    )
