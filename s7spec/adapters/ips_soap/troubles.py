"""Plain words, and a class, for whatever urllib3 and the system raise on the wire."""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from http.client import HTTPException
from typing import TypeVar

import urllib3

from s7spec.adapters.ips_soap.failures import (
    AnswerLost,
    BadRoute,
    ConnectTimedOut,
    Expired,
    NameUnknown,
    NotSent,
    NotTrusted,
    ProxyFailed,
    ProxyRefused,
    ProxyWantsLogin,
    ReadTimedOut,
    Refused,
    TlsFailed,
    TlsRefused,
    WrongHost,
)
from s7spec.adapters.ips_soap.limits import Timeouts
from s7spec.ports import IpsUnreachable

BROKEN = (urllib3.exceptions.HTTPError, HTTPException, OSError, UnicodeError)
"""Everything that the libraries below us raise when an exchange fails."""

_E = TypeVar("_E", bound=BaseException)
_TUNNEL = re.compile(r"Tunnel connection failed: ([0-9]{3})")
_AWAY = (502, 503, 504)
# OpenSSL's numbers for what is wrong with a certificate (its x509_vfy.h).
_OUT_OF_TIME = {9: "is not valid yet", 10: "has expired"}
_OTHER_HOST = (62, 64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """Whom we talk to. ``where`` is host:port; ``proxy`` is the proxy's host:port, "" when it must
    not be shown, None without a proxy."""

    where: str
    tls: bool
    proxy: str | None
    timeouts: Timeouts

    def not_sent(self, error: BaseException) -> IpsUnreachable:
        """Nothing of the body had left."""
        reasons = tuple(_reasons(error))
        if isinstance(error, urllib3.exceptions.ProxyError):
            return self._by_proxy(reasons)
        if isinstance(error, urllib3.exceptions.LocationValueError):
            return BadRoute(f"the address of {self.where}, or of the proxy to it, cannot be used")
        if isinstance(error, urllib3.exceptions.SSLError) or _find(reasons, ssl.SSLError):
            return self._tls(reasons)
        if self.proxy is not None:
            return self._through_proxy(error)
        return self._directly(error, reasons)

    def _directly(self, error: BaseException, reasons: tuple[BaseException, ...]) -> IpsUnreachable:
        if _is_timeout(error):
            if self.tls and any("handshake" in str(reason) for reason in reasons):
                return TlsFailed(
                    f"no TLS connection to {self.where}: it took the connection and answered no"
                    f" handshake within {self.timeouts.connect:g} s"
                )
            return ConnectTimedOut(
                f"{self.where} accepted no connection within {self.timeouts.connect:g} s"
            )
        name_errors = (urllib3.exceptions.NameResolutionError, socket.gaierror, UnicodeError)
        if any(_find(reasons, kind) for kind in name_errors):
            return NameUnknown(f"the name of {self.where} cannot be resolved")
        if _find(reasons, ConnectionRefusedError):
            return Refused(f"{self.where} refuses connections")
        if self.tls and _find(reasons, ConnectionResetError):
            return TlsFailed(f"no TLS connection to {self.where}: it hung up in the handshake")
        return NotSent(f"no connection to {self.where}")

    def _through_proxy(self, error: BaseException) -> ProxyFailed:
        """Whether the proxy or IPS behind it was silent or hung up cannot be told apart."""
        if _is_timeout(error):
            end = f"nothing came within {self.timeouts.connect:g} s"
        else:
            end = "it was cut before TLS stood"
        return ProxyFailed(f"no connection to {self.where} through {self._proxy_named()}: {end}")

    def _proxy_named(self) -> str:
        # Its URL may hold a password: only host and port are named.
        return f"the proxy {self.proxy}" if self.proxy else "the proxy"

    def no_answer(self, error: BaseException) -> IpsUnreachable:
        """The body had begun to leave."""
        if _is_timeout(error):
            return ReadTimedOut(f"{self.where} did not answer within {self.timeouts.read:g} s")
        if _find(tuple(_reasons(error)), ssl.SSLError):
            return AnswerLost(f"the TLS connection to {self.where} broke before an answer")
        return AnswerLost(f"{self.where} closed the connection without an answer")

    def late(self, *, asked: bool) -> IpsUnreachable:
        """The whole exchange took too long."""
        kind = ReadTimedOut if asked else ConnectTimedOut
        return kind(f"{self.where} did not finish its answer within {self.timeouts.operation:g} s")

    def _by_proxy(self, reasons: tuple[BaseException, ...]) -> ProxyFailed:
        proxy = self._proxy_named()
        answered = next((m for r in reasons if (m := _TUNNEL.search(str(r)))), None)
        if answered is None:
            return ProxyFailed(f"{proxy} did not connect to {self.where}{_why(reasons)}")
        status = int(answered[1])
        if status == 407:
            return ProxyWantsLogin(f"{proxy} wants a login (HTTP 407) to connect to {self.where}")
        if status in _AWAY:
            return ProxyFailed(f"{proxy} could not connect to {self.where} (HTTP {status})")
        return ProxyRefused(f"{proxy} does not let us connect to {self.where} (HTTP {status})")

    def _tls(self, reasons: tuple[BaseException, ...]) -> TlsFailed:
        verdict = _find(reasons, ssl.SSLCertVerificationError)
        if verdict is not None:
            return self._certificate(verdict)
        if _find(reasons, ssl.SSLEOFError) or _find(reasons, ConnectionResetError):
            return TlsFailed(f"no TLS connection to {self.where}: it hung up in the handshake")
        words = next((r.reason for r in reasons if isinstance(r, ssl.SSLError) and r.reason), "")
        if words in ("WRONG_VERSION_NUMBER", "HTTP_REQUEST", "RECORD_LAYER_FAILURE"):
            return TlsRefused(f"no TLS connection to {self.where}: it does not speak TLS there")
        if not words:
            return TlsFailed(f"no TLS connection to {self.where}")
        plain = words.lower().replace("_", " ")
        return TlsRefused(f"no TLS connection to {self.where}: {plain}")

    def _certificate(self, verdict: ssl.SSLCertVerificationError) -> NotTrusted:
        certificate = f"the TLS certificate of {self.where}"
        out_of_time = _OUT_OF_TIME.get(verdict.verify_code)
        if out_of_time is not None:
            return Expired(f"{certificate} {out_of_time}")
        if verdict.verify_code in _OTHER_HOST:
            return WrongHost(f"{certificate} is made for another host")
        reason = verdict.verify_message or "verification failed"
        return NotTrusted(f"{certificate} is not trusted: {reason}")


_PROXY_TROUBLES: tuple[tuple[type[BaseException], str], ...] = (
    (urllib3.exceptions.NameResolutionError, "its name cannot be resolved"),
    (ConnectionRefusedError, "it refuses connections"),
    (ssl.SSLError, "no TLS connection to the proxy itself"),
    # Last: urllib3 calls every connection that fails a time-out too.
    (urllib3.exceptions.TimeoutError, "it took too long"),
)


def _why(reasons: tuple[BaseException, ...]) -> str:
    found = (words for kind, words in _PROXY_TROUBLES if _find(reasons, kind))
    return next((f": {words}" for words in found), "")


def _is_timeout(error: BaseException) -> bool:
    """urllib3 calls every connection that fails a time-out."""
    is_late = isinstance(error, urllib3.exceptions.TimeoutError)
    return is_late and not isinstance(error, urllib3.exceptions.NewConnectionError)


def _find(reasons: Iterable[BaseException], kind: type[_E]) -> _E | None:
    return next((reason for reason in reasons if isinstance(reason, kind)), None)


def _reasons(error: BaseException) -> Iterator[BaseException]:
    """The exception and everything it wraps; urllib3 wraps in args and ``reason``."""
    found: list[BaseException] = []
    waiting: list[BaseException] = [error]
    while waiting:
        one = waiting.pop()
        if one in found:
            continue
        found.append(one)
        yield one
        inner = (*one.args, getattr(one, "reason", None), one.__cause__, one.__context__)
        waiting.extend(e for e in inner if isinstance(e, BaseException))
