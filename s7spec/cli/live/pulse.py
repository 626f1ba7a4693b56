"""A sign of life when nothing else was heard for a while."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

BEAT_SECONDS = 30.0


class Pulse:
    """Calls ``beat`` from a thread of its own whenever ``seconds`` have passed without ``news``,
    for as long as the block lasts."""

    def __init__(self, beat: Callable[[], None], *, seconds: float = BEAT_SECONDS) -> None:
        self._beat = beat
        self._seconds = seconds
        self._due = time.monotonic() + seconds
        self._end = threading.Event()
        self._thread: threading.Thread | None = None

    def news(self) -> None:
        self._due = time.monotonic() + self._seconds

    def __enter__(self) -> Self:
        self.news()
        # A daemon: whatever it waits for, the process may end.
        self._thread = threading.Thread(target=self._run, name="pulse", daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end.set()
        if self._thread is not None:
            self._thread.join(timeout=1.0)

    def _run(self) -> None:
        while not self._end.wait(max(self._due - time.monotonic(), 0.0)):
            if time.monotonic() >= self._due:
                self.news()
                self._beat()
