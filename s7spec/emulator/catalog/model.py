"""The nouns of a catalog. Everything is frozen: a changed folder gives a new Catalog."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """The one company of this server. ``root_path`` ends in a slash."""

    name: str = "Acme"
    number: int = 110
    root_path: str = "Acme/"

    @property
    def handle(self) -> str:
        return f"c|{self.number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """Somebody who may log in."""

    email: str
    password: str = field(repr=False)
    first_name: str = ""
    last_name: str = ""
    role: str = "IpsCompanyAdmin"

    def handle(self, company: Company) -> str:
        return f"u|{company.number}|{self.email}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """An image preset (IPS: ImageFormat). ``number`` makes its handle."""

    name: str
    url_modifier: str
    number: int = 0


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
    0.0 when unknown. Times are aware and UTC.
    """

    name: str
    type: str
    folder: str
    number: int
    last_modified: datetime
    created: datetime
    file_name: str = ""
    source: Path | None = None
    file_size: int = 0
    width: int | None = None
    height: int | None = None
    resolution: float = 0.0
    sub_type: str = ""
    create_user: str = ""
    last_modify_user: str = ""
    ready_for_publish: bool = True
    trash_state: str = "NotInTrash"
    url_modifier: str = ""
    url_post_apply_modifier: str = ""
    description: str = ""
    comments: str = ""
    user_data: str = ""

    @property
    def handle(self) -> str:
        return f"a|{self.number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """A folder of the company. ``last_modified`` is None for one that only catalog.yaml names."""

    path: str
    last_modified: datetime | None

    @property
    def handle(self) -> str:
        return f"f|{self.path}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalog:
    """All of it, at one moment. Assets are sorted by name, folders by path."""

    company: Company
    users: tuple[User, ...]
    presets: tuple[Preset, ...]
    settings: RenderSettings
    assets: tuple[Asset, ...]
    folders: tuple[Folder, ...]
    by_name: Mapping[str, Asset]
    by_handle: Mapping[str, Asset]

    def asset(self, handle: str) -> Asset | None:
        return self.by_handle.get(handle)

    def user(self, email: str) -> User | None:
        return next((user for user in self.users if user.email == email), None)

    def user_by_handle(self, handle: str) -> User | None:
        return next((user for user in self.users if user.handle(self.company) == handle), None)
