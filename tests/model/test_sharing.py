"""A value that is shared is worked on once, and never taken for another one."""

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
