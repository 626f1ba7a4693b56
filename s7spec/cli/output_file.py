"""The type of options that name a file to write."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from s7spec.cli.stop import stop
from s7spec.model.rules import Rule

_DASH = "-"


class OutputFile(click.Path):
    """A path that is no folder. ``-`` is refused: elsewhere it means standard output, and nobody
    wants a file of that name. ``instead`` says how to get what they want."""

    def __init__(self, *, instead: str) -> None:
        super().__init__(path_type=Path, dir_okay=False)
        self._instead = instead

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if value == _DASH:
            name = param.get_error_hint(ctx) if param is not None and ctx is not None else "it"
            raise stop(Rule.USAGE, f"{name} takes a file, not -", hint=self._instead)
        return super().convert(value, param, ctx)
