"""A catalog of any size is read in the memory of a page, and names are asked for in chunks."""

from __future__ import annotations

import gc
import re
import threading
import tracemalloc
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from s7spec.adapters.ips_soap import IpsSoapGateway
from tests.adapters.ips_soap.peer import COMPANY, envelope

PAGE = 1000
PAGES = 100
SPACE = "http://www.scene7.com/IpsApi/xsd/2014-04-03"


def returned(operation: str, inner: str) -> bytes:
    return envelope(f"<{operation}Return xmlns='{SPACE}'>{inner}</{operation}Return>")


def item(name: str) -> str:
    return (
        f"<items><assetHandle>a|{name}</assetHandle><type>Image</type><name>{name}</name>"
        f"<folder>Acme/</folder><lastModified>2026-01-02T03:04:05.678Z</lastModified>"
        "<imageInfo><width>9</width><height>9</height><fileSize>9</fileSize></imageInfo></items>"
    )


ROWS = returned(
    "searchAssets",
    f"<totalRows>{PAGE * PAGES}</totalRows>"
    f"<assetArray>{''.join(item(f'n@-{n}') for n in range(PAGE))}</assetArray>",
)


class _Endless(BaseHTTPRequestHandler):
    """Makes every page when it is asked for, and keeps none."""

    protocol_version = "HTTP/1.1"
    asked: list[int]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        operation = self.headers["SOAPAction"].strip('"')
        answer = getattr(self, operation)(body)
        self.send_response(200)
        self.send_header("Content-Type", "text/xml;charset=utf-8")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def getCompanyInfo(self, body: str) -> bytes:  # noqa: N802 - IPS's name
        return returned("getCompanyInfo", COMPANY)

    def searchAssets(self, body: str) -> bytes:  # noqa: N802
        number = re.search(r"resultsPage>([0-9]+)<", body)
        assert number is not None
        self.asked.append(int(number[1]))
        return ROWS.replace(b"@", number[1].encode())

    def getAssetsByName(self, body: str) -> bytes:  # noqa: N802
        names = re.search(r"nameArray>(.*)</[^>]*nameArray>", body, re.DOTALL)
        assert names is not None
        found = re.findall(r"items>([^<]+)<", names[1])
        self.asked.append(len(found))
        return returned("getAssetsByName", f"<assetArray>{''.join(map(item, found))}</assetArray>")

    def log_message(self, *told: object) -> None:
        """Silence."""


@pytest.fixture
def asked() -> list[int]:
    return []


@pytest.fixture
def endpoint(asked: list[int]) -> Iterator[str]:
    handler = type("Endless", (_Endless,), {"asked": asked})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/x"
        server.shutdown()
        thread.join(10)


def test_a_hundred_pages_take_no_more_memory_than_ten(
    endpoint: str, asked: list[int], connect: Callable[..., IpsSoapGateway]
) -> None:
    gateway = connect(endpoint)
    assets = gateway.in_folder("", recursive=True, types=(), where=())
    for _ in range(PAGE):
        next(assets)  # what is loaded once and kept is not what we measure
    gc.collect()
    tracemalloc.start()
    try:
        for _ in range(9 * PAGE):
            next(assets)
        _, after_ten = tracemalloc.get_traced_memory()
        tracemalloc.reset_peak()
        count = sum(1 for _ in assets)
        _, after_hundred = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert count == (PAGES - 10) * PAGE
    assert asked == list(range(1, PAGES + 1))
    # Ten times the pages: what was kept of each would show many times over.
    assert after_hundred < after_ten * 2
    assert after_ten < 8_000_000


def test_pages_are_asked_for_when_somebody_comes_to_them(
    endpoint: str, asked: list[int], connect: Callable[..., IpsSoapGateway]
) -> None:
    assets = connect(endpoint).in_folder("", recursive=True, types=(), where=())
    for _ in range(PAGE + 1):
        next(assets)
    assert asked == [1, 2]


def test_names_are_asked_for_in_chunks(
    endpoint: str, asked: list[int], connect: Callable[..., IpsSoapGateway]
) -> None:
    names = [f"n{n:07}" for n in range(1050)]
    found = connect(endpoint).by_name([*names, *names])
    assert sorted(asset.name for asset in found) == names
    assert sorted(asked) == [50, 200, 200, 200, 200, 200]
