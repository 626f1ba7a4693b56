"""``s7spec demo``."""

from __future__ import annotations

from pathlib import Path

import click

from s7spec.cli.exit_codes import ExitCode
from s7spec.cli.options import examples


@click.command(name="demo", epilog=examples("s7spec demo", "s7spec demo --dir /tmp/s7spec-demo"))
@click.option(
    "--dir",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(".demo"),
    show_default=True,
    help="Where the demo works; its own earlier leftovers there are replaced.",
)
def command(folder: Path) -> int:
    """The whole loop, offline: pictures, validate, plan, apply, change, plan again.

    Runs the real commands against the embedded IPS and shows each of them as you would type it.
    """
    from s7spec.cli.demonstration import demonstrate

    demonstrate(folder)
    return ExitCode.OK
