"""``s7spec ledger restore``."""

from __future__ import annotations

import zlib
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

import click

from s7spec.cli import terminal
from s7spec.cli.connection import open_ledger
from s7spec.cli.exit_codes import ExitCode
from s7spec.cli.options import Invocation, common_options, examples
from s7spec.cli.stop import Stop, stop
from s7spec.cli.workplace import Workplace, open_workplace
from s7spec.model.rules import Rule
from s7spec.model.source import SourceRange
from s7spec.pipeline.backup import Backup, BackupFileError, BackupHeader
from s7spec.pipeline.backup.layout import LONGEST_LINE
from s7spec.ports import LedgerConflict
from s7spec.report.figures import count, moment

_GZIP = b"\x1f\x8b"


@click.command(
    name="restore",
    epilog=examples(
        "s7spec ledger restore ledger.jsonl.gz",
        "s7spec ledger restore ledger.jsonl.gz --dry-run",
    ),
)
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--dry-run",
    is_flag=True,
    help="Read FILE from end to end, whatever the ledger in use holds, and write nothing.",
)
@common_options
def command(invocation: Invocation, path: Path, dry_run: bool) -> int:
    """Fill an empty ledger from a FILE that `s7spec ledger backup` wrote.

    All of it or nothing: a file that was damaged, changed or cut off is refused, and so is a
    ledger that has attempts already. The two may be of different kinds, such as SQLite and
    PostgreSQL.
    """
    workplace = open_workplace(invocation)
    if not dry_run:
        _check_empty(workplace)
    # Once from end to end before the ledger is touched: only the end tells whether it is whole.
    with _opened(path) as file:
        header = _read_through(file)
    if not dry_run:
        _restore(path, workplace)
    if not invocation.quiet:
        _tell(path, header, dry_run=dry_run)
    return ExitCode.OK


def _restore(path: Path, workplace: Workplace) -> None:
    with _opened(path) as file, open_ledger(workplace, create=True) as ledger:
        try:
            ledger.restore(Backup(_lines(file)).records())
        except LedgerConflict as error:
            raise _not_empty(workplace) from error
        except BackupFileError:
            raise
        except ValueError as error:
            raise BackupFileError(f"its records contradict each other: {error}") from error


def _check_empty(workplace: Workplace) -> None:
    with open_ledger(workplace, create=False) as ledger:
        if next(ledger.records(), None) is not None:
            raise _not_empty(workplace)


def _read_through(file: BinaryIO) -> BackupHeader:
    backup = Backup(_lines(file))
    deque(backup.records(), maxlen=0)
    return backup.header


def _lines(file: BinaryIO) -> Iterator[bytes]:
    while line := file.readline(LONGEST_LINE + 1):
        yield line


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    """The file, unpacked if it is packed, whatever its name says. What is wrong with it ends the
    command here."""
    try:
        with path.open("rb") as raw:
            if not raw.peek(len(_GZIP)).startswith(_GZIP):
                yield raw
                return
            import gzip  # only here: most commands unpack nothing

            with gzip.GzipFile(fileobj=raw, mode="rb") as packed:
                yield cast("BinaryIO", packed)
    except BackupFileError as error:
        raise _refused(path, str(error)) from error
    except (EOFError, zlib.error) as error:
        raise _refused(path, "the backup is cut off, or damaged: it cannot be unpacked") from error
    except OSError as error:
        # BadGzipFile is one of them, without a number.
        reason = "the backup is damaged: it cannot be unpacked"
        if error.errno is not None:
            reason = f"cannot read the backup: {error.strerror}"
        raise _refused(path, reason) from error


def _refused(path: Path, why: str) -> Stop:
    return stop(
        Rule.BAD_BACKUP,
        why,
        hint="nothing was written; use another backup, or `s7spec ledger rebuild`",
        where=SourceRange(path=str(path)),
    )


def _not_empty(workplace: Workplace) -> Stop:
    where = workplace.ledger_place()
    return stop(
        Rule.LEDGER_NOT_EMPTY,
        "the ledger has attempts already: nothing was restored",
        hint="move it away first, or name another one with `ledger:` in s7spec.yaml",
        where=where,
        snippet=workplace.snippet(where),
    )


def _tell(path: Path, header: BackupHeader, *, dry_run: bool) -> None:
    done = "can be restored into an empty ledger" if dry_run else "restored"
    what = f"{count(header.attempts, 'attempt')} of {count(header.jobs, 'job')}"
    terminal.say(f"{path}: {what} {done}, as they were at {moment(header.created_at)}")
    if not dry_run:
        terminal.say("`s7spec ledger rebuild` adds what was exported since and IPS still shows")
