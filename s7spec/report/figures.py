"""Numbers, sizes and times as people read them."""

from __future__ import annotations

from datetime import UTC, datetime

from s7spec.model.schedule import Timing

_UNITS = ("bytes", "kB", "MB", "GB", "TB")


def number(value: int) -> str:
    """``12345`` -> ``12,345``."""
    return f"{value:,}"


def count(value: int, singular: str, plural: str | None = None) -> str:
    """``1 job``, ``1,204 jobs``."""
    return f"{value:,} {singular if value == 1 else plural or singular + 's'}"


def moment(at: datetime) -> str:
    """An aware datetime in UTC, to the second."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def start_text(timing: Timing, now: datetime) -> str:
    """``at 2026-12-01 05:00:00 UTC``, with what IPS makes of a moment that has passed."""
    has_passed = timing.at is not None and timing.at <= now
    return f"{timing.words()}, which has passed: at once" if has_passed else timing.words()


def iso(at: datetime) -> str:
    """An aware datetime as ISO 8601 in UTC, to the millisecond: always of the same length."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def iso_or_none(at: datetime | None) -> str | None:
    return None if at is None else iso(at)


def duration(started: datetime, ended: datetime) -> str:
    """``0.4 s``, ``9 s``, ``1 min 9 s``, ``2 h 3 min``; a clock that went back gives ``0.0 s``."""
    seconds = max((ended - started).total_seconds(), 0.0)
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 1:
        return f"{rest} s"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s"


def byte_size(size: int) -> str:
    """Decimal units, as storage is sold: ``812 bytes``, ``1.4 MB``, ``23 GB``."""
    if size < 1000:
        return count(size, "byte")
    power = next((power for power in (1, 2, 3) if size < 999.5 * 1000**power), 4)
    return f"{_rounded(size / 1000**power)} {_UNITS[power]}"


def megapixels(pixels: int) -> str:
    """``0.3 MP``, ``12 MP``, ``1,204 MP``; less than a twentieth of one is ``< 0.1 MP``."""
    value = pixels / 1_000_000
    if value < 0.05:
        return "< 0.1 MP"
    return f"{_rounded(value)} MP"


def moment_of_ms(milliseconds: int) -> str:
    """Milliseconds since 1970, as IPS's lastModified is kept; numbers beyond the calendar as is."""
    try:
        return moment(datetime.fromtimestamp(milliseconds / 1000, UTC))
    except (OverflowError, ValueError, OSError):
        return f"{milliseconds} ms"


def _rounded(value: float) -> str:
    """Two digits that count, no more than a glance can use."""
    return f"{value:.1f}" if value < 9.95 else f"{value:,.0f}"
