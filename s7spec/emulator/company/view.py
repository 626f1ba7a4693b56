"""The catalog as operations see it: companies, users and all that belongs to them."""

from __future__ import annotations

from functools import cached_property

from s7spec.emulator.catalog.model import (
    Asset,
    Company,
    MetadataField,
    Preset,
    Project,
    RenderSettings,
    User,
)
from s7spec.emulator.catalog.refinements import Refinements
from s7spec.emulator.store.catalog_store import CatalogStore
from s7spec.emulator.store.clauses import ALWAYS


class Catalog:
    """Companies and users of one state of catalog.yaml; assets, folders and presets as they are in
    the store at the moment of each call."""

    def __init__(self, refined: Refinements, store: CatalogStore) -> None:
        self._refined = refined
        self.store = store

    @property
    def companies(self) -> tuple[Company, ...]:
        """The first is the main one."""
        return self._refined.companies

    @property
    def users(self) -> tuple[User, ...]:
        return self._refined.users

    @property
    def settings(self) -> RenderSettings:
        return self._refined.settings

    @property
    def properties(self) -> tuple[tuple[str, str], ...]:
        """System properties: name and value."""
        return self._refined.properties

    def company(self, number: int) -> Company | None:
        return next((one for one in self.companies if one.number == number), None)

    def user(self, email: str) -> User | None:
        return self._users.get(email)

    @cached_property
    def _users(self) -> dict[str, User]:
        return {user.email: user for user in self.users}

    def user_by_handle(self, handle: str) -> User | None:
        """By ``u|<company>|<email>``, with the number of any company of the user."""
        parts = handle.split("|", 2)
        user = self.user(parts[2]) if len(parts) == 3 and parts[0] == "u" else None
        known = user and any(str(m.company) == parts[1] for m in user.memberships)
        return user if known else None

    def asset(self, company: int, handle: str) -> Asset | None:
        return self.store.assets.by_handles(company, [handle]).get(handle)

    def asset_named(self, company: int, name: str) -> Asset | None:
        """Upper and lower case differ."""
        return next(iter(self.store.assets.by_names(company, [name], ALWAYS)), None)

    def presets(self, company: int) -> tuple[Preset, ...]:
        every = self.store.presets(self._refined.presets)
        return tuple(preset for preset in every if preset.company == company)

    def save_preset(self, preset: Preset) -> Preset:
        """Changes the preset of this number, or makes one when it is 0."""
        numbers = {p.number: p for p in self.store.presets(self._refined.presets)}
        current = numbers.get(preset.number)
        told = None
        if current is not None:
            place = list(numbers).index(preset.number)
            told = self._refined.presets[place] if place < len(self._refined.presets) else None
        return self.store.save_preset(preset, told)

    def fields(self, company: int) -> tuple[MetadataField, ...]:
        return tuple(field for field in self._refined.fields if field.company == company)

    def field(self, company: int, name: str) -> MetadataField | None:
        return next((field for field in self.fields(company) if field.name == name), None)

    def projects(self, company: int) -> tuple[Project, ...]:
        return tuple(project for project in self._refined.projects if project.company == company)
