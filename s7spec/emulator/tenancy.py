"""One server for one data folder: a lock on ``server.lock``, and ``server.json`` beside it.

The lock is held as long as the process lives, however it ends; server.json only says where the
holder listens, and is believed only while the lock is held.
"""

from __future__ import annotations

import fcntl
import json
import os
import time
from pathlib import Path
from typing import IO

from s7spec.emulator.options import ServerAlreadyRunning

_LOCK = "server.lock"
_ADDRESS = "server.json"
_PATIENCE = 0.5
"""Seconds to wait for the lock: somebody may just be looking whether a server runs."""


class Tenancy:
    """Holds a data folder. Raises ServerAlreadyRunning when another server does."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._file = (data / _LOCK).open("a+")
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
        part.write_text(json.dumps({"url": url, "pid": os.getpid()}), encoding="utf-8")
        part.replace(self._data / _ADDRESS)

    def release(self) -> None:
        (self._data / _ADDRESS).unlink(missing_ok=True)
        self._file.close()


def running_server(data: Path) -> str | None:
    """Address of the live server on this data folder, None when there is none yet or any more."""
    try:
        file = (data / _LOCK).open("r")
    except OSError:
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
        found = json.loads((data / _ADDRESS).read_text(encoding="utf-8"))
        return str(found["url"]), int(found["pid"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
