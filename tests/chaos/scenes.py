"""What is done to runs, the server and the ledger."""

from __future__ import annotations

import signal
import time
from random import Random

from tests.chaos.life import Deed, Life
from tests.chaos.project import MANIFEST, Project
from tests.chaos.runs import Run
from tests.chaos.sabotage import MOMENTS, Sabotage
from tests.chaos.settings import LEASE, QUARANTINE, STANDSTILL

_AROUND_SUBMITS = ("before-submit", "during-submit")
_LIMIT = 9.0
_USUAL = 2.5
"""Seconds that a run takes when nobody disturbs it."""


def hostile_phase(life: Life) -> None:
    """One to three scenes; between them the manifest may change, and the ledger be replaced."""
    chance = life.chance
    for _ in range(chance.choice((1, 2, 2, 3))):
        (scene,) = chance.choices(_SCENES, [weight for _, weight in _WEIGHTS])
        life.note(f"scene {scene.__name__}")
        scene(life)
        life.ensure_server()
        if chance.random() < 0.2:
            life.project.change(least=1)
            life.note("the manifest changes")
        if chance.random() < 0.15:
            life.place.copy()
        if chance.random() < 0.08:
            replace_ledger(life)


def replace_ledger(life: Life, *, quietly: bool = False) -> None:
    """It is lost, or an older copy takes its place. ``quietly``: nothing is on its way."""
    if quietly:
        life.await_rest()
    life.before_mischief()
    if life.place.has_copy and life.chance.random() < 0.6:
        life.note(f"an older copy of the ledger, quietly: {quietly}")
        life.tally.add("mischief", "older copy of the ledger")
        life.place.restore()
        if not quietly:
            life.excuses.restored_at.append(time.time())
        return
    life.note("the ledger is lost")
    life.tally.add("mischief", "ledger lost")
    life.place.lose()
    if life.chance.random() < 0.3:
        life.tally.add("mischief", "ledger rebuilt from IPS")
        words = ["ledger", "rebuild", "--format", "json", "-q"]
        life.watch([life.start(words, _sabotage(life))], limit=2 * _LIMIT)


def arguments(chance: Random, project: Project) -> list[str]:
    """A real apply, with real options."""
    words = ["apply", "--yes", "-q", "--format", "json"]
    words += ["--max-parallel", str(chance.choice((1, 4, 8, 8, 16)))]
    dice = chance.random()
    if dice < 0.08:
        return [*words, "--detach"]
    words += ["--max-in-flight", str(chance.choice((2, 5, 10, 10, 30)))]
    if dice < 0.14:
        words += ["--select", f"{MANIFEST}/e-{chance.choice('12')}*"]
    elif dice < 0.18:
        words += ["--max-failures", str(chance.randint(1, 3))]
    elif dice < 0.22:
        words += ["--refresh", "full"]
    elif dice < 0.26:
        identity = chance.choice(sorted(project.exports))
        project.again.add(identity)
        words += ["--rerun", f"{MANIFEST}/{identity}"]
    return words


def _sabotage(life: Life) -> Sabotage | None:
    if life.chance.random() < 0.5:
        return None
    jobs = len(life.project.exports)
    return Sabotage.drawn(life.chance, moments=MOMENTS, jobs=jobs, stops=False)


def _one(life: Life) -> None:
    """One run, killed at some moment, or left alone."""
    chance = life.chance
    sabotage = _sabotage(life)
    run = life.start(arguments(chance, life.project), sabotage)
    deeds = []
    if sabotage is None and chance.random() < 0.8:
        deeds.append(Deed(at=chance.uniform(0, _USUAL), do=lambda: life.kill(run)))
    if chance.random() < 0.12:
        deeds += _server_dies(life)
    if chance.random() < 0.08:
        deeds += _server_stands_still(life)
    if life.place.is_served:
        deeds += _database_goes(life)
    life.watch([run], deeds, limit=_LIMIT)


def _server_dies(life: Life) -> list[Deed]:
    at = life.chance.uniform(0.1, _USUAL)
    return [
        Deed(at=at, do=life.kill_server),
        Deed(at=at + life.chance.uniform(0, 1), do=life.ensure_server),
    ]


def _server_stands_still(life: Life) -> list[Deed]:
    at = life.chance.uniform(0.1, _USUAL)
    life.tally.add("mischief", "server stood still")
    return [
        Deed(at=at, do=lambda: life.server.pause(paused=True)),
        Deed(at=at + life.chance.uniform(0.1, STANDSTILL), do=life.server_goes_on),
    ]


def _database_goes(life: Life) -> list[Deed]:
    """It is killed and started again, or throws everybody out, once or more."""
    chance = life.chance
    dice = chance.random()
    if dice < 0.1:
        return [Deed(at=chance.uniform(0, _USUAL), do=life.restart_database)]
    if dice < 0.4:
        life.tally.add("mischief", "connections to the database cut")
        number = chance.randint(1, 5)
        return [Deed(at=chance.uniform(0, _USUAL), do=life.place.cut) for _ in range(number)]
    return []


def _unlocked(life: Life) -> None:
    """Somebody breaks the lease of a run that is well alive, and starts another one."""
    chance = life.chance
    first = life.start(arguments(chance, life.project), _sabotage(life))
    first.wait(chance.uniform(0.1, _USUAL))
    life.tally.add("mischief", "lease broken by hand")
    life.watch([life.start(["ledger", "unlock", "--yes", "--force"])], limit=_LIMIT)
    second = life.start(arguments(chance, life.project), _sabotage(life))
    life.watch([first, second], limit=_LIMIT)


def _interrupted(life: Life) -> None:
    """By Ctrl-C or a CI: once, or twice."""
    chance = life.chance
    run = life.start(arguments(chance, life.project))
    number = chance.choice((signal.SIGINT, signal.SIGTERM))
    at = chance.uniform(0.1, _USUAL)
    deeds = [Deed(at=at, do=lambda: run.send(number))]
    if chance.random() < 0.3:
        deeds.append(Deed(at=at + chance.uniform(0, 0.5), do=lambda: run.send(number)))
    life.tally.add("mischief", "interrupted")
    life.watch([run], deeds, limit=_LIMIT)


def _two(life: Life) -> None:
    """Two runs that fight for the lease; one of them, or both, may die."""
    chance = life.chance
    life.tally.add("mischief", "two runs at once")
    runs = [life.start(arguments(chance, life.project), _sabotage(life))]
    second = Deed(
        at=chance.choice((0.0, chance.uniform(0, _USUAL))),
        do=lambda: runs.append(life.start(arguments(chance, life.project), _sabotage(life))),
    )
    deeds = [second]
    if chance.random() < 0.5:
        deeds.append(Deed(at=chance.uniform(0.5, 4), do=lambda: life.kill(chance.choice(runs))))
    began = time.monotonic()
    second.do() if second.at == 0.0 else None
    life.watch(runs, deeds if second.at else deeds[1:], limit=_LIMIT)
    for run in runs[1:]:
        life.watch([run], limit=max(0.5, _LIMIT - (time.monotonic() - began)))


def _zombie(life: Life) -> None:
    """A run stands still for longer than its lease, another one takes over, and it goes on."""
    chance = life.chance
    jobs = len(life.project.exports)
    moments = chance.choice((MOMENTS, _AROUND_SUBMITS))
    sabotage = Sabotage.drawn(chance, moments=moments, jobs=min(jobs, 12), stops=True)
    first = life.start(arguments(chance, life.project), sabotage)
    end = time.monotonic() + _LIMIT
    while not first.is_stopped and first.code is None and time.monotonic() < end:
        time.sleep(0.01)
    if not first.is_stopped:
        life.watch([first], limit=_LIMIT)
        return
    life.tally.add("mischief", "zombie")
    stood = time.time()
    longer = chance.random() < 0.3
    least, most = (QUARANTINE + 0.5, QUARANTINE + 3) if longer else (LEASE + 0.2, QUARANTINE - 1)
    life.place.await_lease()
    second = life.start(arguments(chance, life.project))
    if chance.random() < 0.15:
        replace_ledger(life)
    pause = chance.uniform(least, most) - (time.time() - stood)
    second.wait(max(0.0, pause))
    _continue(life, first, stood)
    life.watch([first, second], limit=_LIMIT)


def _continue(life: Life, run: Run, stood: float) -> None:
    now = time.time()
    life.note(f"pid {run.pid} goes on after {now - stood:.2f} s")
    life.excuses.zombies.append((now, now - stood))
    run.send(signal.SIGCONT)


def _saved(life: Life) -> None:
    """A plan is saved and applied later, when things may have moved on; twice, sometimes."""
    chance = life.chance
    life.watch([life.start(["plan", "--out", "plan.json"])], limit=_LIMIT)
    if chance.random() < 0.2:
        life.watch([life.start(arguments(chance, life.project), _sabotage(life))], limit=_LIMIT)
    if not (life.root / "plan.json").exists():
        return
    for _ in range(chance.choice((1, 1, 2))):
        words = ["apply", "plan.json", "-q", "--format", "json"]
        words += chance.choice(([], ["--stale", "skip"]))
        life.watch([life.start(words, _sabotage(life))], limit=_LIMIT)
        if chance.random() < 0.7:
            life.place.await_lease()


_WEIGHTS = (
    (_one, 52),
    (_interrupted, 7),
    (_two, 12),
    (_zombie, 12),
    (_saved, 9),
    (_unlocked, 8),
)
_SCENES = [scene for scene, _ in _WEIGHTS]
