"""The embedded IPS as a process of its own, and its own records, read from its own files."""

from __future__ import annotations

import os
import re
import signal
import socket
import sqlite3
import time
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from random import Random

from s7spec.emulator import running_server
from tests.chaos.runs import Launcher, Run

_HIT = re.compile(r"faults hit \S+.*: (.+)$")
_STARTING_SECONDS = 30.0
_PORTS = (20_000, 31_000)
"""Below those that the system gives to clients: the port must still be free after a restart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerJob:
    """A row of the server's own table. Times are seconds since 1970."""

    run_id: int
    run_name: str
    name: str
    modifier: str
    state: str
    submitted: float
    started: float
    is_fatal: bool
    errors: int
    hangs: bool
    zips: tuple[Path, ...]

    @property
    def handle(self) -> str:
        return f"j|110||{self.run_name}|{self.run_id}"

    @property
    def ended_well(self) -> bool:
        return self.state == "Done" and not self.is_fatal and not self.errors and bool(self.zips)


class Server:
    """``quirks`` and ``pace`` are options of `s7spec ips serve`."""

    def __init__(
        self,
        root: Path,
        launcher: Launcher,
        chance: Random,
        *,
        quirks: Iterable[str] = (),
        pace: float = 0.0,
    ) -> None:
        self.data = root / "ips"
        self.faults = root / "faults.txt"
        self._root = root
        self._launcher = launcher
        self._options = [word for quirk in quirks for word in ("--quirk", quirk)]
        self._options += ["--seconds-per-asset", str(pace)]
        self._port = _free_port()
        self._run: Run | None = None
        self._log_seen = 0
        self._starts = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}/"

    @property
    def is_up(self) -> bool:
        return self._run is not None and self._run.poll() is None

    def start(self) -> None:
        """Returns when it answers."""
        self.begin()
        end = time.monotonic() + _STARTING_SECONDS
        while running_server(self.data) is None:
            assert self.is_up, f"the server ended at once: {self._log()[-2000:]}"
            assert time.monotonic() < end, "the server does not start"
            time.sleep(0.01)

    def begin(self) -> None:
        assert not self.is_up
        self._starts += 1
        arguments = ["ips", "serve", "--catalog", "catalog", "--data", "ips", "-v"]
        arguments += ["--port", str(self._port), "--faults", "faults.txt"]
        self._run = self._launcher.start(
            [*arguments, *self._options], output=self._root / "server.out"
        )

    def kill(self) -> None:
        if self._run is not None:
            self._run.kill()
            self._run.wait()

    def pause(self, *, paused: bool) -> None:
        """It stands still: requests wait in its queues."""
        if self._run is not None:
            self._run.send(signal.SIGSTOP if paused else signal.SIGCONT)

    def fault_hits(self) -> Counter[str]:
        """By kind, since the last call."""
        text = self._log()
        fresh, self._log_seen = text[self._log_seen :], len(text)
        hits = Counter[str]()
        for line in fresh.splitlines():
            found = _HIT.search(line)
            if found is not None:
                hits.update(kind.strip() for kind in found.group(1).split(","))
        return hits

    def _log(self) -> str:
        path = self._root / "server.err"
        return path.read_text(errors="replace") if path.exists() else ""

    def jobs(self) -> list[ServerJob]:
        """All that it ever took in, oldest first."""
        with closing(self._connect()) as connection:
            rows = connection.execute("SELECT * FROM jobs ORDER BY run_id").fetchall()
            zips: dict[int, list[Path]] = {}
            found = "SELECT run_id, zip_path FROM details WHERE zip_path IS NOT NULL"
            for run_id, path in connection.execute(found):
                zips.setdefault(run_id, []).append(self.data / path)
        return [_job(row, tuple(zips.get(row["run_id"], ()))) for row in rows]

    def is_at_rest(self) -> bool:
        """Nothing runs, and nothing waits to be taken in."""
        with closing(self._connect()) as connection:
            (count,) = connection.execute(
                "SELECT (SELECT count(*) FROM jobs WHERE state <> 'Done')"
                " + (SELECT count(*) FROM schedules)"
            ).fetchone()
        return not count

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(f"file:{self.data / 'ips.sqlite3'}?mode=ro", uri=True)
        connection.row_factory = sqlite3.Row
        return connection


def _job(row: sqlite3.Row, zips: tuple[Path, ...]) -> ServerJob:
    return ServerJob(
        run_id=row["run_id"],
        run_name=row["run_name"],
        name=row["original_name"],
        modifier=row["is_modifier"] or "",
        state=row["state"],
        submitted=row["submitted"] / 1000,
        started=(row["started"] or 0) / 1000,
        is_fatal=bool(row["fatal"]),
        errors=row["errors"],
        hangs='"hangs_after": null' not in row["fate"] and bool(row["fate"]),
        zips=zips,
    )


def _own_chance() -> Random:
    """Of this process: tests beside each other have one seed, and must not meet at one port."""
    return Random(f"{os.getpid()} {time.monotonic_ns()}")  # noqa: S311 -- a port, not a secret


def _free_port() -> int:
    while True:
        port = _own_chance().randint(*_PORTS)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
