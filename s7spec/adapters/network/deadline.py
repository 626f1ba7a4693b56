"""An end for a whole exchange, wherever it hangs: in TLS, a proxy, dripping headers or a body.

Time limits of sockets hold between two bytes only; a server that sends one now and then could
hold us for ever.
"""

from __future__ import annotations

import os
import socket
import threading
import time
from contextlib import suppress
from contextvars import ContextVar, Token
from types import TracebackType

from s7spec.adapters.network.tls import TlsSeen, seen


class Deadline:
    """Around one exchange of one thread. After ``seconds`` its connection is shut down, so that
    whoever waits on it gets an error; ``passed`` tells that from other errors. ``requested``: a
    connection stood, and a request began to leave on it."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._lock = threading.Lock()
        self._sockets: list[socket.socket] = []
        self._token: Token[Deadline | None] | None = None
        self._secured: object = None
        self.passed = False
        self.requested = False

    def __enter__(self) -> Deadline:
        self._token = _CURRENT.set(self)
        _WATCH.add(self, time.monotonic() + self._seconds)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        _WATCH.remove(self)
        if self._token is not None:
            _CURRENT.reset(self._token)
        with self._lock:
            for one in self._sockets:
                one.close()
            self._sockets.clear()

    def hold(self, connected: socket.socket) -> None:
        """Take a handle of its own: TLS gives the socket's to another object, and a number that
        was closed may soon be somebody else's."""
        with self._lock:
            mine = socket.socket(fileno=os.dup(connected.fileno()))
            self._sockets.append(mine)
            if self.passed:
                _shut(mine)

    def request(self, connected: object) -> None:
        """A request is about to leave on this socket."""
        self.requested = True
        self._secured = connected
        if isinstance(connected, socket.socket):
            self.hold(connected)

    def tls(self) -> TlsSeen | None:
        """What was agreed on the connection that the request left on; None without TLS."""
        return seen(self._secured)

    def end(self) -> None:
        """It has passed."""
        with self._lock:
            self.passed = True
            for one in self._sockets:
                _shut(one)


class _Watch:
    """One thread that ends the deadlines of all others: a timer for each exchange would cost as
    much as the rest of it. There is no thread while nobody has asked for long."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._ends: dict[Deadline, float] = {}
        self._wakes = 0.0
        self._thread: threading.Thread | None = None

    def add(self, deadline: Deadline, end: float) -> None:
        with self._changed:
            self._ends[deadline] = end
            # After a fork the thread is there no more.
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="ips-deadlines", daemon=True)
                self._thread.start()
            elif end < self._wakes:
                self._changed.notify()

    def remove(self, deadline: Deadline) -> None:
        with self._changed:
            self._ends.pop(deadline, None)

    def _run(self) -> None:
        while passed := self._next():
            for deadline in passed:
                deadline.end()

    def _next(self) -> list[Deadline]:
        """Waits for deadlines to pass; none when nobody is left to watch."""
        with self._changed:
            while self._ends:
                now = time.monotonic()
                passed = [each for each, end in self._ends.items() if end <= now]
                if passed:
                    for each in passed:
                        del self._ends[each]
                    return passed
                self._wakes = min(self._ends.values())
                self._changed.wait(self._wakes - now)
            self._thread = None
            return []


_WATCH = _Watch()
_CURRENT: ContextVar[Deadline | None] = ContextVar("deadline of the exchange", default=None)


def _shut(one: socket.socket) -> None:
    with suppress(OSError):  # it may have ended already
        one.shutdown(socket.SHUT_RDWR)


def hold(connected: socket.socket) -> None:
    """The deadline of this thread, if there is one, holds a socket from now on."""
    deadline = _CURRENT.get()
    if deadline is not None:
        deadline.hold(connected)


def request(connected: object) -> None:
    """As ``hold``, for the socket that the request leaves on; None when it does not stand yet."""
    deadline = _CURRENT.get()
    if deadline is not None and connected is not None:
        deadline.request(connected)
