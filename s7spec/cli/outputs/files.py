"""Output files: written whole or not at all."""

from __future__ import annotations

import errno
import os
import stat
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from s7spec.cli.stop import stop
from s7spec.model.rules import Rule


def write_whole(path: Path, text: str) -> None:
    """Writes ``text`` to a neighbour of ``path`` and renames it into place.

    A symbolic link is followed; a device or a pipe is written to, never replaced.
    """
    try:
        if path.exists() and not path.is_file():
            path.write_text(text, encoding="utf-8")
            return
        _put(_target(path), text.encode("utf-8"))
    except OSError as error:
        raise stop(
            Rule.UNWRITABLE,
            f"cannot write {path}: {error.strerror}",
            hint="choose a folder that exists and that you may write to",
        ) from error


def write_parts(path: Path, parts: Iterable[str]) -> None:
    """The same of a text that comes in parts, which are never in memory together."""
    with written_whole(path, replace=True) as file:
        for part in parts:
            file.write(part.encode("utf-8"))


def write_ours(files: Mapping[Path, str]) -> None:
    """Writes files whose names are s7spec's own, in a project that others may have made.

    None is written when one of them is a symbolic link or anything else but a file: nobody on the
    command line has named what would be overwritten.
    """
    refuse_links(files)
    for path, text in files.items():
        try:
            _put(path, text.encode("utf-8"))  # replaces what lies there, follows nothing
        except OSError as error:
            raise stop(
                Rule.UNWRITABLE,
                f"cannot write {path}: {error.strerror}",
                hint="check the rights of the file and its folder",
            ) from error


def refuse_links(paths: Iterable[Path]) -> None:
    """Stops when any of ``paths`` is a symbolic link, leads it where it may, or is no file."""
    for path in paths:
        if path.is_symlink() or (path.exists() and not path.is_file()):
            what = "a symbolic link" if path.is_symlink() else "no file"
            raise stop(
                Rule.ALREADY_THERE,
                f"{path} is {what}: nothing was written",
                hint="s7spec writes a file of this name; move away what is there",
            )


def write_data(path: Path, data: bytes, *, replace: bool) -> None:
    """Writes ``data`` whole or not at all. Without ``replace`` nothing that stands at ``path`` is
    touched, be it a file, a folder or a symbolic link that leads nowhere; with it a file is
    replaced, also behind a link, and a device or a pipe is written to."""
    try:
        if not replace:
            _put_new(path, data)
        elif path.exists() and not path.is_file():
            path.write_bytes(data)
        else:
            _put(_target(path), data)
    except FileExistsError as error:
        raise stop(
            Rule.ALREADY_THERE,
            f"{path} is there already: nothing was written",
            hint="name another file with --out, or replace it with --force",
        ) from error
    except OSError as error:
        raise stop(
            Rule.UNWRITABLE,
            f"cannot write {path}: {error.strerror}",
            hint="choose a folder that exists and that you may write to",
        ) from error


@contextmanager
def written_whole(path: Path, *, replace: bool) -> Iterator[BinaryIO]:
    """A file to write anything into: it takes its place, whole, at the end of the block, or not at
    all when that raises. Without ``replace`` nothing that stands at ``path`` is touched. A device
    or a pipe is written to as it is. Raises Stop."""
    try:
        if path.exists() and not path.is_file():
            with path.open("wb") as file:
                yield file
            return
        if not replace and (path.exists() or path.is_symlink()):
            raise FileExistsError
        target = _target(path)
        descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
        try:
            with os.fdopen(descriptor, "wb") as file:
                yield file
                file.flush()
                os.fsync(descriptor)
            Path(name).chmod(0o666 & ~_umask())
            _take_place(Path(name), target, replace=replace)
        finally:
            Path(name).unlink(missing_ok=True)
    except FileExistsError as error:
        raise stop(
            Rule.ALREADY_THERE,
            f"{path} is there already: nothing was written",
            hint="name another file, or replace it with --force",
        ) from error
    except OSError as error:
        raise stop(
            Rule.UNWRITABLE,
            f"cannot write {path}: {error.strerror}",
            hint="choose a folder that exists, that you may write to and that has room",
        ) from error


def _target(path: Path) -> Path:
    """Where a path leads. Raises OSError for a circle of links."""
    circle = OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path))
    try:
        target = path.resolve()
    except RuntimeError as error:  # so in Pythons before 3.13
        raise circle from error
    if target.is_symlink():
        raise circle
    return target


def _take_place(made: Path, path: Path, *, replace: bool) -> None:
    if replace:
        made.replace(path)
        return
    try:
        # Unlike a rename, a link never replaces what somebody put there meanwhile.
        path.hardlink_to(made)
    except FileExistsError:
        raise
    except OSError:
        if path.exists():  # a file system without links
            raise FileExistsError from None
        made.replace(path)


def _put_new(path: Path, data: bytes) -> None:
    with path.open("xb") as file:
        try:
            file.write(data)
            file.flush()
        except BaseException:
            path.unlink(missing_ok=True)
            raise


def _put(path: Path, data: bytes) -> None:
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        Path(name).chmod(0o666 & ~_umask())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def replace_bytes(path: Path, data: bytes) -> None:
    """Gives an existing file new contents, whole or not at all; it keeps its mode."""
    try:
        path = path.resolve()
        mode = stat.S_IMODE(path.stat().st_mode)
        if not os.access(path, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
            Path(name).chmod(mode)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise stop(
            Rule.UNWRITABLE,
            f"cannot write {path}: {error.strerror}",
            hint="check the rights of the file and its folder",
        ) from error


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
