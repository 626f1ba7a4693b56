"""How fast the embedded IPS answers over loopback, beside the bare HTTP server it stands on.

    python benchmarks/embedded_ips.py [--jobs 3000] [--assets 1000000]

Servers run in processes of their own; the client is one process that sends prepared bytes over kept
connections. The floor is the same HTTP server with an application that reads the request and sends
an answer of the same size. Nothing is asserted.
"""

from __future__ import annotations

import argparse
import multiprocessing
import socket
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit

from s7spec.adapters.bundled import contract_folder
from s7spec.emulator import EmbeddedIps, EmbeddedIpsOptions

VERSIONED = "http://www.scene7.com/IpsApi/xsd/2014-04-03"
HANDLES = 100
ROUNDS = 5
FOLDER = "<folder>Acme/Synthetic/00001/</folder><includeSubfolders>false</includeSubfolders>"
DEEP = "<includeSubfolders>true</includeSubfolders><resultsPage>{}</resultsPage>"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--jobs", type=int, default=3000)
    parser.add_argument("--assets", type=int, default=1_000_000)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        submissions(Path(folder), arguments.jobs)
        searches(Path(folder), arguments.assets)


def submissions(folder: Path, jobs: int) -> None:
    bodies = [submit_job(number) for number in range(jobs)]
    with serving(ips, *options(folder / "jobs", "")) as server:
        answer = Client(server).send(submit_job(jobs))
        print(f"{'submitJob, ' + str(HANDLES) + ' handles':34} {'embedded IPS':>14} {'floor':>8}")
        with serving(bare, len(answer)) as floor:
            for connections in (1, 2, 8):
                ours, theirs = rate(server, bodies, connections), rate(floor, bodies, connections)
                title = f"{connections} kept connection" + ("s" if connections > 1 else "")
                share = f"{100 * ours / theirs:5.0f} % of the floor"
                print(f"{title:34} {ours:12.0f}/s {theirs:6.0f}/s {share}")


def searches(folder: Path, assets: int) -> None:
    given = options(folder / "many", f"synthetic: [{{prefix: SYN_, count: {assets}}}]\n")
    print(f"\n{f'a catalog of {assets:,} assets':34} {'embedded IPS':>14} {'floor':>8}")
    for title in ("first start, rows are made", "every other start"):
        started = time.perf_counter()
        with EmbeddedIps(EmbeddedIpsOptions(**given[0])):
            print(f"{title:34} {time.perf_counter() - started:12.2f} s")
    with serving(ips, *given) as server:
        client = Client(server)
        page = envelope("searchAssets", FOLDER)
        last = max(1, assets // 1000)
        with serving(bare, len(client.send(page))) as floor:
            wire = Client(floor)
            for title, request in (
                ("a folder, 1000 assets, all fields", page),
                ("the whole company, first page", envelope("searchAssets", DEEP.format(1))),
                ("the whole company, last page", envelope("searchAssets", DEEP.format(last))),
            ):
                ours, theirs = fast(client, request), fast(wire, request)
                print(f"{title:34} {ours:11.1f} ms {theirs:5.1f} ms")


def fast(client: Client, request: bytes) -> float:
    """Milliseconds for one answer, the median of some."""
    times = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        client.send(request)
        times.append(time.perf_counter() - started)
    return 1000 * median(times)


def rate(server: str, bodies: list[bytes], connections: int) -> float:
    """Answers in a second, all bodies once."""
    waiting: Iterator[bytes] = iter(bodies)
    lock = threading.Lock()

    def work() -> None:
        client = Client(server)
        while True:
            with lock:
                body = next(waiting, None)
            if body is None:
                return
            client.send(body)

    workers = [threading.Thread(target=work) for _ in range(connections)]
    started = time.perf_counter()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return len(bodies) / (time.perf_counter() - started)


class Client:
    """Plain HTTP/1.1 on one socket: the less it costs, the more is the server's."""

    def __init__(self, server: str) -> None:
        address = urlsplit(server)
        self._host = f"{address.hostname}:{address.port}"
        self._socket = socket.create_connection((address.hostname, address.port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._reader = self._socket.makefile("rb")

    def send(self, body: bytes) -> bytes:
        head = (
            f"POST /scene7/services/IpsApiService HTTP/1.1\r\nHost: {self._host}\r\n"
            f"Content-Type: text/xml\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        self._socket.sendall(head.encode() + body)
        status = self._reader.readline()
        if not status:
            raise ConnectionError("the server closed the connection")
        length = 0
        while (line := self._reader.readline()) != b"\r\n":
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        answer = self._reader.read(length)
        if b" 200 " not in status:
            raise RuntimeError(answer.decode())
        return answer


def envelope(operation: str, children: str) -> bytes:
    return (
        '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Header>'
        f'<a:authHeader xmlns:a="{VERSIONED}"><a:user>demo@example.com</a:user>'
        "<a:password>demo</a:password><a:appName>benchmark</a:appName><a:appVersion>1"
        f'</a:appVersion></a:authHeader></s:Header><s:Body><{operation}Param xmlns="{VERSIONED}">'
        f"<companyHandle>c|110</companyHandle>{children}</{operation}Param></s:Body></s:Envelope>"
    ).encode()


def submit_job(number: int) -> bytes:
    items = "".join(f"<items>a|{1000 + place}</items>" for place in range(HANDLES))
    return envelope(
        "submitJob",
        f"<jobName>benchmark {number}</jobName><exportJob><assetHandleArray>{items}"
        "</assetHandleArray><fmt>convert</fmt><is_modifier>wid=100</is_modifier>"
        "<emailSetting>None</emailSetting></exportJob>",
    )


def options(folder: Path, catalog: str) -> tuple[dict[str, object]]:
    """Two jobs run, each for ever; all others are stored and wait."""
    (folder / "catalog").mkdir(parents=True)
    (folder / "catalog" / "catalog.yaml").write_text(catalog)
    return (
        {
            "catalog": folder / "catalog",
            "data": folder / "data",
            "contract": contract_folder(),
            "seconds_per_asset": 1_000_000.0,
        },
    )


@contextmanager
def serving(server: Callable[..., None], *arguments: object) -> Iterator[str]:
    """A server in a process of its own; its address."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=server, args=(theirs, *arguments), daemon=True)
    process.start()
    # Ours would keep the pipe open beyond the end of a server that cannot start.
    theirs.close()
    try:
        yield ours.recv()
    finally:
        process.kill()
        process.join()


def ips(answer: Connection, given: dict[str, object]) -> None:
    with EmbeddedIps(EmbeddedIpsOptions(**given)) as server:  # type: ignore[arg-type]
        answer.send(server.url)
        server.serve_forever()


def bare(answer: Connection, size: int) -> None:
    from s7spec.emulator.http.server import HttpServer, address_of, listen

    body = b"x" * size
    headers = [("Content-Type", "text/xml"), ("Content-Length", str(size))]

    def application(
        environ: dict[str, object], start_response: Callable[..., object]
    ) -> list[bytes]:
        environ["wsgi.input"].read()  # type: ignore[attr-defined]
        start_response("200 OK", headers)
        return [body]

    listener = listen("127.0.0.1", 0)
    HttpServer(application, listener).start()  # type: ignore[arg-type]
    answer.send(address_of(listener))
    threading.Event().wait()


if __name__ == "__main__":
    main()
