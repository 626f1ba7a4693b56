"""Which image presets a job uses, by itself and through other presets."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from s7spec.model.job import ExportJob
from s7spec.model.preset import BUILT_IN_PRESETS, Preset, bare, preset_key
from s7spec.modifiers import MacroUse, Span, macros_in
from s7spec.modifiers.effective import MAX_DEPTH, MAX_EXPANSIONS

_NEAR = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A preset that is named, without its ``$`` signs.

    ``field`` is the one that leads to it, ``span`` where in the text of ``is_modifier``. The
    presets ``inside`` of which it stands, the outermost first; none when the job names it itself.
    """

    field: Literal["is_modifier", "macro"]
    name: str
    span: Span | None = None
    inside: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class UsedPresets:
    """``macro`` is what the field of that name means, ``others`` are all the other presets, sorted
    by name. Built-in presets have no text: they are neither here nor ``unknown``."""

    macro: Preset | None = None
    others: tuple[Preset, ...] = ()
    unknown: tuple[Mention, ...] = ()

    @property
    def all(self) -> tuple[Preset, ...]:
        return self.others if self.macro is None else (self.macro, *self.others)


_NONE = UsedPresets()


class PresetShelf:
    """A company's presets by their ``preset_key``. What was looked up once is kept."""

    def __init__(self, presets: Mapping[str, Preset]) -> None:
        self._presets = presets
        self._used: dict[tuple[tuple[str, ...], str | None], UsedPresets] = {}
        self._inside: dict[str, Mapping[str, str]] = {}
        self._near: dict[str, tuple[str, ...]] = {}

    def named(self, name: str) -> Preset | None:
        return self._presets.get(preset_key(name))

    def near(self, name: str) -> tuple[str, ...]:
        """Names of presets that were probably meant, without their ``$`` signs."""
        found = self._near.get(name)
        if found is None:
            from difflib import get_close_matches  # only here: most names are right

            keys = get_close_matches(preset_key(name), sorted(self._presets), n=_NEAR)
            found = self._near[name] = tuple(bare(self._presets[key].name) for key in keys)
        return found

    def used(self, is_modifier: str | None, macro: str | None) -> UsedPresets:
        """All presets that stand in the two fields, or in presets that do, each once.

        Presets are followed as often and as deep as ``merge_modifiers`` expands them.
        """
        uses = () if is_modifier is None else macros_in(is_modifier)
        if not uses and macro is None:
            return _NONE
        asked = (tuple(use.name for use in uses), macro)
        known = self._used.get(asked)
        if known is None:
            known = self._search(uses, macro)
            if not known.unknown:  # else it is about places in this very text
                self._used[asked] = known
        return known

    def _search(self, uses: tuple[MacroUse, ...], macro: str | None) -> UsedPresets:
        waiting = deque(Mention(field="is_modifier", name=name, span=span) for name, span in uses)
        if macro is not None:
            waiting.append(Mention(field="macro", name=bare(macro)))
        met = {preset_key(mention.name) for mention in waiting}
        found: dict[str, Preset] = {}
        unknown: dict[tuple[str, str], Mention] = {}
        while waiting:
            mention = waiting.popleft()
            key = preset_key(mention.name)
            preset = self._presets.get(key)
            if preset is None:
                if key not in BUILT_IN_PRESETS:
                    unknown.setdefault((mention.field, key), mention)
            elif key not in found and len(found) < MAX_EXPANSIONS:
                found[key] = preset
                if len(mention.inside) < MAX_DEPTH - 1:
                    waiting.extend(self._below(mention, preset, met))
        of_macro = None if macro is None else found.pop(preset_key(macro), None)
        return UsedPresets(
            macro=of_macro,
            others=tuple(sorted(found.values(), key=lambda preset: preset.name)),
            unknown=tuple(unknown.values()),
        )

    def _below(self, mention: Mention, preset: Preset, met: set[str]) -> Iterator[Mention]:
        """What a preset names and nothing named before; adds it to ``met``."""
        names = self._inside.get(preset.name)
        if names is None:
            uses = macros_in(preset.urlModifier)
            names = self._inside[preset.name] = {preset_key(use.name): use.name for use in uses}
        inside = (*mention.inside, mention.name)
        for key, name in names.items():
            if key not in met:
                met.add(key)
                yield Mention(field=mention.field, name=name, span=mention.span, inside=inside)


def names_presets(job: ExportJob) -> bool:
    """Whether any preset has a say in what the job delivers."""
    return job.macro is not None or bool(job.presets) or bool(macros_in(job.is_modifier or ""))
