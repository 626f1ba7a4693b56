"""Connections to IPS, also through a proxy, that obey the deadline of whoever uses them."""

from __future__ import annotations

import socket
import ssl
from base64 import b64encode
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from requests.utils import DEFAULT_CA_BUNDLE_PATH
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, ProxyManager, Timeout
from urllib3.connection import HTTPConnection, HTTPSConnection, port_by_scheme
from urllib3.util import parse_url
from urllib3.util.ssl_ import create_urllib3_context

from s7spec.adapters.ips_soap.limits import Timeouts
from s7spec.adapters.ips_soap.route import Way
from s7spec.adapters.network.deadline import hold, request


class _Whole(HTTPConnection):
    """Sends the head of a request together with its body: on their own they are two packets, and
    wake the server twice."""

    _head: bytes | None = None

    def request(self, *args: Any, **options: Any) -> None:
        request(self.sock)
        super().request(*args, **options)
        if self._head:
            self.send(b"")

    def endheaders(self, *args: Any, **options: Any) -> None:
        if self.sock is None:
            self.connect()
        self._head = b""
        super().endheaders(*args, **options)

    def send(self, data: Any) -> None:
        if self._head == b"":
            self._head = data
        elif self._head is None:
            super().send(data)
        else:
            head, self._head = self._head, None
            super().send(head + data)


class _Http(_Whole):
    def _new_conn(self) -> socket.socket:
        # It connects only when the request is on its way out.
        made = super()._new_conn()
        request(made)
        return made


class _Https(_Whole, HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        made = super()._new_conn()
        hold(made)
        return made


class _HttpPool(HTTPConnectionPool):
    ConnectionCls = _Http


class _HttpsPool(HTTPSConnectionPool):
    ConnectionCls = _Https


_POOLS: dict[str, type[HTTPConnectionPool]] = {"http": _HttpPool, "https": _HttpsPool}


class Connections:
    """Opens pools of connections to one endpoint on one way. Threads may share it and its pools.

    What is trusted is read once: it takes longer than a handshake. Raises urllib3's errors for an
    endpoint that is no URL.
    """

    def __init__(self, endpoint: str, way: Way, timeouts: Timeouts) -> None:
        parts = parse_url(endpoint)
        self._scheme = parts.scheme or "http"
        self._host = parts.host or ""
        self._port = parts.port or port_by_scheme[self._scheme]
        self._proxy = way.proxy
        self._options: dict[str, Any] = {
            "timeout": Timeout(connect=timeouts.connect, read=timeouts.read)
        }
        if self._scheme == "https":
            self._options["ssl_context"] = _trusting(way.trust)

    def pool(self, most: int) -> HTTPConnectionPool:
        """Keeps up to ``most`` idle connections."""
        proxy = self._proxy
        if proxy is None:
            return _POOLS[self._scheme](self._host, self._port, maxsize=most, **self._options)
        manager = ProxyManager(
            proxy,
            maxsize=most,
            proxy_headers=_login(proxy),
            proxy_ssl_context=self._options.get("ssl_context"),
            **self._options,
        )
        manager.pool_classes_by_scheme = _POOLS
        pool: HTTPConnectionPool = manager.connection_from_host(
            self._host, self._port, self._scheme
        )
        return pool


def _trusting(trust: str | bool) -> ssl.SSLContext:
    context = create_urllib3_context()
    place = trust if isinstance(trust, str) else DEFAULT_CA_BUNDLE_PATH
    if Path(place).is_dir():
        context.load_verify_locations(capath=place)
    else:
        context.load_verify_locations(cafile=place)
    return context


def _login(proxy: str) -> dict[str, str]:
    """The header that only the proxy gets."""
    parts = urlsplit(proxy)
    if not parts.username:
        return {}
    login = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    return {"Proxy-Authorization": f"Basic {b64encode(login.encode()).decode()}"}
