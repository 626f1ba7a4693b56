"""What manifests say about runs, as texts: ages and timings come back as they were written."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s7spec.model.policy import age_from, age_text
from s7spec.model.schedule import Timing, moment_from, moment_problem, timing_from


@pytest.mark.parametrize(
    ("text", "age", "again"),
    [
        ("1h", timedelta(hours=1), "1h"),
        ("48h", timedelta(days=2), "2d"),
        ("30d", timedelta(days=30), "30d"),
        ("4w", timedelta(days=28), "28d"),
        ("9999h", timedelta(hours=9999), "9999h"),
        ("999w", timedelta(weeks=999), "6993d"),
    ],
)
def test_ages(text: str, age: timedelta, again: str) -> None:
    assert age_from(text) == age
    assert age_text(age) == again


@given(st.integers(1, 999), st.sampled_from("hdw"))
def test_an_age_comes_back(number: int, unit: str) -> None:
    age = age_from(f"{number}{unit}")
    assert age_from(age_text(age)) == age


@pytest.mark.parametrize(
    "text",
    ["", "0d", "d", "30", "30 d", "1.5d", "-1d", "30m", "10000d", "1000w", "30d\n", "\u0663d"],
)
def test_what_is_no_age(text: str) -> None:
    with pytest.raises(ValueError, match="is no age"):
        age_from(text)


def test_moments_are_in_utc() -> None:
    moment = moment_from("2027-03-01T06:00:00+01:00")
    assert moment == datetime(2027, 3, 1, 5, tzinfo=UTC)
    assert moment.tzinfo is UTC
    timing = Timing(at=moment)
    assert str(timing) == "at 2027-03-01T05:00:00+00:00"
    assert timing_from(str(timing)) == timing


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("0001-01-01T00:00:00+01:00", "a year that no job starts in"),
        ("1969-12-31T23:59:59Z", "a year that no job starts in"),
        ("9999-12-31T23:59:59-01:00", "a year that no job starts in"),
        ("2027-02-29T06:00:00Z", "is no moment"),
        ("2027-03-01T06:00:00", "does not say its offset"),
    ],
)
def test_moments_that_no_job_can_start_at(text: str, words: str) -> None:
    assert words in (moment_problem(text) or "")
    with pytest.raises(ValueError, match="is no timing"):
        timing_from(f"at {text}")
