"""A waitress server in a thread that can be stopped and leaves no socket open."""

from __future__ import annotations

import logging
import resource
import socket
import threading
from collections.abc import Callable, Iterable
from ipaddress import ip_address
from typing import Any

from waitress import wasyncore
from waitress.channel import ClientDisconnected, HTTPChannel
from waitress.server import create_server
from waitress.task import WSGITask

from s7spec.emulator.http.at_once import AtOnce
from s7spec.emulator.http.connection import CONNECTION, Connection, Parking
from s7spec.emulator.http.request_body import MAX_REQUEST_BYTES
from s7spec.emulator.options import ServerAddressError

# Python's threads take turns, and each turn costs: the thread that reads answers what it can at
# once. What may take long goes to another, and what waits is parked, so that a third goes on.
_THREADS = 1
_IDLE_SECONDS = 20
_LOOK_SECONDS = 5
_MOST_CONNECTIONS = 4096
_MOST_UNSENT = 64 * 1024 * 1024
_NEVER_REACHED = 2**62
# Descriptors for pictures, ZIPs, the store and whatever else this process has open.
_OTHER_DESCRIPTORS = 256

# A request that waits for a thread is nothing to warn about on the terminal of a demo.
logging.getLogger("waitress.queue").setLevel(logging.ERROR)


def listen(host: str, port: int) -> socket.socket:
    """A listening socket on a loopback address. Raises ServerAddressError."""
    address = "127.0.0.1" if host == "localhost" else host
    try:
        loopback = ip_address(address).is_loopback
    except ValueError:
        loopback = False
    if not loopback:
        raise ServerAddressError(
            f"{host!r} is not a loopback address: the embedded IPS has no real access control"
            " and serves this machine only (use 127.0.0.1)"
        )
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((address, port))
        listener.listen(128)
    except (OSError, OverflowError) as error:
        listener.close()
        raise ServerAddressError(f"cannot listen on {host}:{port}: {error}") from error
    return listener


def address_of(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _connection_limit() -> int:
    """Waitress stops accepting there; running out of descriptors would hit the jobs as well."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    usable = _MOST_CONNECTIONS if soft == resource.RLIM_INFINITY else soft - _OTHER_DESCRIPTORS
    return max(64, min(_MOST_CONNECTIONS, usable))


class ConnectedTask(WSGITask):  # type: ignore[misc]  # waitress has no types
    """A request whose application can get at the connection."""

    def execute(self) -> None:
        """Whoever asks on and does not read what was answered is not waited for."""
        if self.channel.total_outbufs_len > _MOST_UNSENT:
            raise ClientDisconnected
        super().execute()

    def get_environment(self) -> dict[str, Any]:
        environ: dict[str, Any] = super().get_environment()
        server = self.channel.server
        environ[CONNECTION] = Connection(
            self.channel, server.parking, at_once=server.task_dispatcher.is_reader()
        )
        return environ

    def write(self, data: bytes) -> None:
        """The answer to HEAD ends with its headers, whatever the application gives. One that is
        whole goes out in one piece: two would wake the client twice."""
        if self.request.command == "HEAD":
            super().write(b"")
        elif data and not self.wrote_header and len(data) == self.content_length:
            head: bytes = self.build_response_header()
            self.wrote_header: bool = True
            self.content_bytes_written += len(data)
            self.channel.write_soon(head + data)
        else:
            super().write(data)


class ConnectedChannel(HTTPChannel):  # type: ignore[misc]  # waitress has no types
    """A connection whose requests are ConnectedTasks."""

    task_class = ConnectedTask

    def handle_read(self) -> None:
        super().handle_read()
        self.server.task_dispatcher.answer()


class HttpServer:
    """Serves a WSGI application on a listening socket until ``stop``."""

    def __init__(
        self, application: Callable[..., Iterable[bytes]], listener: socket.socket
    ) -> None:
        self._map: dict[int, Any] = {}
        self._dispatcher = AtOnce(threads=_THREADS)
        self._server = create_server(
            application,
            map=self._map,
            _dispatcher=self._dispatcher,
            sockets=[listener],
            threads=_THREADS,
            max_request_body_size=MAX_REQUEST_BYTES,
            ident="embedded-ips",
            connection_limit=_connection_limit(),
            # Idle ones make room for others soon; a client that reuses one just opens another.
            channel_timeout=_IDLE_SECONDS,
            # The one thread must never wait for a client that does not read. Beyond a megabyte
            # waitress keeps what is unsent in files.
            outbuf_high_watermark=_NEVER_REACHED,
            cleanup_interval=_LOOK_SECONDS,
        )
        self._parking = Parking(self._dispatcher.set_thread_count, threads=_THREADS)
        self._server.parking = self._parking
        self._server.pull_trigger = self._wake
        self._server.channel_class = ConnectedChannel
        self._stopping = threading.Event()
        self._woken = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="ips-http")

    def start(self) -> None:
        self._thread.start()

    def _wake(self) -> None:
        """The reader looks at all channels again before it sleeps: it need not be woken."""
        if not self._dispatcher.is_reader():
            self._server.trigger.pull_trigger()

    def _serve(self) -> None:
        self._dispatcher.read_here()
        while not self._stopping.is_set():
            # poll, for select ends at descriptor 1024; woken up to find idle connections even
            # when the limit is reached and nothing arrives any more.
            wasyncore.loop(timeout=_LOOK_SECONDS, use_poll=True, map=self._map, count=1)
        # The loop may have seen the end by itself: its wake-up pipe must stay open until `stop` has
        # written to it, or the write meets a closed or somebody else's descriptor.
        self._woken.wait()
        # Threads first: they use the channels and sockets that are closed next.
        self._dispatcher.shutdown()
        for channel in [each for each in self._map.values() if isinstance(each, ConnectedChannel)]:
            channel.handle_close()  # closing the socket alone leaves unsent files open
        wasyncore.close_all(self._map, ignore_all=True)

    def stop(self) -> None:
        """Let running requests end, drop those that wait, then close all sockets. Returns when
        that is done."""
        self._parking.close()
        self._stopping.set()
        self._server.pull_trigger()
        self._woken.set()
        self._thread.join()
