"""Image presets: what they are, how they are told apart, and what a company has of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from s7spec.model.digest import hash_of

BUILT_IN_PRESETS = frozenset({"shadow", "glow"})
"""Known without being anybody's: Image Serving's default catalog has them, IPS does not list them
(facts: Image Serving section 3). A company's own preset of the name comes first."""

SNAPSHOT_FORMAT = "s7spec-presets"
SNAPSHOT_VERSION = "1.0"
"""What a snapshot's file says it is. The version's last part grows when keys are added, its first
when a reader must be changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """An image preset (IPS: ImageFormat). ``urlModifier`` is its Image Serving string."""

    name: str
    urlModifier: str

    def cells(self) -> list[str]:
        """The row of the canonical form."""
        return [self.name, self.urlModifier]

    @staticmethod
    def of_cells(name: str, urlModifier: str) -> Preset:
        """Of the row that ``cells`` gives. Raises TypeError for a row of another length."""
        return Preset(name=name, urlModifier=urlModifier)


@dataclass(frozen=True, slots=True, kw_only=True)
class PresetSnapshot:
    """A company's presets as they were when somebody looked, sorted by name.

    ``environment`` and its ``ips`` are where they were read.
    """

    company: str
    environment: str
    ips: str
    presets: tuple[Preset, ...]

    @property
    def by_key(self) -> dict[str, Preset]:
        return presets_by_key(self.presets)


def bare(macro: str) -> str:
    """A preset's name without the ``$`` signs a macro is written with."""
    return macro.strip("$")


def preset_key(name: str) -> str:
    """What presets are told apart by: case does not count (facts: Image Serving section 2)."""
    return bare(name).lower()


def presets_by_key(presets: Iterable[Preset]) -> dict[str, Preset]:
    """Each preset by its ``preset_key``, in the order of their names."""
    return {preset_key(preset.name): preset for preset in sorted(presets, key=_name)}


def preset_hash(presets: Iterable[Preset]) -> str:
    """SHA-256 over the names and modifiers of the presets, in the order of their names."""
    return hash_of((preset.name, preset.urlModifier) for preset in sorted(presets, key=_name))


@dataclass(frozen=True, slots=True, kw_only=True)
class PresetChange:
    """A preset then and now; None where it was or is not there."""

    name: str
    before: str | None
    after: str | None


def preset_changes(before: Iterable[Preset], after: Iterable[Preset]) -> tuple[PresetChange, ...]:
    """What differs, by name: added, removed and changed presets."""
    old, new = _modifiers(before), _modifiers(after)
    return tuple(
        PresetChange(name=name, before=old.get(name), after=new.get(name))
        for name in sorted(old.keys() | new.keys())
        if old.get(name) != new.get(name)
    )


def _modifiers(presets: Iterable[Preset]) -> Mapping[str, str]:
    return {preset.name: preset.urlModifier for preset in presets}


def _name(preset: Preset) -> str:
    return preset.name
