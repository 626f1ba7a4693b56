"""A port that takes connections and speaks no TLS: no firewall is to blame."""

from __future__ import annotations

import socket
from collections.abc import Callable

import pytest

from s7spec.adapters.ips_soap import IpsSoapGateway, ReadRetries, Timeouts
from s7spec.adapters.ips_soap.failures import TlsFailed


def test_a_silent_port_is_told_from_a_closed_way(connect: Callable[..., IpsSoapGateway]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        gateway = connect(
            f"https://127.0.0.1:{port}/x",
            timeouts=Timeouts(connect=0.3, read=1, operation=3),
            retries=ReadRetries(tries=1),
        )
        with pytest.raises(TlsFailed, match="answered no handshake") as raised:
            gateway.presets()
    assert "https port" in raised.value.remedy
