"""The clock of the server, and the one that tests advance."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from s7spec.emulator.clock import ServerClock, SimulatedClock
from s7spec.emulator.time_zone import local_zone, zone_name

START = datetime(2026, 3, 1, 12, 0, 0, 123000, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_time_is_utc_to_the_millisecond() -> None:
    before = datetime.now(UTC)
    now = ServerClock().now()
    assert now.tzinfo is UTC
    assert now.microsecond % 1000 == 0
    assert before - timedelta(milliseconds=1) <= now <= datetime.now(UTC)


@pytest.mark.parametrize("skew", [timedelta(hours=3), timedelta(minutes=-7)])
def test_a_skewed_clock_is_off_by_its_skew(skew: timedelta) -> None:
    before = datetime.now(UTC) + skew
    now = ServerClock(skew=skew).now()
    assert timedelta(milliseconds=-1) <= now - before < timedelta(minutes=1)


def test_the_skew_may_change() -> None:
    clock = ServerClock()
    before = clock.now()
    clock.skew = HOUR
    assert clock.now() >= before + HOUR


def test_the_simulated_clock_moves_only_by_hand() -> None:
    clock = SimulatedClock(START + timedelta(microseconds=456))
    assert clock.now() == clock.now() == START
    clock.advance(HOUR)
    assert clock.now() == START + HOUR
    clock.set(START)
    assert clock.now() == START


@pytest.mark.parametrize("clock", [ServerClock(), SimulatedClock(START)], ids=["real", "simulated"])
def test_a_moment_that_has_come_is_not_waited_for(clock: ServerClock) -> None:
    condition = threading.Condition()
    with condition:
        clock.wait(condition, clock.now())
        clock.wait(condition, clock.now() - HOUR)


@pytest.mark.parametrize("clock", [ServerClock(), SimulatedClock(START)], ids=["real", "simulated"])
@pytest.mark.parametrize("until", [None, timedelta(days=1)], ids=["for ever", "a day"])
def test_a_notification_wakes(clock: ServerClock, until: timedelta | None) -> None:
    condition = threading.Condition()
    woken = threading.Event()

    def sleep() -> None:
        with condition:
            clock.wait(condition, None if until is None else clock.now() + until)
        woken.set()

    thread = threading.Thread(target=sleep, daemon=True)
    thread.start()
    while not woken.wait(0.01):
        with condition:
            condition.notify_all()
    thread.join()


def test_an_advance_wakes_everybody_whose_time_has_come() -> None:
    clock = SimulatedClock(START)
    up: list[int] = []
    condition = threading.Condition()

    def sleep(hours: int) -> None:
        until = START + hours * HOUR
        with condition:
            while clock.now() < until:
                clock.wait(condition, until)
            up.append(hours)

    threads = [threading.Thread(target=sleep, args=(hours,), daemon=True) for hours in (3, 1, 2)]
    for thread in threads:
        thread.start()
    clock.set(START + 2 * HOUR)
    threads[1].join()
    threads[2].join()
    assert sorted(up) == [1, 2]
    clock.set(START + 3 * HOUR)
    threads[0].join()
    assert up[2:] == [3]


def test_advances_are_never_missed() -> None:
    """A race repeated: the advance comes at any moment of going to sleep."""
    for _ in range(300):
        clock = SimulatedClock(START)
        condition = threading.Condition()

        def sleep(clock: SimulatedClock, condition: threading.Condition) -> None:
            with condition:
                while clock.now() < START + HOUR:
                    clock.wait(condition, START + HOUR)

        thread = threading.Thread(target=sleep, args=(clock, condition), daemon=True)
        thread.start()
        clock.advance(2 * HOUR)
        thread.join(10)
        assert not thread.is_alive()


def test_local_time() -> None:
    clock = SimulatedClock(START, zone=ZoneInfo("Europe/Berlin"))
    assert clock.local(START).isoformat() == "2026-03-01T13:00:00.123000+01:00"


def test_the_zone_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "America/Los_Angeles")
    assert zone_name(local_zone()) == "America/Los_Angeles"
    monkeypatch.setenv("TZ", "No/Such_Zone")
    somewhere = local_zone()
    assert datetime.now(somewhere).utcoffset() == datetime.now().astimezone().utcoffset()
    assert zone_name(timezone(timedelta(hours=2))) == "UTC+02:00"
