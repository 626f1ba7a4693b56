"""One HTTP POST and its answer: time limits, size limit, and plain words for what went wrong."""

from __future__ import annotations

import io
import logging
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from http.client import HTTPException
from urllib.parse import urlsplit

import requests
import urllib3
from urllib3.util import Retry

from s7spec.adapters.ips_soap.deadline import Deadline, DeadlineAdapter
from s7spec.adapters.ips_soap.failures import AnswerCut, AnswerLost, NotSent, NotTrusted
from s7spec.adapters.ips_soap.limits import Timeouts
from s7spec.adapters.ips_soap.regions import is_loopback
from s7spec.ports import IpsAnswerUnreadable, IpsUnreachable, PortError

# Its warnings about odd headers quote them.
logging.getLogger("urllib3.connection").setLevel(logging.ERROR)

_CHUNK = 64 * 1024
_BROKEN = (requests.RequestException, urllib3.exceptions.HTTPError, HTTPException, OSError)


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpAnswer:
    """``body`` is decompressed. ``where`` is host:port, for messages."""

    status: int
    content_type: str
    body: bytes
    where: str


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
        self, endpoint: str, *, timeouts: Timeouts, connections: int, answer_bytes: int
    ) -> None:
        parts = urlsplit(endpoint)
        host = parts.hostname or ""
        port = parts.port or (443 if parts.scheme == "https" else 80)
        self.where = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        self._endpoint = endpoint
        self._timeouts = timeouts
        self._answer_bytes = answer_bytes
        # A proxy for loopback would get the password in clear text; requests takes one from the
        # environment.
        self._proxies = {"no_proxy": host} if is_loopback(host) else None
        self._kept = _session(connections)

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

    def close(self) -> None:
        self._kept.close()

    def _post(
        self,
        session: AbstractContextManager[requests.Session],
        operation: str,
        envelope: bytes,
        headers: dict[str, str],
    ) -> HttpAnswer:
        body = _Body(envelope)
        trouble: PortError | None = None
        with Deadline(self._timeouts.operation) as deadline:
            try:
                with session as opened, self._send(opened, operation, body, headers) as response:
                    answer = self._answer(response)
            except AnswerCut as error:
                trouble = error
            except _BROKEN as error:
                trouble = self._unreachable(error, asked=body.asked)
        # First, for headers that the deadline cut off look like an empty answer.
        if deadline.passed:
            trouble = self._late(asked=body.asked)
        # Without the cause: its text quotes what the server or a proxy's URL says.
        if trouble is not None:
            raise trouble
        return answer

    def _late(self, *, asked: bool) -> IpsUnreachable:
        kind = AnswerLost if asked else NotSent
        return kind(f"{self.where} did not finish its answer within {self._timeouts.operation:g} s")

    def _send(
        self, session: requests.Session, operation: str, body: _Body, headers: dict[str, str]
    ) -> requests.Response:
        wire_headers = {
            "Content-Type": "text/xml; charset=utf-8",
            "SOAPAction": f'"{operation}"',
            **headers,
        }
        return session.post(
            self._endpoint,
            data=body,
            headers=wire_headers,
            timeout=(self._timeouts.connect, self._timeouts.read),
            # Credentials are in the body: they go to the configured endpoint and nowhere else.
            allow_redirects=False,
            stream=True,
            proxies=self._proxies,
        )

    def _answer(self, response: requests.Response) -> HttpAnswer:
        chunks: list[bytes] = []
        size = 0
        try:
            while chunk := response.raw.read1(_CHUNK, decode_content=True):
                chunks.append(chunk)
                size += len(chunk)
                if size > self._answer_bytes:
                    raise IpsAnswerUnreadable(
                        f"{self.where} answered with more than {self._answer_bytes} bytes"
                    )
        except urllib3.exceptions.ReadTimeoutError:
            raise
        except _BROKEN:
            raise AnswerCut(
                f"{self.where} broke off in the middle of its answer, or garbled it"
            ) from None
        return HttpAnswer(
            status=response.status_code,
            content_type=response.headers.get("Content-Type", ""),
            body=b"".join(chunks),
            where=self.where,
        )

    def _unreachable(self, error: BaseException, *, asked: bool) -> IpsUnreachable:
        reasons = tuple(_reasons(error))
        if _has(reasons, "CERTIFICATE_VERIFY_FAILED") and not asked:
            return NotTrusted(
                f"the TLS certificate of {self.where} is not trusted: {_verdict(reasons)}"
            )
        kind = AnswerLost if asked else NotSent
        return kind(self._sentence(error, reasons, asked=asked))

    def _sentence(
        self, error: BaseException, reasons: tuple[BaseException, ...], *, asked: bool
    ) -> str:
        if isinstance(error, requests.exceptions.ProxyError):
            # The proxy's URL may hold a password: it is not named.
            return f"the proxy did not connect to {self.where}"
        if isinstance(error, requests.ConnectTimeout):
            return f"{self.where} accepted no connection within {self._timeouts.connect:g} s"
        if isinstance(error, requests.Timeout | urllib3.exceptions.TimeoutError):
            return f"{self.where} did not answer within {self._timeouts.read:g} s"
        if any(isinstance(r, urllib3.exceptions.NameResolutionError) for r in reasons):
            return f"the name of {self.where} cannot be resolved"
        if any(isinstance(r, ConnectionRefusedError) for r in reasons):
            return f"{self.where} refuses connections"
        if isinstance(error, requests.exceptions.SSLError):
            return f"no TLS connection to {self.where}"
        if asked:
            return f"{self.where} closed the connection without an answer"
        return f"no connection to {self.where}"


def _session(connections: int) -> requests.Session:
    session = requests.Session()
    # urllib3 repeats nothing on its own: reads are retried one floor up, submits never.
    adapter = DeadlineAdapter(
        pool_connections=1, pool_maxsize=connections, max_retries=Retry(0, read=False)
    )
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    session.headers["User-Agent"] = "s7spec"
    # Without this, requests would look for a login in ~/.netrc and send it along.
    session.auth = _no_login
    return session


def _no_login(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


def _reasons(error: BaseException) -> list[BaseException]:
    """The exception and everything it wraps; requests and urllib3 wrap in args and ``reason``."""
    found: list[BaseException] = []
    waiting: list[BaseException] = [error]
    while waiting:
        one = waiting.pop()
        if one in found:
            continue
        found.append(one)
        inner = (*one.args, getattr(one, "reason", None), one.__cause__, one.__context__)
        waiting.extend(e for e in inner if isinstance(e, BaseException))
    return found


def _has(reasons: tuple[BaseException, ...], text: str) -> bool:
    return any(text in str(reason) for reason in reasons)


def _verdict(reasons: tuple[BaseException, ...]) -> str:
    verdicts = (getattr(reason, "verify_message", "") for reason in reasons)
    return next((text for text in verdicts if text), "verification failed")
