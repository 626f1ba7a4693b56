"""``s7spec ledger backup``."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

import click

from s7spec import __version__
from s7spec.adapters.clock import SystemClock
from s7spec.cli import terminal
from s7spec.cli.connection import open_ledger
from s7spec.cli.exit_codes import ExitCode
from s7spec.cli.options import Invocation, common_options, examples
from s7spec.cli.outputs.files import written_whole
from s7spec.cli.outputs.output_file import OutputFile
from s7spec.cli.stop import stop
from s7spec.cli.workplace import open_workplace
from s7spec.model.rules import Rule
from s7spec.pipeline.backup import BackupWriter
from s7spec.report.figures import count

COMPRESSED = ".gz"


@click.command(
    name="backup",
    epilog=examples(
        "s7spec ledger backup ledger.jsonl.gz",
        "s7spec ledger backup --force /backups/latest.jsonl.gz",
    ),
)
@click.argument("path", metavar="FILE", type=OutputFile(instead="name a file for the backup"))
@click.option("--force", is_flag=True, help="Replace FILE if it is there.")
@common_options
def command(invocation: Invocation, path: Path, force: bool) -> int:
    """Write the whole ledger, of all environments, into one portable FILE.

    JSON Lines with counts and a checksum, compressed when the name ends with .gz. It is of one
    moment, whoever applies meanwhile, and takes its place whole or not at all. `s7spec ledger
    restore` fills an empty ledger from it, of whatever kind.
    """
    workplace = open_workplace(invocation)
    with (
        open_ledger(workplace, create=False) as ledger,
        written_whole(path, replace=force) as file,
        tempfile.TemporaryFile(dir=_folder(path)) as spool,
    ):
        writer = BackupWriter(spool, tool_version=__version__, created_at=SystemClock().now())
        writer.take(ledger.records())
        if not writer.attempts:
            where = workplace.ledger_place()
            raise stop(
                Rule.USAGE,
                "the ledger is empty: there is nothing to back up",
                hint="was it lost? `s7spec ledger rebuild` recovers what IPS still shows",
                where=where,
                snippet=workplace.snippet(where),
            )
        _write(writer.pieces(), file, compressed=path.suffix == COMPRESSED)
    if not invocation.quiet:
        what = f"{count(writer.attempts, 'attempt')} of {count(writer.jobs, 'job')}"
        terminal.say(f"{path}: {what}")
    return ExitCode.OK


def _folder(path: Path) -> Path | None:
    """Where there will be room for it. The folder of a device is no place for files."""
    return path.resolve().parent if path.is_file() or not path.exists() else None


def _write(pieces: Iterable[bytes], file: BinaryIO, *, compressed: bool) -> None:
    if not compressed:
        file.writelines(pieces)
        return
    import gzip  # only here: most commands compress nothing

    # No name and no time inside: the same ledger gives the same bytes.
    with gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0) as packed:
        packed.writelines(pieces)
