"""Conditions as SQL mean what their operators say, for any text."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s7spec.emulator.store import clauses

# What XML can carry.
TEXTS = st.text(
    st.characters(min_codepoint=0x20, max_codepoint=0x10FFFF, exclude_categories=["Cs"]),
    max_size=4,
)
NUMBERS = st.integers(min_value=-(2**53), max_value=2**53)


def holds(clause: clauses.Clause, value: object) -> bool:
    connection = sqlite3.connect(":memory:")
    try:
        sql = f"SELECT {clause.sql} FROM (SELECT ? AS x)"  # noqa: S608
        (found,) = connection.execute(sql, (*clause.values, value)).fetchone()
        return bool(found)
    finally:
        connection.close()


@given(found=TEXTS, more=TEXTS, value=TEXTS)
def test_texts(found: str, more: str, value: str) -> None:
    meaning: dict[str, Callable[[str], bool]] = {
        "Equals": lambda text: text == value,
        "NotEquals": lambda text: text != value,
        "Contains": lambda text: value in text,
        "NotContains": lambda text: value not in text,
        "StartsWith": lambda text: text.startswith(value),
        "EndsWith": lambda text: text.endswith(value),
    }
    assert tuple(meaning) == clauses.TEXT_OPERATORS
    for text in (found, value + more, more + value, found + value + more):
        for operator, means in meaning.items():
            assert holds(clauses.text("x", operator, value), text) is means(text)


@given(found=NUMBERS, least=NUMBERS, most=NUMBERS)
def test_numbers(found: int, least: int, most: int) -> None:
    assert holds(clauses.between("x", "Between", least, most), found) is (least <= found <= most)
    assert holds(clauses.between("x", "NotBetween", least, most), found) is not (
        least <= found <= most
    )
    assert holds(clauses.order("x", "LessThan", most), found) is (found < most)
    assert holds(clauses.order("x", "GreaterThanEquals", most), found) is (found >= most)


@pytest.mark.parametrize(
    ("path", "inside"),
    [("A/", True), ("A/b/", True), ("A", False), ("A0/", False), ("A b/", False), ("B/", False)],
)
def test_folders_below(path: str, *, inside: bool) -> None:
    assert holds(clauses.below("x", "A/"), path) is inside
