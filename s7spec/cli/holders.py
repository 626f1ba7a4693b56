"""Whether the process that holds a lease still runs, as far as this machine can tell."""

from __future__ import annotations

import os
import socket

from s7spec.model.ledger import Holder


def is_alive_here(holder: Holder) -> bool:
    """Whether the holder is a process of this machine that runs. Of another machine nothing can be
    known; a container of the same name may have given the number to somebody else."""
    return _is_of_this_machine(holder) and _runs(holder.pid)


def is_gone(holder: Holder) -> bool:
    """Whether the holder was a process of this machine that does not run any more: it was killed,
    or interrupted twice, and could not give the lease back."""
    return _is_of_this_machine(holder) and not _runs(holder.pid)


def _is_of_this_machine(holder: Holder) -> bool:
    return holder.host == socket.gethostname()


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True
