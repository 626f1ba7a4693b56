"""One server for one data folder: a lock on ``server.lock``, and ``server.json`` beside it.

The lock is held as long as the process lives, however it ends; server.json only says where the
holder listens, and is believed only while the lock is held.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import stat
import time
from pathlib import Path
from typing import IO

from s7spec.emulator.options import ServerAlreadyRunning, StoreError

_LOCK = "server.lock"
_ADDRESS = "server.json"
_PATIENCE = 0.5
"""Seconds to wait for the lock: somebody may just be looking whether a server runs."""


class Tenancy:
    """Holds a data folder.

    Raises ServerAlreadyRunning when another server does, StoreError for a lock that is no file
    of its own.
    """

    def __init__(self, data: Path) -> None:
        self._data = data
        self._file = _own_file(data / _LOCK, os.O_RDWR | os.O_CREAT | os.O_APPEND)
        if not _lock(self._file):
            self._file.close()
            address = _address(data)
            raise ServerAlreadyRunning(
                data,
                url=None if address is None else address[0],
                pid=None if address is None else address[1],
            )
        (data / _ADDRESS).unlink(missing_ok=True)
        self._file.truncate(0)
        self._file.write(str(os.getpid()))
        self._file.flush()

    def announce(self, url: str) -> None:
        """Tell others where this server listens."""
        part = self._data / f"{_ADDRESS}.part"
        # Made anew: whatever stands there may point elsewhere.
        part.unlink(missing_ok=True)
        with _own_file(part, os.O_RDWR | os.O_CREAT | os.O_EXCL) as file:
            file.write(json.dumps({"url": url, "pid": os.getpid()}))
        part.replace(self._data / _ADDRESS)

    def release(self) -> None:
        (self._data / _ADDRESS).unlink(missing_ok=True)
        self._file.close()


def running_server(data: Path) -> str | None:
    """Address of the live server on this data folder, None when there is none yet or any more."""
    try:
        file = _own_file(data / _LOCK, os.O_RDONLY)
    except OSError:  # StoreError is one, too
        return None
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = file.read()
        else:
            return None
    address = _address(data)
    return address[0] if address is not None and str(address[1]) == holder else None


def _own_file(path: Path, flags: int) -> IO[str]:
    """Open a plain file of this folder; never what a link points to. Raises StoreError."""
    try:
        # Without waiting: a pipe of this name would have us wait for its other end.
        descriptor = os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, 0o666)
    except OSError as error:
        what = "is a symbolic link" if error.errno == errno.ELOOP else error.strerror
        raise StoreError(f"{path}: cannot be used: {what}") from error
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise StoreError(f"{path}: cannot be used: it is not a plain file")
    return os.fdopen(descriptor, "r" if flags == os.O_RDONLY else "r+", encoding="utf-8")


def _lock(file: IO[str]) -> bool:
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                return False
            time.sleep(0.01)
        else:
            return True


def _address(data: Path) -> tuple[str, int] | None:
    try:
        with _own_file(data / _ADDRESS, os.O_RDONLY) as file:
            found = json.load(file)
        return str(found["url"]), int(found["pid"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
