"""One HTTP request and its answer: time limits, size limit, and plain words for what went wrong."""

from __future__ import annotations

import io
import logging
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import urllib3
from urllib3.util import parse_url

from s7spec.adapters.ips_soap.connections import Connections
from s7spec.adapters.ips_soap.failures import AnswerCut, AnswerTooLarge, BadRoute, NotSoap
from s7spec.adapters.ips_soap.limits import CONNECTIONS, Route, Timeouts
from s7spec.adapters.ips_soap.route import Way, find_way
from s7spec.adapters.ips_soap.troubles import BROKEN, Peer
from s7spec.adapters.network.deadline import Deadline
from s7spec.adapters.network.tls import TlsSeen
from s7spec.ports import IpsAnswerUnreadable, PortError

# Its warnings about odd headers quote them.
logging.getLogger("urllib3.connection").setLevel(logging.ERROR)

_CHUNK = 64 * 1024
_ENCODINGS = ("", "identity", "gzip", "x-gzip", "deflate")
_ALWAYS = {"User-Agent": "s7spec", "Accept-Encoding": "gzip, deflate"}
# What is done once is answered in a few words: packing them would take longer than sending them.
_ONCE = {"Connection": "close", "Accept-Encoding": "identity"}


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpAnswer:
    """``body`` is decompressed. ``where`` is host:port, for messages. ``date`` is the header as it
    came, or "". ``tls`` is None without TLS."""

    status: int
    content_type: str
    body: bytes
    where: str
    date: str = ""
    tls: TlsSeen | None = None


class _Body(io.BytesIO):
    """A request body that knows whether the connection has asked for it.

    urllib3 reads the body only when the connection stands and the headers are written. Until then
    IPS cannot have taken anything, whatever exception comes up; kinds of exceptions cannot tell
    that (a TLS error may come before the request or in the middle of the answer).
    """

    asked = False

    def read(self, size: int | None = -1, /) -> bytes:
        self.asked = True
        return super().read(size)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """The way to IPS, taken: how to open connections, and those that are kept."""

    way: Way
    path: str
    connections: Connections
    kept: urllib3.HTTPConnectionPool
    peer: Peer


class Exchange:
    """Talks to one endpoint. ``post`` keeps connections, ``post_once`` uses a fresh one. Threads
    may share it."""

    def __init__(
        self, endpoint: str, *, timeouts: Timeouts, answer_bytes: int, route: Route
    ) -> None:
        parts = urlsplit(endpoint)
        host = parts.hostname or ""
        port = parts.port or (443 if parts.scheme == "https" else 80)
        self.where = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        self._endpoint = endpoint
        self._timeouts = timeouts
        self._answer_bytes = answer_bytes
        self._route = route
        self._opening = threading.Lock()
        self._opened: _Line | None = None

    @property
    def way(self) -> Way:
        """Through which proxy, and whom we trust. Raises BadRoute."""
        return self._line().way

    def post(self, operation: str, envelope: bytes) -> HttpAnswer:
        """Over a kept connection. Raises IpsUnreachable or IpsAnswerUnreadable (see failures)."""
        return self._exchange(self._line().kept, operation, envelope, {})

    def post_once(self, operation: str, envelope: bytes) -> HttpAnswer:
        """Over a connection of its own. Raises as ``post`` does.

        A kept connection may have been closed by the server just when we write to it. That looks
        like a lost answer, so for a submit it would mean a needless doubt: a connection that has
        never been idle hardly ever has that.
        """
        fresh = self._line().connections.pool(1)
        try:
            return self._exchange(fresh, operation, envelope, _ONCE)
        finally:
            fresh.close()

    def get(self, url: str) -> HttpAnswer:
        """Whatever stands at ``url``, which must be at the endpoint's host. Sends no credentials.
        Raises as ``post`` does, and tells of TLS."""
        return self._send(self._line().kept, "GET", _path(url), None, _ALWAYS)

    def close(self) -> None:
        if self._opened is not None:
            self._opened.kept.close()

    def _line(self) -> _Line:
        if self._opened is None:
            with self._opening:
                if self._opened is None:
                    self._opened = self._open()
        return self._opened

    def _open(self) -> _Line:
        way = find_way(self._endpoint, self._route)
        try:
            connections = Connections(self._endpoint, way, self._timeouts)
        except urllib3.exceptions.LocationValueError:
            raise BadRoute(f"the address of {self.where} cannot be used") from None
        peer = Peer(
            where=self.where,
            tls=self._endpoint.startswith("https:"),
            proxy=way.proxy_name if way.proxy else None,
            timeouts=self._timeouts,
        )
        kept = connections.pool(CONNECTIONS)
        path = _path(self._endpoint)
        return _Line(way=way, path=path, connections=connections, kept=kept, peer=peer)

    def _exchange(
        self,
        pool: urllib3.HTTPConnectionPool,
        operation: str,
        envelope: bytes,
        headers: dict[str, str],
    ) -> HttpAnswer:
        wire_headers = {
            **_ALWAYS,
            "Content-Type": "text/xml; charset=utf-8",
            "Content-Length": str(len(envelope)),
            "SOAPAction": f'"{operation}"',
            **headers,
        }
        return self._send(pool, "POST", self._line().path, _Body(envelope), wire_headers)

    def _send(
        self,
        pool: urllib3.HTTPConnectionPool,
        method: str,
        path: str,
        body: _Body | None,
        headers: Mapping[str, str],
    ) -> HttpAnswer:
        peer = self._line().peer
        trouble: PortError | None = None
        with Deadline(self._timeouts.operation) as deadline:
            asked = False
            try:
                answer = self._answered(pool, method, path, body, headers, deadline)
            except IpsAnswerUnreadable as error:
                trouble = error
            except BROKEN as error:
                asked = deadline.requested if body is None else body.asked
                trouble = peer.no_answer(error) if asked else peer.not_sent(error)
            # First, for headers that the deadline cut off look like an empty answer.
            if deadline.passed:
                asked = deadline.requested if body is None else body.asked
                trouble = peer.late(asked=asked)
        # Without the cause: its text quotes what the server or a proxy's URL says.
        if trouble is not None:
            raise trouble
        return answer

    def _answered(
        self,
        pool: urllib3.HTTPConnectionPool,
        method: str,
        path: str,
        body: _Body | None,
        headers: Mapping[str, str],
        deadline: Deadline,
    ) -> HttpAnswer:
        response = pool.urlopen(
            method,
            path,
            # Credentials are in the body: they go to the configured endpoint and nowhere else.
            redirect=False,
            # urllib3 repeats nothing on its own: reads are retried one floor up, submits never.
            retries=False,
            body=body,
            headers=headers,
            preload_content=False,
        )
        try:
            return self._answer(response, deadline.tls() if body is None else None)
        finally:
            response.close()

    def _answer(self, response: urllib3.BaseHTTPResponse, tls: TlsSeen | None) -> HttpAnswer:
        encoding = response.headers.get("Content-Encoding", "").strip().lower()
        if encoding not in _ENCODINGS:
            # Layers of compression multiply: a few kilobytes may become terabytes.
            raise NotSoap(f"{self.where} answered in an encoding that nobody asked for")
        chunks: list[bytes] = []
        size = 0
        try:
            while chunk := response.read1(_CHUNK, decode_content=True):
                chunks.append(chunk)
                size += len(chunk)
                if size > self._answer_bytes:
                    raise AnswerTooLarge(
                        f"{self.where} answered with more than {self._answer_bytes} bytes"
                    )
        except urllib3.exceptions.ReadTimeoutError:
            raise
        except BROKEN:
            raise AnswerCut(
                f"{self.where} broke off in the middle of its answer, or garbled it"
            ) from None
        return HttpAnswer(
            status=response.status,
            content_type=response.headers.get("Content-Type", ""),
            body=b"".join(chunks),
            where=self.where,
            date=response.headers.get("Date", ""),
            tls=tls,
        )


def _path(url: str) -> str:
    """What stands behind the host."""
    return parse_url(url).request_uri
