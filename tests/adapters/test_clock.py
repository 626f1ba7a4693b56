"""The system clock."""

import time
from datetime import UTC, datetime, timedelta

from s7spec.adapters.clock import SystemClock
from s7spec.ports import Clock


def test_now_is_aware_and_in_utc() -> None:
    clock: Clock = SystemClock()
    before = datetime.now(UTC)
    now = clock.now()
    assert before <= now <= datetime.now(UTC)
    assert now.utcoffset() == timedelta(0)


def test_sleep_waits_and_takes_the_past_for_nothing() -> None:
    clock = SystemClock()
    start = time.monotonic()
    clock.sleep(0.02)
    assert time.monotonic() - start >= 0.02
    clock.sleep(0)
    clock.sleep(-5)
