"""What attackers of the server found once, and what must not come back."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from s7spec.emulator.catalog.errors import CatalogError
from s7spec.emulator.catalog.positions import read_yaml
from s7spec.emulator.http.server import HttpServer
from s7spec.emulator.store import assets

if TYPE_CHECKING:
    from tests.emulator.conftest import Ips, Serve

COMPANY = "<companyHandle>c|110</companyHandle>"


def conditions(count: int) -> str:
    one = "<items><field>Name</field><op>Equals</op><value>x</value></items>"
    array = f"<systemFieldConditionArray>{one * count}</systemFieldConditionArray>"
    return f"{COMPANY}<includeSubfolders>true</includeSubfolders>{array}"


def test_a_client_that_does_not_read_holds_up_nobody(serve: Serve, catalog: Path) -> None:
    noise = Image.frombytes("RGB", (2000, 2000), os.urandom(12_000_000))
    noise.save(catalog / "noise.png")
    ips = serve()
    handle = ips.handles()["noise"]
    log = ips.export(ips.export_job("big", [handle]), "big")
    address = log.texts("jobLogArray/items/detailArray/items/assetName")[-1]
    path = address[len(ips.server.url) :]
    with socket.socket() as deaf:
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        assert ips.address.hostname
        deaf.connect((ips.address.hostname, ips.address.port))
        deaf.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode() * 12)
        time.sleep(0.3)
        for _ in range(3):
            assert ips.call("getProjects", COMPANY).status == 200


def test_files_without_an_end_are_not_read(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.yaml"
    os.mkfifo(pipe)
    device = tmp_path / "device.yaml"
    device.symlink_to("/dev/zero")
    for file in (pipe, device):
        with pytest.raises(CatalogError, match="not a plain file"):
            read_yaml(file, known=())
    long = tmp_path / "long.yaml"
    long.write_text("#" * 101)
    with pytest.raises(CatalogError, match="larger than 100 bytes"):
        read_yaml(long, known=(), most_bytes=100)


def test_a_faults_file_becomes_a_pipe(serve: Serve, tmp_path: Path) -> None:
    file = tmp_path / "faults.yaml"
    file.write_text("faults: [{kind: http-error, status: 503, operations: getProjects}]")
    ips = serve(faults=file)
    assert ips.call("getProjects", COMPANY).status == 503
    file.unlink()
    os.mkfifo(file)
    assert ips.call("getImageFormats", COMPANY).status == 200
    assert ips.call("getProjects", COMPANY).status == 503  # the rules stay


def test_too_many_conditions_are_refused_in_plain_words(shared_ips: Ips) -> None:
    assert shared_ips.call("searchAssets", conditions(200)).status == 200
    fault = shared_ips.call("searchAssets", conditions(201)).fault
    assert fault[1:] == (30001, "systemFieldConditionArray has more than 200 items")


def test_a_search_has_an_end(ips: Ips, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assets, "_LONGEST_SEARCH", -1.0)
    monkeypatch.setattr(assets, "_LOOK_EVERY", 1)
    fault = ips.call("searchAssets", conditions(1)).fault
    assert fault[1] == 30000
    assert "the search was given up" in fault[2]
    monkeypatch.undo()
    assert ips.call("searchAssets", conditions(1)).status == 200


@pytest.mark.parametrize(
    ("child", "most"), [("jobName", 1000), ("description", 10_000), ("execSchedule", 500)]
)
def test_texts_of_jobs_have_an_end(ips: Ips, child: str, most: int) -> None:
    texts = {"jobName": "job", "execSchedule": "", "description": ""} | {child: "x" * (most + 1)}
    head = "".join(f"<{name}>{text}</{name}>" for name, text in texts.items() if text)
    order = "<assetHandleArray><items>a|1001</items></assetHandleArray><fmt>orig</fmt>"
    job = f"<exportJob>{order}<emailSetting>None</emailSetting></exportJob>"
    fault = ips.call("submitJob", COMPANY + head + job).fault
    assert fault[1:] == (30001, f"{child} is longer than {most} characters")


def test_faults_do_not_repeat_megabytes(shared_ips: Ips) -> None:
    handle = f"<companyHandle>{'&lt;' * 500_000}</companyHandle>"
    reply = shared_ips.call("getProjects", handle)
    assert reply.fault[1] == 20000
    assert len(reply.body) < 10_000


def test_a_number_with_thousands_of_zeros(shared_ips: Ips) -> None:
    fault = shared_ips.call("getJobLogs", f"{COMPANY}<numRows>{'0' * 6000}1</numRows>").fault
    assert fault[1] == 30001


def test_a_password_with_a_bare_ampersand_is_not_repeated(shared_ips: Ips) -> None:
    body = shared_ips.envelope("getUserInfo", "").replace(b">demo<", b">Pa&amp;ssw0rd;x<")
    fault = shared_ips.send(body.replace(b"&amp;", b"&")).fault
    assert fault[1] == 30003
    assert "ssw0rd" not in fault[2]
    assert "line 1" in fault[2]


def test_totals_fit_their_pages_while_the_folder_changes(ips: Ips) -> None:
    file = ips.options.catalog / "flicker.pdf"
    over = threading.Event()

    def flicker() -> None:
        while not over.is_set():
            file.write_bytes(b"%PDF")
            time.sleep(0.002)
            file.unlink()
            time.sleep(0.002)

    thread = threading.Thread(target=flicker)
    thread.start()
    try:
        totals = set()
        for _ in range(100):
            everything = f"{COMPANY}<includeSubfolders>true</includeSubfolders>"
            reply = ips.call("searchAssets", everything)
            totals.add(reply.text("totalRows"))
            assert int(reply.text("totalRows")) == len(reply.find("assetArray/items"))
    finally:
        over.set()
        thread.join()
    assert totals == {"5", "6"}


def test_files_that_nobody_read_to_the_end_are_closed_with_the_server(tmp_path: Path) -> None:
    big = tmp_path / "big"
    big.write_bytes(bytes(8_000_000))

    def application(environ: dict[str, Any], start: Callable[..., object]) -> Iterable[bytes]:
        start("200 OK", [("Content-Length", "8000000")])
        wrapped: Iterable[bytes] = environ["wsgi.file_wrapper"](big.open("rb"))
        return wrapped

    listener = socket.create_server(("127.0.0.1", 0))
    server = HttpServer(application, listener)
    server.start()
    with socket.socket() as deaf:
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        deaf.connect(listener.getsockname()[:2])
        deaf.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        deaf.recv(1)  # the answer has begun
        server.stop()
    assert str(big) not in [_target(each) for each in Path("/proc/self/fd").iterdir()]


def _target(descriptor: Path) -> str:
    try:
        return str(descriptor.readlink())
    except OSError:
        return ""  # closed meanwhile
