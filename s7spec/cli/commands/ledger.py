"""``s7spec ledger``: the group."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import click

from s7spec.cli.lazy_commands import LazyCommands


class _Commands(LazyCommands):
    known: ClassVar[Mapping[str, str]] = {
        "list": "The jobs with their latest attempt.",
        "show": "Everything about one job.",
        "lease": "Who may apply now.",
        "unlock": "Give back the lease of somebody who cannot any more.",
        "check": "Look for damage.",
        "backup": "Write everything into a portable file.",
        "restore": "Fill an empty ledger from such a file.",
        "rebuild": "Recover what IPS still shows into a ledger that was lost.",
    }
    modules = "s7spec.cli.commands.ledger_"


@click.group(name="ledger", cls=_Commands, invoke_without_command=True)
@click.pass_context
def command(ctx: click.Context) -> None:
    """The memory of what was exported: look into it, back it up, restore it, rebuild it from IPS.

    All but backup, restore and check speak of one environment (--env).
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())
