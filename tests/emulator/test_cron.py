"""Cron expressions, against dates worked out by hand with a calendar."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from s7spec.emulator.jobs.cron import CronError, CronExpression

BERLIN = ZoneInfo("Europe/Berlin")
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
NEW_YORK = ZoneInfo("America/New_York")


def times(text: str, start: str, number: int, zone: ZoneInfo = BERLIN) -> list[str]:
    """The next times in local time, without seconds when they are 0."""
    expression = CronExpression(text, zone)
    moment: datetime | None = datetime.fromisoformat(start).replace(tzinfo=zone)
    out = []
    for _ in range(number):
        assert moment is not None
        moment = expression.next_after(moment)
        if moment is None:
            out.append("never")
            break
        assert moment.tzinfo is UTC
        out.append(moment.astimezone(zone).isoformat().replace(":00+", "+").replace(":00-", "-"))
    return out


# 2026 begins with a Thursday; 1 March 2026 is a Sunday.
@pytest.mark.parametrize(
    ("text", "start", "expected"),
    [
        ("0 0 12 * * ?", "2026-01-31T12:00:00", ["2026-02-01T12:00+01:00"]),
        ("0 0 12 * * ?", "2026-01-31T11:59:59", ["2026-01-31T12:00+01:00"]),
        ("0 15 10 ? * MON-FRI", "2026-01-02T10:15", ["2026-01-05T10:15+01:00"]),
        ("0 15 10 ? * 2-6", "2026-01-02T10:15", ["2026-01-05T10:15+01:00"]),
        ("0 0 0 ? * 1", "2026-01-01T00:00", ["2026-01-04T00:00+01:00"]),
        ("0 0 0 ? * 7", "2026-01-01T00:00", ["2026-01-03T00:00+01:00"]),
        ("0 0 0 ? * L", "2026-01-01T00:00", ["2026-01-03T00:00+01:00"]),
        (
            "0 0 0 ? * FRI-MON",
            "2026-01-01T00:00",
            [f"2026-01-{day:02}T00:00+01:00" for day in (2, 3, 4, 5, 9)],
        ),
        (
            "0 30 10-12 ? * WED,FRI",
            "2026-01-01T00:00",
            [*(f"2026-01-02T{hour}:30+01:00" for hour in (10, 11, 12)), "2026-01-07T10:30+01:00"],
        ),
        (
            "0 0/15 8 * * ?",
            "2026-01-01T08:00",
            [f"2026-01-0{at}+01:00" for at in ("1T08:15", "1T08:30", "1T08:45", "2T08:00")],
        ),
        (
            "0 5/20 8 * * ?",
            "2026-01-01T08:26",
            ["2026-01-01T08:45+01:00", "2026-01-02T08:05+01:00"],
        ),
        ("0 /30 8 * * ?", "2026-01-01T08:00", ["2026-01-01T08:30+01:00"]),
        ("*/20 * * * * ?", "2026-01-01T08:00", ["2026-01-01T08:00:20+01:00"]),
        (
            "0 0 22-2 * * ?",
            "2026-01-01T01:30",
            ["2026-01-01T02:00+01:00", "2026-01-01T22:00+01:00"],
        ),
        ("59 59 23 31 12 ? *", "2026-01-01T00:00", ["2026-12-31T23:59:59+01:00"]),
        (
            "0 0 6 L * ?",
            "2028-01-31T06:00",
            ["2028-02-29T06:00+01:00", "2028-03-31T06:00+02:00", "2028-04-30T06:00+02:00"],
        ),
        # The last working days: Friday 30 January, Friday 27 February, Tuesday 31 March.
        (
            "0 0 6 LW * ?",
            "2026-01-01T06:00",
            ["2026-01-30T06:00+01:00", "2026-02-27T06:00+01:00", "2026-03-31T06:00+02:00"],
        ),
        ("0 0 6 ? * 6L", "2026-01-01T06:00", ["2026-01-30T06:00+01:00", "2026-02-27T06:00+01:00"]),
        ("0 0 6 ? * friL", "2026-02-27T06:00", ["2026-03-27T06:00+01:00"]),
        ("0 0 6 ? * 6#3", "2026-01-01T06:00", ["2026-01-16T06:00+01:00", "2026-02-20T06:00+01:00"]),
        # A fifth Sunday: March and May, not April.
        (
            "0 0 6 ? * SUN#5",
            "2026-03-01T06:00",
            ["2026-03-29T06:00+02:00", "2026-05-31T06:00+02:00"],
        ),
        (
            "0 0 6 1 JAN,jul ?",
            "2026-01-01T06:00",
            ["2026-07-01T06:00+02:00", "2027-01-01T06:00+01:00"],
        ),
        (
            "0 0 6 1 11-2 ?",
            "2026-02-02T06:00",
            ["2026-11-01T06:00+01:00", "2026-12-01T06:00+01:00"],
        ),
        ("0 0 6 31 * ?", "2026-01-31T06:00", ["2026-03-31T06:00+02:00", "2026-05-31T06:00+02:00"]),
        ("0 0 6 29 2 ?", "2026-01-01T06:00", ["2028-02-29T06:00+01:00", "2032-02-29T06:00+01:00"]),
        ("0 0 6 1 1 ? 2030-2040/5", "2026-01-01T06:00",
         [f"{year}-01-01T06:00+01:00" for year in (2030, 2035, 2040)] + ["never"]),
        ("0 0 6 1 1 ? 2026", "2026-01-01T05:59:59", ["2026-01-01T06:00+01:00", "never"]),
        ("0 0 6 29 2 ? 2027", "2026-01-01T06:00", ["never"]),
        ("0 0 6 * * ? 2025", "2026-01-01T06:00", ["never"]),
        # A second of the last year that is told quickly, however far away it is.
        ("* * * * * ? 2099", "2026-01-01T06:00", ["2099-01-01T00:00+01:00"]),
    ],
)  # fmt: skip
def test_next_times(text: str, start: str, expected: list[str]) -> None:
    assert times(text, start, len(expected)) == expected


# Berlin 2026: 29 March 02:00 -> 03:00; 25 October 03:00 -> 02:00. New York: 8 March, 1 November.
@pytest.mark.parametrize(
    ("text", "start", "zone", "expected"),
    [
        ("0 0 12 * * ?", "2026-03-28T12:00", BERLIN, ["2026-03-29T12:00+02:00"]),
        # Skipped in spring, seen twice in autumn.
        ("0 30 2 * * ?", "2026-03-28T02:30", BERLIN, ["2026-03-30T02:30+02:00"]),
        (
            "0 30 2 * * ?",
            "2026-10-24T02:30",
            BERLIN,
            ["2026-10-25T02:30+02:00", "2026-10-25T02:30+01:00", "2026-10-26T02:30+01:00"],
        ),
        (
            "0 0 * * * ?",
            "2026-03-29T00:30",
            BERLIN,
            ["2026-03-29T01:00+01:00", "2026-03-29T03:00+02:00"],
        ),
        (
            "0 0 * * * ?",
            "2026-10-25T01:30",
            BERLIN,
            ["2026-10-25T02:00+02:00", "2026-10-25T02:00+01:00", "2026-10-25T03:00+01:00"],
        ),
        (
            "0 0/30 1 * * ?",
            "2026-11-01T00:00",
            NEW_YORK,
            [
                *(f"2026-11-01T01:{minute}-04:00" for minute in ("00", "30")),
                *(f"2026-11-01T01:{minute}-05:00" for minute in ("00", "30")),
                "2026-11-02T01:00-05:00",
            ],
        ),
        ("0 30 2 ? * SUN", "2026-03-07T00:00", NEW_YORK, ["2026-03-15T02:30-04:00"]),
    ],
)
def test_when_the_clocks_change(text: str, start: str, zone: ZoneInfo, expected: list[str]) -> None:
    assert times(text, start, len(expected), zone) == expected


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "0 fields"),
        ("0 0 * * *", "5 fields"),
        ("0 0 0 * * ? 2030 x", "8 fields"),
        ("60 0 0 * * ?", "seconds: '60' is not a number from 0 to 59"),
        ("0 -1 0 * * ?", "minutes: ''"),
        ("0 0 24 * * ?", "hours: '24'"),
        ("0 0 0 0 * ?", "day of month: '0'"),
        ("0 0 0 32 * ?", "day of month: '32'"),
        ("0 0 0 1 13 ?", "month: '13' is not a number from 1 to 12 or JAN to DEC"),
        ("0 0 0 1 FEBR ?", "month: 'FEBR'"),
        ("0 0 0 ? * 0", "day of week: '0' is not a number from 1 to 7"),
        ("0 0 0 ? * 8", "day of week: '8'"),
        ("0 0 0 ? * SO", "day of week: 'SO'"),
        ("0 0 0 ? * MON#6", "day of week: '6' after #"),
        ("0 0 0 ? * MON#", "day of week: '' after #"),
        ("0 0 0 ? * XL", "day of week: 'X'"),
        ("0 0 0 ? * 2L,3L", "day of week: '2L,3'"),
        ("0 0 0 15W * ?", "day of month: '15W' is not built"),
        ("0 0 0 L-3 * ?", "day of month: 'L-3' is not built"),
        ("0 0 0 * * *", "exactly one of day of month and day of week must be '?'"),
        ("0 0 0 ? * ?", "exactly one of"),
        ("0 0 0 1 * MON", "exactly one of"),
        ("? 0 0 1 * ?", "seconds: '?'"),
        ("0 0/0 0 1 * ?", "minutes: '0' is not a step from 1 to 59"),
        ("0 0/99999999999 0 1 * ?", "is not a step"),
        ("0 0/ 0 1 * ?", "minutes: '' is not a step"),
        ("0 1,,2 0 1 * ?", "minutes: ''"),
        ("0 1-2-3 0 1 * ?", "minutes: '2-3'"),
        ("0 ٣ 0 1 * ?", "minutes: '٣'"),
        ("0 0 0 1 1 ? 1969", "year: '1969'"),
        ("0 0 0 1 1 ? 2100", "year: '2100' is not a number from 1970 to 2099"),
        ("0 0 0 1 1 ? 2030-2029", "year: '2030-2029' ends before it begins"),
        ("0 0 0 30 2 ?", "day of month: '30' is in none of the months 2"),
        ("0 0 0 31 4,6,9,11 ?", "in none of the months"),
    ],
)
def test_what_is_wrong_is_said(text: str, part: str) -> None:
    with pytest.raises(CronError) as caught:
        CronExpression(text, BERLIN)
    assert part in str(caught.value)


def matches(moment: datetime, text: str) -> bool:
    """A slow, second reading of simple expressions: numbers and stars only."""
    seconds, minutes, hours, day, month, weekday = text.split()
    pairs = [
        (seconds, moment.second),
        (minutes, moment.minute),
        (hours, moment.hour),
        (day, moment.day),
        (month, moment.month),
        (weekday, moment.isoweekday() % 7 + 1),
    ]
    return all(wanted in ("*", "?") or int(wanted) == value for wanted, value in pairs)


@settings(max_examples=60, deadline=None)
@given(
    minutes=st.integers(0, 59),
    hours=st.integers(0, 23),
    weekday=st.integers(1, 7),
    start=st.integers(0, 365 * 24 * 60 * 60).map(
        lambda seconds: BEGIN + timedelta(seconds=seconds)
    ),
)
def test_no_minute_between_matches(minutes: int, hours: int, weekday: int, start: datetime) -> None:
    """The answer matches, and no minute before it does."""
    text = f"0 {minutes} {hours} ? * {weekday}"
    found = CronExpression(text, BERLIN).next_after(start)
    assert found is not None
    assert matches(found.astimezone(BERLIN), text)
    minute = start.astimezone(UTC).replace(second=0, microsecond=0) + timedelta(minutes=1)
    while minute < found:
        assert not matches(minute.astimezone(BERLIN), text)
        minute += timedelta(minutes=1)
