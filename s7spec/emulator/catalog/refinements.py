"""catalog.yaml: what a person adds to the files of the folder."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from s7spec.emulator.catalog.asset_types import KNOWN_TYPES
from s7spec.emulator.catalog.model import Company, Preset, RenderSettings, User
from s7spec.emulator.catalog.positions import YamlSection, read_yaml
from s7spec.emulator.options import DEFAULT_PASSWORD, DEFAULT_USER

_TOP = ("company", "users", "settings", "presets", "assets")
_COMPANY = ("name", "number", "rootPath")
_USER = ("email", "password", "firstName", "lastName", "role")
_SETTINGS = ("defaultPix", "maxPix", "jpegQuality", "bkgColor")
_PRESET = ("name", "urlModifier")
_ASSET = (
    "file",
    "name",
    "type",
    "subType",
    "folder",
    "created",
    "lastModified",
    "createUser",
    "lastModifyUser",
    "readyForPublish",
    "trashState",
    "urlModifier",
    "urlPostApplyModifier",
    "description",
    "comments",
    "userData",
)
_TRASH_STATES = ("NotInTrash", "InTrash", "InEmptiedTrash")
_ROLES = (
    "IpsAdmin",
    "IpsCompanyAdmin",
    "IpsUser",
    "WebServiceUser",
    "TrialSiteAdmin",
    "TrialSiteUser",
    "ImagePortalAdmin",
    "ImagePortalUser",
    "ImagePortalContrib",
    "ImagePortalContribUser",
)

DEFAULT_COMPANY = Company()
DEFAULT_SETTINGS = RenderSettings()
DEFAULT_USERS = (
    User(email=DEFAULT_USER, password=DEFAULT_PASSWORD, first_name="Demo", last_name="User"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetEntry:
    """One item of ``assets``: about a file (``file`` is its path in the folder) or without one."""

    file: str | None
    yaml: YamlSection

    @property
    def type(self) -> str | None:
        if "type" not in self.yaml:
            return None
        value = self.yaml.text("type")
        if value not in KNOWN_TYPES:
            hint = f"one of {', '.join(sorted(KNOWN_TYPES))}"
            self.yaml.fail_at("type", f"unknown asset type {value!r}", hint)
        return value

    @property
    def folder(self) -> str:
        """Below the company root: empty or with a slash at the end."""
        value = self.yaml.text("folder", "").strip("/")
        if any(part in ("", ".", "..") for part in value.split("/")) and value:
            self.yaml.fail_at("folder", f"{value!r} is not a folder path")
        return f"{value}/" if value else ""

    @property
    def trash_state(self) -> str:
        value = self.yaml.text("trashState", "NotInTrash")
        if value not in _TRASH_STATES:
            self.yaml.fail_at("trashState", f"{value!r} is not one of {', '.join(_TRASH_STATES)}")
        return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Refinements:
    """The whole of catalog.yaml, with the defaults for what it leaves out."""

    company: Company = DEFAULT_COMPANY
    users: tuple[User, ...] = DEFAULT_USERS
    presets: tuple[Preset, ...] = ()
    settings: RenderSettings = DEFAULT_SETTINGS
    assets: tuple[AssetEntry, ...] = ()


def read_refinements(path: Path) -> Refinements:
    """Read catalog.yaml; a missing or empty file gives the defaults. Raises CatalogError."""
    top = read_yaml(path, known=_TOP) if path.exists() else None
    if top is None:
        return Refinements()
    return Refinements(
        company=_company(top.section("company", _COMPANY)),
        users=tuple(_users(top)) or DEFAULT_USERS,
        presets=tuple(_presets(top)),
        settings=_settings(top.section("settings", _SETTINGS)),
        assets=tuple(_assets(top)),
    )


def _company(section: YamlSection | None) -> Company:
    if section is None:
        return DEFAULT_COMPANY
    name = section.text("name", DEFAULT_COMPANY.name)
    root = section.text("rootPath", f"{name}/")
    if not re.fullmatch(r"[\w][\w .-]*/", root):
        hint = "one folder name with a slash at its end, such as Acme/"
        section.fail_at("rootPath", f"{root!r} is not a root path", hint)
    number = section.number("number", DEFAULT_COMPANY.number, least=1)
    return Company(name=name, number=number, root_path=root)


def _users(top: YamlSection) -> Iterator[User]:
    seen = set()
    for section in top.sections("users", _USER):
        email, role = section.text("email"), section.text("role", "IpsCompanyAdmin")
        if re.search(r"[\s|]", email):
            section.fail_at("email", f"{email!r} is not a mail address")
        if email in seen:
            section.fail_at("email", f"user {email!r} stands here twice")
        if role not in _ROLES:
            section.fail_at("role", f"unknown role {role!r}", f"one of {', '.join(_ROLES)}")
        seen.add(email)
        yield User(
            email=email,
            password=section.text("password"),
            first_name=section.text("firstName", ""),
            last_name=section.text("lastName", ""),
            role=role,
        )


def _presets(top: YamlSection) -> Iterator[Preset]:
    seen = set()
    for section in top.sections("presets", _PRESET):
        name = section.text("name").strip("$")
        if not name:
            section.fail_at("name", "'name' is empty")
        if name.lower() in seen:
            section.fail_at("name", f"preset {name!r} stands here twice (case does not count)")
        seen.add(name.lower())
        yield Preset(name=name, url_modifier=section.text("urlModifier", ""))


def _settings(section: YamlSection | None) -> RenderSettings:
    default = DEFAULT_SETTINGS
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


def _assets(top: YamlSection) -> Iterator[AssetEntry]:
    for section in top.sections("assets", _ASSET):
        if "file" not in section:
            if "name" not in section or "type" not in section:
                section.fail("an asset needs either a 'file' or both 'name' and 'type'")
            yield AssetEntry(file=None, yaml=section)
            continue
        if "folder" in section:
            section.fail_at("folder", "an asset with a file lies in the folder of its file")
        yield AssetEntry(file=_relative(section), yaml=section)


def _relative(section: YamlSection) -> str:
    value = section.text("file")
    path = PurePosixPath(value)
    if path.is_absolute() or ".." in path.parts:
        section.fail_at("file", "'file' must be a path below the catalog folder")
    return str(path)
