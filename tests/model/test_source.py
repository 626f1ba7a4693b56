"""Lines of a text, and what of them may be shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s7spec.model.source import LONGEST_SHOWN, MASK, SourceFile


def file(text: str) -> SourceFile:
    return SourceFile(path="a.yaml", text=text)


@given(st.text(st.sampled_from("ab \n\r\t"), max_size=30))
def test_lines_are_those_of_an_editor(text: str) -> None:
    expected = text.splitlines()
    ours = file(text)
    assert ours.line_count == len(expected)
    assert [ours.line(number + 1) for number in range(len(expected))] == expected
    assert ours.line(0) is ours.line(len(expected) + 1) is None
    assert ours.snippet(0) is ours.snippet(len(expected) + 1) is None


def test_characters_that_only_some_tools_take_for_line_breaks() -> None:
    assert file("a\x0bb\x0c\u2028c\nd").line(2) == "d"


SECRETS = """\
a:
  password:
    - one

    - two
  name: >
    three
  token: |
    four

      five
    six
b: seven
"""


@pytest.mark.parametrize("order", [1, -1])
def test_lines_of_a_longer_secret_are_masked(order: int) -> None:
    ours = file(SECRETS)
    numbers = range(1, ours.line_count + 1)
    shown = {number: ours.snippet(number) for number in list(numbers)[::order]}
    masked = [number for number in numbers if shown[number] == MASK]
    assert masked == [3, 5, 9, 11, 12]
    assert shown[13] == "b: seven"


@given(
    st.lists(
        st.tuples(
            st.integers(0, 4), st.sampled_from(["password:", "name:", "- password:", "x", ""])
        ),
        max_size=12,
    ),
    st.randoms(use_true_random=False),
)
def test_what_was_found_before_changes_nothing(
    lines: list[tuple[int, str]], chance: object
) -> None:
    text = "\n".join(" " * indent + line for indent, line in lines)
    numbers = list(range(1, file(text).line_count + 1))
    alone = {number: file(f"{text}\n# {number}").snippet(number) for number in numbers}
    chance.shuffle(numbers)  # type: ignore[attr-defined]
    together = file(text)
    assert {number: together.snippet(number) for number in numbers} == alone


def test_of_a_line_too_long_the_beginning_is_shown() -> None:
    ours = file("ab: c, " * LONGEST_SHOWN)
    shown = ours.snippet(1)
    assert shown == ("ab: c, " * LONGEST_SHOWN)[:LONGEST_SHOWN] + "…"
    assert ours.snippet(1) is shown, "findings share it"
    exact = file("x" * LONGEST_SHOWN)
    assert exact.snippet(1) == "x" * LONGEST_SHOWN


@pytest.mark.parametrize("back", [0, 1, 5, 12, 20, 100, 1_900])
@pytest.mark.parametrize("secret", ["password: hunter2", "http://ann:hunter2@host/x"])
def test_cutting_a_line_uncovers_no_secret(back: int, secret: str) -> None:
    before = "x" * (LONGEST_SHOWN - back - 1) + " "
    shown = file(f"{before}{secret} {'y ' * 5_000}").snippet(1) or ""
    assert len(shown) <= LONGEST_SHOWN + len(MASK) + 2
    assert "hun" not in shown


def test_a_secret_at_the_beginning_masks_all_of_a_long_line() -> None:
    shown = file("{user: ann, " + "a: hunter2, " * LONGEST_SHOWN).snippet(1)
    assert shown == f"{{user: {MASK}…"


def test_long_lines_above_are_looked_through_for_what_encloses() -> None:
    ours = file(f"{' ' * 9_000}password:\n{' ' * 9_001}- one\n{' ' * 300_000}\na: 1\n")
    assert ours.snippet(2) == MASK
    assert ours.snippet(4) == "a: 1"
