"""Answering in the thread that reads: most requests are done with sooner than another thread would
wake up for them."""

from __future__ import annotations

import threading
from collections import deque
from typing import Any

from waitress.task import ThreadedTaskDispatcher


class TooSlow(BaseException):
    """The request may take long, or has to wait: it is answered by another thread, from its
    beginning. Whoever raises this has not acted on it yet. Not an Exception: nothing catches it."""


class AtOnce(ThreadedTaskDispatcher):  # type: ignore[misc]  # waitress has no types
    """Keeps the requests that its reader hands over for the reader itself; see ``answer``."""

    def __init__(self, *, threads: int) -> None:
        super().__init__()
        self._reader: int | None = None
        self._waiting: deque[Any] = deque()
        self.set_thread_count(threads)

    def read_here(self) -> None:
        """The calling thread is the reader."""
        self._reader = threading.get_ident()

    def is_reader(self) -> bool:
        return threading.get_ident() == self._reader

    def add_task(self, task: Any) -> None:
        if self.is_reader():
            self._waiting.append(task)
        else:
            super().add_task(task)

    def answer(self) -> None:
        """Called by the reader while it holds no lock of a channel."""
        while self._waiting:
            channel = self._waiting.popleft()
            try:
                channel.service()
            except TooSlow:
                channel.requests[0].get_body_stream().seek(0)
                super().add_task(channel)
