"""A wire between a client and its server that breaks at the worst moment."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import Enum


class Break(Enum):
    """What becomes of the next COMMIT: it never arrives; it is done, and the answer never arrives;
    it never arrives, and the server does not notice that nobody is there any more."""

    BEFORE = "before"
    AFTER = "after"
    UNNOTICED = "unnoticed"


class Wire:
    """Passes on what goes to and from ``server_port`` on this machine, as long as ``at_commit``
    says nothing else."""

    def __init__(self, server_port: int) -> None:
        self._server_port = server_port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.at_commit: Break | None = None
        self.broken = 0
        self._open: list[socket.socket] = []
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def close(self) -> None:
        _end(self._listener)
        self._thread.join()
        for each in self._open:
            _end(each)

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.create_connection(("127.0.0.1", self._server_port))
                self._open += [client, server]
                answers = threading.Event()
                for pass_on in (self._to_server, self._to_client):
                    crew = threading.Thread(
                        target=pass_on, args=(client, server, answers), daemon=True
                    )
                    crew.start()

    def _to_server(
        self, client: socket.socket, server: socket.socket, is_mute: threading.Event
    ) -> None:
        with suppress(OSError):
            while data := client.recv(65536):
                if b"COMMIT\0" in data and self.at_commit is not None:
                    how, self.at_commit = self.at_commit, None
                    self.broken += 1
                    is_mute.set()
                    if how is Break.AFTER:
                        server.sendall(data)
                    else:
                        _end(client)
                        if how is Break.BEFORE:
                            _end(server)
                    return
                server.sendall(data)
        _end(server)

    def _to_client(
        self, client: socket.socket, server: socket.socket, is_mute: threading.Event
    ) -> None:
        with suppress(OSError):
            while (data := server.recv(65536)) and not is_mute.is_set():
                client.sendall(data)
        _end(client)


def _end(each: socket.socket) -> None:
    with suppress(OSError):
        each.shutdown(socket.SHUT_RDWR)
    each.close()


@contextmanager
def wire_to(server_port: int) -> Iterator[Wire]:
    wire = Wire(server_port)
    try:
        yield wire
    finally:
        wire.close()
