"""Commands by name."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from s7spec.modifiers.commands.definition import Definition
from s7spec.modifiers.commands.delivery import DELIVERY_COMMANDS
from s7spec.modifiers.commands.layer import LAYER_COMMANDS
from s7spec.modifiers.commands.operations import OPERATIONS_COMMANDS
from s7spec.modifiers.commands.output import OUTPUT_COMMANDS
from s7spec.modifiers.commands.text import TEXT_COMMANDS
from s7spec.modifiers.commands.view import VIEW_COMMANDS

_OF_LAYERS = (*LAYER_COMMANDS, *OPERATIONS_COMMANDS, *TEXT_COMMANDS)

ALL_COMMANDS = (*VIEW_COMMANDS, *OUTPUT_COMMANDS, *_OF_LAYERS, *DELIVERY_COMMANDS)
"""Every documented command; one with relative coordinates (``cropN``) is one of its own."""

OLDER_NAMES: Mapping[str, str] = MappingProxyType({"colorize": "op_colorize"})
"""Names that Adobe's examples still use (facts: is_commands.json, `aliases_seen`)."""

_NAMES_OF_LAYERS = frozenset(each.name for each in _OF_LAYERS)
_BY_LOWER_NAME = {each.name.lower(): each for each in ALL_COMMANDS}
_BY_LOWER_NAME |= {old: _BY_LOWER_NAME[new] for old, new in OLDER_NAMES.items()}


def command_named(name: str) -> Definition | None:
    """The command of that name in capitals or not, or None: nobody says what Image Serving does
    with names it does not know (facts: Image Serving section 2)."""
    return _BY_LOWER_NAME.get(name.lower())


def is_of_a_layer(definition: Definition) -> bool:
    """Whether it acts on the layer that was opened before it. The others act on the picture as a
    whole, wherever they stand."""
    return definition.name in _NAMES_OF_LAYERS
