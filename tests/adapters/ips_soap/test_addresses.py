"""Where the password may go: over https, or to this machine without a proxy."""

from __future__ import annotations

import traceback
from collections.abc import Callable

import pytest

from s7spec.adapters.ips_soap import IpsSoapGateway
from s7spec.adapters.ips_soap.regions import endpoint_for
from s7spec.ports import IpsUnreachable
from tests.adapters.ips_soap.peer import Peer, returned

Connect = Callable[..., IpsSoapGateway]


@pytest.mark.parametrize(
    "host",
    ["ips.example.com", "10.0.0.1", "0.0.0.0", "128.0.0.1", "[::2]", "localhost.example.com"],  # noqa: S104
)
def test_http_to_another_machine_is_refused(host: str) -> None:
    with pytest.raises(ValueError, match="must start with https"):
        endpoint_for(f"http://{host}:8080")
    assert endpoint_for(f"https://{host}:8080").startswith(f"https://{host}:8080/")


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "[::1]", "localhost", "LOCALHOST"])
def test_http_to_this_machine_is_taken(host: str) -> None:
    assert endpoint_for(f"http://{host}:8080/x") == f"http://{host}:8080/x"


@pytest.mark.parametrize(
    "url",
    [
        "https://u%40pw",
        "https://ann:s3cret%40host/",
        "https://ann:s3cret@host",
        "https://ann:s3cret",
        "https://ann:s3cret\u2100host",
        "https://ann:s3cret@[::1",
        "https://[s3cret]/",
        "https://s3cret!/",
        "http://s3cret",
        "s3cret",
    ],
)
def test_refusals_repeat_nothing_of_the_url(url: str) -> None:
    with pytest.raises(ValueError, match="IPS") as caught:
        endpoint_for(url)
    told = "".join(traceback.format_exception_only(caught.value)) + repr(caught.value.__cause__)
    assert "s3cret" not in told
    assert "pw" not in told


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.0.0.2"])
def test_no_proxy_sees_what_goes_to_this_machine(
    host: str, peer: Peer, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Peer() as proxy:
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{proxy.port}")
        peer.answer("getImageFormats", returned("getImageFormats", "<imageFormatArray/>"))
        gateway = connect(peer.endpoint.replace("127.0.0.1", host))
        if host == "127.0.0.2":  # nobody listens there
            with pytest.raises(IpsUnreachable, match="refuses connections"):
                gateway.presets()
        else:
            assert gateway.presets() == ()
        assert proxy.connections == 0
