"""``s7spec show``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import click

from s7spec.cli import terminal
from s7spec.cli.apply_command import ApplyCommand
from s7spec.cli.exit_codes import ExitCode
from s7spec.cli.html_plan import html_option, html_parts, pictures_option
from s7spec.cli.options import Invocation, common_options, examples, format_option, is_given
from s7spec.cli.outputs.files import write_parts
from s7spec.cli.plan_output import DETAILS, Detail, render_plan
from s7spec.cli.planning import read_plan_file
from s7spec.cli.stop import Stop
from s7spec.cli.workplace import Workplace, open_workplace
from s7spec.model.plan import Plan


@click.command(
    name="show",
    epilog=examples(
        "s7spec show plan.json",
        "s7spec show plan.json --detail full",
        "s7spec show plan.json --format markdown > plan.md",
        "s7spec show plan.json --html plan.html",
    ),
)
@click.argument("plan_file", metavar="PLAN.JSON", type=click.Path(path_type=Path))
@click.option("--detail", type=click.Choice(DETAILS), default="job", show_default=True)
@html_option("--format html writes to standard output")
@pictures_option
@format_option("human", "json", "markdown", "html")
@common_options
def command(
    invocation: Invocation,
    plan_file: Path,
    detail: Detail,
    html: Path | None,
    pictures: int,
    output_format: str,
) -> int:
    """Show a saved plan again, offline. A plan that was changed after it was made is refused.

    As HTML it has pictures where it is shown in its project and the IPS is the embedded one.
    """
    plan = read_plan_file(plan_file)
    exactly = ApplyCommand(plan=plan, file=plan_file, project=invocation.project)

    def page() -> Iterator[str]:
        workplace = _workplace_of(plan, invocation) if pictures else None
        return html_parts(
            plan, workplace, pictures=pictures, command=exactly.here(), quiet=invocation.quiet
        )

    if html is not None:
        write_parts(html, page())
        if not is_given("output_format"):
            return ExitCode.OK
    if output_format == "html":
        terminal.write("".join(page()))
        return ExitCode.OK
    text = render_plan(plan, output_format, detail=detail, exactly=exactly)
    put = terminal.show if output_format == "human" else terminal.write
    put(text)
    return ExitCode.OK


def _workplace_of(plan: Plan, invocation: Invocation) -> Workplace | None:
    """The plan's project, if it is this one: a saved plan is shown anywhere."""
    environment = invocation.environment or plan.header.environment
    try:
        return open_workplace(replace(invocation, environment=environment))
    except Stop:
        return None
