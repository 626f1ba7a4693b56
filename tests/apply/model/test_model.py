"""Never twice, never lost, never a lie: every execution of small worlds, on the real code.

A process may die, be stopped or be paused between any two of its effects; a submit may be lost,
taken without a reply, taken late and shown late; the ledger may be lost or be an old copy. What is
broken on purpose must be found out: else the model could not find anything.
"""

import os
import signal

import pytest

from tests.apply.model.choices import Choices
from tests.apply.model.exploring import Explorer
from tests.apply.model.table import row
from tests.apply.model.variants import BROKEN, FEW, LEASE, SOUND, Loss, Variant, deeper

DEPTH = int(os.environ.get("S7SPEC_MODEL_DEPTH", "0"))
PATIENCE = 600
LEAST = 10_000


@pytest.fixture
def patience(no_hanging: None) -> None:
    signal.alarm(0 if DEPTH else PATIENCE)  # whoever asks for more waits for it


@pytest.mark.parametrize("variant", SOUND, ids=str)
@pytest.mark.usefixtures("patience")
def test_nothing_is_sent_twice_and_nothing_is_lost(variant: Variant) -> None:
    found = Explorer(deeper(variant, DEPTH)).explore()
    print(row(variant, found))
    assert not found.duplicated, found.duplicate
    assert not found.lost, found.loss
    if variant is SOUND[0]:
        assert found.executions >= LEAST


@pytest.mark.parametrize("variant", BROKEN, ids=str)
@pytest.mark.usefixtures("patience")
def test_what_is_broken_is_found_out_and_no_double_is_secret(variant: Variant) -> None:
    found = Explorer(deeper(variant, DEPTH)).explore()
    print(row(variant, found))
    assert bool(found.duplicated) == variant.doubles, found.duplicate
    assert bool(found.lost) == variant.loses, found.loss
    assert not found.undetected, found.secret


@pytest.mark.parametrize(
    "variant",
    [
        Variant(name="alone", runs=2, arrivals=FEW[:2], gaps=(LEASE + 1.0,)),
        Variant(name="lost", runs=1, losses=(Loss.LOST,), arrivals=FEW),
        Variant(name="older", runs=2, losses=(Loss.OLDER,), arrivals=FEW[:1]),
        Variant(name="wishes", runs=2, wishes=2, arrivals=FEW[:1]),
    ],
    ids=str,
)
def test_to_explore_a_state_once_counts_what_exploring_it_each_time_counts(
    variant: Variant,
) -> None:
    once, again = Explorer(variant), Explorer(variant, remembers=False)
    found, expected = once.explore(), again.explore()
    assert (found.executions, found.duplicated, found.undetected, found.lost) == (
        expected.executions,
        expected.duplicated,
        expected.undetected,
        expected.lost,
    )
    assert once.runs < again.runs


def test_choices_give_every_path_once() -> None:
    choices = Choices()
    paths = []
    while True:
        first = choices.pick("ab")
        paths.append((first, choices.pick("xyz") if first == "b" else choices.pick("-")))
        if not choices.rewind():
            break
    assert paths == [("a", "-"), ("b", "x"), ("b", "y"), ("b", "z")]
