"""The modifier of a job with its presets filled in, command by command."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from s7spec.model.effective import EffectiveCommand
from s7spec.model.job import ExpandedJob
from s7spec.model.manifest import Fmt
from s7spec.model.preset import Preset
from s7spec.modifiers import preset_modifiers
from s7spec.modifiers.effective import EffectiveField, Said, Source
from s7spec.modifiers.lint import read, shown


def effective_commands(job: ExpandedJob, presets: Iterable[Preset]) -> tuple[EffectiveCommand, ...]:
    """What prevails, in the order in which it was said; nothing when no known preset is used."""
    reading = read(job.is_modifier, job.macro, preset_modifiers(presets))
    fields = reading.effective.fields
    if not any(said.presets for field in fields for said in (field.said, *field.overridden)):
        return ()
    return tuple(_told(fields))


class EffectiveCommands:
    """What prevails in the modifiers of many jobs; those that read the same are merged once."""

    def __init__(self, presets: Iterable[Preset]) -> None:
        self._presets = preset_modifiers(presets)
        self._known: dict[tuple[str | None, str | None], tuple[EffectiveCommand, ...]] = {}

    def of(self, job: ExpandedJob) -> tuple[EffectiveCommand, ...]:
        """In the order in which it was said; nothing for originals, which no modifier touches."""
        if job.fmt is Fmt.ORIG:
            return ()
        said = (job.is_modifier, job.macro)
        known = self._known.get(said)
        if known is None:
            fields = read(*said, self._presets).effective.fields
            known = self._known[said] = tuple(_told(fields))
        return known


def _told(fields: Iterable[EffectiveField]) -> Iterator[EffectiveCommand]:
    for field in fields:
        yield EffectiveCommand(
            command=shown(field.said),
            origin=_origin(field.said),
            overrides=tuple(f"{shown(said)} of {_origin(said)}" for said in field.overridden),
            order_is_inferred=field.order_is_inferred,
        )


def _origin(said: Said) -> str:
    names = [f"${name}$" for name in reversed(said.presets)]
    if said.source is Source.MACRO:
        return f"macro {' in '.join(names)}"
    return " in ".join([*names, said.source.value])
