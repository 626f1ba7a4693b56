"""``s7spec review``: the group."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import click

from s7spec.cli.lazy_commands import LazyCommands


class _Commands(LazyCommands):
    known: ClassVar[Mapping[str, str]] = {
        "github": "One comment in a pull request, the step's summary and outputs.",
        "gitlab": "One note in a merge request, and variables for later jobs.",
    }
    modules = "s7spec.cli.commands.review_"


@click.group(name="review", cls=_Commands, invoke_without_command=True)
@click.pass_context
def command(ctx: click.Context) -> None:
    """Show a saved plan where people review it. Runs in the CI, after `s7spec plan --out`."""
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())
