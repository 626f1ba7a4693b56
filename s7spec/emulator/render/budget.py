"""How much memory renderings may take at once in this process, whoever asks for them."""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_LARGE = 32 * 2**20


class MemoryBudget:
    """Lets renderings run side by side as long as what they take stays within ``most`` bytes.

    They take their turns in the order of coming, so a large picture is not put off for ever. One
    that exceeds ``most`` alone runs when nothing else does.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._used = 0
        self._turn = threading.Lock()
        self._changed = threading.Condition()

    @contextmanager
    def share(self, size: int) -> Iterator[None]:
        """Hold ``size`` bytes of the budget, after waiting for them."""
        with self._turn, self._changed:
            self._changed.wait_for(lambda: self._used == 0 or self._used + size <= self._most)
            self._used += size
        try:
            yield
        finally:
            if size > _LARGE:
                _give_back()
            with self._changed:
                self._used -= size
                self._changed.notify_all()


def _give_back() -> None:
    """glibc keeps freed memory for the thread that freed it; with several threads, that adds up to
    more than a picture takes. Other C libraries have no such call, nor need one."""
    with suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)
