"""Whether two paths name one file, be it there or not."""

from __future__ import annotations

from pathlib import Path


def is_same(one: Path, other: Path) -> bool:
    """By links of either kind, too. Names that differ in case alone count as one: on many disks
    they are."""
    there = identity(one)
    if there is not None and there == identity(other):
        return True
    return str(real(one)).casefold() == str(real(other)).casefold()


def identity(path: Path) -> tuple[int, int] | None:
    """The same for all names of a file that is there."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def is_below(path: Path, folder: Path) -> bool:
    return real(path).is_relative_to(real(folder))


def is_elsewhere(path: Path) -> bool:
    """A device, a pipe or a socket: nothing that is kept."""
    try:
        return path.exists() and not path.is_file()
    except OSError:
        return False


def real(path: Path) -> Path:
    """Where it leads; a circle of links leads nowhere."""
    try:
        return path.resolve()
    except (OSError, RuntimeError):  # the second for circles, in Pythons before 3.13
        return path.absolute()
