"""What a request may do to the connection it came in on: reset it, drop it, keep it waiting."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, wait
from contextlib import contextmanager
from typing import Any, NoReturn, TypeVar

from waitress.channel import ClientDisconnected

from s7spec.emulator.http.at_once import TooSlow

CONNECTION = "s7spec.connection"
"""Where the WSGI environ carries the Connection."""

MOST_PARKED = 512
"""Beyond so many waiting requests, further ones keep their thread while they wait."""

_T = TypeVar("_T")
_LOOK_SECONDS = 0.2
_NO_LINGERING = struct.pack("ii", 1, 0)


class Parking:
    """Lends the server a thread for each request that only waits, so that it holds up nobody.

    ``resize`` sets the number of threads, which is ``threads`` while nobody waits.
    """

    def __init__(self, resize: Callable[[int], None], *, threads: int) -> None:
        self._resize = resize
        self._threads = threads
        self._parked = 0
        self._lock = threading.Lock()
        self.closing = threading.Event()

    @contextmanager
    def parked(self) -> Iterator[None]:
        self._count(+1)
        try:
            yield
        finally:
            self._count(-1)

    def _count(self, change: int) -> None:
        with self._lock:
            self._parked += change
            # After the end, raising the number would start threads that nobody stops.
            if not self.closing.is_set():
                self._resize(self._threads + min(self._parked, MOST_PARKED))

    def close(self) -> None:
        """Wake up all who sleep; from now on nothing parks."""
        with self._lock:
            self.closing.set()


class Connection:
    """The connection of one request. Its methods belong to the thread that answers it.

    ``at_once``: that thread has others to read from. Waiting is not for it.
    """

    def __init__(self, channel: Any, parking: Parking, *, at_once: bool = False) -> None:
        self._channel = channel
        self._parking = parking
        self._at_once = at_once

    def reset(self) -> NoReturn:
        """Close without an answer, and so that the client sees ECONNRESET."""
        # The client may have gone already, and its socket with it.
        with contextlib.suppress(OSError, AttributeError):
            self._channel.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGERING)
        raise ClientDisconnected

    def drop(self) -> NoReturn:
        """Send what was written so far, nothing more, and close in an orderly way."""
        raise ClientDisconnected

    def take_time(self) -> None:
        """What follows may take long. Raises TooSlow, unless it is another thread's already."""
        if self._at_once:
            raise TooSlow

    @contextmanager
    def parked(self) -> Iterator[None]:
        """While this request waits for something, another thread answers others. Raises TooSlow:
        park before you act, or call ``take_time`` first."""
        self.take_time()
        with self._parking.parked():
            yield

    def result_of(self, future: Future[_T]) -> _T:
        """What the future brings, awaited parked. Raises what it raises; when the server is
        stopped meanwhile, the connection is dropped."""
        with self.parked():
            while not self._parking.closing.is_set():
                if wait([future], _LOOK_SECONDS).done:
                    return future.result()
        raise ClientDisconnected

    def sleep(self, seconds: float) -> None:
        """Wait, parked. When the server is stopped meanwhile, the connection is dropped."""
        with self.parked():
            self.pause(seconds)

    def pause(self, seconds: float) -> None:
        """Wait like ``sleep``, where ``parked`` is in force already."""
        if self._parking.closing.wait(seconds):
            self.drop()
