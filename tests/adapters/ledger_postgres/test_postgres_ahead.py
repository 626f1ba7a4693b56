"""Heads that are asked for one by one: the same as those of a walk, in few questions."""

from __future__ import annotations

import random

import pytest

from s7spec.adapters.ledger_postgres import PostgresLedger
from s7spec.adapters.ledger_postgres.ahead import HeadsAhead
from s7spec.model.job import JobKey
from s7spec.model.ledger import JobHead
from tests.fakes.jobs import COMPANY, ENVIRONMENT, attempt, job_key
from tests.fakes.ledgers import head_of, heads, take

THERE = sorted(job_key(f"m{number // 40:02}/e{number % 40:02}") for number in range(0, 2000, 2))
ASKED = sorted([*THERE, *(job_key(f"m{number:02}/x") for number in range(60)), job_key("z/z")])
HEADS = [head_of(attempt(key=key)) for key in THERE]


class Source:
    """Counts how often it is asked."""

    def __init__(self, there: list[JobHead]) -> None:
        self.there = there
        self.asked = 0

    def read(self, key: JobKey, most: int) -> list[JobHead]:
        self.asked += 1
        return [head for head in self.there if head.key >= key][:most]


def expected(key: JobKey) -> JobHead | None:
    return next((head for head in HEADS if head.key == key), None)


@pytest.fixture
def source() -> Source:
    return Source(HEADS)


def test_in_their_order_they_take_few_questions(source: Source) -> None:
    ahead = HeadsAhead(source.read)
    assert [ahead.head(key) for key in ASKED] == [expected(key) for key in ASKED]
    assert source.asked < 10


def test_in_any_order_they_are_the_same(source: Source) -> None:
    dice = random.Random(7)  # noqa: S311 -- repeatable, not secret
    ahead = HeadsAhead(source.read)
    for key in dice.choices(ASKED, k=500):
        assert ahead.head(key) == expected(key)
    for key in reversed(ASKED):
        assert ahead.head(key) == expected(key)


def test_one_is_one(source: Source) -> None:
    ahead = HeadsAhead(source.read)
    for _ in range(3):
        assert ahead.head(THERE[7]) == HEADS[7]
    assert source.asked == 1


def test_of_nothing() -> None:
    source = Source([])
    ahead = HeadsAhead(source.read)
    assert [ahead.head(key) for key in ASKED] == [None] * len(ASKED)
    assert source.asked == 1


def test_those_of_a_ledger(postgres_url: str) -> None:
    with PostgresLedger(postgres_url, create=True) as ledger:
        with ledger.writing(take(ledger)) as writer:
            for key in THERE[::5]:
                writer.intend(attempt(key=key), prior=None)
        known = {head.key: head for head in heads(ledger)}
        assert len(known) == len(THERE[::5])
        with ledger.reading(COMPANY, ENVIRONMENT) as view:
            assert [view.head(key) for key in ASKED] == [known.get(key) for key in ASKED]
            assert [view.head(key) for key in ASKED[::-7]] == [known.get(k) for k in ASKED[::-7]]
