"""Many runners at once: one of them applies, and what it writes nobody else overwrites."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from functools import partial

import pytest

from s7spec.adapters.ledger_postgres import PostgresLedger
from s7spec.model.ledger import Attempt, AttemptState, Holder, Lease
from s7spec.ports import LeaseHeld, LedgerConflict
from tests.fakes.jobs import COMPANY, ENVIRONMENT, attempt, job_key
from tests.fakes.ledgers import end, head_of, heads, intend, record, take

RUNNERS = 8
ROUNDS = 10


def runner(number: int) -> Holder:
    return Holder(host=f"ci-{number}", pid=number + 1, user="ci")


@pytest.fixture
def ledgers(postgres_url: str) -> Iterator[list[PostgresLedger]]:
    """One for each runner."""
    with ExitStack() as stack:
        yield [
            stack.enter_context(PostgresLedger(postgres_url, create=True)) for _ in range(RUNNERS)
        ]


def at_once(action: Callable[[int], object]) -> list[object]:
    """What each runner gets: a result, or what it raised."""
    barrier = threading.Barrier(RUNNERS)

    def run(number: int) -> object:
        barrier.wait()
        try:
            return action(number)
        except (LeaseHeld, LedgerConflict) as error:
            return error

    with ThreadPoolExecutor(RUNNERS) as pool:
        return list(pool.map(run, range(RUNNERS)))


def test_one_of_all_gets_the_lease(ledgers: list[PostgresLedger]) -> None:
    fences = []
    for _ in range(ROUNDS):
        found = at_once(lambda number: take(ledgers[number], holder=runner(number)))
        (lease,) = (each for each in found if isinstance(each, Lease))
        held = [each for each in found if isinstance(each, LeaseHeld)]
        assert len(held) == RUNNERS - 1
        assert {each.lease for each in held} == {lease}
        fences.append(lease.fence)
        ledgers[0].release(lease)
    assert fences == list(range(1, ROUNDS + 1))


def take_at(ledgers: list[PostgresLedger], after: float, number: int) -> Lease:
    return take(ledgers[number], holder=runner(number), after=after)


def test_one_of_all_takes_over_a_lease_that_ran_out(ledgers: list[PostgresLedger]) -> None:
    for taken in range(ROUNDS):
        after = 61.0 * taken
        found = at_once(partial(take_at, ledgers, after))
        assert sum(isinstance(each, Lease) for each in found) == 1


def test_of_many_writers_under_one_lease_each_job_has_one(ledgers: list[PostgresLedger]) -> None:
    """That would be a mistake of ours: the ledger bears it."""
    lease = take(ledgers[0])

    def write(step: Callable[..., Attempt], wanted: Attempt, who: int) -> Attempt:
        return step(ledgers[who], lease, wanted)

    for number in range(ROUNDS):
        short = f"shop/{number}"
        found = at_once(partial(write, intend, attempt(short)))
        assert sum(isinstance(each, LedgerConflict) for each in found) == RUNNERS - 1
        (first,) = ledgers[0].attempts(job_key(short))
        done = replace(first, state=AttemptState.OK)
        found = at_once(partial(write, record, done))
        assert sum(isinstance(each, LedgerConflict) for each in found) == RUNNERS - 1
    assert len(heads(ledgers[0])) == ROUNDS
    assert ledgers[0].check() == ()


def test_environments_do_not_wait_for_each_other(ledgers: list[PostgresLedger]) -> None:
    one, other = ledgers[:2]
    lease, production = take(one), take(other, environment="production")
    with one.writing(lease) as writer:
        first = writer.intend(attempt(), prior=None)
        elsewhere = attempt(key=job_key("shop/main", environment="production"))
        intend(other, production, elsewhere)
        assert ledgers[2].lease(COMPANY, "production") == production
        taken = take(ledgers[2], environment="third")
        ledgers[2].release(taken)
    assert heads(one) == [head_of(first)]


def test_a_lease_is_not_taken_over_in_the_middle_of_a_block(ledgers: list[PostgresLedger]) -> None:
    old, new = ledgers[:2]
    lease = take(old)
    with ThreadPoolExecutor(1) as pool:
        with old.writing(lease) as writer:
            taking = pool.submit(take, new, holder=runner(1), after=61)
            first = writer.intend(attempt(), prior=None)
            assert not taking.done()
        following = taking.result()
    assert following.fence == lease.fence + 1
    with pytest.raises(LedgerConflict, match=r"has lost its lease: ci@ci-1 \(pid 2\)"):
        end(old, lease, first)
    end(new, following, first)


def test_readers_see_whole_steps_only(ledgers: list[PostgresLedger]) -> None:
    """Each block writes two jobs; whoever looks sees both in the same version."""
    lease = take(ledgers[0])
    with ledgers[0].writing(lease) as writer:
        pair = [writer.intend(attempt(short), prior=None) for short in ("shop/a", "shop/b")]
    is_over = threading.Event()

    def look(number: int) -> set[int]:
        seen = set()
        while not is_over.is_set():
            with ledgers[number].reading(COMPANY, ENVIRONMENT) as view:
                first, second = view.heads()
                assert first.version == second.version
                assert view.attempt(first.attempt_name).version == first.version
                seen.add(first.version)
        return seen

    with ThreadPoolExecutor(2) as pool:
        looking = [pool.submit(look, number) for number in (1, 2)]
        try:
            for _ in range(50):
                with ledgers[0].writing(lease) as writer:
                    pair = [writer.record(each) for each in pair]
        finally:
            is_over.set()
        assert all(each.result() <= set(range(1, 52)) for each in looking)


def test_connections_are_kept_and_given_back(
    postgres_url: str, ledgers: list[PostgresLedger]
) -> None:
    with PostgresLedger(postgres_url, create=True) as ledger:
        lease = take(ledger, environment="e")
        for _ in range(3):
            with ledger.reading(COMPANY, "e"), ledger.reading(COMPANY, "e"), ledger.writing(lease):
                pass
        assert len(ledger._lines) == 3
