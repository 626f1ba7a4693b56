"""The command group. Commands are imported when they are used: start-up stays short."""

from __future__ import annotations

import importlib

import click

from s7spec import __version__

COMMANDS: dict[str, str] = {
    "init": "Make a project: s7spec.yaml, a manifest and a sample catalog.",
    "validate": "Check manifests offline: all errors at once.",
    "fmt": "Lay out manifests and s7spec.yaml; comments and values stay.",
    "render": "Show the concrete jobs the manifests expand to.",
    "plan": "Compare the manifests with what was exported; change nothing.",
    "show": "Show a saved plan again.",
    "apply": "Submit what the plan says, follow it, record it.",
    "status": "What the ledger holds and what runs on IPS now.",
    "history": "All attempts of one job.",
    "explain": "What a rule means, or where each value of a job comes from.",
    "modifier": "Explain a modifier, lint it, predict a picture, try it.",
    "schema": "Print a JSON schema, or refresh the copies that editors read.",
    "presets": "List the company's image presets, or keep them in git.",
    "ips": "Check the way to IPS, or serve the embedded one.",
    "demo": "The whole loop, offline, in under a minute.",
}


class LazyCommands(click.Group):
    """Knows its commands by name; loads ``s7spec.cli.commands.<name>`` only when asked."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"s7spec.cli.commands.{cmd_name}")
        command: click.Command = module.command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in COMMANDS:
            import difflib  # only here: most people know the commands

            for near in difflib.get_close_matches(args[0], COMMANDS, n=1):
                ctx.fail(f"No such command '{args[0]}'. Did you mean '{near}'?")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(
    cls=LazyCommands,
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
