"""The items of ``assets`` in catalog.yaml."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import PurePosixPath

from s7spec.emulator.catalog.asset_types import INFO_CHILD, KNOWN_TYPES
from s7spec.emulator.catalog.model import (
    NEVER,
    Asset,
    Company,
    Metadata,
    MetadataField,
    TrashState,
)
from s7spec.emulator.catalog.people import company_named
from s7spec.emulator.catalog.positions import YamlSection

# Facts of a file: an asset that has one takes them from there.
_OF_A_FILE = ("folder", "company", "fileName", "fileSize", "width", "height", "resolution")
_KEYS = (
    *("file", "name", "type", "subType", "created", "lastModified", "createUser"),
    *("lastModifyUser", "createdWith", "generatedBy", "readyForPublish", "trashState"),
    *("urlModifier", "urlPostApplyModifier", "description", "comments", "userData"),
    *("setDefinition", "keywords", "projects", "metadata"),
    *_OF_A_FILE,
)
# facts: IPS API section 7, ExcludeByproductCondition/engine.
ENGINES = ("", "PhotoshopLayers", "PostScriptRip", "ImageConvert", "SceneAuthoring", "Aco")


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyNouns:
    """What entries may refer to: fields by company and name, projects as company and name."""

    companies: tuple[Company, ...]
    fields: Mapping[tuple[int, str], MetadataField]
    projects: frozenset[tuple[int, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetEntry:
    """One entry: about a file (``file`` is its path in the catalog folder) or without one."""

    file: str | None
    yaml: YamlSection
    nouns: CompanyNouns

    @property
    def type(self) -> str | None:
        if "type" not in self.yaml:
            return None
        return self.yaml.choice("type", sorted(KNOWN_TYPES), "")

    def without_file(self, created_by: str) -> Asset:
        """An asset that is in catalog.yaml only. Raises CatalogError."""
        yaml = self.yaml
        company = company_named(yaml, self.nouns.companies)
        modified = yaml.moment("lastModified") or NEVER
        asset = Asset(
            name=yaml.text("name"),
            type=self.type or "Asset",
            company=company.number,
            folder=company.root_path + self._folder(),
            last_modified=modified,
            created=modified,
            create_user=created_by,
            last_modify_user=created_by,
            file_name=yaml.text("fileName", ""),
            file_size=yaml.size("fileSize") or 0,
            width=self._pixels("width"),
            height=self._pixels("height"),
            resolution=yaml.real("resolution", 0.0),
        )
        return self.refine(asset)

    def refine(self, asset: Asset) -> Asset:
        """The asset with what the entry says about it. Raises CatalogError."""
        yaml = self.yaml
        modified = yaml.moment("lastModified") or asset.last_modified
        refined = replace(
            asset,
            name=yaml.text("name") if "name" in yaml else asset.name,
            last_modified=modified,
            created=yaml.moment("created") or min(modified, asset.created),
            sub_type=yaml.text("subType", ""),
            create_user=yaml.text("createUser", asset.create_user),
            last_modify_user=yaml.text("lastModifyUser", asset.last_modify_user),
            created_with=yaml.text("createdWith", ""),
            generated_by=yaml.choice("generatedBy", ENGINES, ""),
            ready_for_publish=yaml.flag("readyForPublish", default=True),
            trash_state=TrashState(
                yaml.choice("trashState", [s.value for s in TrashState], TrashState.NOT_IN_TRASH)
            ),
            set_definition=yaml.text("setDefinition", ""),
            keywords=yaml.texts("keywords"),
            projects=self._projects(asset.company),
            url_modifier=yaml.text("urlModifier", ""),
            url_post_apply_modifier=yaml.text("urlPostApplyModifier", ""),
            description=yaml.text("description", ""),
            comments=yaml.text("comments", ""),
            user_data=yaml.text("userData", ""),
        )
        return replace(refined, metadata=tuple(self._metadata(refined)))

    def _folder(self) -> str:
        """Below the company root: empty or with a slash at the end."""
        value = self.yaml.text("folder", "").strip("/")
        if any(part in ("", ".", "..") for part in value.split("/")) and value:
            self.yaml.fail_at("folder", f"{value!r} is not a folder path")
        return f"{value}/" if value else ""

    def _pixels(self, key: str) -> int | None:
        has_pixels = INFO_CHILD.get(self.type or "") == "imageInfo"
        if key in self.yaml and not has_pixels:
            self.yaml.fail_at(key, f"assets of type {self.type} have no {key}")
        return self.yaml.number(key, 0, least=1) if key in self.yaml else None

    def _projects(self, company: int) -> tuple[str, ...]:
        names = self.yaml.texts("projects")
        for name in names:
            if (company, name) not in self.nouns.projects:
                hint = "list it under 'projects' of catalog.yaml"
                self.yaml.fail_at("projects", f"there is no project {name!r}", hint)
        return names

    def _metadata(self, asset: Asset) -> Iterator[Metadata]:
        for name, values in self.yaml.mapping("metadata").items():
            field = self.nouns.fields.get((asset.company, name))
            if field is None or not field.applies_to(asset.type):
                hint = "list it under 'metadataFields' of catalog.yaml"
                message = f"assets of type {asset.type} have no metadata field {name!r}"
                self.yaml.fail_at("metadata", message, hint)
            complaint = complaint_about(field, values)
            if complaint:
                self.yaml.fail_at("metadata", f"{name!r}: {complaint}")
            yield Metadata(field=field.handle, values=values)


def complaint_about(field: MetadataField, values: tuple[str, ...]) -> str | None:
    """Why these values do not fit the field's type, or None."""
    if len(values) != 1 and not field.type.is_multiple:
        return "takes one value"
    if field.type.is_fixed:
        unknown = [value for value in values if value not in field.values]
        if unknown:
            return f"{unknown[0]!r} is not one of {', '.join(field.values)}"
    try:
        for value in values:
            if field.type.is_boolean and value not in ("true", "false"):
                return f"{value!r} is not true or false"
            if field.type.value == "Int":
                int(value)
            elif field.type.is_real:
                float(value)
            elif field.type.value == "Date" and datetime.fromisoformat(value).tzinfo is None:
                return f"{value!r} has no time zone"
    except ValueError:
        return f"{value!r} is no {field.type}"
    return None


def read_entries(top: YamlSection, nouns: CompanyNouns) -> Iterator[AssetEntry]:
    for section in top.sections("assets", _KEYS):
        if "file" not in section:
            if "name" not in section or "type" not in section:
                section.fail("an asset needs either a 'file' or both 'name' and 'type'")
            yield AssetEntry(file=None, yaml=section, nouns=nouns)
            continue
        for key in _OF_A_FILE:
            if key in section:
                section.fail_at(key, f"an asset with a file has the {key} of its file")
        yield AssetEntry(file=_relative(section), yaml=section, nouns=nouns)


def _relative(section: YamlSection) -> str:
    value = section.text("file")
    path = PurePosixPath(value)
    if path.is_absolute() or ".." in path.parts:
        section.fail_at("file", "'file' must be a path below the catalog folder")
    return str(path)
