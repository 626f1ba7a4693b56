"""The documented commands of Image Serving: a table, and a value's fields held against it."""

from s7spec.modifiers.commands.arguments import ArgumentProblem, Fault, check_arguments
from s7spec.modifiers.commands.definition import Argument, Definition, Effect, Kind, Use
from s7spec.modifiers.commands.lookup import ALL_COMMANDS, OLDER_NAMES, command_named, is_of_a_layer
from s7spec.modifiers.commands.usual import is_as_usual

__all__ = [
    "ALL_COMMANDS",
    "OLDER_NAMES",
    "Argument",
    "ArgumentProblem",
    "Definition",
    "Effect",
    "Fault",
    "Kind",
    "Use",
    "check_arguments",
    "command_named",
    "is_as_usual",
    "is_of_a_layer",
]
