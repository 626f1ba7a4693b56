"""One HTTP request and its answer: time limits, size limit, and plain words for what went wrong."""

from __future__ import annotations

import io
import logging
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlsplit

import requests
import urllib3
from urllib3.util import Retry

from s7spec.adapters.ips_soap.deadline import Deadline, DeadlineAdapter
from s7spec.adapters.ips_soap.failures import AnswerCut, AnswerTooLarge, NotSoap
from s7spec.adapters.ips_soap.limits import CONNECTIONS, Route, Timeouts
from s7spec.adapters.ips_soap.route import Way, find_way
from s7spec.adapters.ips_soap.tls import TlsSeen
from s7spec.adapters.ips_soap.troubles import BROKEN, Peer
from s7spec.ports import IpsAnswerUnreadable, PortError

# Its warnings about odd headers quote them.
logging.getLogger("urllib3.connection").setLevel(logging.ERROR)

_CHUNK = 64 * 1024
_ENCODINGS = ("", "identity", "gzip", "x-gzip", "deflate")


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


class Exchange:
    """Talks to one endpoint. ``post`` keeps connections, ``post_once`` uses a fresh one."""

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
        self._kept = _session(CONNECTIONS)

    @cached_property
    def way(self) -> Way:
        """Through which proxy, and whom we trust. Raises BadRoute."""
        return find_way(self._endpoint, self._route)

    def post(self, operation: str, envelope: bytes) -> HttpAnswer:
        """Over a kept connection. Raises IpsUnreachable or IpsAnswerUnreadable (see failures)."""
        return self._post(nullcontext(self._kept), operation, envelope, {})

    def post_once(self, operation: str, envelope: bytes) -> HttpAnswer:
        """Over a connection of its own. Raises as ``post`` does.

        A kept connection may have been closed by the server just when we write to it. That looks
        like a lost answer, so for a submit it would mean a needless doubt: a connection that has
        never been idle hardly ever has that.
        """
        return self._post(_session(1), operation, envelope, {"Connection": "close"})

    def get(self, url: str) -> HttpAnswer:
        """Whatever stands at ``url``, which must be at the endpoint's host. Sends no credentials.
        Raises as ``post`` does."""
        return self._exchange(nullcontext(self._kept), "GET", url, None, {})

    def close(self) -> None:
        self._kept.close()

    def _post(
        self,
        session: AbstractContextManager[requests.Session],
        operation: str,
        envelope: bytes,
        headers: dict[str, str],
    ) -> HttpAnswer:
        wire_headers = {
            "Content-Type": "text/xml; charset=utf-8",
            "SOAPAction": f'"{operation}"',
            **headers,
        }
        return self._exchange(session, "POST", self._endpoint, _Body(envelope), wire_headers)

    def _exchange(
        self,
        session: AbstractContextManager[requests.Session],
        method: str,
        url: str,
        body: _Body | None,
        headers: dict[str, str],
    ) -> HttpAnswer:
        way = self.way
        peer = Peer(
            where=self.where,
            tls=self._endpoint.startswith("https:"),
            proxy=way.proxy_name if way.proxy else None,
            timeouts=self._timeouts,
        )
        trouble: PortError | None = None
        with Deadline(self._timeouts.operation) as deadline:
            asked = False
            try:
                with session as opened, self._send(opened, method, url, body, headers) as response:
                    answer = self._answer(response, deadline.tls())
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

    def _send(
        self,
        session: requests.Session,
        method: str,
        url: str,
        body: _Body | None,
        headers: dict[str, str],
    ) -> requests.Response:
        proxy = self.way.proxy
        return session.request(
            method,
            url,
            data=body,
            headers=headers,
            timeout=(self._timeouts.connect, self._timeouts.read),
            # Credentials are in the body: they go to the configured endpoint and nowhere else.
            allow_redirects=False,
            stream=True,
            proxies={"https": proxy, "http": proxy} if proxy else {},
            verify=self.way.trust,
        )

    def _answer(self, response: requests.Response, tls: TlsSeen | None) -> HttpAnswer:
        encoding = response.headers.get("Content-Encoding", "").strip().lower()
        if encoding not in _ENCODINGS:
            # Layers of compression multiply: a few kilobytes may become terabytes.
            raise NotSoap(f"{self.where} answered in an encoding that nobody asked for")
        chunks: list[bytes] = []
        size = 0
        try:
            while chunk := response.raw.read1(_CHUNK, decode_content=True):
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
            status=response.status_code,
            content_type=response.headers.get("Content-Type", ""),
            body=b"".join(chunks),
            where=self.where,
            date=response.headers.get("Date", ""),
            tls=tls,
        )


def _session(connections: int) -> requests.Session:
    session = requests.Session()
    # urllib3 repeats nothing on its own: reads are retried one floor up, submits never.
    adapter = DeadlineAdapter(
        pool_connections=1, pool_maxsize=connections, max_retries=Retry(0, read=False)
    )
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    session.headers["User-Agent"] = "s7spec"
    session.headers["Accept-Encoding"] = "gzip, deflate"
    # The environment is read in one place (route); and requests would look for a login in
    # ~/.netrc and send it along.
    session.trust_env = False
    return session
