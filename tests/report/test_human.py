"""What people see at a terminal: goldens at two widths, in colour, and in pure ASCII."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from s7spec.model.ledger import Attempt
from s7spec.modifiers.commands import ALL_COMMANDS
from s7spec.modifiers.prediction import Flag, PredictedImage
from s7spec.report.human_diagnostics import diagnostics_text
from s7spec.report.human_ledger import (
    lease_text,
    ledger_check_text,
    ledger_job_text,
    ledger_list_text,
    rebuilt_text,
)
from s7spec.report.human_modifier import modifier_of_file_text, modifier_text
from s7spec.report.human_plan import plan_text
from s7spec.report.human_plan.footer import IN_FULL
from s7spec.report.human_run import (
    history_text,
    last_words,
    run_text,
    sightings_text,
    status_text,
)
from s7spec.report.human_trace import trace_text
from s7spec.report.modifier_commands import commands_text
from s7spec.report.modifier_words import flag_words
from s7spec.report.terminal import cells
from s7spec.report.view import View
from tests.report.findings import findings
from tests.report.hostile import HOSTILE, hostile_plan
from tests.report.inspections import everyday, everything, hostile, refused, tried, unknown
from tests.report.jobs import COMMAND, DIGEST, NOW, key
from tests.report.ledgers import (
    hostile_attempts,
    hostile_rebuilt,
    last_attempt,
    latest,
    lease,
    listing,
    rebuilt,
    sightings,
    special_attempts,
    standing,
)
from tests.report.plans import (
    everyday_plan,
    large_plan,
    plan_in_trouble,
    plan_of_every_action,
    refused_plan,
)
from tests.report.runs import (
    attempts,
    events,
    everyday_report,
    hostile_report,
    refused_report,
    report_of_every_action,
    report_of_the_rest,
    running,
)
from tests.report.traces import everyday_trace, hostile_trace
from tests.report.views import VIEWS


def _short(of: tuple[Attempt, ...]) -> tuple[Attempt, ...]:
    """The same with the first assets only: a golden that a person can read."""
    return tuple(
        replace(each, export_job=replace(each.export_job, assets=each.export_job.assets[:4]))
        for each in of
    )


_REPORTS: dict[str, Callable[[View], str]] = {
    "diagnostics": lambda view: diagnostics_text(findings(), view),
    "plan-summary": lambda view: plan_text(everyday_plan(), view, detail="summary"),
    "plan-job": lambda view: plan_text(everyday_plan(), view, command=COMMAND, digest=DIGEST),
    "plan-full": lambda view: plan_text(everyday_plan(), view, detail="full", command=COMMAND),
    "plan-large": lambda view: plan_text(large_plan(), view, command=COMMAND, digest=DIGEST),
    "plan-actions": lambda view: plan_text(plan_of_every_action(), view, command=COMMAND),
    "plan-actions-full": lambda view: plan_text(plan_of_every_action(), view, detail="full"),
    "plan-actions-summary": lambda view: plan_text(plan_of_every_action(), view, detail="summary"),
    "plan-trouble": lambda view: plan_text(plan_in_trouble(), view, command=COMMAND),
    "plan-refused": lambda view: plan_text(refused_plan(), view, command=COMMAND, digest=DIGEST),
    "plan-refused-full": lambda view: plan_text(refused_plan(), view, detail="full", digest=DIGEST),
    "run": lambda view: run_text(everyday_report(), view),
    "run-refused": lambda view: run_text(refused_report(), view),
    "run-actions": lambda view: run_text(report_of_every_action(), view),
    "run-stale-in-part": lambda view: run_text(report_of_the_rest(), view),
    "history": lambda view: history_text(attempts(), events(attempts()), view),
    "history-special": lambda view: history_text(
        special_attempts(), events(special_attempts()), view
    ),
    "status": lambda view: status_text(
        standing(held=lease()), running(latest()), {latest()[-1].name: latest()[-1].key}, view
    ),
    "status-gone": lambda view: status_text(
        standing((), held=lease()), (), {}, view, holder_is_gone=True
    ),
    "watch": lambda view: sightings_text(sightings(), NOW, view) + last_words(sightings(), view),
    "ledger-list": lambda view: "".join(ledger_list_text(listing(), view)),
    "ledger-job": lambda view: ledger_job_text(
        key("zalando", "main"), _short(special_attempts()), events(special_attempts()), None, view
    ),
    "ledger-lease": lambda view: lease_text(lease(), "acme/local", NOW, view),
    "ledger-lease-gone": lambda view: lease_text(
        lease(), "acme/local", NOW, view, holder_is_gone=True
    ),
    "ledger-lease-over": lambda view: lease_text(
        lease(), "acme/local", NOW + timedelta(hours=2), view
    ),
    "ledger-check": lambda view: ledger_check_text(
        ["row 7 is missing", "page 3 is torn"], view, is_empty=False
    ),
    "ledger-rebuilt": lambda view: rebuilt_text(rebuilt(), view),
    "ledger-trial": lambda view: rebuilt_text(rebuilt(is_trial=True, left=()), view),
    "hostile-ledger-list": lambda view: "".join(
        ledger_list_text(listing(hostile_attempts()), view)
    ),
    "hostile-ledger-job": lambda view: ledger_job_text(
        key("a", "b"), hostile_attempts(), events(hostile_attempts()), b"x" * 32, view
    ),
    "hostile-history": lambda view: history_text(
        hostile_attempts(), events(hostile_attempts()), view
    ),
    "hostile-rebuilt": lambda view: rebuilt_text(hostile_rebuilt(), view),
    "trace-template": lambda view: trace_text(everyday_trace("sku-4712-half"), view),
    "trace-matrix": lambda view: trace_text(everyday_trace("shop-small"), view),
    "trace-ledger": lambda view: trace_text(
        everyday_trace("shop-small"), view, last_attempt(is_asked_alike=False)
    ),
    "modifier": lambda view: modifier_text(everyday(), view),
    "modifier-everything": lambda view: modifier_text(everything(), view, tried=tried()),
    "modifier-of-file": lambda view: modifier_of_file_text(everyday(7), view, path="all.txt"),
    "modifier-unknown": lambda view: modifier_text(unknown(), view),
    "modifier-refused": lambda view: modifier_text(refused(), view),
    "modifier-commands": lambda view: commands_text(ALL_COMMANDS, view),
    "hostile-modifier": lambda view: modifier_text(hostile(), view),
    "hostile-trace": lambda view: trace_text(hostile_trace(), view),
    "hostile-plan": lambda view: plan_text(hostile_plan(), view),
    "hostile-run": lambda view: run_text(hostile_report(), view),
}
_WITH_EXCERPTS = {
    *("diagnostics", "modifier-everything", "modifier-unknown", "modifier-refused"),
    "hostile-modifier",
}
"""Lines of text that are cut around the place of a finding."""
_ANSI = re.compile("\x1b\\[[0-9;]*m")
_ANOTHER_TERMINAL = {
    "COLUMNS": "33",
    "LINES": "3",
    "TERM": "dumb",
    "COLORTERM": "truecolor",
    "FORCE_COLOR": "1",
}
_ODD_NAMES = ("<script>alert(1)</script>", "␛[31mred", "\\u202egnp", "\\x20\\x20edges", "\\ud800")
_WIDEST_MARGIN = 26
_WHOLE = ("+ Acme/", "~ Acme/", "- Acme/", "  s7spec apply", "digest sha256:", "zip  ")


@pytest.mark.parametrize("width", VIEWS)
@pytest.mark.parametrize("subject", _REPORTS)
def test_golden(subject: str, width: str, golden: Callable[[str, str], None]) -> None:
    golden(f"{subject}.{width}.txt", _REPORTS[subject](VIEWS[width]))


@pytest.mark.parametrize("subject", _REPORTS)
def test_the_terminal_around_it_changes_nothing(
    subject: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = _REPORTS[subject](VIEWS["80"]), _REPORTS[subject](VIEWS["80-colour"])
    for name, value in (
        ("COLUMNS", "33"),
        ("LINES", "3"),
        ("TERM", "dumb"),
        ("COLORTERM", "truecolor"),
    ):
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert (_REPORTS[subject](VIEWS["80"]), _REPORTS[subject](VIEWS["80-colour"])) == plain
    monkeypatch.setenv("NO_COLOR", "1")
    assert (_REPORTS[subject](VIEWS["80"]), _REPORTS[subject](VIEWS["80-colour"])) == plain


@pytest.mark.parametrize("width", VIEWS)
@pytest.mark.parametrize("subject", _REPORTS)
def test_every_line_fits_and_shows(subject: str, width: str) -> None:
    """Only what is copied off the screen, or is one word, may be wider than the terminal."""
    view = VIEWS[width]
    text = _REPORTS[subject](view)
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
    for row in text.removesuffix("\n").split("\n"):
        shown = _ANSI.sub("", row) if view.colour else row
        assert shown == shown.rstrip()
        assert shown.isprintable(), shown
        if not any(mark in shown for mark in _WHOLE) and cells(shown) > view.width:
            assert max(map(cells, shown.split())) > view.width - _WIDEST_MARGIN, shown
    if not view.unicode:
        assert text.isascii()


@pytest.mark.parametrize("subject", _REPORTS)
def test_colour_only_adds_colour(subject: str) -> None:
    assert _ANSI.sub("", _REPORTS[subject](VIEWS["80-colour"])) == _REPORTS[subject](VIEWS["80"])
    assert "\x1b" not in _REPORTS[subject](VIEWS["80"])


@pytest.mark.parametrize("width", [1, 41, 67])
@pytest.mark.parametrize("subject", _REPORTS)
def test_narrow_terminals_break_nothing(subject: str, width: int) -> None:
    text = _REPORTS[subject](View(width=width))
    assert text.replace("\n", "").isprintable()


@pytest.mark.parametrize("width", [40, 60, 80])
@pytest.mark.parametrize("subject", sorted(_REPORTS.keys() - _WITH_EXCERPTS))
def test_nothing_is_broken_within_a_word(subject: str, width: int) -> None:
    """Digests, URLs, paths and names can be copied from a narrow terminal as from a wide one."""
    words = {*_REPORTS[subject](View(width=100_000)).split(), *IN_FULL.split()}
    narrow = set(_REPORTS[subject](View(width=width)).split())
    assert all(word.endswith("…") for word in narrow - words), narrow - words


def test_hostile_names_all_come_out() -> None:
    """Escaped, but every one of them there: what is left out would be a lie."""
    text = re.sub(r"\n *", "", plan_text(hostile_plan(), View(width=200), detail="full"))
    for part in (
        "<script>alert(1)</script>",
        "␛[31mred",
        "\\u202egnp.exe",
        "\\x20\\x20edges",
        "\\ud800",
    ):
        assert part in text
    assert HOSTILE[7] not in text


def test_every_flag_of_a_prediction_has_words() -> None:
    flagged = PredictedImage(None, None, tuple(Flag), None, None, ())
    words = dict(flag_words(flagged))
    assert list(words) == list(Flag)
    assert len(set(words.values())) == len(Flag)
