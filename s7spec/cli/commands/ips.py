"""``s7spec ips``: the group, and ``serve``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from s7spec.adapters.bundled import contract_folder
from s7spec.cli import terminal
from s7spec.cli.commands.ips_check import check
from s7spec.cli.connection import embedded_errors_as_findings
from s7spec.cli.exit_codes import ExitCode
from s7spec.cli.logs import tell_log
from s7spec.cli.options import examples
from s7spec.cli.stop import stop
from s7spec.model.rules import Rule

if TYPE_CHECKING:
    from s7spec.emulator import EmbeddedIps, Quirks


@click.group(name="ips", invoke_without_command=True)
@click.pass_context
def command(ctx: click.Context) -> None:
    """Check the way to IPS, or serve the embedded one: a SOAP server on loopback."""
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


command.add_command(check)


@command.command(
    name="serve",
    epilog=examples(
        "s7spec ips serve --catalog catalog --data .s7spec/ips",
        "s7spec ips serve --catalog pictures --data /tmp/ips --port 8070",
        "s7spec ips serve --catalog catalog --data .s7spec/ips --faults faults.yaml",
        "s7spec ips serve --catalog catalog --data .s7spec/ips --quirk many_assets=accept",
    ),
)
@click.option(
    "--catalog",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    required=True,
    help="Folder with pictures and, if you like, a catalog.yaml.",
)
@click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help="Folder for its jobs and ZIPs; made when missing.",
)
@click.option("--port", type=click.IntRange(0, 65535), default=8070, show_default=True)
@click.option(
    "--workers", type=click.IntRange(1, 32), default=2, show_default=True, help="Exports at once."
)
@click.option(
    "--faults",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="File of rules for what goes wrong; read again when it changes.",
)
@click.option(
    "--seconds-per-asset",
    type=click.FloatRange(0, 3600),
    default=0.0,
    help="Pause of a job before each asset, to watch, pause and stop it.",
)
@click.option(
    "--max-assets",
    type=click.IntRange(0),
    default=500,
    show_default=True,
    help="Assets in one job; 0 is any number.",
)
@click.option("-v", "--verbose", is_flag=True, help="Tell each call and each fault that hits one.")
@click.option(
    "--quirk",
    "quirks",
    multiple=True,
    metavar="NAME=VALUE",
    help="Switch for what the real service does and nobody has published; many are allowed.",
)
def serve(  # noqa: PLR0913 - one parameter for each option
    *,
    catalog: Path,
    data: Path,
    port: int,
    workers: int,
    faults: Path | None,
    seconds_per_asset: float,
    max_assets: int,
    verbose: bool,
    quirks: tuple[str, ...],
) -> int:
    """Serve until Ctrl-C. Port 0 takes any free port.

    Point any SOAP client at the endpoint it prints, or s7spec itself: an environment with
    `ips: embedded` and the same `data:` folder finds the running server by itself.

    With --faults it fails on purpose. A file with one rule, `{kind: http-error, status: 503, every:
    5}` in the list `faults:`, breaks every fifth call; docs/fault-injection.md has all kinds.

    Quirks, such as many_assets=accept or log_visible="at end", are listed in docs/embedded-ips.md.
    """
    from s7spec.emulator import EmbeddedIps, EmbeddedIpsOptions, ServerAlreadyRunning

    options = EmbeddedIpsOptions(
        catalog=catalog,
        data=data,
        contract=contract_folder(),
        port=port,
        workers=workers,
        faults=faults,
        seconds_per_asset=seconds_per_asset,
        max_assets_per_job=max_assets or None,
        quirks=_quirks(quirks),
    )
    if verbose:
        tell_log("s7spec.emulator")
    try:
        with embedded_errors_as_findings(), EmbeddedIps(options) as server:
            terminal.say(_greeting(server, faults))
            server.serve_forever()
    except ServerAlreadyRunning as other:
        raise stop(
            Rule.ALREADY_THERE,
            f"a server (pid {other.pid}) already serves {data} at {other.url}",
            hint="use that one, or give another --data folder",
        ) from other
    except KeyboardInterrupt:
        terminal.say("stopped; jobs are kept in the data folder")
    return ExitCode.OK


def _quirks(given: tuple[str, ...]) -> Quirks:
    from s7spec.emulator import Quirks

    quirks = Quirks()
    for text in given:
        name, _, value = text.partition("=")
        try:
            quirks = quirks.with_value(name.strip(), value.strip())
        except ValueError as error:
            raise click.BadParameter(str(error), param_hint="--quirk") from error
    return quirks


def _greeting(server: EmbeddedIps, faults: Path | None) -> str:
    """What is on, and where."""
    lines = [
        f"embedded IPS at {server.url}",
        f"  endpoint {server.endpoint}",
        f"  WSDL     {server.endpoint}?wsdl",
        f"  previews {server.previews}<asset>?<modifier>",
    ]
    if faults is not None:
        count = len(server.faults.rules)
        lines.append(f"  faults   {faults}, {count} {'rule' if count == 1 else 'rules'}")
    return "\n".join([*lines, "  Ctrl-C ends it"])
