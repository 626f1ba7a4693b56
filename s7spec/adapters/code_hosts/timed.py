"""Connections that end with the deadline they are used in, wherever they hang.

The time limits of requests hold between two bytes: a server that lets its headers drip could hold
us for ever.
"""

from __future__ import annotations

import socket
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

from s7spec.adapters.network.deadline import hold


class _Http(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        made = super()._new_conn()
        hold(made)
        return made


class _Https(HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        made = super()._new_conn()
        hold(made)
        return made


class _HttpPool(HTTPConnectionPool):
    ConnectionCls = _Http


class _HttpsPool(HTTPSConnectionPool):
    ConnectionCls = _Https


_POOLS = {"http": _HttpPool, "https": _HttpsPool}


class TimedAdapter(HTTPAdapter):
    """Also through proxies."""

    def init_poolmanager(self, *given: Any, **options: Any) -> None:
        super().init_poolmanager(*given, **options)
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, proxy: str, **options: Any) -> Any:
        manager = super().proxy_manager_for(proxy, **options)
        manager.pool_classes_by_scheme = _POOLS
        return manager
