"""``s7spec show``."""

from __future__ import annotations

from pathlib import Path

import click

from s7spec.cli import terminal
from s7spec.cli.apply_command import apply_command
from s7spec.cli.commands.plan import DETAILS, Detail, render_plan
from s7spec.cli.exit_codes import ExitCode
from s7spec.cli.options import Invocation, common_options, examples, format_option
from s7spec.cli.planning import read_plan_file


@click.command(
    name="show",
    epilog=examples(
        "s7spec show plan.json",
        "s7spec show plan.json --detail full",
        "s7spec show plan.json --format markdown > plan.md",
    ),
)
@click.argument("plan_file", metavar="PLAN.JSON", type=click.Path(path_type=Path))
@click.option("--detail", type=click.Choice(DETAILS), default="job", show_default=True)
@format_option("human", "json", "markdown")
@common_options
def command(invocation: Invocation, plan_file: Path, detail: Detail, output_format: str) -> int:
    """Show a saved plan again, offline. A plan that was changed after it was made is refused."""
    plan = read_plan_file(plan_file)
    exactly = apply_command(plan, file=plan_file)
    next_command = exactly if output_format == "markdown" else f"s7spec apply {plan_file}"
    text = render_plan(plan, output_format, detail=detail, next_command=next_command)
    put = terminal.show if output_format == "human" else terminal.write
    put(text)
    return ExitCode.OK
