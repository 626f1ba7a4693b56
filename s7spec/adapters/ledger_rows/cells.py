"""Reads single cells of a row: each of the kind a writer of ours wrote, or RowUnreadable."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from s7spec.adapters.ledger_rows.row import Row

MOST = 2**53
"""No number of a ledger comes near; the databases' own bounds leave no room to count on."""

_YEARS = range(1970, 9000)
"""Room for any sum with a duration, in any time zone."""


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class RowUnreadable(Exception):
    """A row says what no writer of ours wrote. ``str()`` says which and why."""


@contextmanager
def reading(what: object) -> Iterator[None]:
    """Nothing but parsing happens in here, so that these errors can only be the row's."""
    try:
        yield
    except (ValueError, TypeError, LookupError, OverflowError, RecursionError) as error:
        raise RowUnreadable(f"{what} cannot be read ({error})") from error


def text(row: Row, column: str) -> str:
    value = row[column]
    if not isinstance(value, str):
        raise TypeError(f"{column} is not a text")
    return value


def text_or_none(row: Row, column: str) -> str | None:
    return None if row[column] is None else text(row, column)


def count(row: Row, column: str) -> int:
    """From 1 on."""
    value = row[column]
    if not isinstance(value, int) or not 1 <= value <= MOST:
        raise ValueError(f"{column} is not a whole number from 1 to {MOST}")
    return value


def flag(row: Row, column: str) -> bool:
    value = row[column]
    if value not in (0, 1):
        raise ValueError(f"{column} is neither 0 nor 1")
    return bool(value)


def moment(row: Row, column: str) -> datetime:
    return _moment(text(row, column), column)


def moment_or_none(row: Row, column: str) -> datetime | None:
    return None if row[column] is None else moment(row, column)


def moment_text(moment: datetime) -> str:
    """Raises ValueError for a time without a zone: it would be compared wrongly later."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment} has no time zone")
    return moment.isoformat(timespec="microseconds")


def micros(moment: datetime) -> int:
    """Microseconds since 1970 UTC."""
    return (moment - _EPOCH) // _MICROSECOND


def moment_of(micros: int) -> datetime:
    """Of a number from 0 to ``LATEST``."""
    return _EPOCH + timedelta(0, 0, micros)


LATEST = micros(datetime(_YEARS.stop, 1, 1, tzinfo=UTC))


def micros_or_none(text: object) -> int | None:
    """Of a moment as it is written into a row; None when it cannot be read."""
    try:
        return micros(_moment(str(text), "the time"))
    except (ValueError, OverflowError):
        return None


def _moment(text: str, column: str) -> datetime:
    value = datetime.fromisoformat(text)
    if value.tzinfo is None:
        raise ValueError(f"{column} has no time zone")
    if value.astimezone(UTC).year not in _YEARS:
        raise ValueError(f"{column} lies too far off")
    return value
