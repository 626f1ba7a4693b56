"""The time zone of this machine, by its name in the time zone database where it has one."""

from __future__ import annotations

import os
from datetime import datetime, timedelta, timezone, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_LOCALTIME = Path("/etc/localtime")


def local_zone() -> tzinfo:
    """TZ, else the zone /etc/localtime links to, else the offset of this moment."""
    return _named(os.environ.get("TZ", "").removeprefix(":")) or _linked() or _offset()


def zone_name(zone: tzinfo) -> str:
    """Such as ``Europe/Berlin``, or an offset for a zone without a name."""
    name = getattr(zone, "key", None)
    return str(name) if name else str(datetime.now(zone).tzname())


def _named(name: str) -> tzinfo | None:
    if not name:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _linked() -> tzinfo | None:
    try:
        target = _LOCALTIME.resolve(strict=True)
    except OSError:
        return None
    return _named(str(target).rpartition("/zoneinfo/")[2]) if "/zoneinfo/" in str(target) else None


def _offset() -> tzinfo:
    return timezone(datetime.now().astimezone().utcoffset() or timedelta())
