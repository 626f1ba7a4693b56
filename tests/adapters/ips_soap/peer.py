"""A peer over real sockets that answers as told: politely, wrongly, late or not at all."""

from __future__ import annotations

import os
import socket
import ssl
import struct
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from email.parser import BytesParser
from types import TracebackType
from typing import BinaryIO

COMPANY = "<companyInfo><companyHandle>c|7</companyHandle><name>Acme</name></companyInfo>"

Step = Callable[[socket.socket], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    operation: str
    headers: dict[str, str]
    body: bytes


def http(status: int, body: bytes, content_type: str = "text/xml;charset=utf-8") -> bytes:
    head = f"HTTP/1.1 {status} Some Words\r\nContent-Type: {content_type}\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


def envelope(content: str) -> bytes:
    return (
        "<?xml version='1.0' encoding='utf-8'?><soapenv:Envelope xmlns:soapenv="
        f"'http://schemas.xmlsoap.org/soap/envelope/'><soapenv:Body>{content}</soapenv:Body>"
        "</soapenv:Envelope>"
    ).encode()


def returned(operation: str, inner: str, version: str = "2014-04-03") -> bytes:
    name = f"{operation}Return"
    space = f"http://www.scene7.com/IpsApi/xsd/{version}"
    return http(200, envelope(f"<{name} xmlns='{space}'>{inner}</{name}>"))


def fault(element: str, code: int, reason: str = "because", *, status: int = 500) -> bytes:
    detail = (
        f"<tns:{element} xmlns:tns='http://www.scene7.com/IpsApi/xsd'><tns:code>{code}</tns:code>"
        f"<tns:reason>{reason}</tns:reason></tns:{element}>"
    )
    content = (
        "<soapenv:Fault><faultcode>soapenv:Server</faultcode><faultstring>ipsApiFault"
        f"</faultstring><detail>{detail}</detail></soapenv:Fault>"
    )
    return http(status, envelope(content))


def sends(*pieces: bytes, pause: float = 0.0) -> Step:
    def step(connection: socket.socket) -> None:
        for piece in pieces:
            connection.sendall(piece)
            time.sleep(pause)

    return step


def then(*steps: Step) -> Step:
    def step(connection: socket.socket) -> None:
        for one in steps:
            one(connection)

    return step


def reads(count: int) -> Step:
    def step(connection: socket.socket) -> None:
        connection.recv(count)

    return step


def resets(connection: socket.socket) -> None:
    """Closes with RST instead of FIN."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    closes(connection)


def closes(connection: socket.socket) -> None:
    """Ends TCP now, whoever else reads from the socket, and without a word of TLS."""
    os.close(connection.detach())


def hangs(connection: socket.socket) -> None:
    """Says nothing until the client goes away."""
    connection.settimeout(20)
    while connection.recv(4096):
        pass


@dataclass
class Peer:
    """``answers[operation]`` are the steps for the first, second ... request of an operation; the
    last one stays. What comes without a SOAPAction counts as the operation GET. ``requests`` is
    what arrived whole."""

    tls: ssl.SSLContext | None = None
    answers: dict[str, list[Step]] = field(default_factory=dict, repr=False)
    requests: list[Request] = field(default_factory=list, repr=False)
    connections: int = 0
    at_accept: Step | None = None
    _threads: list[threading.Thread] = field(default_factory=list, repr=False)
    _open: list[socket.socket] = field(default_factory=list, repr=False)

    def __enter__(self) -> Peer:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.answers.setdefault("getCompanyInfo", [sends(returned("getCompanyInfo", COMPANY))])
        self._start(self._accept)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """Refuses connections from now on and ends those that stand."""
        self._end(self._listener)
        self._listener.close()
        for connection in self._open:
            self._end(connection)
        for thread in self._threads:
            thread.join(10)
        for connection in self._open:
            connection.close()

    @staticmethod
    def _end(connection: socket.socket) -> None:
        with suppress(OSError):  # it may have ended already
            connection.shutdown(socket.SHUT_RDWR)

    @property
    def port(self) -> int:
        return int(self._listener.getsockname()[1])

    @property
    def endpoint(self) -> str:
        scheme = "https" if self.tls else "http"
        return f"{scheme}://127.0.0.1:{self.port}/scene7/services/IpsApiService"

    def answer(self, operation: str, *steps: Step | bytes) -> None:
        self.answers[operation] = [sends(s) if isinstance(s, bytes) else s for s in steps]

    def count(self, operation: str) -> int:
        return Counter(request.operation for request in self.requests)[operation]

    def bodies(self, operation: str) -> list[str]:
        return [r.body.decode() for r in self.requests if r.operation == operation]

    def _start(self, target: Callable[[], None]) -> None:
        thread = threading.Thread(target=target, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self._open.append(connection)
            self._start(lambda connection=connection: self._serve(connection))  # type: ignore[misc]

    def _serve(self, connection: socket.socket) -> None:
        try:
            if self.at_accept is not None:
                self.at_accept(connection)
                return
            if self.tls is not None:
                connection = self.tls.wrap_socket(connection, server_side=True)
                self._open.append(connection)
            with connection.makefile("rb") as stream:
                while self._exchange(connection, stream):
                    pass
        except OSError:
            pass
        finally:
            connection.close()

    def _exchange(self, connection: socket.socket, stream: BinaryIO) -> bool:
        if not stream.readline():
            return False
        lines = []
        while (line := stream.readline()) not in (b"\r\n", b""):
            lines.append(line)
        headers = {k.lower(): v for k, v in BytesParser().parsebytes(b"".join(lines)).items()}
        body = stream.read(int(headers.get("content-length", "0")))
        operation = headers.get("soapaction", "GET").strip('"')
        self.requests.append(Request(operation=operation, headers=headers, body=body))
        steps = self.answers[operation]
        steps[min(self.count(operation), len(steps)) - 1](connection)
        return connection.fileno() != -1 and headers.get("connection") != "close"
