"""A value that is shared is worked on once, and never taken for another one."""

import weakref

from s7spec.model.sharing import OncePerObject


def test_once_for_each_object() -> None:
    asked: list[tuple[str, ...]] = []

    def made(shared: tuple[str, ...]) -> int:
        asked.append(shared)
        return len(shared)

    once = OncePerObject(made, most=2)
    one, twin, other = tuple("abc"), tuple("abc"), tuple("d")
    assert [once(each) for each in (one, one, twin, one)] == [3, 3, 3, 3]
    assert asked == [one, twin]
    assert once(other) == 1
    assert once(one) == 3
    assert asked == [one, twin, other, one]


def test_an_object_that_is_gone_is_not_taken_for_a_new_one_in_its_place() -> None:
    once = OncePerObject[list[int], int](sum, most=3)
    assert [once([number]) for number in range(1000)] == list(range(1000))


class Large:
    """Something that can be told when it is gone."""


def test_what_was_made_elsewhere_is_let_go_as_well() -> None:
    once = OncePerObject[Large, int](id, most=2)
    gone = []
    for _ in range(5):
        large = Large()
        once.know(large, 7)
        assert once(large) == 7
        gone.append(weakref.ref(large))
    del large
    assert [each() is None for each in gone] == [True, True, True, True, False]


def test_what_is_known_anew_lets_nothing_go() -> None:
    asked: list[Large] = []

    def made(large: Large) -> int:
        asked.append(large)
        return len(asked)

    once = OncePerObject(made, most=2)
    one, other = Large(), Large()
    assert (once(one), once(other)) == (1, 2)
    once.know(other, 7)
    assert (once(one), once(other)) == (1, 7)
