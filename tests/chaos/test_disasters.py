"""Disks, clocks and people that take the ledger away from under a run: the run says so and ends,
and the next one settles everything."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.chaos.conditions import CLOCK, FILE_BYTES
from tests.chaos.database import Database
from tests.chaos.healing import heal
from tests.chaos.judging import Finding, Judge
from tests.chaos.life import Life
from tests.chaos.runs import Run
from tests.chaos.sabotage import Sabotage
from tests.chaos.settings import LEASE, chance
from tests.postgres import PostgresServer

_APPLY = ("apply", "--yes", "-q", "--max-in-flight", "4")
_LIMIT = 40.0


@pytest.fixture
def life(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Life]:
    """A project of 22 exports or more, each of a quarter of a second at IPS."""
    monkeypatch.setenv("S7SPEC_USER", "demo@example.com")
    monkeypatch.setenv("S7SPEC_PASSWORD", "demo")
    life = Life(tmp_path / "life", "sqlite", chance("disasters"), spawns=True, pace=0.02)
    try:
        yield life
    finally:
        life.close()


def settled(life: Life) -> list[Finding]:
    """What is wrong after healthy runs; the unlucky ones must have ended as documented."""
    found = heal(life)
    assert life.await_rest()
    return found or Judge(life).findings()


def ended(life: Life, run: Run) -> Run:
    life.watch([run], limit=_LIMIT)
    return run


def sent(life: Life) -> int:
    return len(life.server.jobs())


def amid(life: Life, run: Run, do: Callable[[], object]) -> Run:
    """``do`` when the first jobs of a run are on IPS, and more are to come."""
    before = sent(life)
    while run.poll() is None and sent(life) < before + 3:
        time.sleep(0.01)
    assert run.poll() is None, f"it ended before: {run.text}"
    do()
    return ended(life, run)


def told(run: Run) -> str:
    """What it said, whatever the width of the terminal."""
    return " ".join(run.talk.split())


def delivered(life: Life) -> None:
    run = ended(life, life.start([*_APPLY, "--first-run"]))
    assert run.code == 0, run.text
    life.project.change(least=20)


@pytest.mark.parametrize("room", [4_096, 50_000])
def test_a_disk_that_takes_no_more(life: Life, room: int) -> None:
    delivered(life)
    most = max(path.stat().st_size for path in (life.root / ".s7spec").iterdir())
    run = ended(life, life.start(_APPLY, environ={FILE_BYTES: str(most + room)}))
    assert run.code in (1, 3), run.text
    assert "ledger.db cannot be" in told(run)
    assert settled(life) == []


@pytest.fixture
def small_disk(life: Life) -> Iterator[Path]:
    """``.s7spec`` on a file system of its own."""
    folder = life.root / ".s7spec"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("needs to mount a file system")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def remount(folder: Path, option: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{option}", str(folder)], check=True)


def fill(folder: Path, *, leave: int) -> None:
    free = os.statvfs(folder)
    (folder / "ballast").write_bytes(bytes(free.f_bavail * free.f_frsize - leave))


@pytest.mark.parametrize("room", [0, 40_960])
def test_a_full_disk(life: Life, small_disk: Path, room: int) -> None:
    delivered(life)
    fill(small_disk, leave=room)
    run = ended(life, life.start(_APPLY))
    assert run.code in (1, 3), run.text
    assert "the disk is full" in told(run)
    (small_disk / "ballast").unlink()
    assert settled(life) == []


def test_a_disk_that_is_read_only(life: Life, small_disk: Path) -> None:
    delivered(life)
    before = sent(life)
    remount(small_disk, "ro")
    run = ended(life, life.start(_APPLY))
    assert run.code == 3, run.text
    assert "ledger.db cannot be" in told(run)
    assert sent(life) == before
    planned = ended(life, life.start(["plan"]))
    assert planned.code == 0, planned.text
    remount(small_disk, "rw")
    assert settled(life) == []


def test_a_ledger_deleted_amid_a_run(life: Life) -> None:
    delivered(life)
    life.before_mischief()
    run = amid(life, life.start(_APPLY), life.place.lose)
    assert run.code == 1, run.text
    assert "ledger.db" in told(run)
    assert settled(life) == []


@pytest.mark.parametrize("again", [False, True], ids=["from before", "from amid"])
def test_a_ledger_replaced_amid_a_run(life: Life, again: bool) -> None:
    delivered(life)
    life.place.copy()
    life.before_mischief()
    run = life.start(_APPLY)
    if again:
        amid_copy(life, run)
    run = amid(life, run, life.place.restore)
    assert run.code == 1, run.text
    assert "ledger.db" in told(run)
    assert settled(life) == []


def amid_copy(life: Life, run: Run) -> None:
    before = sent(life)
    while run.poll() is None and sent(life) < before + 3:
        time.sleep(0.01)
    life.place.copy()


@pytest.mark.parametrize("by", [-3600.0, 3600.0])
def test_a_clock_that_jumps_amid_a_run(life: Life, by: float) -> None:
    delivered(life)
    run = ended(life, life.start(_APPLY, environ={CLOCK: f"0.5:{by}"}))
    assert run.code in (0, 1), run.text
    assert settled(life) == []


@pytest.mark.parametrize("moment", ["after-write", "after-submit"])
def test_a_run_that_died_an_hour_ahead(life: Life, moment: str) -> None:
    """Its lease and its intents lie in the future: nobody waits an hour for them."""
    delivered(life)
    sabotage = Sabotage(moment=moment, number=5)
    run = ended(life, life.start(_APPLY, sabotage, environ={CLOCK: "0:3600"}))
    assert run.was_killed
    locked = ended(life, life.start(_APPLY))
    assert locked.code == 7, locked.text
    time.sleep(LEASE)
    assert settled(life) == []


@pytest.fixture
def shared_life(
    tmp_path: Path, own_postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Life]:
    """With its ledger in a database that is nobody else's."""
    monkeypatch.setenv("S7SPEC_USER", "demo@example.com")
    monkeypatch.setenv("S7SPEC_PASSWORD", "demo")
    database = Database(own_postgres.url, own_postgres)
    life = Life(
        tmp_path / "life",
        "postgres",
        chance("restart"),
        spawns=True,
        database=database,
        pace=0.02,
    )
    try:
        yield life
    finally:
        life.close()


@pytest.mark.parametrize("how", ["restart", "kill"])
def test_a_database_that_restarts_amid_a_run(
    shared_life: Life, own_postgres: PostgresServer, how: str
) -> None:
    """Between two steps it is waited for; a step that it cut off is looked up, or ends the run."""

    def again() -> None:
        if how == "kill":
            own_postgres.kill()
            own_postgres.start()
        else:
            own_postgres.restart()

    run = shared_life.start([*_APPLY, "--first-run"])
    amid(shared_life, run, again)
    assert run.code in (0, 1), run.text
    assert settled(shared_life) == []
