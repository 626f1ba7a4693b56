"""Makes files that nobody ever sees half done, and that outlast a power cut."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from s7spec.adapters.ledger_sqlite.connecting import (
    connect,
    make_commits_last,
    write_transaction,
)
from s7spec.adapters.ledger_sqlite.schema import lay_tables
from s7spec.ports import LedgerUnwritable


def make_ledger(path: Path) -> None:
    """An empty ledger and its folders. Somebody else's that came first is left alone."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        make_file(path, _lay)
        make_durable(path.parent.resolve().parent)
    except OSError as error:
        raise LedgerUnwritable(
            str(path), f"the ledger {path} cannot be made: {error.strerror}"
        ) from error


def make_file(path: Path, fill: Callable[[Path], None]) -> bool:
    """Fills a draft beside ``path`` and links it there; False when something lies there already,
    which stays as it is. ``fill`` sees to it that the draft is durable. Raises OSError."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        draft.write_bytes(b"")  # says in the system's own words why a folder is not writable
        fill(draft)
        is_new = _put_in_place(draft, path)
    finally:
        draft.unlink(missing_ok=True)
    make_durable(path.parent)
    return is_new


def make_durable(folder: Path) -> None:
    """A file is safe from a power cut only when the folder that names it is."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _lay(draft: Path) -> None:
    with closing(connect(f"{draft.resolve().as_uri()}?mode=rwc")) as connection:
        make_commits_last(connection)
        with write_transaction(connection):
            lay_tables(connection)


def _put_in_place(draft: Path, path: Path) -> bool:
    try:
        os.link(draft, path)
    except FileExistsError:
        return False
    except OSError:  # a file system without hard links
        if path.exists():
            return False
        draft.rename(path)
    return True
