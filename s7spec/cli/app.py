"""The command group. Commands are imported when they are used: start-up stays short."""

from __future__ import annotations

import click

from s7spec import __version__
from s7spec.cli.lazy_commands import LazyCommands

COMMANDS: dict[str, str] = {
    "init": "Make a project: s7spec.yaml, a manifest and a sample catalog.",
    "validate": "Check manifests offline: all errors at once.",
    "fmt": "Lay out manifests and s7spec.yaml; comments and values stay.",
    "render": "Show the concrete jobs the manifests expand to.",
    "plan": "Compare the manifests with what was exported; change nothing.",
    "show": "Show a saved plan again.",
    "review": "Show a saved plan in the pull request, on GitHub or GitLab.",
    "apply": "Submit what the plan says, follow it, record it.",
    "status": "What the ledger holds and what runs on IPS now.",
    "history": "All attempts of one job.",
    "explain": "What a rule means, or where each value of a job comes from.",
    "ledger": "Look into the ledger, back it up, restore it, rebuild it from IPS.",
    "modifier": "Explain a modifier, lint it, predict a picture, try it.",
    "schema": "Print a JSON schema, or refresh the copies that editors read.",
    "presets": "List the company's image presets, or keep them in git.",
    "ips": "Check the way to IPS, or serve the embedded one.",
    "demo": "The whole loop, offline, in under a minute.",
}


class _Commands(LazyCommands):
    known = COMMANDS
    modules = "s7spec.cli.commands."


@click.group(
    cls=_Commands,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Start with `s7spec demo`, or with `s7spec init` in an empty folder.",
)
@click.version_option(__version__, message="s7spec %(version)s")
@click.pass_context
def application(ctx: click.Context) -> None:
    """Declarative export specs for Adobe Dynamic Media Classic (Scene7).

    YAML manifests are validated, expanded, planned against what was exported before, reviewed,
    and applied to IPS over SOAP: never twice, never lost.
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())
