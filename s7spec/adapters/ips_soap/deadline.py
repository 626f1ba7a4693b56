"""An end for a whole exchange, wherever it hangs: in TLS, a proxy, dripping headers or a body.

Time limits of sockets hold between two bytes only; a server that sends one now and then could
hold us for ever.
"""

from __future__ import annotations

import os
import socket
import threading
from contextlib import suppress
from contextvars import ContextVar, Token
from types import TracebackType
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

from s7spec.adapters.ips_soap.tls import TlsSeen, seen


class Deadline:
    """Around one exchange of one thread. After ``seconds`` its connection is shut down, so that
    whoever waits on it gets an error; ``passed`` tells that from other errors. ``requested``: a
    connection stood, and a request began to leave on it."""

    def __init__(self, seconds: float) -> None:
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True
        self._lock = threading.Lock()
        self._sockets: list[socket.socket] = []
        self._token: Token[Deadline | None] | None = None
        self._secured: object = None
        self.passed = False
        self.requested = False

    def __enter__(self) -> Deadline:
        self._token = _CURRENT.set(self)
        self._timer.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._timer.cancel()
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

    def _end(self) -> None:
        with self._lock:
            self.passed = True
            for one in self._sockets:
                _shut(one)


_CURRENT: ContextVar[Deadline | None] = ContextVar("deadline of the exchange", default=None)


def _shut(one: socket.socket) -> None:
    with suppress(OSError):  # it may have ended already
        one.shutdown(socket.SHUT_RDWR)


def _hold(connected: socket.socket) -> None:
    deadline = _CURRENT.get()
    if deadline is not None:
        deadline.hold(connected)


def _request(connected: object) -> None:
    deadline = _CURRENT.get()
    if deadline is not None and connected is not None:
        deadline.request(connected)


class _Http(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        # It connects only when the request is on its way out.
        made = super()._new_conn()
        _request(made)
        return made

    def request(self, *args: Any, **options: Any) -> None:
        _request(self.sock)
        super().request(*args, **options)


class _Https(HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        made = super()._new_conn()
        _hold(made)
        return made

    def request(self, *args: Any, **options: Any) -> None:
        _request(self.sock)
        super().request(*args, **options)


class _HttpPool(HTTPConnectionPool):
    ConnectionCls = _Http


class _HttpsPool(HTTPSConnectionPool):
    ConnectionCls = _Https


_POOLS = {"http": _HttpPool, "https": _HttpsPool}


class DeadlineAdapter(HTTPAdapter):
    """Connections that obey the Deadline of the thread that uses them, also through a proxy."""

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        super().init_poolmanager(*args, **options)
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, *args: Any, **options: Any) -> Any:
        manager = super().proxy_manager_for(*args, **options)
        manager.pool_classes_by_scheme = _POOLS
        return manager
