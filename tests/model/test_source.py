"""Lines of a text, and what of them may be shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s7spec.model.source import MASK, SourceFile


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
