"""An HTTP proxy over real sockets: it answers CONNECT as told, and tunnels to one place."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from email.parser import BytesParser
from types import TracebackType

OPEN = b"HTTP/1.1 200 Connection established\r\n\r\n"


def refusal(status: int, page: bytes = b"<html>no</html>") -> bytes:
    head = f"HTTP/1.1 {status} Some Words\r\nContent-Type: text/html\r\n"
    return f"{head}Content-Length: {len(page)}\r\n\r\n".encode() + page


@dataclass
class ConnectProxy:
    """Whatever host a client asks for, the tunnel leads to ``port`` on loopback. ``asked`` holds
    the targets of the CONNECTs, ``headers`` what came with them."""

    port_behind: int
    answer: bytes = OPEN
    asked: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    _open: list[socket.socket] = field(default_factory=list)
    _threads: list[threading.Thread] = field(default_factory=list)

    def __enter__(self) -> ConnectProxy:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._start(self._accept)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for one in (self._listener, *self._open):
            with suppress(OSError):  # it may have ended already
                one.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join(10)
        for one in self._open:
            one.close()

    @property
    def port(self) -> int:
        return int(self._listener.getsockname()[1])

    def _start(self, target: object, *arguments: object) -> None:
        thread = threading.Thread(target=target, args=arguments, daemon=True)  # type: ignore[arg-type]
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            self._open.append(client)
            self._start(self._serve, client)

    def _serve(self, client: socket.socket) -> None:
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            byte = client.recv(1)
            if not byte:
                return
            head += byte
        line, _, rest = head.partition(b"\r\n")
        self.asked.append(line.decode())
        self.headers.append({k.lower(): v for k, v in BytesParser().parsebytes(rest).items()})
        client.sendall(self.answer)
        if self.answer is not OPEN:
            client.close()
            return
        behind = socket.create_connection(("127.0.0.1", self.port_behind))
        self._open.append(behind)
        self._start(self._pump, behind, client)
        self._pump(client, behind)

    @staticmethod
    def _pump(source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while piece := source.recv(65536):
                target.sendall(piece)
        with suppress(OSError):
            target.shutdown(socket.SHUT_WR)
