"""What IPS takes for a time to start a job (facts: IPS API section 6, execTime, execSchedule)."""

from __future__ import annotations

import re
from datetime import datetime

_CRON_FIELD = re.compile(r"[0-9A-Za-z*?,/#-]+", re.ASCII).fullmatch


def moment_problem(text: str) -> str | None:
    """Why ``text`` is no moment that means the same everywhere, or None."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return "is no moment in ISO 8601"
    if moment.tzinfo is None:
        return "does not say its offset from UTC"
    return None


def cron_problem(text: str) -> str | None:
    """Why ``text`` is no cron expression as Quartz writes them, by its shape, or None."""
    fields = text.split()
    if len(fields) not in (6, 7):
        return f"has {len(fields)} fields, not 6 or 7"
    if not all(map(_CRON_FIELD, fields)):
        return "holds characters that no cron expression has"
    if "?" not in (fields[3], fields[5]):
        return "must have a `?` for the day of month or the day of week"
    return None
