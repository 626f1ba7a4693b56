"""Which command is in force, which is emulated, and what to say about the others.

Facts: Image Serving sections 2 and 8. Within a layer the last instance of a command prevails; view
commands count wherever they stand.
"""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from types import MappingProxyType

from s7spec.emulator.render.modifier import Command, parse_commands
from s7spec.emulator.render.values import Fields

VIEW_COMMANDS = frozenset(
    {
        *("wid", "hei", "scl", "fit", "align", "rgn", "rect", "bgc", "resmode"),
        *("fmt", "qlt", "jpegsize", "pscan", "quantize", "icc", "iccembed", "xmpembed", "printres"),
    }
)
"""Emulated commands that apply to the reply image, whatever layer is selected; lower case."""

LAYER_COMMANDS = frozenset(
    {
        *("crop", "cropn", "size", "scale", "res", "extend", "extendn", "rotate", "flip"),
        *("bgcolor", "opac", "maskuse", "clippathe", "croppathe"),
        *("op_usm", "op_usmr", "op_sharpen", "op_blur", "op_brightness", "op_contrast"),
        *("op_saturation", "op_hue", "op_colorbalance", "op_invert"),
    }
)
"""Emulated commands that belong to the selected layer; lower case."""

_LAYERS = "layers and effects"
_REASONS: Mapping[str, tuple[str, ...]] = {
    _LAYERS: (
        *("effect", "effectMask", "anchor", "anchorN", "origin", "originN", "pos", "posN"),
        *("blendMode", "hide", "color", "sizeN"),
    ),
    "text layers": (
        *("text", "textPs", "textAngle", "textAttr", "textPath", "pathAttr"),
        *("textFlowPath", "textFlowXPath"),
    ),
    "delivery only, the picture stays the same": (
        *("cache", "id", "bfc", "network", "imageSet", "type", "map", "mapA"),
    ),
    "Photoshop paths": (*("clipPath", "clipXPath", "clipXPathE", "pathEmbed"),),
    "other assets": ("src", "mask", "template", "defaultImage", "locale"),
    "perspective": ("perspective", "perspectiveN"),
    "growing of masks": ("op_grow", "op_growMask", "op_growMaskR"),
    "its algorithm is undocumented": ("op_colorize", "colorize"),
    "random, so not reproducible": ("op_noise",),
    "device pixel ratio": ("dpr",),
    "only the image itself is rendered": ("req",),
}

NOT_EMULATED: Mapping[str, str] = MappingProxyType(
    {name: why for why, names in _REASONS.items() for name in names}
)
"""Documented commands without effect here, in documented spelling, and why."""

_WHY_NOT = {name.lower(): (name, why) for name, why in NOT_EMULATED.items()}
_EMULATED = VIEW_COMMANDS | LAYER_COMMANDS
_SINGLE_LAYER = ("comp", "0")


def commands_in_force(modifier: str, notes: list[str]) -> dict[str, Fields]:
    """The emulated commands by lower-case name, each at its last instance, in order of instance.

    What is known but not emulated, unknown, or set on a layer this emulator does not have goes
    into ``notes``. The command ``layer`` itself comes out when it selects layer 0.

    Raises:
        RenderError: the string is not a modifier.
    """
    in_force: dict[str, Fields] = {}
    layer: Command | None = None
    for command in parse_commands(modifier):
        if command.key in ("layer", "effect"):
            layer = _selected(command, notes, in_force)
        elif command.key in LAYER_COMMANDS and layer is not None:
            _note(notes, f"not emulated: {layer}, so its {command.name} has no effect")
        elif command.key in _EMULATED:
            in_force.pop(command.key, None)  # the order then tells which instance came last
            in_force[command.key] = Fields(command, notes)
        else:
            _note(notes, _ignored(command))
    return in_force


def _selected(command: Command, notes: list[str], in_force: dict[str, Fields]) -> Command | None:
    """The layer that is selected and not emulated; None for the composite and for layer 0."""
    number = (command.value or "").split(",")[0]
    if command.key == "layer" and number.lower() in _SINGLE_LAYER:
        if number == "0":
            in_force["layer"] = Fields(command, notes)
        return None
    _note(notes, f"not emulated: {command} ({_LAYERS})")
    return command


def _ignored(command: Command) -> str:
    if command.name.startswith("$"):
        return f"not emulated: {command.name} (built-in macro)"
    if command.key in _WHY_NOT:
        name, why = _WHY_NOT[command.key]
        return f"not emulated: {name} ({why})"
    near = get_close_matches(command.key, (*_EMULATED, *_WHY_NOT), n=1)
    hint = f"; did you mean {near[0]}?" if near else ""
    return f"unknown command {command.name[:60]!r} has no effect{hint}"


def _note(notes: list[str], text: str) -> None:
    if text not in notes:
        notes.append(text)
