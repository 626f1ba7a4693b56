"""How many jobs a second go out through the gateway, beside zeep alone; and what reads cost.

    python -m benchmarks.submitting [--jobs 1000] [--threads 1,4,8,16] [--rounds 3]

The embedded IPS runs in a process of its own and does every job at once: one tiny original each.
The peer is what a short script would be: a zeep client with a pool of threads that does nothing but
submit. Each row is the fastest of some runs that take turns, each on an empty store; processor time
is that of our process and of the server's, for each job, until the server has ended all jobs.
Nothing is asserted.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import requests
from PIL import Image
from requests.adapters import HTTPAdapter
from zeep import Client
from zeep.transports import Transport

from s7spec.adapters.bundled import contract_folder
from s7spec.adapters.credentials import Credentials
from s7spec.adapters.ips_soap import IpsSoapGateway
from s7spec.emulator import DEFAULT_PASSWORD, DEFAULT_USER, EmbeddedIps, EmbeddedIpsOptions
from s7spec.model.manifest import EmailSetting, Fmt
from s7spec.model.submission import Submission

PICTURES = 20
BINDING = "{http://www.scene7.com/IpsApi}IpsApiServiceSoapBinding"
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    endpoint: str
    pid: int

    def cpu(self) -> float:
        """Seconds of processor time so far; Linux only."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """``wall`` is seconds until the last answer; ``ours`` and ``servers`` are seconds of processor
    time until the last job has ended."""

    jobs: int
    wall: float
    ours: float
    servers: float


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--jobs", type=int, default=1000)
    parser.add_argument("--threads", default="1,4,8,16")
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    title = f"{given.jobs} jobs of one original"
    say(f"{title:34} {'submits':>12} {'vs zeep':>8} {'ours':>12} {'server':>12}")
    for threads in map(int, given.threads.split(",")):
        runs: dict[str, list[Measured]] = {title: [] for title in WAYS}
        for _ in range(given.rounds):
            for title, work in WAYS.items():
                runs[title].append(measure(work, given.jobs, threads))
        best = {title: min(found, key=lambda run: run.wall) for title, found in runs.items()}
        for title, run in best.items():
            show(f"{title}, {threads} threads", run, best[PEER])
    reads(given.jobs)


Work = Callable[[str, int, int], None]


def measure(work: Work, jobs: int, threads: int) -> Measured:
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as server:
        work(server.endpoint, 20, 2)  # whatever is made once
        at_rest(server)
        ours, servers, begin = time.process_time(), server.cpu(), time.perf_counter()
        work(server.endpoint, jobs, threads)
        wall = time.perf_counter() - begin
        ours = time.process_time() - ours
        at_rest(server)
        return Measured(jobs=jobs, wall=wall, ours=ours, servers=server.cpu() - servers)


def zeep_alone(endpoint: str, jobs: int, threads: int) -> None:
    untyped: Any = Client
    session = requests.Session()
    session.mount("http://", HTTPAdapter(pool_maxsize=threads))
    client = untyped(
        str(contract_folder() / "IpsApi-2014-04-03.wsdl"), transport=Transport(session=session)
    )
    service = client.create_service(BINDING, endpoint)
    header = {"authHeader": {"user": DEFAULT_USER, "password": DEFAULT_PASSWORD}}
    header["authHeader"] |= {"appName": "bench", "appVersion": "1"}

    def submit(number: int) -> None:
        service.submitJob(
            companyHandle="c|110",
            jobName=f"bench-{number}",
            description="bench",
            exportJob={
                "assetHandleArray": {"items": [f"a|{1001 + number % PICTURES}"]},
                "fmt": "orig",
                "emailSetting": "None",
            },
            _soapheaders=header,
        )

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(submit, range(jobs)))
    session.close()


def only_submits(endpoint: str, jobs: int, threads: int) -> None:
    with connected(endpoint) as gateway, ThreadPoolExecutor(threads) as pool:
        list(pool.map(lambda number: gateway.submit(submission(number)), range(jobs)))


def submits_and_logs(endpoint: str, jobs: int, threads: int) -> None:
    """As an apply does: each job is asked for until it has ended, while others are sent."""

    def whole(number: int) -> None:
        gateway.submit(submission(number))
        if number >= threads * 4:
            ended(gateway, submission(number - threads * 4).attempt_name)

    with connected(endpoint) as gateway, ThreadPoolExecutor(threads) as pool:
        list(pool.map(whole, range(jobs)))
        rest = range(max(0, jobs - threads * 4), jobs)
        list(pool.map(lambda n: ended(gateway, submission(n).attempt_name), rest))


PEER = "zeep alone"
WAYS: dict[str, Work] = {
    PEER: zeep_alone,
    "gateway": only_submits,
    "gateway with logs": submits_and_logs,
}


def ended(gateway: IpsSoapGateway, name: str) -> None:
    while (found := gateway.logged(name)) is None or found.endDate is None:
        time.sleep(0.05)


def reads(jobs: int) -> None:
    """Milliseconds of one thread that does nothing else, and of processor time of both sides."""
    say(f"\n{'reads, one thread':34} {'a call':>12} {'ours':>12} {'server':>12}")
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as server:
        only_submits(server.endpoint, jobs, 4)
        at_rest(server)
        with connected(server.endpoint) as gateway:
            calls: dict[str, Callable[[int], object]] = {
                "logged": lambda n: gateway.logged(f"bench-{n}"),
                "find, ended": lambda n: gateway.find(f"bench-{n}"),
                "find, nowhere": lambda n: gateway.find(f"nobody-{n}"),
                "active_jobs, none": lambda _: gateway.active_jobs(),
            }
            for title, call in calls.items():
                times = 200
                ours, servers = time.process_time(), server.cpu()
                begin = time.perf_counter()
                for number in range(times):
                    call(number % jobs)
                wall = time.perf_counter() - begin
                cost = (wall, time.process_time() - ours, server.cpu() - servers)
                say(f"{title:34} " + " ".join(f"{1000 * each / times:9.2f} ms" for each in cost))


def submission(number: int) -> Submission:
    return Submission(
        attempt_name=f"bench-{number}",
        description="bench",
        assetHandleArray=(f"a|{1001 + number % PICTURES}",),
        fmt=Fmt.ORIG,
        is_modifier=None,
        macro=None,
        emailSetting=EmailSetting.NONE,
    )


def connected(endpoint: str) -> IpsSoapGateway:
    return IpsSoapGateway(
        endpoint=endpoint,
        company="Acme",
        credentials=Credentials(user=DEFAULT_USER, password=DEFAULT_PASSWORD),
        contract=contract_folder(),
    )


def at_rest(server: Server) -> None:
    """Waits until the server does nothing any more."""
    before = -1.0
    while (now := server.cpu()) > before:
        before = now
        time.sleep(0.2)


@contextmanager
def serving(folder: Path) -> Iterator[Server]:
    (folder / "catalog").mkdir()
    for number in range(PICTURES):
        Image.new("RGB", (4, 4)).save(folder / "catalog" / f"p{number:02}.png")
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=serve, args=(theirs, folder), daemon=True)
    process.start()
    theirs.close()
    try:
        yield Server(endpoint=ours.recv(), pid=process.pid or 0)
    finally:
        process.kill()
        process.join()


def serve(answer: Connection, folder: Path) -> None:
    options = EmbeddedIpsOptions(
        catalog=folder / "catalog", data=folder / "data", contract=contract_folder()
    )
    with EmbeddedIps(options) as server:
        answer.send(server.endpoint)
        threading.Event().wait()


def show(title: str, row: Measured, peer: Measured) -> None:
    rate, other = row.jobs / row.wall, peer.jobs / peer.wall
    costs = " ".join(f"{1000 * each / row.jobs:9.2f} ms" for each in (row.ours, row.servers))
    say(f"{title:34} {rate:10.0f}/s {rate / other:7.2f}x {costs}")


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
