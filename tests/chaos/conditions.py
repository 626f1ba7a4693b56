"""What a command has to live with: a small disk, a clock that jumps. By environment variables, so
that a process started from nothing has them, too."""

from __future__ import annotations

import os
import resource
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path

from s7spec.adapters.clock import SystemClock

FILE_BYTES = "CHAOS_FILE_BYTES"
"""No file may grow beyond; writing more fails as on a disk that does not take it."""
CLOCK = "CHAOS_CLOCK"
"""``AT:BY``: so many seconds after its first use the clock jumps by so many seconds."""

MODULES = "CHAOS_MODULES"
"""A file that gets the names of all modules in memory when the command is over."""


class JumpingClock(SystemClock):
    """The clock on the wall, set by somebody while the run goes on."""

    def __init__(self) -> None:
        at, by = os.environ[CLOCK].split(":")
        self._at, self._by = float(at), timedelta(seconds=float(by))
        self._began = time.monotonic()

    def now(self) -> datetime:
        jumped = time.monotonic() - self._began >= self._at
        return super().now() + (self._by if jumped else timedelta(0))


def tell_modules() -> None:
    if MODULES in os.environ:
        Path(os.environ[MODULES]).write_text("\n".join(sys.modules))


def submit_to_conditions() -> None:
    from s7spec.cli import applying

    if FILE_BYTES in os.environ:
        most = int(os.environ[FILE_BYTES])
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    if CLOCK in os.environ:
        vars(applying)["SystemClock"] = JumpingClock
