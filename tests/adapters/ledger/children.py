"""Other processes, which may be killed, or may not have all the disk they want."""

import os
import resource
import traceback
from collections.abc import Callable


def in_child(action: Callable[[], object]) -> int:
    """Runs it in a process of its own; the exit code: 0, 1 after an error, or its own."""
    child = os.fork()
    if child == 0:
        try:
            action()
        except BaseException:  # noqa: BLE001 -- the child must never return into pytest
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def limit_file_size(size: int) -> None:
    """No file of this process may become larger, in bytes: a small disk."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
