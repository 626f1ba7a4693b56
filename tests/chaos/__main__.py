"""Kills, faults, fights and losses by chance, against the real command line and a real server.

    make chaos [CHAOS_ROUNDS=200] [CHAOS_SECONDS=...] [CHAOS_SEED=...] [CHAOS_LEDGER=sqlite]

Each round: a project of 22 to 30 exports changes so that at least 20 jobs are to be sent; the
server gets faults; runs of `s7spec apply` are killed, stopped, interrupted, doubled, and the server
and the ledger are hit as well; then the faults go, and healthy runs follow until there is nothing
left to do. At last the server's own tables are held beside the ledger and the ZIPs on disk.

Commands are forked from a process that has imported s7spec (CHAOS_FORK=0: each is started from
nothing): the whole command line with its own arguments, process, descriptors and connections, to be
killed like any other; only the imports are not paid for each time. Real SOAP goes over real HTTP to
`s7spec ips serve` in a process of its own. Several worlds (CHAOS_WORLDS), each with its project,
server and ledger, play at the same time. CHAOS_SEED and CHAOS_ONLY=<world> play the rounds of one
world again: the same changes, faults and moments; how the processes meet is up to the machine.
"""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import replace
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path

from tests.chaos.database import Database, running_database
from tests.chaos.settings import Settings
from tests.chaos.tally import Tally
from tests.chaos.world import Played, load_everything, play_world


class Chaos:
    """All worlds of one chaos."""

    def __init__(self, settings: Settings, database: Database | None) -> None:
        self._database = database
        self.tally = Tally()
        self.judged = Counter(dict.fromkeys(settings.ledgers, 0))
        self.wrong: list[Played] = []
        self._settings = settings
        self._fork = multiprocessing.get_context("fork")
        self._begun = self._fork.Value("i", 0)
        self._since = time.monotonic()
        self._worlds: dict[Connection, BaseProcess] = {}

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._since

    def may_begin(self) -> bool:
        """Whether one more round is played; asked by every world."""
        settings = self._settings
        if settings.seconds is not None and self.seconds >= settings.seconds:
            return False
        with self._begun.get_lock():
            if self._begun.value >= settings.rounds:
                return False
            self._begun.value += 1
            return True

    def play(self) -> None:
        settings = self._settings
        numbers = range(settings.worlds) if settings.only is None else (settings.only,)
        for number in numbers:
            mine, theirs = self._fork.Pipe(duplex=False)
            world = self._fork.Process(
                target=play_world, args=(number, settings, self.may_begin, theirs, self._database)
            )
            world.start()
            theirs.close()
            self._worlds[mine] = world
        try:
            while self._worlds and not self._is_over():
                self._listen()
        finally:
            self._end()

    def _listen(self) -> None:
        """To worlds, and to those of them that ask for another start of the database."""
        asked = None if self._database is None else self._database.asked
        for ready in wait([*self._worlds, *([] if asked is None else [asked])], timeout=0.5):
            assert isinstance(ready, Connection)
            if ready is asked and self._database is not None:
                self._database.heed()
            else:
                self._hear(ready)

    def _is_over(self) -> bool:
        end = self._settings.end
        return end is not None and self.seconds >= end

    def _hear(self, connection: Connection) -> None:
        try:
            played = connection.recv()
        except EOFError:
            self._worlds.pop(connection).join()
            return
        self.tally.update(played.tally)
        self.judged[played.ledger] += 1
        if played.findings:
            self.wrong.append(played)
            self._tell(played)

    def _tell(self, played: Played) -> None:
        print(f"world {played.world}, round {played.number}, {played.folder}:", flush=True)
        for finding in played.findings:
            print(f"  {finding.kind}: {finding.what}", flush=True)

    def _end(self) -> None:
        """Whoever still plays ends now, with all its children."""
        for world in self._worlds.values():
            if world.pid is not None and world.is_alive():
                self.tally.add("", "rounds cut off")
                os.killpg(world.pid, signal.SIGKILL)
            world.join()


def main() -> int:
    try:
        settings = Settings.of(os.environ)
    except ValueError as error:
        print(error)
        return 2
    folder = Path(tempfile.mkdtemp(prefix="chaos-", dir=settings.folder))
    settings = replace(settings, folder=folder)
    os.environ |= {"S7SPEC_USER": "demo@example.com", "S7SPEC_PASSWORD": "demo"}
    print(f"CHAOS_SEED={settings.seed}, in {folder}", flush=True)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    load_everything(folder / "first")
    with ExitStack() as stack:
        needed = "postgres" in settings.ledgers
        database = stack.enter_context(running_database()) if needed else None
        chaos = Chaos(settings, database)
        chaos.play()
    print(chaos.tally.table())
    print(f"seconds  {chaos.seconds:.0f}")
    judged = ", ".join(f"{rounds:,} on {ledger}" for ledger, rounds in chaos.judged.items())
    print(f"rounds judged: {judged}")
    if not chaos.wrong and not all(chaos.judged.values()):
        print("on some ledger no round came to its end: nothing is proved")
        return 1
    if not chaos.wrong:
        shutil.rmtree(folder, ignore_errors=True)
        return 0
    for played in chaos.wrong:
        print(f"again: make chaos CHAOS_SEED={settings.seed} CHAOS_ONLY={played.world}")
    print(f"kept: {folder}")
    return 1


if __name__ == "__main__":
    sys.exit(main())
