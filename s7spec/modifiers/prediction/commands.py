"""Which commands decide the size and the format, as far as they can be read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType

from s7spec.modifiers.commands import (
    Definition,
    Effect,
    check_arguments,
    command_named,
)
from s7spec.modifiers.effective import Effective, EffectiveField, Segment
from s7spec.modifiers.prediction.image import Doubt, Reason


class Part(StrEnum):
    """What a command can make unknowable."""

    COMPOSITE = "composite"
    """The size of the picture before the view commands."""
    REPLY = "reply"
    """The size of what is delivered."""
    FORMAT = "format"
    BYTES = "bytes"


@dataclass(frozen=True, slots=True, kw_only=True)
class InForce:
    """``fields`` are those of commands without a fault, by documented name, in the order in which
    they were said; those of other layers than the picture's are left out. ``unknown`` is what
    nobody can tell, for the reasons in ``doubts``. ``layer_zero`` tells that layer 0 was named."""

    fields: Mapping[str, tuple[str, ...]]
    doubts: tuple[Doubt, ...]
    unknown: frozenset[Part]
    layer_zero: bool


# What a command does to what can be known, if it says anything but what is the default anyway.
_OTHER_PICTURE = (Reason.OTHER_PICTURE, Part.COMPOSITE)
_NOT_MODELLED = (Reason.NOT_MODELLED, Part.COMPOSITE)
_UNMODELLED: Mapping[str, tuple[Reason, Part]] = MappingProxyType(
    {
        **dict.fromkeys(("src", "template", "locale", "defaultImage"), _OTHER_PICTURE),
        **dict.fromkeys(("perspective", "perspectiveN", "sizeN", "cropPathE"), _NOT_MODELLED),
        "hide": (Reason.OTHER_LAYERS, Part.BYTES),
        "req": (Reason.NO_PICTURE, Part.REPLY),
        "dpr": (Reason.DEVICE_PIXELS, Part.REPLY),
        "bfc": (Reason.SMART_IMAGING, Part.FORMAT),
        "network": (Reason.SMART_IMAGING, Part.BYTES),
    }
)
_HARMLESS = {
    "defaultImage": ("", None),  # an empty one forbids default images
    "hide": ("0",),
    "req": ("img",),
    "dpr": ("off",),
    "bfc": ("off",),
    "network": ("off",),
}
_SCALES_BEFORE_RES = ("size", "scale")

# What is unknown when the value of a command cannot be read.
_DECIDES: Mapping[str, Part] = MappingProxyType(
    {
        **dict.fromkeys(("wid", "hei", "scl", "fit", "rect"), Part.REPLY),
        **dict.fromkeys(("crop", "cropN", "size", "scale", "res", "flip"), Part.COMPOSITE),
        **dict.fromkeys(("rotate", "extend", "extendN", "rgn"), Part.COMPOSITE),
        **dict.fromkeys(("qlt", "jpegSize", "quantize"), Part.BYTES),
        "fmt": Part.FORMAT,
    }
)
_COMPOSITE: Segment = ("layer", "comp")
_FIRST: Segment = ("layer", "0")


def commands_in_force(effective: Effective) -> InForce:
    """The commands that prevail for a single picture: it is layer 0, which also decides the size of
    the composite of all layers (facts: is_commands.json, `layer`). Never raises."""
    reading = _Reading(own=_own_segments(effective))
    for names, reason in (
        (effective.unknown_presets, Reason.UNKNOWN_PRESET),
        (effective.refused_presets, Reason.REFUSED_PRESET),
    ):
        for name in names:
            reading.doubt(name, reason, *Part)
    for name in effective.built_in_presets:
        reading.doubt(name, Reason.BUILT_IN_PRESET, Part.BYTES)
    for each in effective.fields:
        reading.take(each)
    return InForce(
        fields=MappingProxyType(reading.fields),
        doubts=tuple(reading.doubts),
        unknown=frozenset(reading.unknown),
        layer_zero=reading.layer_zero,
    )


def _own_segments(effective: Effective) -> frozenset[Segment]:
    """Layer 0 and the composite, and the name of layer 0 if it has one."""
    own = {_FIRST, _COMPOSITE}
    for each in effective.fields:
        for said in (each.said, *each.overridden):
            fields = said.command.fields
            if each.segment == _FIRST and said.command.name.lower() == "layer" and fields[1:]:
                own.add(("layer", fields[1].lower()))
    return frozenset(own)


@dataclass(slots=True, kw_only=True)
class _Reading:
    own: frozenset[Segment]
    fields: dict[str, tuple[str, ...]] = field(default_factory=dict)
    doubts: dict[Doubt, None] = field(default_factory=dict)
    unknown: set[Part] = field(default_factory=set)
    layer_zero: bool = False

    def doubt(self, about: str, reason: Reason, *parts: Part) -> None:
        self.doubts[Doubt(about=about, reason=reason)] = None
        self.unknown.update(parts)

    def take(self, each: EffectiveField) -> None:
        command = each.said.command
        definition = command_named(command.name)
        if definition is None:
            self.doubt(command.name, Reason.UNKNOWN_COMMAND)
            return
        if each.segment is not None and each.segment not in self.own:
            self.doubt(each.segment[0], Reason.OTHER_LAYERS, Part.BYTES)
            return
        name, fields = definition.name, command.fields
        if name == "layer":
            self.layer_zero = self.layer_zero or fields[:1] == ("0",)
            return
        if each.order_is_inferred and definition.effect in (Effect.OUTPUT, Effect.GEOMETRY):
            self.doubt(name, Reason.INFERRED_ORDER)
        if isinstance(command.value, str) or command.value is None:
            self._take_fields(definition, fields)
        elif name in _UNMODELLED or name == "mask":
            self._without_model(definition, ("{",))
        else:
            self._unreadable(name)

    def _take_fields(self, definition: Definition, fields: tuple[str, ...]) -> None:
        name = definition.name
        if any(check_arguments(definition, fields)):
            self._unreadable(name)
            return
        self._without_model(definition, fields)
        self.fields.pop(name, None)  # said again for another name of the layer, it comes last
        self.fields[name] = fields

    def _unreadable(self, name: str) -> None:
        parts = [part for part in (_DECIDES.get(name), _part_without_model(name)) if part]
        self.doubt(name, Reason.UNREADABLE, *parts)

    def _without_model(self, definition: Definition, fields: tuple[str, ...]) -> None:
        name = definition.name
        if definition.effect is Effect.TEXT:
            self.doubt(name, Reason.OTHER_PICTURE, Part.COMPOSITE, Part.BYTES)
        if name not in _UNMODELLED or _says_the_default(name, fields):
            return
        reason, part = _UNMODELLED[name]
        self.doubt(name, reason, part)
        if reason is Reason.NO_PICTURE:
            self.unknown.add(Part.FORMAT)


def _part_without_model(name: str) -> Part | None:
    return _UNMODELLED[name][1] if name in _UNMODELLED else None


def _says_the_default(name: str, fields: tuple[str, ...]) -> bool:
    if name == "dpr" and fields[1:] and Fraction(fields[1]) == 1:
        return True
    first = fields[0].lower() if fields else None
    return first in _HARMLESS.get(name, ())


def needs_resolution(in_force: InForce) -> bool:
    """Whether ``res`` decides the size: it takes the catalog's resolution, which is not known, and
    gives way to ``size`` and ``scale``."""
    fields = in_force.fields
    return "res" in fields and not any(name in fields for name in _SCALES_BEFORE_RES)
