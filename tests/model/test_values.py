"""Values made quickly are the frozen dataclasses that they were."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, dataclass, field, replace

import pytest

from s7spec.model.values import made_quickly


@made_quickly
@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Pair:
    first: int
    second: str = "b"


def test_fields_are_set_by_their_names_and_defaults_stand_in() -> None:
    assert Pair(first=1) == Pair(second="b", first=1)
    assert Pair(first=1) < Pair(first=2)
    assert repr(replace(Pair(first=1), second="c")) == "Pair(first=1, second='c')"


def test_they_stay_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        Pair(first=1).first = 2  # type: ignore[misc]


@pytest.mark.parametrize("given", [{}, {"first": 1, "third": 3}])
def test_too_few_and_unknown_fields_are_refused(given: dict[str, int]) -> None:
    with pytest.raises(TypeError):
        Pair(**given)  # type: ignore[arg-type]


def test_a_class_that_does_more_than_set_its_fields_is_refused() -> None:
    @dataclass(frozen=True, slots=True, kw_only=True)
    class Made:
        each: list[int] = field(default_factory=list)

    @dataclass(frozen=True, slots=True, kw_only=True)
    class Checked:
        each: int

        def __post_init__(self) -> None:
            raise NotImplementedError

    for refused in (Made, Checked):
        with pytest.raises(TypeError, match=refused.__name__):
            made_quickly(refused)
