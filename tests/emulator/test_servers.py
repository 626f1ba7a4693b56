"""The server as a process: addresses, one server for a folder, ends and new beginnings, speed."""

from __future__ import annotations

import fcntl
import http.client
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from s7spec.emulator import (
    CatalogError,
    EmbeddedIpsOptions,
    ServerAddressError,
    ServerAlreadyRunning,
    StoreError,
    running_server,
)

if TYPE_CHECKING:
    from pathlib import Path

    from tests.emulator.conftest import Ips, Serve

LOG = "jobLogArray/items"


def test_the_address(ips: Ips) -> None:
    assert ips.server.url.startswith("http://127.0.0.1:")
    assert ips.server.endpoint == ips.server.url + "/scene7/services/IpsApiService"
    assert running_server(ips.options.data) == ips.server.url


@pytest.mark.parametrize("host", ["localhost", "127.0.0.2", "::1"])
def test_loopback_addresses(serve: Serve, host: str) -> None:
    if host == "::1" and not has_ipv6():
        pytest.skip("this machine has no IPv6 loopback")
    assert serve(host=host).call("getUserInfo").status == 200


def has_ipv6() -> bool:
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.0.1", "example.com", "::", ""])  # noqa: S104
def test_other_hosts_are_refused(serve: Serve, host: str) -> None:
    with pytest.raises(ServerAddressError, match="not a loopback address"):
        serve(host=host)


def test_a_taken_port(serve: Serve, ips: Ips, tmp_path: Path) -> None:
    port = ips.address.port
    with pytest.raises(ServerAddressError, match="cannot listen"):
        serve(port=port, data=tmp_path / "other")
    with pytest.raises(ServerAddressError, match="cannot listen"):
        serve(port=99999, data=tmp_path / "other")


def test_one_server_for_a_folder(serve: Serve, ips: Ips) -> None:
    with pytest.raises(ServerAlreadyRunning) as caught:
        serve()
    assert (caught.value.url, caught.value.pid) == (ips.server.url, os.getpid())
    assert ips.server.url in str(caught.value)
    assert ips.call("getUserInfo").status == 200
    ips.server.close()
    assert running_server(ips.options.data) is None
    assert serve().call("getUserInfo").status == 200


def test_a_server_waits_for_somebody_who_only_looks(serve: Serve, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    with (tmp_path / "data" / "server.lock").open("a+") as look:
        fcntl.flock(look, fcntl.LOCK_SH)
        threading.Timer(0.1, lambda: fcntl.flock(look, fcntl.LOCK_UN)).start()
        assert serve().call("getUserInfo").status == 200


def test_no_server(tmp_path: Path) -> None:
    assert running_server(tmp_path) is None
    assert running_server(tmp_path / "none") is None
    (tmp_path / "server.json").write_text(json.dumps({"url": "http://127.0.0.1:1", "pid": 1}))
    (tmp_path / "server.lock").write_text("1")
    assert running_server(tmp_path) is None  # nobody holds the lock


def test_what_is_left_after_a_failed_start_can_be_started(serve: Serve, catalog: Path) -> None:
    (catalog / "catalog.yaml").write_text("nonsense: 1\n")
    with pytest.raises(CatalogError):
        serve()
    (catalog / "catalog.yaml").unlink()
    assert serve().call("getUserInfo").status == 200


def test_options_that_cannot_be(serve: Serve, catalog: Path, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="workers"):
        serve(workers=0)
    with pytest.raises(FileNotFoundError, match="IpsApi"):
        serve(contract=tmp_path)
    with pytest.raises(CatalogError, match="lies in the catalog"):
        serve(data=catalog / "data")
    assert serve(data=catalog / ".data").call("getUserInfo").status == 200


@pytest.mark.parametrize("content", [b"not a database at all, no", b"SQLite format 3\0 broken"])
def test_a_store_that_is_none(serve: Serve, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "ips.sqlite3").write_bytes(content * 100)
    with pytest.raises(StoreError, match=r"ips\.sqlite3"):
        serve()


def test_a_store_of_another_version(serve: Serve, tmp_path: Path) -> None:
    serve().server.close()
    connection = sqlite3.connect(tmp_path / "data" / "ips.sqlite3")
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(StoreError, match="another version"):
        serve()


def test_closing_twice_and_entering_again(ips: Ips) -> None:
    ips.server.close()
    ips.server.close()
    with pytest.raises(RuntimeError, match="not running"):
        _ = ips.server.url
    with ips.server as again:
        assert again.url


def test_serve_forever_ends_with_close(ips: Ips) -> None:
    ended = threading.Event()

    def serve_forever() -> None:
        ips.server.serve_forever()
        ended.set()

    thread = threading.Thread(target=serve_forever)
    thread.start()
    assert not ended.wait(0.05)
    ips.server.close()
    assert ended.wait(5)
    thread.join()


def test_closing_leaves_no_thread_behind(serve: Serve) -> None:
    before = set(threading.enumerate())
    ips = serve(seconds_per_asset=60)
    ips.submit(ips.export_job("interrupted", list(ips.handles().values())))
    connection = http.client.HTTPConnection("127.0.0.1", ips.address.port, timeout=10)
    connection.request("GET", "/")
    connection.getresponse().read()  # the connection stays open
    ips.server.close()
    connection.close()
    assert set(threading.enumerate()) == before


def test_jobs_survive_a_clean_restart(serve: Serve) -> None:
    ips = serve(seconds_per_asset=60, workers=1)
    handles = list(ips.handles().values())
    for name in ("runs", "waits"):
        ips.submit(ips.export_job(name, handles))
    item = "jobArray/items"
    active = ips.until(
        lambda: ips.call("getActiveJobs"),
        lambda reply: reply.texts(f"{item}/state") == ["Running", "WaitingCoordinator"],
    )
    runs = active.texts(f"{item}/jobHandle")
    ips.server.close()
    assert list((ips.options.data / "Exports").rglob("*.*")) == []
    again = serve()
    for name, run in zip(("runs", "waits"), runs, strict=True):
        log = again.finished(name)
        assert log.text(f"{LOG}/jobHandle") == run
        assert log.text(f"{LOG}/fileSuccessCount") == "6"
        assert log.text(f"{LOG}/detailTotalRows") == "6"


def test_old_zips_move_to_the_new_address(serve: Serve) -> None:
    ips = serve()
    ips.export(ips.export_job("old", [ips.handles()["PS_1"]]), "old")
    ips.server.close()
    again = serve()
    names = again.log("old").texts(f"{LOG}/detailArray/items/assetName")
    assert names[1].startswith(f"{again.server.url}/Exports/")
    assert again.request("GET", names[1].removeprefix(again.server.url)).status == 200


CHILD = """
import sys
from pathlib import Path
from s7spec.emulator import EmbeddedIps, EmbeddedIpsOptions
catalog, data, contract = map(Path, sys.argv[1:])
options = EmbeddedIpsOptions(
    catalog=catalog, data=data, contract=contract, seconds_per_asset=0.2, workers=1
)
with EmbeddedIps(options) as ips:
    print(ips.endpoint, flush=True)
    ips.serve_forever()
"""


def test_jobs_survive_a_kill(serve: Serve, ips: Ips) -> None:
    """SIGKILL in the middle of a job: it starts again, and its log begins anew."""
    handles = list(ips.handles().values())
    options: EmbeddedIpsOptions = ips.options
    ips.server.close()
    paths = [str(path) for path in (options.catalog, options.data, options.contract)]
    child = subprocess.Popen([sys.executable, "-c", CHILD, *paths], stdout=subprocess.PIPE)
    try:
        assert child.stdout is not None
        other = ips.at(child.stdout.readline().decode().strip())
        assert running_server(options.data) is not None
        with pytest.raises(ServerAlreadyRunning) as caught:
            serve()
        assert caught.value.pid == child.pid
        for name in ("cut", "next", "stopping"):
            other.call("submitJob", ips.export_job(name, handles))
        query = ips.children(companyHandle="c|110", originalName="cut")
        ips.until(
            lambda: other.call("getJobLogDetails", query),
            lambda log: log.texts(f"{LOG}/fileSuccessCount") == ["2"],
        )
    finally:
        child.send_signal(signal.SIGKILL)
        child.communicate()
    assert running_server(options.data) is None
    again = serve()
    for name in ("cut", "next", "stopping"):
        log = again.finished(name)
        assert log.text(f"{LOG}/fileSuccessCount") == "6"
        assert log.text(f"{LOG}/detailTotalRows") == "6"
    assert len(list((options.data / "Exports").rglob("*.*"))) == 3


def test_a_job_that_was_stopping_when_the_process_died(serve: Serve) -> None:
    ips = serve()
    handles = list(ips.handles().values())
    for name in ("kept", "forgotten"):
        ips.export(ips.export_job(name, handles), name)
    ips.server.close()
    connection = sqlite3.connect(ips.options.data / "ips.sqlite3")
    connection.execute("UPDATE jobs SET state = 'Stopping', forget = original_name = 'forgotten'")
    connection.commit()
    connection.close()
    again = serve()
    assert again.call("getActiveJobs").find("jobArray/items") == []
    log = again.finished("kept")
    assert log.text(f"{LOG}/fatalError") == "true"
    assert log.texts(f"{LOG}/detailArray/items/logType")[-1] == "ExportJobStopped"
    assert again.log("forgotten").find(LOG) == []


def test_many_submissions_at_once_are_all_kept(serve: Serve) -> None:
    ips = serve(seconds_per_asset=60)
    handle = ips.handles()["PS_1"]

    def submit(first: int) -> None:
        for number in range(first, first + 10):
            ips.submit(ips.export_job(f"job {number}", [handle]))

    threads = [threading.Thread(target=submit, args=(first,)) for first in range(0, 80, 10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    names = ips.call("getActiveJobs").texts("jobArray/items/originalName")
    assert sorted(names) == sorted(f"job {number}" for number in range(80))
    runs = ips.call("getActiveJobs").texts("jobArray/items/jobHandle")
    assert len(set(runs)) == 80


def test_many_requests_over_one_kept_connection(ips: Ips) -> None:
    body = ips.envelope("searchAssets", ips.children(companyHandle="c|110", includeSubfolders=True))
    connection = http.client.HTTPConnection("127.0.0.1", ips.address.port, timeout=10)
    for _ in range(100):
        connection.request("POST", ips.address.path, body, {"Content-Type": "text/xml"})
        answer = connection.getresponse()
        assert answer.status == 200
        assert answer.read()
    connection.close()


@pytest.mark.parametrize(
    "name", ["server.lock", "ips.sqlite3", "ips.sqlite3-wal", "ips.sqlite3-shm"]
)
def test_links_in_the_data_folder_are_refused(serve: Serve, tmp_path: Path, name: str) -> None:
    data, victim = tmp_path / "linked", tmp_path / "victim"
    data.mkdir()
    victim.write_bytes(b"precious")
    (data / name).symlink_to(victim)
    with pytest.raises(StoreError, match=f"{name}: cannot be used: is a symbolic link"):
        serve(data=data)
    assert victim.read_bytes() == b"precious"


@pytest.mark.parametrize("name", ["server.json", "server.json.part"])
def test_the_address_is_not_written_through_a_link(serve: Serve, tmp_path: Path, name: str) -> None:
    data, victim = tmp_path / "linked", tmp_path / "victim"
    data.mkdir()
    victim.write_bytes(b"precious")
    (data / name).symlink_to(victim)
    assert running_server(data) is None
    ips = serve(data=data)
    assert running_server(data) == ips.server.url
    assert victim.read_bytes() == b"precious"


def test_a_lock_that_is_a_pipe_holds_nobody(serve: Serve, tmp_path: Path) -> None:
    data = tmp_path / "piped"
    data.mkdir()
    os.mkfifo(data / "server.lock")
    assert running_server(data) is None
    with pytest.raises(StoreError, match="not a plain file"):
        serve(data=data)


def test_idle_connections_keep_nobody_out(ips: Ips) -> None:
    address = (ips.address.hostname or "", ips.address.port or 0)
    with ExitStack() as stack:
        for _ in range(300):
            stack.enter_context(socket.create_connection(address, 10))
        assert ips.call("getUserInfo").status == 200
