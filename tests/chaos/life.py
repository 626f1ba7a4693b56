"""One project with its server and its ledger: what the scenes of a chaos act upon."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from types import MappingProxyType

from tests.chaos.database import Database
from tests.chaos.faults import no_faults
from tests.chaos.ledgers import ledger_place
from tests.chaos.project import Project
from tests.chaos.runs import Launcher, Run
from tests.chaos.sabotage import Sabotage
from tests.chaos.server import Server
from tests.chaos.tally import Tally

AT_A_MOMENT = "at any moment"
_NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """Done so many seconds after the beginning of a scene."""

    at: float
    do: Callable[[], object]


@dataclass(slots=True)
class Excuses:
    """What the design says may double a job. Times are seconds since 1970."""

    restored_at: list[float] = field(default_factory=list)
    """An older copy took the ledger's place while requests may have been on their way."""
    zombies: list[tuple[float, float]] = field(default_factory=list)
    """When a stopped run went on, and for how long it had stood."""


class Life:
    """``orphans`` are names of jobs that only a lost ledger knew."""

    def __init__(
        self,
        root: Path,
        kind: str,
        chance: Random,
        *,
        spawns: bool,
        database: Database | None = None,
        quirks: Iterable[str] = (),
        pace: float = 0.0,
    ) -> None:
        """``pace``: seconds that IPS takes for an asset."""
        root.mkdir(parents=True)
        self.root = root
        self.chance = chance
        self.tally = Tally()
        self.excuses = Excuses()
        self.orphans: set[str] = set()
        self.runs: list[Run] = []
        self._database = database
        self.place = ledger_place(kind, root, "" if database is None else database.url)
        self.launcher = Launcher(root, kind, spawns=spawns, environ=self.place.environ)
        self.server = Server(root, self.launcher, chance, quirks=quirks, pace=pace)
        self.project = Project(root, url=self.server.url, chance=chance)
        no_faults(self.server.faults)
        self.server.start()
        self.note(f"server at {self.server.url}, quirks {list(quirks)}, ledger {kind}")
        self._why: dict[int, str] = {}
        self._closed: set[int] = set()
        self._number = 0

    def note(self, text: str) -> None:
        """For whoever has to find out what happened."""
        with (self.root / "journal.txt").open("a") as journal:
            journal.write(f"{time.time():.3f} {text}\n")

    def start(
        self,
        arguments: Sequence[str],
        sabotage: Sabotage | None = None,
        environ: Mapping[str, str] = _NOTHING,
    ) -> Run:
        self._number += 1
        output = self.root / f"run-{self._number:04}.out"
        run = self.launcher.start(arguments, output=output, sabotage=sabotage, environ=environ)
        self.note(f"run {self._number} pid {run.pid} {' '.join(arguments)} {sabotage or ''}")
        self.tally.add("", "commands")
        self.runs.append(run)
        if sabotage is not None:
            self._why[run.pid] = sabotage.moment
        return run

    def kill(self, run: Run) -> None:
        if run.poll() is None:
            self._why[run.pid] = AT_A_MOMENT
            run.kill()

    def watch(self, runs: Iterable[Run], deeds: Iterable[Deed] = (), *, limit: float) -> None:
        """Does the deeds in time and waits until all runs are over; after ``limit`` seconds they
        are killed."""
        watched, began = list(runs), time.monotonic()
        for deed in sorted(deeds, key=lambda each: each.at):
            if self._over(watched, until=began + deed.at):
                break
            deed.do()
        if not self._over(watched, until=began + limit):
            for run in watched:
                self.kill(run)
        for run in watched:
            run.wait()
            if run.pid not in self._closed:
                self._close(run)

    def _over(self, runs: Iterable[Run], *, until: float) -> bool:
        """Whether all end by then."""
        return all(run.wait(max(0.0, until - time.monotonic())) is not None for run in list(runs))

    def _close(self, run: Run) -> None:
        self._closed.add(run.pid)
        self.note(f"pid {run.pid} ended with {run.code}")
        self.tally.add("exit codes", str(run.code))
        if run.was_killed:
            self.tally.add("kills", self._why.get(run.pid, AT_A_MOMENT))
            self.tally.add("state in the ledger at a kill", self.place.delicate_state())

    def kill_server(self) -> None:
        self.note("the server is killed")
        self.tally.add("mischief", "server killed")
        self.server.kill()

    def server_goes_on(self) -> None:
        self.server.pause(paused=False)

    def ensure_server(self) -> None:
        self.server_goes_on()
        if not self.server.is_up:
            self.server.start()
            self.note("the server is up again")

    def restart_database(self) -> None:
        assert self._database is not None
        self.note("the database is killed")
        self.tally.add("mischief", "database killed and started again")
        self._database.restart()
        self.note("the database is up again")

    def await_rest(self, seconds: float = 20.0) -> bool:
        """Whether the server came to rest: nothing runs there, nothing is on its way."""
        end = time.monotonic() + seconds
        while not self.server.is_at_rest():
            if time.monotonic() > end:
                return False
            time.sleep(0.05)
        return True

    def before_mischief(self) -> None:
        """Remembers what the ledger knew."""
        self.orphans.update(record.attempt.name for record in self.place.records())
        self.orphans.update(job.name for job in self.server.jobs())

    def close(self) -> None:
        for run in self.runs:
            run.kill()
            run.wait()
        self.server.kill()
        self.place.close()
