"""What catalog.yaml says of a company beside its assets: presets, metadata fields, projects."""

from __future__ import annotations

import re
from collections.abc import Iterator

from s7spec.emulator.catalog.asset_types import KNOWN_TYPES
from s7spec.emulator.catalog.model import (
    NEVER,
    Company,
    FieldType,
    MetadataField,
    Preset,
    Project,
    RenderSettings,
    SyntheticAssets,
)
from s7spec.emulator.catalog.people import company_named
from s7spec.emulator.catalog.positions import YamlSection

Companies = tuple[Company, ...]

_PRESET = ("name", "urlModifier", "company")
_PROJECT = ("name", "company")
_SETTINGS = ("defaultPix", "maxPix", "jpegQuality", "bkgColor")
_FIELD = (
    *("name", "type", "assetType", "company", "defaultValue", "initialTagValue", "values"),
    *("isRequired", "isHidden", "isEnforced"),
)
_SYNTHETIC = (
    *("prefix", "count", "folder", "perFolder", "company", "type", "suffix"),
    *("width", "height", "fileSize", "lastModified"),
)
_MOST_SYNTHETIC = 10_000_000
# facts: IPS API section 5: names of the documentation's example. The values are ours.
DEFAULT_PROPERTIES = (("SvgRenderEnabled", "true"), ("SwfRootUrl", ""))


def read_presets(top: YamlSection, companies: Companies) -> Iterator[Preset]:
    seen = set()
    for section in top.sections("presets", _PRESET):
        company = company_named(section, companies)
        name = section.text("name").strip("$")
        if not name:
            section.fail_at("name", "'name' is empty")
        if (company.number, name.lower()) in seen:
            section.fail_at("name", f"preset {name!r} stands here twice (case does not count)")
        seen.add((company.number, name.lower()))
        text = section.text("urlModifier", "")
        yield Preset(name=name, url_modifier=text, company=company.number)


def read_settings(section: YamlSection | None) -> RenderSettings:
    default = RenderSettings()
    if section is None:
        return default
    colour = section.text("bkgColor", "FFFFFF")
    if not re.fullmatch(r"[0-9A-Fa-f]{6}", colour):
        section.fail_at("bkgColor", f"{colour!r} is not a colour", 'write it like "FFFFFF"')
    red, green, blue = bytes.fromhex(colour)
    return RenderSettings(
        default_pix=section.pair("defaultPix", default.default_pix),
        max_pix=section.pair("maxPix", default.max_pix),
        jpeg_quality=section.number("jpegQuality", default.jpeg_quality, least=1, most=100),
        background=(red, green, blue),
    )


def settings_section(top: YamlSection) -> YamlSection | None:
    return top.section("settings", _SETTINGS)


def read_projects(top: YamlSection, companies: Companies) -> Iterator[Project]:
    seen = set()
    for section in top.sections("projects", _PROJECT):
        project = Project(
            company=company_named(section, companies).number, name=section.text("name")
        )
        if "|" in project.name:
            section.fail_at("name", "a project's name cannot hold '|': its handle would not do")
        if project in seen:
            section.fail_at("name", f"project {project.name!r} stands here twice")
        seen.add(project)
        yield project


def read_fields(top: YamlSection, companies: Companies) -> Iterator[MetadataField]:
    seen = set()
    for section in top.sections("metadataFields", _FIELD):
        kind = FieldType(section.choice("type", [t.value for t in FieldType], FieldType.STRING))
        field = MetadataField(
            company=company_named(section, companies).number,
            asset_type=section.choice("assetType", sorted(KNOWN_TYPES), "Asset"),
            name=section.text("name"),
            type=kind,
            default=section.text("defaultValue", ""),
            is_required=section.flag("isRequired", default=False),
            is_hidden=section.flag("isHidden", default=False),
            is_enforced=section.flag("isEnforced", default=False),
            initial_tag=section.text("initialTagValue", "") or None,
            values=section.texts("values"),
        )
        if kind.is_fixed and not field.values:
            section.fail("a fixed tag field needs 'values'")
        if (field.company, field.name) in seen:
            section.fail_at("name", f"metadata field {field.name!r} stands here twice")
        seen.add((field.company, field.name))
        yield field


def read_synthetic(top: YamlSection, companies: Companies) -> Iterator[SyntheticAssets]:
    seen = set()
    for section in top.sections("synthetic", _SYNTHETIC):
        company = company_named(section, companies)
        prefix, folder = section.text("prefix"), section.text("folder", "Synthetic").strip("/")
        if not re.fullmatch(r"[\w.-]*[A-Za-z_.-]", prefix):
            section.fail_at("prefix", "'prefix' must be letters and end in no digit")
        if any(part in ("", ".", "..") for part in folder.split("/")):
            section.fail_at("folder", f"{folder!r} is not a folder path")
        if (company.number, prefix) in seen:
            section.fail_at("prefix", f"{prefix!r} stands here twice")
        seen.add((company.number, prefix))
        yield SyntheticAssets(
            company=company.number,
            prefix=prefix,
            count=section.number("count", 1000, least=1, most=_MOST_SYNTHETIC),
            folder=f"{company.root_path}{folder}/",
            per_folder=section.number("perFolder", 1000, least=1),
            type=section.choice("type", sorted(KNOWN_TYPES), "Image"),
            suffix=section.text("suffix", ".jpg"),
            width=section.number("width", 2000, least=1),
            height=section.number("height", 2000, least=1),
            file_size=section.size("fileSize") or 1_000_000,
            last_modified=section.moment("lastModified") or NEVER,
        )


def read_properties(top: YamlSection) -> tuple[tuple[str, str], ...]:
    """systemProperties over the defaults, by name."""
    given = {name: ", ".join(values) for name, values in top.mapping("systemProperties").items()}
    return tuple(sorted((dict(DEFAULT_PROPERTIES) | given).items()))
