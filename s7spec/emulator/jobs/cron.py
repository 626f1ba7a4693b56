"""Cron expressions as execSchedule takes them: seconds first, weekdays 1=SUN to 7=SAT, years.

The fields are those of Quartz (facts: IPS API section 8). We read them, cronsim finds the times.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from cronsim import CronSim, CronSimError

_MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
_WEEKDAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]
_YEARS = range(1970, 2100)


class CronError(ValueError):
    """The expression cannot be understood; the message says where."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Field:
    """One place of an expression, and the numbers that may stand there."""

    name: str
    low: int
    high: int
    names: tuple[str, ...] = ()

    def values(self, text: str) -> list[int]:
        """Lists, ranges (also over the end: FRI-MON), steps. Raises CronError."""
        return sorted({value for term in text.split(",") for value in self._term(term)})

    def _term(self, term: str) -> Iterator[int]:
        span, slash, step_text = term.partition("/")
        step = self._step(step_text) if slash else 1
        if span in ("*", "") and (span or slash):
            first, last = self.low, self.high
        elif "-" in span:
            first, last = (self.number(end) for end in span.split("-", 1))
        else:
            first = self.number(span)
            last = self.high if slash else first
        if last < first and self is _YEAR:
            raise self.error(f"{span!r} ends before it begins")
        if last < first:
            last += self.high - self.low + 1
        for value in range(first, last + 1, step):
            yield value if value <= self.high else value - self.high + self.low - 1

    def _step(self, text: str) -> int:
        # No step is longer than the field, which also bounds the work.
        if not _is_number(text) or not 1 <= int(text) <= self.high:
            raise self.error(f"{text!r} is not a step from 1 to {self.high}")
        return int(text)

    def number(self, text: str) -> int:
        if text in self.names:
            return self.names.index(text) + 1
        if not _is_number(text) or not self.low <= int(text) <= self.high:
            names = f" or {self.names[0]} to {self.names[-1]}" if self.names else ""
            raise self.error(f"{text!r} is not a number from {self.low} to {self.high}{names}")
        return int(text)

    def error(self, reason: str) -> CronError:
        return CronError(f"{self.name}: {reason}")


_SECONDS = _Field(name="seconds", low=0, high=59)
_MINUTES = _Field(name="minutes", low=0, high=59)
_HOURS = _Field(name="hours", low=0, high=23)
_DAYS = _Field(name="day of month", low=1, high=31)
_MONTH = _Field(name="month", low=1, high=12, names=tuple(_MONTHS))
_WEEKDAY = _Field(name="day of week", low=1, high=7, names=tuple(_WEEKDAYS))
_YEAR = _Field(name="year", low=_YEARS.start, high=_YEARS.stop - 1)


class CronExpression:
    """A schedule in a time zone."""

    def __init__(self, text: str, zone: tzinfo) -> None:
        """Raises CronError."""
        self._zone = zone
        fields = text.upper().split()
        if len(fields) not in (6, 7):
            raise CronError(
                f"{len(fields)} fields instead of seconds, minutes, hours, day of month, month,"
                " day of week and, if wanted, year"
            )
        self._plan = _for_cronsim(fields)
        try:
            CronSim(self._plan, datetime(_YEARS.start, 1, 1, tzinfo=UTC))
        except CronSimError as error:  # the fields are right one by one
            raise _DAYS.error(f"{fields[3]!r} is in none of the months {fields[4]}") from error
        self._years = _YEAR.values(fields[6]) if len(fields) == 7 else list(_YEARS)

    def next_after(self, moment: datetime) -> datetime | None:
        """The first time after ``moment``, in UTC; None when it never comes.

        A time that the clock skips in spring does not come that day; one that it shows twice in
        autumn comes twice.
        """
        start = moment.astimezone(self._zone)
        while (year := self._next_year(start.year)) is not None:
            if year > start.year:
                # cronsim searches behind the moment it is given.
                start = datetime(year, 1, 1, tzinfo=self._zone) - timedelta(seconds=1)
            found = next(CronSim(self._plan, start), None)
            if found is None:
                return None
            if found.year in self._years:
                return found.astimezone(UTC)
            start = found
        return None

    def _next_year(self, year: int) -> int | None:
        return next((candidate for candidate in self._years if candidate >= year), None)


def _for_cronsim(fields: list[str]) -> str:
    """The first six fields with every value written out, weekdays from 0."""
    seconds, minutes, hours, day, month, weekday = fields[:6]
    if (day == "?") is (weekday == "?"):
        raise CronError("exactly one of day of month and day of week must be '?'")
    return " ".join(
        (
            _join(_SECONDS.values(seconds)),
            _join(_MINUTES.values(minutes)),
            _join(_HOURS.values(hours)),
            _day(day),
            _join(_MONTH.values(month)),
            _weekday(weekday),
        )
    )


def _day(text: str) -> str:
    if text in ("?", "L", "LW"):
        return text.replace("?", "*")
    if "L" in text or "W" in text:
        raise _DAYS.error(f"{text!r} is not built; of its kind L and LW are")
    return _join(_DAYS.values(text))


def _weekday(text: str) -> str:
    if text == "?":
        return "*"
    if text == "L":
        return str(_WEEKDAY.high - 1)
    if text.endswith("L"):
        return f"{_WEEKDAY.number(text[:-1]) - 1}L"
    if "#" in text:
        weekday, _, nth = text.partition("#")
        if nth not in ("1", "2", "3", "4", "5"):
            raise _WEEKDAY.error(f"{nth!r} after # is not a number from 1 to 5")
        return f"{_WEEKDAY.number(weekday) - 1}#{nth}"
    return _join([value - 1 for value in _WEEKDAY.values(text)])


def _join(values: list[int]) -> str:
    return ",".join(map(str, values))


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 4
