"""What IPS takes for a time to start a job (facts: IPS API section 6, execTime, execSchedule)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """When IPS starts a job: ``at`` a moment in UTC, or again and again by ``cron``, an expression
    as Quartz reads it, in the server's time zone. One of the two."""

    at: datetime | None = None
    cron: str | None = None

    @property
    def recurs(self) -> bool:
        """True when IPS starts it again and again: then a run that ended is not its end."""
        return self.cron is not None

    def __str__(self) -> str:
        """``at 2026-12-01T05:00:00+00:00`` or ``cron 0 0 6 ? * *``; ``timing_from`` reads it."""
        return f"cron {self.cron}" if self.at is None else f"at {self.at.isoformat()}"

    def words(self) -> str:
        """``at 2026-12-01 05:00:00 UTC``, ``by cron 0 0 6 ? * * (IPS's time zone)``: for people."""
        if self.at is None:
            return f"by cron {self.cron} (IPS's time zone)"
        return f"at {self.at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def start_words(timing: Timing | None) -> str:
    """When a job is to start, for people; without a timing at once."""
    return "at once" if timing is None else timing.words()


def timing_from(text: str) -> Timing:
    """Reads ``str(timing)`` back. Raises ValueError when the text is something else."""
    kind, _, value = text.partition(" ")
    if kind == "cron" and value:
        return Timing(cron=value)
    if kind == "at" and moment_problem(value) is None:
        return Timing(at=moment_from(value))
    raise ValueError(f"{text!r:.60} is no timing")


_YEARS = range(1970, 9000)
"""Any zone can show them."""

_CRON_FIELD = re.compile(r"[0-9A-Za-z*?,/#-]+", re.ASCII).fullmatch


def moment_from(text: str) -> datetime:
    """In UTC. ``text`` has no ``moment_problem``."""
    return datetime.fromisoformat(text).astimezone(UTC)


def moment_problem(text: str) -> str | None:
    """Why ``text`` is no moment that means the same everywhere, or None."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        # Python names the part that is wrong: "day is out of range for month".
        return f"is no moment in ISO 8601: {error}"
    if moment.tzinfo is None:
        return "does not say its offset from UTC"
    if moment.year not in _YEARS:
        return "is in a year that no job starts in"
    return None


@lru_cache(maxsize=1024)
def cron_problem(text: str) -> str | None:
    """Why ``text`` is no cron expression as Quartz writes them, or None.

    Each value is held against the bounds of its field; what Quartz alone can tell (a 31st of
    February) passes.
    """
    fields = text.split()
    if len(fields) not in (6, 7):
        return f"has {len(fields)} fields, not 6 or 7"
    if not all(map(_CRON_FIELD, fields)):
        return "holds characters that no cron expression has"
    for known, written in zip(_FIELDS, fields, strict=False):
        for part in written.upper().split(","):
            if not known.takes(part):
                return f"says `{part}` for the {known.name}, which go {known.bounds}"
    days = (fields[3], fields[5])
    if "?" not in days:
        return "must have a `?` for the day of month or the day of week"
    if days == ("?", "?"):
        return "has a `?` for the day of month and for the day of week: one of them must say a day"
    return None


_PART = re.compile(r"(?P<first>\*|\d+|[A-Z]+)?(?:-(?P<last>\d+|[A-Z]+))?(?:/(?P<step>\d+))?")
_OF_MONTH = re.compile(r"\?|LW?|L-(?:[12]?\d|30)|(?:0?[1-9]|[12]\d|3[01])[WC]")
_OF_WEEK = re.compile(r"\?|L|(?P<day>\d+|[A-Z]{3})(?:L|C|#[1-5])")
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_DAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Field:
    """One field of a cron expression; ``names`` stand for its numbers, from ``low`` on."""

    name: str
    low: int
    high: int
    names: tuple[str, ...] = ()
    special: re.Pattern[str] | None = None
    may_wrap: bool = True

    @property
    def bounds(self) -> str:
        names = f" or {self.names[0]} to {self.names[-1]}" if self.names else ""
        return f"from {self.low} to {self.high}{names}"

    def takes(self, part: str) -> bool:
        """Whether ``part``, one of the list that a field is, can stand in this one."""
        special = self.special.fullmatch(part) if self.special else None
        if special is not None:
            day = special.groupdict().get("day")
            return day is None or self._number(day) is not None
        match = _PART.fullmatch(part)
        if match is None:
            return False
        first, last, step = match.group("first", "last", "step")
        # Quartz reads /5 like 0/5.
        if (first is None and (last or not step)) or (first == "*" and last):
            return False
        ends = [self._number(end) for end in (first, last) if end not in (None, "*")]
        numbers = [end for end in ends if end is not None]
        if len(numbers) < len(ends) or (step and not 1 <= int(step[:5]) <= self.high):
            return False
        return self.may_wrap or numbers == sorted(numbers)

    def _number(self, word: str) -> int | None:
        if word in self.names:
            return self.low + self.names.index(word)
        is_number = word.isdigit() and len(word) < 5
        return int(word) if is_number and self.low <= int(word) <= self.high else None


_FIELDS = (
    _Field(name="seconds", low=0, high=59),
    _Field(name="minutes", low=0, high=59),
    _Field(name="hours", low=0, high=23),
    _Field(name="days of the month", low=1, high=31, special=_OF_MONTH),
    _Field(name="months", low=1, high=12, names=_MONTHS),
    _Field(name="days of the week", low=1, high=7, names=_DAYS, special=_OF_WEEK),
    _Field(name="years", low=1970, high=2099, may_wrap=False),
)

CRON_HINT = (
    "write seconds, minutes, hours, day of month, month, day of week (1 is Sunday) and perhaps a "
    "year: 0 0 6 ? * MON-FRI is every weekday at 6"
)
