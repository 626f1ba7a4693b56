"""Finished ZIPs over HTTP."""

from __future__ import annotations

import http.client
import io
import socket
import zipfile
from pathlib import Path

import pytest

from tests.emulator.conftest import Ips, Serve


@pytest.fixture
def path(ips: Ips) -> str:
    log = ips.export(ips.export_job("zipped", list(ips.handles().values())), "zipped")
    names = log.texts("jobLogArray/items/detailArray/items/assetName")
    (url,) = [name for name in names if name.startswith("http")]
    return url.removeprefix(ips.server.url)


def test_without_credentials(ips: Ips, path: str) -> None:
    reply = ips.request("GET", path)
    assert reply.status == 200
    assert reply.headers["Content-Type"] == "application/zip"
    assert reply.headers["Content-Length"] == str(len(reply.body))
    assert path.rpartition("/")[2] in reply.headers["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(reply.body)) as archive:
        assert archive.testzip() is None


def test_ranges_are_not_built_and_said_so(ips: Ips, path: str) -> None:
    reply = ips.request("GET", path, Range="bytes=10-20")
    assert reply.status == 200
    assert reply.headers["Accept-Ranges"] == "none"
    assert "Content-Range" not in reply.headers
    assert reply.headers["Content-Length"] == str(len(reply.body))


def test_head_and_a_connection_that_is_kept(ips: Ips, path: str) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", ips.address.port, timeout=20)
    size = len(ips.request("GET", path).body)
    for method in ("HEAD", "GET", "HEAD", "GET"):
        connection.request(method, path)
        answer = connection.getresponse()
        assert answer.status == 200
        assert answer.headers["Content-Length"] == str(size)
        assert len(answer.read()) == (size if method == "GET" else 0)
        assert not answer.will_close
    connection.close()


@pytest.mark.parametrize("path", ["/", "/scene7/services/IpsApiService?wsdl", "/nowhere"])
def test_no_answer_to_head_has_a_body(ips: Ips, path: str) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", ips.address.port, timeout=20)
    for _ in range(2):
        connection.request("HEAD", path)
        answer = connection.getresponse()
        assert int(answer.headers["Content-Length"]) > 0
        assert answer.read() == b""
    connection.request("GET", path)
    assert len(connection.getresponse().read()) > 0
    connection.close()


@pytest.mark.parametrize(
    "path",
    [
        "/Exports/",
        "/Exports/Acme/",
        "/Exports/Acme/1/../../ips.sqlite3",
        "/Exports/../ips.sqlite3",
        "/Exports/%2e%2e/ips.sqlite3",
        "/Exports/Acme/1/%2e%2e%2f%2e%2e%2fips.sqlite3",
        "/Exports/Acme/1/..%5c..%5cips.sqlite3",
        "/Exports/Acme/1/aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa.zip%00",
        "/Exports/Acme/1/aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa.zip/",
        "/Exports/Acme/1/aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa.zip",
        "/Exports/%ff/1/aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa.zip",
        "/Exports/" + "a" * 5000 + "/1/aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa.zip",
        "//etc/passwd",
        "/ips.sqlite3",
        "/server.json",
    ],
)
def test_there_is_nothing_else(shared_ips: Ips, path: str) -> None:
    assert shared_ips.request("GET", path).status == 404


def test_a_large_zip_is_not_held_in_memory(serve: Serve, tmp_path: Path) -> None:
    """A sparse file of 3 GB: whoever held it would show 3 GB of memory."""
    ips = serve()
    folder = tmp_path / "data" / "Exports" / "Acme" / "1"
    folder.mkdir(parents=True)
    size = 3 * 1024**3
    with (folder / "aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa.zip").open("wb") as file:
        file.truncate(size)
    before = _peak()
    with socket.create_connection(("127.0.0.1", ips.address.port or 0), 20) as connection:
        path = "/Exports/Acme/1/aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa.zip"
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        got, buffer = 0, bytearray(1024 * 1024)
        while got < 200 * 1024**2:  # a part of it tells enough
            got += connection.recv_into(buffer)
        assert f"Content-Length: {size}".encode() not in buffer
    assert _peak() - before < 64 * 1024
    assert ips.call("getUserInfo").status == 200


def _peak() -> int:
    """The most memory this process ever had, in KB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    (line,) = [line for line in lines if line.startswith("VmHWM")]
    return int(line.split()[1])
