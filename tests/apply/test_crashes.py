"""Runs that die at every moment there is, on networks that lose everything there is to lose.

Each round plays one history: several jobs, a script of fates for the submits, and runs that are
killed before or after some call through a port, until one comes through. Then the server's own
records are compared with the ledger. Smaller worlds are explored whole, in ``model``.
"""

import random
from datetime import timedelta
from pathlib import Path

import pytest

from s7spec.adapters.ledger_sqlite import SqliteLedger
from s7spec.model.ledger import AttemptState
from s7spec.model.receipt import RunOutcome
from s7spec.ports import LeaseHeld
from tests.apply.world import QUARANTINE, World
from tests.fakes.doom import Doom, DoomedGateway, DoomedLedger, Killed
from tests.fakes.gateway import Fate
from tests.fakes.jobs import export_job, resolved_job
from tests.fakes.ledger import MemoryLedger

JOBS = ["shop/a", "shop/b", "shop/c"]
ROUNDS = 100
CHUNKS = 10


def lives(world: World, doom: Doom, *, max_in_flight: int = 10) -> bool:
    """One run of the tool, plan and apply; False when it was killed or found the lease held."""
    try:
        world.apply(
            ledger=DoomedLedger(world.ledger, doom),
            gateway=DoomedGateway(world.ips, doom),
            max_in_flight=max_in_flight,
        )
    except (Killed, LeaseHeld):
        return False
    return True


def live_to_the_end(world: World, *, max_in_flight: int = 10) -> None:
    """Runs without further killing until nothing is left to do."""
    for _ in range(12):
        world.clock.move(61)
        if lives(world, Doom(), max_in_flight=max_in_flight) and world.is_settled():
            return
    pytest.fail(f"never settled: {world.actions()}")


def check_books(world: World) -> None:
    """The server's records against ours: nothing twice, nothing lost, nothing made up."""
    names = world.ips.names()
    assert len(names) == len(set(names)), "a job was doubled"
    ours = [attempt for job in world.jobs for attempt in world.ledger.attempts(job.key)]
    assert {attempt.name for attempt in ours if attempt.state is AttemptState.OK} <= set(names)
    assert set(names) <= {attempt.name for attempt in ours}, "a job was lost"
    for job in world.jobs:
        assert world.latest(job.key.short).state is AttemptState.OK


def moments_of_a_run(world: World) -> int:
    doom = Doom()
    assert lives(world, doom)
    return doom.moments


@pytest.mark.parametrize("fate", [Fate.TAKEN, Fate.REPLY_LOST])
def test_killed_at_every_single_moment(ledger_path: Path, fate: Fate) -> None:
    """One job, a real ledger file, the first run killed at each moment in turn."""
    with fresh_world(ledger_path, "count") as world:
        world.ips.fate_of = Script([fate])
        total = moments_of_a_run(world)
    assert total > 15
    for moment in range(1, total + 1):
        with fresh_world(ledger_path, f"at-{moment}") as world:
            world.ips.fate_of = Script([fate])
            assert not lives(world, Doom(at=moment))
            live_to_the_end(world)
            check_books(world)
            assert len(world.ips.jobs) == 1


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_random_histories(chunk: int) -> None:
    for seed in range(chunk, ROUNDS, CHUNKS):
        dice = random.Random(seed)  # noqa: S311 -- repeatable, not secret
        world = World(MemoryLedger())
        play(world, dice)
        live_to_the_end(world, max_in_flight=dice.randint(1, 4))
        check_books(world)


def play(world: World, dice: random.Random) -> None:
    """Two wishes in a row, several deaths on the way."""
    world.ips.visible_after = dice.choice([0, 0, 3, 60])
    world.ips.late_by = dice.choice([1, 30, 200])
    world.ips.runs_for = dice.choice([0.5, 5, 90])
    world.ips.latency = dice.choice([0, 0.05, 2])
    fates = [Fate.TAKEN, Fate.TAKEN, Fate.REPLY_LOST, Fate.REQUEST_LOST, Fate.LATE, Fate.REFUSED]
    world.ips.fate_of = Script([dice.choice(fates) for _ in range(8)])
    assert world.ips.visible_after + world.ips.late_by < QUARANTINE
    for wish in ("wid=100", "wid=200"):
        world.jobs = [resolved_job(short, export_job(is_modifier=wish)) for short in JOBS]
        for _ in range(dice.randint(1, 4)):
            lives(world, Doom(at=dice.randint(1, 60)), max_in_flight=dice.randint(1, 4))
            world.clock.move(dice.choice([1, 61, 61, 61, 400]))
        if dice.random() < 0.5:
            live_to_the_end(world)


class Script:
    """The fates of the first submits; all later ones are taken."""

    def __init__(self, fates: list[Fate]) -> None:
        self._left = list(fates)

    def __call__(self, name: str) -> Fate:
        return self._left.pop(0) if self._left else Fate.TAKEN


class FreshWorld:
    """A world with a ledger file of its own."""

    def __init__(self, path: Path) -> None:
        self._ledger = SqliteLedger(path, create=True)

    def __enter__(self) -> World:
        return World(self._ledger)

    def __exit__(self, *error: object) -> None:
        self._ledger.close()


def fresh_world(ledger_path: Path, name: str) -> FreshWorld:
    return FreshWorld(ledger_path.with_name(f"{name}.db"))


def test_the_lease_of_the_dead_keeps_others_out_until_it_runs_out(world: World) -> None:
    assert not lives(world, Doom(at=12))
    assert not lives(world, Doom()), "the lease is still held"
    world.clock.move(61)
    assert lives(world, Doom())
    check_books(world)


def test_the_ledger_lost_between_two_runs(ledger_path: Path) -> None:
    """Found by name: nothing runs twice, as long as IPS still lists it."""
    with fresh_world(ledger_path, "first") as world:
        world.jobs = [resolved_job(short) for short in JOBS]
        gateway = DoomedGateway(world.ips, Doom(at=11))  # the listing; a look and a submit, twice
        with pytest.raises(Killed):
            world.apply(gateway=gateway, max_parallel=1)
        taken = len(world.ips.jobs)
        ips, clock = world.ips, world.clock
    assert 0 < taken < len(JOBS)
    clock.move(timedelta(minutes=10).total_seconds())
    with fresh_world(ledger_path, "second") as world:
        world.ips, world.clock = ips, clock
        world.jobs = [resolved_job(short) for short in JOBS]
        assert world.is_cold()
        assert world.apply().outcome is RunOutcome.OK
        check_books(world)
        assert len(world.ips.jobs) == len(JOBS)
