"""Counts, signs of life and events: what is told while a run goes on."""

from __future__ import annotations

import json
import os
import signal
import threading
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from s7spec.cli.endings import Ending
from s7spec.cli.events import Events, open_events
from s7spec.cli.exit_codes import ExitCode
from s7spec.cli.live.bars import LiveBars
from s7spec.cli.live.chorus import Chorus
from s7spec.cli.live.progress import Lines, sign_of_life
from s7spec.cli.live.pulse import Pulse
from s7spec.cli.live.tally import Tally
from s7spec.cli.signals import stopping_on_signals
from s7spec.cli.stop import Stop
from s7spec.cli.telling import Telling, told
from s7spec.model.ledger import AttemptState
from s7spec.model.plan import Action
from s7spec.model.receipt import RunItem
from s7spec.ports import IpsFault, IpsUnreachable
from tests.fakes.jobs import job_key
from tests.fakes.observer import Diary
from tests.report.hostile import HOSTILE
from tests.report.jobs import key

_SCHEMA = json.loads((Path(__file__).parents[2] / "schemas" / "event.schema.json").read_text())


def item(short: str, state: AttemptState | None, message: str = "") -> RunItem:
    return RunItem(
        key=job_key(short),
        action=Action.SUBMIT,
        attempt_name="" if state is None else f"s7-{short.replace('/', '-')}-0a1b2c3d-4e5f6a7b-g2",
        state=state,
        message=message,
    )


def events_in(path: Path) -> list[dict[str, Any]]:
    """All lines, each held to the schema; numbers count from 1, the last is a summary."""
    validator = Draft202012Validator(_SCHEMA)
    found = [json.loads(line) for line in path.read_text().splitlines()]
    for event in found:
        errors = list(validator.iter_errors(event))
        assert not errors, (event, errors[0].context)
    assert [event["number"] for event in found] == list(range(1, len(found) + 1))
    assert len({event["run"] for event in found}) == 1
    return found


class Watch:
    """Time that stands still."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def test_a_tally_counts_jobs_by_where_they_stand() -> None:
    tally = Tally()
    tally.planned(6, 60)
    assert tally.counts().text() == "6 queued"
    tally.moved(item("m/a", AttemptState.INTENT), assets=1)
    tally.moved(item("m/a", AttemptState.OK), assets=1)
    tally.moved(item("m/b", AttemptState.ACTIVE), assets=1)
    tally.moved(item("m/c", AttemptState.PARTIAL), assets=1)
    tally.moved(item("m/d", AttemptState.SCHEDULED), assets=1)
    tally.moved(item("m/e", None), assets=1)
    assert tally.counts().text() == "1 in flight, 2 queued, 1 scheduled, 1 done, 1 failed"
    assert tally.begun


def test_a_tally_knows_what_is_waited_for_and_how_long() -> None:
    watch = Watch()
    tally = Tally(watch)
    assert tally.waiting() is None
    tally.waits("the ledger is empty", seconds=300)
    tally.waits("m/a is in doubt", seconds=200, key=job_key("m/a"))
    watch.seconds = 10
    waiting = tally.waiting()
    assert waiting is not None
    assert (waiting.message, waiting.seconds) == ("the ledger is empty (and 1 more)", 290)
    watch.seconds = 100
    tally.moved(item("m/a", AttemptState.OK), assets=1)
    waiting = tally.waiting()
    assert waiting is not None
    assert waiting.message == "the ledger is empty"
    assert sign_of_life(tally) == "still at it: 1 done; the ledger is empty, 200 s left"
    watch.seconds = 301
    assert tally.waiting() is None
    assert sign_of_life(Tally()) == "still at it"


def test_that_ips_does_not_answer_goes_before_all_other_waits() -> None:
    watch = Watch()
    tally = Tally(watch)
    tally.moved(item("m/a", AttemptState.ACTIVE), assets=1)
    tally.waits("m/b is in doubt", seconds=200, key=job_key("m/b"))
    tally.silent(IpsUnreachable("connection refused"), seconds=10, patience=110)
    watch.seconds = 20
    assert sign_of_life(tally) == (
        "still at it: 1 in flight; IPS has not answered for 30 s (connection refused), 90 s left"
    )
    tally.answers(30)
    waiting = tally.waiting()
    assert waiting is not None
    assert waiting.message == "m/b is in doubt"
    tally.silent(IpsFault("ipsApiFault", 30000, "later"), seconds=10, patience=0)
    waiting = tally.waiting()
    assert waiting is not None
    assert (
        waiting.message == "IPS has answered with errors only for 10 s (ipsApiFault 30000: later)"
    )


def test_that_ips_does_not_answer_is_said_when_it_begins_and_ends(
    capfd: pytest.CaptureFixture[str],
) -> None:
    with Lines(Tally(), all_of_them=False) as lines:
        lines.silent(IpsUnreachable("connection refused"), seconds=12.4, patience=100)
        lines.answers(31)
    assert capfd.readouterr().err.splitlines() == [
        "IPS has not answered for 12 s (connection refused)",
        "IPS answers again, after 31 s",
    ]


def test_a_pulse_beats_when_there_is_no_news() -> None:
    beats = threading.Semaphore(0)
    with Pulse(beats.release, seconds=0.01):
        for _ in range(3):
            assert beats.acquire(timeout=20)


def test_a_pulse_that_hears_news_is_silent() -> None:
    beats: list[int] = []
    with Pulse(lambda: beats.append(1), seconds=3600) as pulse:
        pulse.news()
    assert beats == []


def test_a_chorus_tells_each() -> None:
    first, second = Diary(), Diary()
    chorus = Chorus(first, second)
    chorus.planned(1, 2)
    chorus.moved(item("m/a", AttemptState.OK), assets=3)
    chorus.progressed(job_key("m/a"), 40, "x")
    chorus.said("hear")
    chorus.waits("there", seconds=5)
    chorus.silent(IpsUnreachable("no route"), seconds=10, patience=50)
    chorus.answers(12)
    for diary in (first, second):
        assert diary.announced == [(1, 2)]
        assert diary.moves == [("m/a", "ok")]
        assert diary.progress == [("m/a", 40, "x")]
        assert diary.talk == ["hear", "there"]
        assert diary.silences == ["no route, 50 s left", "over"]


def _play(observer: Any) -> None:
    observer.planned(3, 30)
    observer.moved(item("m/a", AttemptState.INTENT), assets=10)
    observer.progressed(job_key("m/a"), 40, "converting")
    observer.progressed(job_key("m/a"), None, "")
    observer.said("something")
    observer.waits("the ledger is empty", seconds=300)
    observer.waits("m/b is in doubt", seconds=2.4, key=job_key("m/b"))
    observer.silent(IpsUnreachable("no route"), seconds=10, patience=110)
    observer.answers(42)
    observer.moved(item("m/a", AttemptState.OK), assets=10)
    observer.moved(item("m/b", None, "left"), assets=10)
    for text in HOSTILE:
        observer.moved(
            RunItem(
                key=key(text, text),
                action=Action.SUBMIT,
                attempt_name=text,
                state=AttemptState.FAILED,
                message=text,
            ),
            assets=1,
        )
        observer.said(text)


def test_events_keep_to_their_schema(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"

    def work(telling: Telling) -> int:
        _play(telling.events)
        return ExitCode.INCOMPLETE

    assert told(str(path), "apply", work) == 5
    found = events_in(path)
    assert [event["event"] for event in found[:7]] == [
        *("started", "begun", "item", "progress", "progress", "said", "waiting"),
    ]
    assert found[-1] | {"outcome": "incomplete", "exit_code": 5} == found[-1]
    assert path.read_text().isascii()
    assert found[2]["generation"] == 2
    assert next(event for event in found if event["event"] == "item" and not event["state"])


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (Stop((), ExitCode.LOCKED), "locked"),
        (KeyboardInterrupt(), "interrupted"),
        (ZeroDivisionError("secret"), "error"),
        (Stop((), ExitCode.STALE), "stale"),
    ],
    ids=lambda value: str(type(value).__name__),
)
def test_a_summary_is_the_last_event_however_it_ends(
    tmp_path: Path, error: BaseException, outcome: str
) -> None:
    path = tmp_path / "events.jsonl"

    def work(telling: Telling) -> int:
        telling.events.said("so far so good")
        raise error

    with pytest.raises(type(error)):
        told(str(path), "apply", work)
    found = events_in(path)
    assert [event["event"] for event in found] == ["started", "said", "summary"]
    assert found[-1]["outcome"] == outcome
    assert "secret" not in path.read_text()


def test_nothing_comes_after_the_summary(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    with open_events(str(path), "apply") as events:
        events.interrupted_at_once()
        events.said("too late")
        events.summary(Ending(exit_code=0))
    found = events_in(path)
    assert [event["event"] for event in found] == ["started", "summary"]
    assert found[-1]["exit_code"] == 130


def test_silence_is_told_as_heartbeats(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT)
    events = Events(descriptor, "apply", beat_seconds=0.01)
    with events.open():
        events.planned(3, 30)
        events.waits("the ledger is empty", seconds=300)
        while path.read_text().count("heartbeat") < 2:
            pass
        events.summary(Ending(exit_code=0))
    os.close(descriptor)
    beats = [event for event in events_in(path) if event["event"] == "heartbeat"]
    assert beats[-1]["queued"] == 3
    assert beats[-1]["waiting"]["message"] == "the ledger is empty"


def test_heartbeats_say_that_ips_does_not_answer(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT)
    events = Events(descriptor, "apply", beat_seconds=0.01)
    with events.open():
        events.silent(IpsUnreachable("connection refused"), seconds=30, patience=90)
        while path.read_text().count("heartbeat") < 2:
            pass
        events.answers(31)
        events.summary(Ending(exit_code=0))
    os.close(descriptor)
    found = events_in(path)
    beats = [event for event in found if event["event"] == "heartbeat"]
    message = "IPS has not answered for 30 s (connection refused)"
    assert beats[0]["waiting"] == {"job": None, "message": message, "seconds": 90}
    assert found[1] | {"event": "waiting", "message": message} == found[1]
    assert any(event.get("message") == "IPS answers again, after 31 s" for event in found)


def test_events_go_to_an_open_descriptor() -> None:
    reading, writing = os.pipe()
    assert told(f"fd:{writing}", "plan", lambda telling: 0) == 0
    os.close(writing)
    with os.fdopen(reading) as pipe:
        assert len(pipe.readlines()) == 2


@pytest.mark.parametrize("target", ["fd:999", "nowhere/events.jsonl", "."])
def test_what_cannot_be_written_ends_the_command(
    target: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(Stop) as ending:
        told(target, "plan", lambda telling: 0)
    assert ending.value.exit_code == ExitCode.INVALID
    assert target in str(ending.value)


def test_a_listener_that_goes_away_breaks_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    reading, writing = os.pipe()

    def work(telling: Telling) -> int:
        os.close(reading)
        telling.events.said("anybody?")
        telling.events.said("nobody")
        return ExitCode.OK

    assert told(f"fd:{writing}", "apply", work) == 0
    os.close(writing)
    assert capfd.readouterr().err.count("events can no longer be written") == 1


def test_nobody_listens() -> None:
    with open_events(None, "apply") as events:
        _play(events)
        events.summary(Ending(exit_code=0))
        assert events.tally.counts().jobs > 3


def test_threads_never_mix_their_lines(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    with open_events(str(path), "apply") as events:

        def talk() -> None:
            for _ in range(50):
                events.said("x" * 5000)

        threads = [threading.Thread(target=talk) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        events.summary(Ending(exit_code=0))
    assert len(events_in(path)) == 202


def test_lines_tell_of_each_change_when_asked(capfd: pytest.CaptureFixture[str]) -> None:
    with Lines(Tally(), all_of_them=True) as lines:
        _play(lines)
    said = capfd.readouterr().err
    assert "m/a: intent (10 assets)\n" in said
    assert "m/a: 40 % converting\n" in said
    assert "\x1b" not in said


def test_lines_tell_waits_and_little_else_unasked(capfd: pytest.CaptureFixture[str]) -> None:
    with Lines(Tally(), all_of_them=False) as lines:
        lines.planned(3, 30)
        lines.moved(item("m/a", AttemptState.OK), assets=1)
        lines.waits("the ledger is empty", seconds=300)
        for number in range(20):
            lines.waits(f"job {number} is in doubt", seconds=9, key=job_key(f"m/e{number}"))
    assert capfd.readouterr().err.splitlines() == [
        "the ledger is empty",
        *(f"job {number} is in doubt" for number in range(5)),
    ]


def test_quiet_lines_say_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    with Lines(Tally(), all_of_them=False, is_quiet=True, beat_seconds=0.01) as lines:
        _play(lines)
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("is_quiet", [False, True])
def test_the_first_signal_is_answered_in_words_but_for_quiet_ones(
    capfd: pytest.CaptureFixture[str], is_quiet: bool
) -> None:
    with stopping_on_signals(lambda: None, is_quiet=is_quiet) as sign:
        os.kill(os.getpid(), signal.SIGTERM)
        while not sign.asked:
            pass
    assert ("interrupt again" in capfd.readouterr().err) is not is_quiet


def test_lines_give_signs_of_life(capfd: pytest.CaptureFixture[str]) -> None:
    tally = Tally()
    tally.planned(2, 9)
    said = ""
    with Lines(tally, all_of_them=False, beat_seconds=0.01):
        while said.count("still at it: 2 queued\n") < 2:
            said += capfd.readouterr().err


def test_bars_survive_everything(capfd: pytest.CaptureFixture[str]) -> None:
    tally = Tally()
    with LiveBars(tally) as bars:
        chorus = Chorus(tally, bars)
        for number in range(30):
            chorus.moved(item(f"m/e{number}", AttemptState.ACTIVE), assets=1)
        _play(chorus)
        chorus.planned(2, 7)
    assert "\x1b[31mred" not in capfd.readouterr().err
