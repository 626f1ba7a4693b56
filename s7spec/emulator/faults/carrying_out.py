"""Fault injection around the application: who is hit, and what then happens to the answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import assert_never

from s7spec.emulator.faults import bodies, jobs
from s7spec.emulator.faults.book import Decision
from s7spec.emulator.faults.calls import download_of, is_call, read_request
from s7spec.emulator.faults.live import LiveFaults
from s7spec.emulator.faults.rules import (
    DroppedReply,
    HttpError,
    MalformedXml,
    ReplyEffect,
    Reset,
    SlowBody,
    SoapFault,
    TruncatedBody,
)
from s7spec.emulator.http.connection import CONNECTION, Connection
from s7spec.emulator.http.replies import Environ, Headers, StartResponse, send_xml, status_line
from s7spec.emulator.soap.envelope import AuthHeader, content_type, read_envelope, write_fault
from s7spec.emulator.soap.faults import IpsFault
from s7spec.emulator.soap.names import SOAP_11, SOAP_12

Application = Callable[[Environ, StartResponse], Iterable[bytes]]


class FaultyApplication:
    """Hands requests on to ``application``, except for what the faults do to them."""

    def __init__(self, application: Application, faults: LiveFaults) -> None:
        self._application = application
        self._faults = faults

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if not self._faults.are_there():
            return self._application(environ, start_response)
        # Before anything is counted: a fault may wait after the application has acted.
        connection: Connection = environ[CONNECTION]
        connection.take_time()
        data = b""
        operation: str | None
        if is_call(environ):
            operation, data = read_request(environ)
        else:
            operation = download_of(environ)
            if operation is None:
                return self._application(environ, start_response)
        decision = self._faults.decide(operation)
        if decision is None:
            return self._application(environ, start_response)
        call = _HitCall(self._application, environ, start_response, decision)
        return call.answer(data)


class _Answer:
    """The answer of the application, caught before it is sent."""

    def __init__(self) -> None:
        self.status = ""
        self.headers: Headers = []
        self.blocks: Iterable[bytes] = ()

    def start(self, status: str, headers: Headers) -> None:
        self.status, self.headers = status, list(headers)

    def header(self, name: str) -> str | None:
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)

    def set_header(self, name: str, value: str) -> None:
        kept = [(key, old) for key, old in self.headers if key.lower() != name.lower()]
        self.headers = [*kept, (name, value)]

    def drain(self) -> Iterator[bytes]:
        """The blocks of the body; whatever they come from is closed behind them."""
        try:
            yield from self.blocks
        finally:
            self.close()

    def close(self) -> None:
        close = getattr(self.blocks, "close", None)
        if close is not None:
            close()


class _HitCall:
    """One request that is hit."""

    def __init__(
        self,
        application: Application,
        environ: Environ,
        start_response: StartResponse,
        decision: Decision,
    ) -> None:
        self._application = application
        self._environ = environ
        self._start_response = start_response
        self._decision = decision
        self._connection: Connection = environ[CONNECTION]

    def answer(self, data: bytes) -> Iterable[bytes]:
        self._wait(acted=False)
        effect = self._decision.reply
        if effect is not None and not effect.acted:
            return self._without_answer(effect, data)
        answer = self._act()
        self._wait(acted=True)
        if effect is None:
            return self._send(answer, answer.blocks)
        if isinstance(effect, MalformedXml | TruncatedBody | SlowBody):
            return self._broken(effect, answer)
        answer.close()
        return self._without_answer(effect, data)

    def _wait(self, *, acted: bool) -> None:
        latency = self._decision.latency
        if latency is not None and latency.acted is acted:
            self._connection.sleep(latency.seconds)

    def _act(self) -> _Answer:
        answer = _Answer()
        with jobs.during(self._decision):
            answer.blocks = self._application(self._environ, answer.start)
            skew = jobs.skew_of_call()
            if skew is not None:
                moment = datetime.now(UTC) + skew
                answer.set_header("Date", format_datetime(moment, usegmt=True))
        return answer

    def _send(self, answer: _Answer, blocks: Iterable[bytes]) -> Iterable[bytes]:
        self._start_response(answer.status, answer.headers)
        return blocks

    def _without_answer(self, effect: ReplyEffect, data: bytes) -> Iterable[bytes]:
        """What comes instead of the application's answer."""
        match effect:
            case Reset():
                return self._connection.reset()
            case DroppedReply():
                return self._connection.drop()
            case HttpError():
                return self._http_error(effect)
            case SoapFault():
                return self._soap_fault(effect, data)
            case MalformedXml() | TruncatedBody() | SlowBody():
                raise AssertionError(f"{effect.kind} needs an answer to break")
            case _:
                assert_never(effect)

    def _http_error(self, effect: HttpError) -> Iterable[bytes]:
        body = bodies.error_page(effect.status)
        headers = [("Content-Type", "text/html; charset=UTF-8"), ("Content-Length", str(len(body)))]
        if effect.retry_after is not None:
            headers.append(("Retry-After", str(effect.retry_after)))
        self._start_response(status_line(effect.status), headers)
        return [body]

    def _soap_fault(self, effect: SoapFault, data: bytes) -> Iterable[bytes]:
        is_12 = "application/soap+xml" in str(self._environ.get("CONTENT_TYPE", "")).lower()
        soap, header = SOAP_12 if is_12 else SOAP_11, AuthHeader()
        try:
            envelope = read_envelope(data)
        except IpsFault:
            pass  # a fault may hit what is no envelope, too
        else:
            soap, header = envelope.soap, envelope.header
        return send_xml(
            self._environ,
            self._start_response,
            status=header.fault_status,
            content_type=content_type(soap),
            body=write_fault(soap, IpsFault(effect.code, effect.reason)),
            packed=header.gzip_response,
        )

    def _broken(
        self, effect: MalformedXml | TruncatedBody | SlowBody, answer: _Answer
    ) -> Iterable[bytes]:
        length = int(answer.header("Content-Length") or 0)
        if length == 0 or self._environ["REQUEST_METHOD"] == "HEAD":
            return self._send(answer, answer.blocks)  # there is no body to break
        match effect:
            case TruncatedBody():
                cut = bodies.truncated(answer.drain(), effect.share, length, self._connection)
                return self._send(answer, cut)
            case SlowBody():
                return self._send(answer, bodies.dripping(answer.drain(), effect, self._connection))
            case MalformedXml():
                packed = answer.header("Content-Encoding") == "gzip"
                body = bodies.malformed(b"".join(answer.drain()), packed=packed)
                answer.set_header("Content-Length", str(len(body)))
                return self._send(answer, [body])
            case _:
                assert_never(effect)
