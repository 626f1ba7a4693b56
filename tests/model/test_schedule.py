"""Cron expressions: what Quartz takes passes, what no clock or calendar has does not."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from s7spec.model.schedule import Timing, cron_problem, timing_from


@pytest.mark.parametrize(
    "text",
    [
        "0 0 6 ? * MON-FRI",
        "0 0/15 8-18 ? * 2-6",
        "*/5 /10 22-2 ? JAN,jul FRI-MON 2027-2030",
        "59 59 23 31 12 ?",
        "0 0 0 L * ?",
        "0 0 0 L-3 * ?",
        "0 0 0 LW * ?",
        "0 0 0 15W,1 * ?",
        "0 0 12 ? * L",
        "0 0 12 ? * 6L",
        "0 0 12 ? * FRI#2",
        "0 0 12 1/5 * ? 2099",
    ],
)
def test_what_quartz_takes_passes(text: str) -> None:
    assert cron_problem(text) is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("60 0 6 ? * MON", "`60` for the seconds"),
        ("0 60 6 ? * MON", "`60` for the minutes"),
        ("0 0 24 ? * MON", "`24` for the hours, which go from 0 to 23"),
        ("0 0 6 32 * ?", "`32` for the days of the month"),
        ("0 0 6 0 * ?", "`0` for the days of the month"),
        ("0 0 6 1 13 ?", "`13` for the months, which go from 1 to 12 or JAN to DEC"),
        ("0 0 6 1 JANUARY ?", "`JANUARY` for the months"),
        ("0 0 6 ? * 0", "`0` for the days of the week, which go from 1 to 7 or SUN to SAT"),
        ("0 0 6 ? * 8L", "`8L` for the days of the week"),
        ("0 0 6 ? * MON#6", "`MON#6`"),
        ("0 0 6 ? * MON 1969", "`1969` for the years"),
        ("0 0 6 ? * MON 2030-2027", "`2030-2027` for the years"),
        ("0 0/90 6 ? * MON", "`0/90` for the minutes"),
        ("0 0/0 6 ? * MON", "`0/0` for the minutes"),
        ("0 5-70 6 ? * MON", "`5-70` for the minutes"),
        ("0 ? 6 ? * MON", "`?` for the minutes"),
        ("0 0 6, ? * MON", "`` for the hours"),
        ("0 *-5 6 ? * MON", "`*-5` for the minutes"),
        ("0 0 6 ? * ?", "one of them must say a day"),
        ("0 0 6 * * *", "must have a `?`"),
    ],
)
def test_what_no_clock_has_is_named(text: str, words: str) -> None:
    assert words in (cron_problem(text) or "")


@pytest.mark.parametrize(
    ("timing", "words"),
    [
        (
            Timing(at=datetime(2027, 1, 1, 6, tzinfo=timezone(timedelta(hours=1)))),
            "at 2027-01-01 05:00:00 UTC",
        ),
        (Timing(cron="0 0 6 ? * *"), "by cron 0 0 6 ? * * (IPS's time zone)"),
    ],
)
def test_people_read_times_in_one_form_and_programs_in_another(timing: Timing, words: str) -> None:
    assert timing.words() == words
    assert timing_from(str(timing)) == timing
