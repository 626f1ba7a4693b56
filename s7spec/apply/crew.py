"""Those who make the calls to IPS, several at a time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Protocol

from s7spec.ports import PortError


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a call returned, or the PortError it raised. ``token`` is what it was started with."""

    token: object
    value: object = None
    error: PortError | None = None


class Crew(Protocol):
    """Whoever starts calls also takes their answers, in one thread."""

    @property
    def has_room(self) -> bool:
        """Whether a call started now would be made at once."""
        ...

    def start(self, call: Callable[[], object], token: object) -> None: ...

    def answers(self, seconds: float) -> Iterator[Answer]:
        """All answers that are there; waits up to ``seconds`` for the first. An exception that is
        no PortError is raised here."""
        ...

    def wake(self) -> None:
        """Ends a wait for answers; may be called from a signal handler."""
        ...

    def close(self) -> None:
        """Takes no more calls. Those that are being made go on, and nobody hears of them."""
        ...


class ThreadCrew:
    """Up to ``size`` threads, started when they are needed. They end with the process, whatever
    they wait for: what they may have done is in the ledger as an intent."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._threads = 0
        self._busy = 0
        self._calls: SimpleQueue[tuple[Callable[[], object], object] | None] = SimpleQueue()
        self._answers: SimpleQueue[Answer | BaseException | None] = SimpleQueue()

    @property
    def has_room(self) -> bool:
        return self._busy < self._size

    def start(self, call: Callable[[], object], token: object) -> None:
        self._busy += 1
        if self._threads < min(self._busy, self._size):
            self._threads += 1
            threading.Thread(target=self._work, name="ips-call", daemon=True).start()
        self._calls.put((call, token))

    def answers(self, seconds: float) -> Iterator[Answer]:
        try:
            found = self._answers.get(timeout=max(seconds, 0.0))
            while True:
                if isinstance(found, BaseException):
                    raise found
                if found is not None:
                    self._busy -= 1
                    yield found
                found = self._answers.get_nowait()
        except Empty:
            return

    def wake(self) -> None:
        self._answers.put(None)

    def close(self) -> None:
        # What no thread has taken up yet is never called.
        with suppress(Empty):
            while True:
                self._calls.get_nowait()
        for _ in range(self._threads):
            self._calls.put(None)

    def _work(self) -> None:
        while (task := self._calls.get()) is not None:
            call, token = task
            try:
                self._answers.put(Answer(token=token, value=call()))
            except PortError as error:
                self._answers.put(Answer(token=token, error=error))
            except BaseException as error:  # noqa: BLE001 -- a bug: the run must end with it
                self._answers.put(error)
                return
