"""The nouns of a catalog. All of them are frozen."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

NEVER = datetime(1970, 1, 1, tzinfo=UTC)
"""The date of what has none."""
MAIN_COMPANY = 110


class TrashState(StrEnum):
    """Asset/trashState (facts: IPS API section 7)."""

    NOT_IN_TRASH = "NotInTrash"
    IN_TRASH = "InTrash"
    IN_EMPTIED_TRASH = "InEmptiedTrash"


class FieldType(StrEnum):
    """MetadataField/type (facts: IPS API section 7)."""

    UNTYPED = "Untyped"
    BOOLEAN = "Boolean"
    BOOLEAN_TAG = "BooleanTag"
    COLOR = "Color"
    DATE = "Date"
    DIMENSION = "Dimension"
    FILE_NAME = "FileName"
    FLOAT = "Float"
    INT = "Int"
    MULTI_FIXED_TAG = "MultiFixedTag"
    MULTI_TAG = "MultiTag"
    SINGLE_FIXED_TAG = "SingleFixedTag"
    SINGLE_TAG = "SingleTag"
    STRING = "String"

    @property
    def is_multiple(self) -> bool:
        return self in (FieldType.MULTI_FIXED_TAG, FieldType.MULTI_TAG)

    @property
    def is_fixed(self) -> bool:
        """Only values that the field lists are allowed."""
        return self in (FieldType.MULTI_FIXED_TAG, FieldType.SINGLE_FIXED_TAG)

    @property
    def is_boolean(self) -> bool:
        return self in (FieldType.BOOLEAN, FieldType.BOOLEAN_TAG)

    @property
    def is_real(self) -> bool:
        return self in (FieldType.FLOAT, FieldType.DIMENSION)


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """A company. ``root_path`` ends in a slash; ``folder`` is where its files lie in the catalog
    folder (empty, or with a slash at its end), None for one without files."""

    name: str = "Acme"
    number: int = MAIN_COMPANY
    root_path: str = "Acme/"
    folder: str | None = ""
    expires: datetime | None = None

    @property
    def handle(self) -> str:
        return f"c|{self.number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """What a user is in one company, ``company`` being its number."""

    company: int
    role: str
    is_active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """Somebody who may log in. The first membership is the one of calls that name no company."""

    email: str
    password: str = field(repr=False)
    first_name: str = ""
    last_name: str = ""
    is_valid: bool = True
    memberships: tuple[Membership, ...] = ()

    @property
    def handle(self) -> str:
        return f"u|{self.memberships[0].company}|{self.email}"

    def membership(self, company: int) -> Membership | None:
        return next((m for m in self.memberships if m.company == company), None)

    @property
    def is_ips_admin(self) -> bool:
        return any(membership.role == "IpsAdmin" for membership in self.memberships)


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """An image preset (IPS: ImageFormat). ``number`` makes its handle."""

    name: str
    url_modifier: str
    number: int = 0
    company: int = MAIN_COMPANY


@dataclass(frozen=True, slots=True, kw_only=True)
class MetadataField:
    """A user-defined metadata field. ``asset_type`` is a type, or ``Asset`` for all of them;
    ``values`` are the tags that a fixed tag field allows."""

    company: int
    asset_type: str
    name: str
    type: FieldType = FieldType.STRING
    default: str = ""
    is_required: bool = False
    is_hidden: bool = False
    is_enforced: bool = False
    initial_tag: str | None = None
    values: tuple[str, ...] = ()

    @property
    def handle(self) -> str:
        """The form seen: ``m|3|ASSET|Field``, ``m|21|IMAGE|x`` (facts: IPS API section 8)."""
        return f"m|{self.company}|{self.asset_type.upper()}|{self.name}"

    def applies_to(self, asset_type: str) -> bool:
        return self.asset_type in ("Asset", asset_type)


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """The values of one field on one asset, as texts: several for tag fields that take several.
    ``field`` is the handle."""

    field: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    company: int
    name: str

    @property
    def handle(self) -> str:
        return f"p|{self.company}|{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderSettings:
    """Image Serving attributes of the company. Sizes are pixels; None, or 0 for one
    side, means unlimited."""

    default_pix: tuple[int, int] | None = (1280, 1280)
    max_pix: tuple[int, int] | None = (5000, 5000)
    jpeg_quality: int = 80
    background: tuple[int, int, int] = (255, 255, 255)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """One asset. ``source`` is None for what has no file, such as sets.

    ``folder`` starts with the company root and ends in a slash. ``width`` and ``height`` are
    pixels of the stored picture, None when the type has none; ``resolution`` is dots per inch,
    0.0 when unknown. Times are aware and UTC. ``generated_by`` is the engine that made a
    by-product, empty for what was uploaded.
    """

    name: str
    type: str
    folder: str
    last_modified: datetime
    created: datetime
    number: int = 0
    company: int = MAIN_COMPANY
    file_name: str = ""
    source: Path | None = None
    file_size: int = 0
    width: int | None = None
    height: int | None = None
    resolution: float = 0.0
    sub_type: str = ""
    create_user: str = ""
    last_modify_user: str = ""
    created_with: str = ""
    generated_by: str = ""
    ready_for_publish: bool = True
    trash_state: str = TrashState.NOT_IN_TRASH
    url_modifier: str = ""
    url_post_apply_modifier: str = ""
    description: str = ""
    comments: str = ""
    user_data: str = ""
    set_definition: str = ""
    keywords: tuple[str, ...] = ()
    projects: tuple[str, ...] = ()
    metadata: tuple[Metadata, ...] = ()

    @property
    def handle(self) -> str:
        return f"a|{self.number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SyntheticAssets:
    """Rows without files, for tests of size: ``count`` assets named ``prefix`` and seven digits or
    more, ``per_folder`` of them in each numbered folder below ``folder``."""

    company: int
    prefix: str
    count: int
    folder: str
    per_folder: int
    type: str
    suffix: str
    width: int
    height: int
    file_size: int
    last_modified: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """A folder of a company. ``last_modified`` is None for one that only catalog.yaml names,
    ``child_modified`` is the newest change of an asset in it."""

    company: int
    path: str
    last_modified: datetime | None = None
    child_modified: datetime | None = None

    @property
    def handle(self) -> str:
        return f"f|{self.path}"
