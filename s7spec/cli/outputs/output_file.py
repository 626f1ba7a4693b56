"""The types of options that name a file to write."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import click
from click.types import StringParamType

from s7spec.cli.stop import stop
from s7spec.model.rules import Rule

DASH = "-"
DESCRIPTOR = re.compile(r"fd:([0-9]{1,4})")


class OutputFile(click.Path):
    """A path that is no folder. ``-`` is refused: elsewhere it means standard output, and nobody
    wants a file of that name. ``instead`` says how to get what they want."""

    def __init__(self, *, instead: str) -> None:
        super().__init__(path_type=Path, dir_okay=False)
        self._instead = instead

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if value == DASH:
            name = param.get_error_hint(ctx) if param is not None and ctx is not None else "it"
            raise stop(Rule.USAGE, f"{name} takes a file, not -", hint=self._instead)
        return super().convert(value, param, ctx)


class OutputTarget(StringParamType):
    """A file, ``-`` for standard output, or ``fd:N`` for a descriptor; as it was written."""


def writes(running: click.Context, parameter: click.Parameter) -> Path | None:
    """The file that a parameter of the running command names to be written, if it does."""
    match parameter.type, running.params.get(parameter.name or ""):
        case OutputFile(), Path() as path:
            return path
        case OutputTarget(), str() as target if target != DASH and not is_descriptor(target):
            return Path(target)
    return None


def is_descriptor(target: str) -> bool:
    return DESCRIPTOR.fullmatch(target) is not None
