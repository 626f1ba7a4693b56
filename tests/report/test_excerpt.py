"""Carets stand below what a finding points at, whatever the line is made of."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s7spec.model.source import SourceRange
from s7spec.report.excerpt import excerpt
from s7spec.report.terminal import cells
from s7spec.report.view import View

_CHARACTERS = st.sampled_from("ab: \t日é\u0301\x1b\u202e👩\u200d")


def _range(column: int, end_column: int, *, end_line: int = 1) -> SourceRange:
    return SourceRange(path="a", line=1, column=column, end_line=end_line, end_column=end_column)


@pytest.mark.parametrize(
    ("text", "where", "code", "marked"),
    [
        ("fmt: orig", _range(6, 10), "fmt: orig", "     ^^^^"),
        ("\tfmt: x", _range(2, 5), "    fmt: x", "    ^^^"),
        ("a\tb: x", _range(3, 4), "a   b: x", "    ^"),
        ("日本: x", _range(2, 3), "日本: x", "  ^^"),
        ("e\u0301a: x", _range(3, 4), "e\u0301a: x", " ^"),
        ("e\u0301: x", _range(2, 3), "e\u0301: x", " ^"),
        ("\x1b[m: x", _range(1, 4), "␛[m: x", "^^^"),
        ("a: x  ", _range(4, 1, end_line=3), "a: x  ", "   ^"),
        ("abc", _range(9, 12), "abc", "   ^"),
        ("abc", _range(2, 2), "abc", " ^"),
        ("", _range(1, 1), "", "^"),
        ("abc", _range(0, 0), "abc", "^"),
    ],
)
def test_carets(text: str, where: SourceRange, code: str, marked: str) -> None:
    shown = excerpt(text, where, View(), room=40)
    assert shown.code == code
    assert " " * shown.indent + "^" * shown.carets == marked


@pytest.mark.parametrize(
    ("column", "cut_before", "cut_after"), [(1, False, True), (60, True, True), (98, True, False)]
)
def test_long_lines_are_cut_around_the_caret(
    column: int, cut_before: bool, cut_after: bool
) -> None:
    text = "0123456789" * 10
    shown = excerpt(text, _range(column, column + 3), View(), room=26)
    assert len(shown.code) == 26
    assert shown.code[shown.indent : shown.indent + 3] == text[column - 1 : column + 2]
    assert shown.carets == 3
    assert shown.code.startswith("…") is cut_before
    assert shown.code.endswith("…") is cut_after


@given(
    st.text(_CHARACTERS, max_size=80),
    st.integers(0, 90),
    st.integers(0, 90),
    st.integers(1, 60),
    st.booleans(),
)
def test_always_within_the_room(text: str, column: int, end: int, room: int, unicode: bool) -> None:
    shown = excerpt(text, _range(column, end), View(unicode=unicode), room=room)
    assert cells(shown.code) <= max(room, 20)
    assert shown.code.isprintable()
    assert shown.carets >= 1
    assert shown.indent <= cells(shown.code)


@pytest.mark.parametrize("column", [1, 700, 2_500_000, 4_999_990])
@pytest.mark.parametrize("unit", ["0123456789", "日\t\x1be\u0301👩 ab-"])
def test_of_a_huge_line_only_the_neighbourhood_is_looked_at(column: int, unit: str) -> None:
    shown = excerpt(unit * 500_000, _range(column, column + 3), View(), room=26)
    assert cells(shown.code) <= 26
    assert 1 <= shown.carets <= 12
    assert shown.code.startswith("…") is (column > 1)
    if unit.isascii():
        expected = (unit * 2)[(column - 1) % 10 :][:3]
        assert shown.code[shown.indent : shown.indent + 3] == expected
