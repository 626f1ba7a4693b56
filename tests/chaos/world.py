"""Rounds, one after another, in one process with its own children."""

from __future__ import annotations

import gc
import importlib
import os
import shutil
import signal
import sys
import traceback
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout, suppress
from dataclasses import dataclass
from io import StringIO
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random

from s7spec.adapters.bundled import contract_folder
from s7spec.adapters.credentials import Credentials
from s7spec.adapters.ips_soap.messages import Messages
from tests.chaos.conditions import MODULES
from tests.chaos.database import Database
from tests.chaos.faults import some_faults
from tests.chaos.healing import heal
from tests.chaos.judging import Finding, Judge
from tests.chaos.life import Life
from tests.chaos.runs import end_with_parent
from tests.chaos.scenes import hostile_phase, replace_ledger
from tests.chaos.settings import Settings, chance
from tests.chaos.tally import Tally

ROUNDS_OF_A_LIFE = 8
JOBS_OF_A_ROUND = 20
_PATIENCE = 60.0
_OF_THE_SERVER = ("s7spec.cli.commands.ips", "s7spec.emulator.assembly")
_QUIRKS = ("log_visible=at end", "done_jobs_seconds=1", "known_name=refuse")


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """One round of a world, to be told to whoever counts."""

    world: int
    number: int
    ledger: str
    tally: Tally
    findings: tuple[Finding, ...]
    folder: Path


def load_everything(folder: Path) -> None:
    """Has one command run from nothing and imports what it needed, so that forked ones need not.
    Only modules: threads and connections of a run would not live on in its copies."""
    life = Life(folder, "sqlite", chance("first"), spawns=True)
    names = folder / "modules"
    words = ["apply", "--yes", "--format", "json", "--first-run"]
    life.watch([life.start(words, environ={MODULES: str(names)})], limit=_PATIENCE)
    life.close()
    for name in names.read_text().splitlines():
        if name != "__main__":
            with suppress(ImportError):  # some modules only exist inside of others
                importlib.import_module(name)
    for name in _OF_THE_SERVER:
        importlib.import_module(name)
    nobody = Credentials(user="nobody", password="")
    Messages(contract_folder(), endpoint="http://127.0.0.1/", credentials=nobody)  # reads the WSDL
    shutil.rmtree(folder)


def play_world(
    number: int,
    settings: Settings,
    may_begin: Callable[[], bool],
    told: Connection,
    database: Database | None,
) -> None:
    """Sends a Played for each round; ends with the first one in which something is wrong."""
    os.setsid()
    end_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    kind = settings.ledgers[number % len(settings.ledgers)]
    life: Life | None = None
    judge: Judge | None = None
    round_number = 0
    folder = settings.folder / f"world-{number}"
    while may_begin():
        if life is None or judge is None:
            folder = settings.folder / f"world-{number}" / f"life-{round_number}"
            random = chance(settings.seed, number, round_number)
            life = _new_life(folder, kind, settings, random, database)
            judge = Judge(life)
            _warm_up(life)
        life.chance.seed(f"{settings.seed}/{number}/{round_number}")
        findings = _played(life, judge, round_number)
        tally, life.tally = life.tally, Tally()
        told.send(
            Played(
                world=number,
                number=round_number,
                ledger=kind,
                tally=tally,
                findings=tuple(findings),
                folder=folder,
            )
        )
        round_number += 1
        if findings:
            life.close()
            return
        if round_number % ROUNDS_OF_A_LIFE == 0:
            life.close()
            shutil.rmtree(folder)
            life = None
    if life is not None:
        life.close()
        shutil.rmtree(folder)


def _new_life(
    folder: Path, kind: str, settings: Settings, random: Random, database: Database | None
) -> Life:
    quirks = [quirk for quirk in _QUIRKS if random.random() < 0.3]
    return Life(
        folder,
        kind,
        random,
        spawns=settings.spawns,
        database=database,
        quirks=quirks,
        pace=random.choice((0.0, 0.0, 0.02, 0.05)),
    )


def _warm_up(life: Life) -> None:
    """Whatever s7spec keeps in memory once it has read schemas and manifests."""
    from s7spec.cli.boundary import run

    here = Path.cwd()
    os.chdir(life.root)
    with redirect_stdout(StringIO()), redirect_stderr(StringIO()):
        run(["validate"])
    os.chdir(here)
    gc.collect()
    gc.freeze()


def _played(life: Life, judge: Judge, number: int) -> list[Finding]:
    try:
        return _play(life, judge, number)
    except Exception:  # noqa: BLE001 - a broken harness is a finding, too
        return [Finding(kind="others", what=traceback.format_exc())]


def _play(life: Life, judge: Judge, number: int) -> list[Finding]:
    random = life.chance
    life.note(f"round {number}")
    life.tally.add("", "rounds")
    life.runs.clear()
    before = len(life.server.jobs())
    if random.random() < 0.3:
        life.place.copy()
    if number % ROUNDS_OF_A_LIFE:
        life.project.change(least=JOBS_OF_A_ROUND)
        if random.random() < 0.2:
            replace_ledger(life, quietly=True)
    some_faults(life.server.faults, random)
    hostile_phase(life)
    findings = heal(life)
    if not findings and not life.await_rest():
        findings.append(Finding(kind="others", what="the server does not come to rest"))
    findings = findings or heal(life)  # what was scheduled has run by now
    if not findings:
        findings = judge.findings()
    for kind, hits in life.server.fault_hits().items():
        life.tally.add("faults fired", kind, hits)
    jobs = life.server.jobs()[before:]
    life.tally.add("", "jobs submitted", len(jobs))
    life.tally.add("", "jobs ended on purpose badly", sum(not job.ended_well for job in jobs))
    for finding in findings:
        life.tally.add("found", finding.kind)
        life.note(f"FOUND {finding.kind}: {finding.what}")
    if not findings:
        life.project.is_settled()
    sys.stdout.flush()
    return findings
